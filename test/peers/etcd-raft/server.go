package main

import (
	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// server hosts one RawNode: persist, then trace, then send and apply.
type server struct {
	id       uint64
	cluster  *cluster
	storage  *durable
	recorder recorder
	// node is nil while the server is down.
	node *raft.RawNode
	// electionDue is when its election timeout elapses.
	electionDue int
}

// start makes a node from what is durable.
func (s *server) start() error {
	dials := &s.cluster.dials
	node, err := raft.NewRawNode(&raft.Config{
		ID:                       s.id,
		ElectionTick:             electionTicks,
		HeartbeatTick:            dials.heartbeatTicks,
		Storage:                  s.storage,
		MaxSizePerMsg:            dials.bytesPerMessage,
		MaxInflightMsgs:          dials.messagesInFlight,
		MaxCommittedSizePerReady: dials.bytesPerApply,
		PreVote:                  dials.preVote,
		CheckQuorum:              dials.checkQuorum,
	})
	if err != nil {
		return err
	}
	s.node = node
	s.resetElectionTimeout()
	return nil
}

// restart brings a server back and records what it came back with.
func (s *server) restart() error {
	entries, err := s.storage.entries()
	if err != nil {
		return err
	}
	if err := s.start(); err != nil {
		return err
	}
	status := s.node.BasicStatus()
	s.recorder.restart(&status, entries)
	if err := s.flush(); err != nil {
		return err
	}
	return s.settle(&step{before: status})
}

func (s *server) crash() {
	s.node = nil
	s.cluster.count("crash")
}

func (s *server) resetElectionTimeout() {
	s.electionDue = s.cluster.now + s.cluster.random.between(electionTimeout, 2*electionTimeout)
}

// call does something to the node, and then all that follows of it.
func (s *server) call(do func() error) error {
	return s.input(&step{}, do)
}

// receive takes a message from the network.
func (s *server) receive(p packet) error {
	m := pb.Message{}
	if err := m.Unmarshal(p.bytes); err != nil {
		return err
	}
	if p.id == "" && s.bringsLargerTerm(&m) || s.cluster.dials.showsProgress && s.isBelowCommitIndex(&m) {
		s.cluster.count("lost on purpose: " + m.Type.String())
		return nil
	}
	// raft changes the message that it is given, so it gets one of its own.
	given := m
	given.Entries = append([]pb.Entry(nil), m.Entries...)
	return s.input(&step{message: &m, received: p.id}, func() error { return s.node.Step(given) })
}

// bringsLargerTerm: of what has no id in the trace only two messages would make their
// receiver adopt a term, and the spec has no step for that; see README.md. The network
// loses them.
func (s *server) bringsLargerTerm(m *pb.Message) bool {
	refusesPreVote := m.Type == pb.MsgPreVoteResp && m.Reject
	return (refusesPreVote || m.Type == pb.MsgAppResp) && m.Term > s.node.BasicStatus().Term
}

// isBelowCommitIndex: what raft answers with its commit index is left out of the trace, and
// so the leader's matchIndex would rise without an event. Where the trace shows matchIndex
// the network loses such a request.
func (s *server) isBelowCommitIndex(m *pb.Message) bool {
	commit := s.node.BasicStatus().Commit
	return m.Type == pb.MsgApp && m.Index < commit && m.Index+uint64(len(m.Entries)) != commit
}

func (s *server) input(observed *step, do func() error) error {
	observed.before = s.node.BasicStatus()
	if err := do(); err != nil && err != raft.ErrProposalDropped {
		return err
	}
	s.noteTimer(observed)
	return s.settle(observed)
}

// noteTimer starts the election timeout anew where the paper does (section 5.2): the
// leader of the term was heard, a vote was given, a new election began.
func (s *server) noteTimer(observed *step) {
	after := s.node.BasicStatus()
	m := observed.message
	heardLeader := m != nil && (m.Type == pb.MsgApp || m.Type == pb.MsgHeartbeat) && after.Lead == m.From
	voted := after.Vote != raft.None && (after.Vote != observed.before.Vote || after.Term != observed.before.Term)
	if heardLeader || voted {
		s.resetElectionTimeout()
	}
}

// settle handles Ready after Ready until the node has nothing left to do, or the server dies.
func (s *server) settle(observed *step) error {
	for {
		observed.after = s.node.BasicStatus()
		if s.cluster.dials.showsProgress {
			observed.progress = s.node.Status().Progress
		}
		hasReady := s.node.HasReady()
		if hasReady {
			observed.ready = s.node.Ready()
		}
		alive, err := s.handle(observed)
		if err != nil || !alive || !hasReady {
			return err
		}
		next := &step{before: s.node.BasicStatus()}
		s.node.Advance(observed.ready)
		observed = next
	}
}

// handle does what a host owes its node. It is false where the server died on the way.
func (s *server) handle(observed *step) (alive bool, err error) {
	draft := s.recorder
	packets, err := draft.derive(observed)
	if err != nil {
		return false, err
	}
	if observed.leftOut != "" {
		s.cluster.count("left out: " + observed.leftOut)
	}
	if s.dies("crash before persisting") {
		return false, nil
	}
	if err := s.storage.persist(&observed.ready); err != nil {
		return false, err
	}
	s.recorder = draft
	if err := s.flush(); err != nil {
		return false, err
	}
	if s.dies("crash before sending") {
		return false, nil
	}
	for _, p := range packets {
		s.cluster.send(s.id, p)
		if s.dies("crash while sending") {
			return false, nil
		}
	}
	if committed := observed.ready.CommittedEntries; len(committed) > 0 {
		s.recorder.apply(committed[len(committed)-1].Index)
		if err := s.flush(); err != nil {
			return false, err
		}
		s.cluster.applied(committed)
	}
	return true, nil
}

// dies rolls the dice whether the server is killed at this point.
func (s *server) dies(point string) bool {
	c := s.cluster
	if c.isCalm() || !c.random.chance(c.dials.killedInStep) {
		return false
	}
	c.count(point)
	s.crash()
	c.scheduleRestart(s)
	return true
}

// flush writes the events that are due.
func (s *server) flush() error {
	for _, event := range s.recorder.events {
		if err := s.cluster.record(event); err != nil {
			return err
		}
	}
	s.recorder.events = nil
	return nil
}
