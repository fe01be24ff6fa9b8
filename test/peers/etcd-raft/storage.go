package main

import (
	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// durable is what survives a crash: raft's own MemoryStorage, and the fixed membership.
//
// The membership comes from InitialState and not from ConfChange entries, so that a log
// holds commands and no-ops only and its first index is 1, as in the spec.
//
// The commit index is left out of what is kept. The paper's Figure 2 has it volatile, and
// raft asks no sync for it (MustSync): a crash may lose it.
type durable struct {
	*raft.MemoryStorage
	voters []uint64
}

func newDurable(voters []uint64) *durable {
	return &durable{MemoryStorage: raft.NewMemoryStorage(), voters: voters}
}

func (d *durable) InitialState() (pb.HardState, pb.ConfState, error) {
	hard, _, err := d.MemoryStorage.InitialState()
	return hard, pb.ConfState{Voters: d.voters}, err
}

// persist writes what a Ready wants to be durable, in one piece: the entries, the term
// and the vote.
func (d *durable) persist(ready *raft.Ready) error {
	if err := d.Append(ready.Entries); err != nil {
		return err
	}
	if raft.IsEmptyHardState(ready.HardState) {
		return nil
	}
	return d.SetHardState(pb.HardState{Term: ready.Term, Vote: ready.Vote})
}

// entries is the whole log.
func (d *durable) entries() ([]pb.Entry, error) {
	last, err := d.LastIndex()
	if err != nil || last == 0 {
		return nil, err
	}
	return d.Entries(1, last+1, ^uint64(0))
}
