package main

import (
	"fmt"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

const (
	follower  = "Follower"
	candidate = "Candidate"
	leader    = "Leader"
)

// recorder turns what is seen of one server into events. It holds what the trace has shown
// of the server so far, so that an event names only what changed.
//
// A recorder is copied before each step and the copy kept only once the step is durable:
// a server that dies before that has, for all the others know, never taken the step.
type recorder struct {
	id      uint64
	seq     int
	term    uint64
	vote    uint64
	role    string
	commit  uint64
	applied uint64
	log     []traceEntry
	peers   map[uint64]peerIndexes
	events  []*traceEvent
}

func newRecorder(id uint64) recorder { return recorder{id: id, role: follower} }

func serverName(id uint64) string { return fmt.Sprintf("s%d", id) }

// voteName is votedFor as the trace has it: nil for nobody.
func voteName(vote uint64) any {
	if vote == raft.None {
		return nil
	}
	return serverName(vote)
}

// event begins the next event of this server.
func (r *recorder) event(action string) *traceEvent {
	r.seq++
	event := &traceEvent{Server: serverName(r.id), Seq: r.seq, Action: action}
	r.events = append(r.events, event)
	return event
}

func change(event *traceEvent, variable string, value any) {
	if event.Changed == nil {
		event.Changed = map[string]any{}
	}
	event.Changed[variable] = value
}

// showTermVoteAndRole adds to the event those of the three that changed.
func (r *recorder) showTermVoteAndRole(event *traceEvent, status *raft.BasicStatus) {
	role := r.roleIn(status)
	if status.Term != r.term {
		change(event, "currentTerm", status.Term)
	}
	if status.Vote != r.vote {
		change(event, "votedFor", voteName(status.Vote))
	}
	if role != r.role {
		change(event, "role", role)
	}
	r.term, r.vote, r.role = status.Term, status.Vote, role
}

// roleIn is the role the trace shows for a status. A server that gives up within its own
// term (a candidate refused by a majority, a leader that lost touch with one, either of
// them probing for a pre-vote) keeps the role in the trace: the spec has no action for
// giving up, and a candidate or leader that keeps still does nothing the spec forbids.
func (r *recorder) roleIn(status *raft.BasicStatus) string {
	switch {
	case status.RaftState == raft.StateLeader:
		return leader
	case status.RaftState == raft.StateCandidate:
		return candidate
	case status.Lead == raft.None && status.Term == r.term:
		return r.role
	default:
		return follower
	}
}

func (r *recorder) showCommit(event *traceEvent, status *raft.BasicStatus) {
	if status.Commit != r.commit {
		change(event, "commitIndex", status.Commit)
		r.commit = status.Commit
	}
}

// showEntries adds to the event that the log now ends with these entries, from the index
// of the first of them on.
func (r *recorder) showEntries(event *traceEvent, entries []pb.Entry) {
	if len(entries) == 0 {
		return
	}
	from := entries[0].Index
	kept := min(from-1, uint64(len(r.log)))
	added := toTraceEntries(entries)
	r.log = append(r.log[:kept:kept], added...)
	change(event, "log", []any{from, added})
}

func toTraceEntries(entries []pb.Entry) []traceEntry {
	converted := make([]traceEntry, 0, len(entries))
	for i := range entries {
		converted = append(converted, traceEntry{Term: entries[i].Term, Command: commandOf(&entries[i])})
	}
	return converted
}

// commandOf is what an entry holds; nil for the empty entry of a new leader.
func commandOf(entry *pb.Entry) *string {
	if len(entry.Data) == 0 {
		return nil
	}
	return pointer(string(entry.Data))
}

func (r *recorder) lastIndex() uint64 { return uint64(len(r.log)) }

// termAt is the term of the entry at an index; 0 where there is none.
func (r *recorder) termAt(index uint64) uint64 {
	if index == 0 || index > r.lastIndex() {
		return 0
	}
	return r.log[index-1].Term
}

// send adds a message to the event and gives its id.
func (r *recorder) send(event *traceEvent, to, term uint64, message traceMessage) string {
	message.ID = fmt.Sprintf("%s:%d:%d", event.Server, event.Seq, len(event.Sent)+1)
	message.From, message.To, message.Term = event.Server, serverName(to), term
	event.Sent = append(event.Sent, message)
	return message.ID
}

// apply records that the host applied the committed entries up to index.
func (r *recorder) apply(index uint64) {
	event := r.event("Apply")
	event.Index = index
	change(event, "lastApplied", index)
	r.applied = index
}

// restart records what a server came back with.
func (r *recorder) restart(status *raft.BasicStatus, entries []pb.Entry) {
	event := r.event("Restart")
	change(event, "currentTerm", status.Term)
	change(event, "votedFor", voteName(status.Vote))
	r.log = toTraceEntries(entries)
	change(event, "log", []any{1, r.log})
	if r.role != follower {
		change(event, "role", follower)
	}
	if r.commit != 0 {
		change(event, "commitIndex", 0)
	}
	if r.applied != 0 {
		change(event, "lastApplied", 0)
	}
	r.term, r.vote, r.role, r.commit, r.applied = status.Term, status.Vote, follower, 0, 0
}
