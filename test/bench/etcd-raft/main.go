// The peer of `lockstep bench core`: go.etcd.io/raft by RawNode, three servers in one
// process, storage in memory, entries of 100 bytes. It prints one JSON line: the CPU time
// of the whole process, garbage collection included, and the wall time, by entry.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"syscall"
	"time"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

type server struct {
	node    *raft.RawNode
	storage *raft.MemoryStorage
	applied int
}

func newServer(id uint64, peers []raft.Peer) *server {
	storage := raft.NewMemoryStorage()
	node, err := raft.NewRawNode(&raft.Config{
		ID:              id,
		ElectionTick:    10,
		HeartbeatTick:   1,
		Storage:         storage,
		MaxSizePerMsg:   1 << 20,
		MaxInflightMsgs: 256,
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := node.Bootstrap(peers); err != nil {
		log.Fatal(err)
	}
	return &server{node: node, storage: storage}
}

// ready does what a host owes the server: persist, then apply, then hand over the messages.
func (s *server) ready() []pb.Message {
	rd := s.node.Ready()
	if !raft.IsEmptyHardState(rd.HardState) {
		s.storage.SetHardState(rd.HardState)
	}
	if err := s.storage.Append(rd.Entries); err != nil {
		log.Fatal(err)
	}
	for _, entry := range rd.CommittedEntries {
		switch {
		case entry.Type == pb.EntryConfChange:
			var change pb.ConfChange
			if err := change.Unmarshal(entry.Data); err != nil {
				log.Fatal(err)
			}
			s.node.ApplyConfChange(change)
		case len(entry.Data) > 0:
			s.applied++
		}
	}
	messages := rd.Messages
	s.node.Advance(rd)
	return messages
}

// settle delivers messages until no server has anything left to do.
func settle(servers []*server) {
	for busy := true; busy; {
		busy = false
		for _, s := range servers {
			for s.node.HasReady() {
				busy = true
				for _, m := range s.ready() {
					if err := servers[m.To-1].node.Step(m); err != nil {
						log.Fatal(err)
					}
				}
			}
		}
	}
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func run(servers []*server, entries, batch int) {
	command := make([]byte, 100)
	leader := servers[0]
	for done := 0; done < entries; done += batch {
		proposal := make([]pb.Entry, batch)
		for i := range proposal {
			proposal[i].Data = append([]byte(nil), command...)
		}
		m := pb.Message{Type: pb.MsgProp, From: 1, Entries: proposal}
		if err := leader.node.Step(m); err != nil {
			log.Fatal(err)
		}
		settle(servers)
	}
}

func main() {
	entries := flag.Int("entries", 200000, "entries to commit")
	batch := flag.Int("batch", 1, "entries in one proposal")
	warmup := flag.Int("warmup", 20000, "entries to commit before the measurement")
	flag.Parse()
	raft.SetLogger(&raft.DefaultLogger{Logger: log.New(io.Discard, "", 0)})

	peers := []raft.Peer{{ID: 1}, {ID: 2}, {ID: 3}}
	servers := []*server{}
	for _, peer := range peers {
		servers = append(servers, newServer(peer.ID, peers))
	}
	settle(servers)
	if err := servers[0].node.Campaign(); err != nil {
		log.Fatal(err)
	}
	settle(servers)
	run(servers, *warmup, *batch)

	before, cpu, begin := servers[0].applied, cpuSeconds(), time.Now()
	run(servers, *entries, *batch)
	cpu, wall := cpuSeconds()-cpu, time.Since(begin).Seconds()
	applied := servers[0].applied - before
	if applied < *entries {
		fmt.Fprintf(os.Stderr, "only %d of %d entries were applied\n", applied, *entries)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"entries":            float64(applied),
		"cpuMicrosPerEntry":  cpu * 1e6 / float64(applied),
		"wallMicrosPerEntry": wall * 1e6 / float64(applied),
	})
}
