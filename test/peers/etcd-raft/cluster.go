package main

import (
	"container/heap"
	"fmt"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// Times are in units of a virtual clock that nothing but the queue moves.
const (
	tickInterval    = 10
	electionTicks   = 10
	electionTimeout = electionTicks * tickInterval
)

// dials are what varies from execution to execution. Chances are per thousand.
type dials struct {
	servers          int
	events           int
	loss             int
	duplication      int
	longestDelay     int
	crashEvery       int
	killedInStep     int
	partitionEvery   int
	transferEvery    int
	proposeEvery     int
	largestProposal  int
	heartbeatTicks   int
	bytesPerMessage  uint64
	bytesPerApply    uint64
	messagesInFlight int
	preVote          bool
	checkQuorum      bool
	// showsProgress has the trace show nextIndex and matchIndex.
	showsProgress bool
}

func rollDials(r *random, servers, events int) dials {
	return dials{
		servers:          servers,
		events:           events,
		loss:             pick(r, 0, 10, 50, 150),
		duplication:      pick(r, 0, 20, 100, 250),
		longestDelay:     pick(r, 2, 10, 30, 90),
		crashEvery:       pick(r, 300, 600, 1500, 4000),
		killedInStep:     pick(r, 0, 1, 3, 6),
		partitionEvery:   pick(r, 300, 600, 1500),
		transferEvery:    pick(r, 500, 2000, 5000),
		proposeEvery:     pick(r, 8, 15, 30),
		largestProposal:  pick(r, 1, 1, 3, 8),
		heartbeatTicks:   pick(r, 1, 3, 5),
		bytesPerMessage:  pick(r, uint64(0), 20, 60, 1<<20),
		bytesPerApply:    pick(r, uint64(10), 40, 1<<20),
		messagesInFlight: pick(r, 1, 2, 8, 256),
		showsProgress:    r.chance(250),
	}
}

// occurrence is something due at a time; those of one time come in the order of making.
type occurrence struct {
	at, order int
	do        func() error
}

type occurrences []occurrence

func (q occurrences) Len() int { return len(q) }
func (q occurrences) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].order < q[j].order
}
func (q occurrences) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *occurrences) Push(x any)   { *q = append(*q, x.(occurrence)) }
func (q *occurrences) Pop() any {
	last := len(*q) - 1
	popped := (*q)[last]
	*q = (*q)[:last]
	return popped
}

type link struct{ from, to uint64 }

// cluster is the world of one execution: servers, network, clock, faults and clients.
type cluster struct {
	dials    dials
	random   *random
	now      int
	queue    occurrences
	made     int
	servers  []*server
	cut      map[link]bool
	commands int
	// executed is the highest index that some server has applied.
	executed uint64
	counts   map[string]int
	events   int
	record   func(*traceEvent) error
}

func newCluster(d dials, r *random, record func(*traceEvent) error) (*cluster, error) {
	c := &cluster{dials: d, random: r, cut: map[link]bool{}, counts: map[string]int{}}
	c.record = func(event *traceEvent) error {
		c.events++
		return record(event)
	}
	voters := []uint64{}
	for id := 1; id <= d.servers; id++ {
		voters = append(voters, uint64(id))
	}
	for _, id := range voters {
		s := &server{id: id, cluster: c, storage: newDurable(voters), recorder: newRecorder(id)}
		if err := s.start(); err != nil {
			return nil, err
		}
		c.servers = append(c.servers, s)
		c.after(r.between(1, tickInterval), func() error { return c.tick(s) })
	}
	c.after(electionTimeout, c.propose)
	c.after(r.between(1, d.crashEvery), c.crashOne)
	c.after(r.between(1, d.partitionEvery), c.partition)
	c.after(r.between(1, d.transferEvery), c.transfer)
	return c, nil
}

// run goes on until so many events are recorded. The last fifth is calm: what is cut is
// healed, what is down comes back, and nothing further fails.
func (c *cluster) run() error {
	for c.events < c.dials.events {
		next := heap.Pop(&c.queue).(occurrence)
		c.now = next.at
		if err := next.do(); err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) isCalm() bool { return c.events >= c.dials.events*4/5 }

func (c *cluster) count(what string) { c.counts[what]++ }

func (c *cluster) after(delay int, do func() error) {
	c.made++
	heap.Push(&c.queue, occurrence{at: c.now + delay, order: c.made, do: do})
}

// tick moves the clock of one server. A leader's clock makes it send heartbeats. The
// election timeout of the others is the host's, not raft's, whose own cannot be seeded:
// TickQuiesced moves raft's clock (the lease of CheckQuorum reads it) and starts nothing.
func (c *cluster) tick(s *server) error {
	c.after(c.random.between(tickInterval-2, tickInterval+2), func() error { return c.tick(s) })
	if s.node == nil {
		return nil
	}
	if s.node.BasicStatus().RaftState == raft.StateLeader {
		return s.call(func() error { s.node.Tick(); return c.noteStepDown(s) })
	}
	s.node.TickQuiesced()
	if c.now < s.electionDue {
		return nil
	}
	s.resetElectionTimeout()
	if s.recorder.role == leader {
		// It stepped down within its term, which the spec has no action for, and so the
		// trace still shows a leader. A leader has no election timeout: it waits for the
		// next term, which somebody else will begin.
		c.count("campaign held back")
		return nil
	}
	return s.call(s.node.Campaign)
}

func (c *cluster) noteStepDown(s *server) error {
	if s.node.BasicStatus().RaftState != raft.StateLeader {
		c.count("leader without a quorum stepped down")
	}
	return nil
}

// send puts a message on the network.
func (c *cluster) send(from uint64, p packet) {
	c.count("message")
	if c.cut[link{from, p.to}] && !c.isCalm() {
		c.count("message cut off")
		return
	}
	if !c.isCalm() && c.random.chance(c.dials.loss) {
		c.count("message lost")
		return
	}
	c.deliverLater(p)
	if !c.isCalm() && c.random.chance(c.dials.duplication) {
		c.count("message duplicated")
		c.deliverLater(p)
	}
}

func (c *cluster) deliverLater(p packet) {
	receiver := c.servers[p.to-1]
	c.after(c.random.between(1, c.dials.longestDelay), func() error {
		if receiver.node == nil {
			c.count("message to a server that is down")
			return nil
		}
		return receiver.receive(p)
	})
}

// propose lets a client ask some server, a leader more often than not.
func (c *cluster) propose() error {
	c.after(c.random.between(1, 2*c.dials.proposeEvery), c.propose)
	s := c.someServer()
	if s == nil {
		return nil
	}
	entries := []pb.Entry{}
	for range c.random.between(1, c.dials.largestProposal) {
		c.commands++
		entries = append(entries, pb.Entry{Data: fmt.Appendf(nil, "c%d", c.commands)})
	}
	m := pb.Message{Type: pb.MsgProp, From: s.id, Entries: entries}
	return s.call(func() error { return s.node.Step(m) })
}

func (c *cluster) someServer() *server {
	up := []*server{}
	for _, s := range c.servers {
		if s.node == nil {
			continue
		}
		up = append(up, s)
		if s.node.BasicStatus().RaftState == raft.StateLeader && c.random.chance(800) {
			return s
		}
	}
	if len(up) == 0 {
		return nil
	}
	return up[c.random.below(len(up))]
}

func (c *cluster) applied(entries []pb.Entry) {
	for i := range entries {
		if entries[i].Index <= c.executed {
			continue
		}
		c.executed = entries[i].Index
		if len(entries[i].Data) > 0 {
			c.count("command executed")
		}
	}
}

// crashOne kills a server between two steps; within a step, server.dies does.
func (c *cluster) crashOne() error {
	if c.isCalm() {
		return nil
	}
	c.after(c.random.between(1, 2*c.dials.crashEvery), c.crashOne)
	if s := c.servers[c.random.below(len(c.servers))]; s.node != nil {
		s.crash()
		c.scheduleRestart(s)
	}
	return nil
}

func (c *cluster) scheduleRestart(s *server) {
	c.after(c.random.between(1, 2*electionTimeout), func() error {
		if s.node != nil {
			return nil
		}
		return s.restart()
	})
}

// partition cuts some links for a while: one server off, a random split, or one direction
// of one link.
func (c *cluster) partition() error {
	clear(c.cut)
	if c.isCalm() {
		return nil
	}
	switch c.random.below(4) {
	case 0:
		c.count("server isolated")
		alone := uint64(c.random.between(1, len(c.servers)))
		c.cutBetween(func(id uint64) bool { return id == alone })
	case 1:
		c.count("cluster split")
		side := c.random.next()
		c.cutBetween(func(id uint64) bool { return side>>id&1 == 1 })
	case 2:
		c.count("one direction cut")
		from := c.random.between(1, len(c.servers))
		to := (from+c.random.below(len(c.servers)-1))%len(c.servers) + 1
		c.cut[link{uint64(from), uint64(to)}] = true
	default:
		c.count("leader isolated")
		c.cutBetween(func(id uint64) bool { return c.servers[id-1].recorder.role == leader })
	}
	c.after(c.random.between(electionTimeout, 5*electionTimeout), func() error { clear(c.cut); return nil })
	c.after(c.random.between(1, 2*c.dials.partitionEvery)+electionTimeout, c.partition)
	return nil
}

func (c *cluster) cutBetween(inside func(id uint64) bool) {
	for _, a := range c.servers {
		for _, b := range c.servers {
			if inside(a.id) != inside(b.id) {
				c.cut[link{a.id, b.id}] = true
			}
		}
	}
}

// transfer asks a leader to hand its leadership over.
func (c *cluster) transfer() error {
	c.after(c.random.between(1, 2*c.dials.transferEvery), c.transfer)
	for _, s := range c.servers {
		if s.node != nil && s.node.BasicStatus().RaftState == raft.StateLeader {
			to := uint64(c.random.between(1, len(c.servers)))
			c.count("leadership transfer asked for")
			return s.call(func() error { s.node.TransferLeader(to); return nil })
		}
	}
	return nil
}
