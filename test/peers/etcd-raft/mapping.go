package main

import (
	"fmt"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"
)

// The mapping of raft's steps to the actions of the spec. It goes by what can be seen
// from outside: what was put in, the status before and after, and the Ready that came of
// it. README.md has it as a table.

// step is one call of a RawNode and all that can be seen of it.
type step struct {
	// message is what was stepped in; nil for a call that is none (Tick, Campaign, Advance).
	message *pb.Message
	// received is the id of that message in the trace; empty where the trace has none.
	received string
	before   raft.BasicStatus
	after    raft.BasicStatus
	ready    raft.Ready
	// progress is what a leader knows of its peers after the step; nil where the trace does
	// not show it.
	progress map[uint64]tracker.Progress
	// leftOut says why the trace does not have this step; empty where it does.
	leftOut string
}

// packet is a message on its way: its bytes, and its id in the trace; no id for what is
// no message of the spec.
type packet struct {
	to    uint64
	bytes []byte
	id    string
}

// unmapped says that something was seen for which the mapping knows no action.
type unmapped struct{ what string }

func (u unmapped) Error() string { return "the mapping knows no action for this: " + u.what }

// derivation is one step on its way to events.
type derivation struct {
	*recorder
	*step
	// ids are the trace ids of ready.Messages, by position.
	ids map[int]string
	// unseen are the entries of the Ready that no event has shown yet.
	unseen []pb.Entry
}

// derive appends the events of a step to the recorder's and gives the messages it sent.
func (r *recorder) derive(s *step) ([]packet, error) {
	d := &derivation{recorder: r, step: s, ids: map[int]string{}, unseen: s.ready.Entries}
	d.primary()
	d.leaderFollowUps()
	if err := d.checkAllShown(); err != nil {
		return nil, err
	}
	return d.packets()
}

// primary records the action that the input is, if it is one.
func (d *derivation) primary() {
	if d.after.RaftState == raft.StateCandidate && d.after.Term > d.before.Term {
		d.timeout()
		return
	}
	if d.message == nil {
		return
	}
	switch d.message.Type {
	case pb.MsgVote:
		d.voteRequest()
	case pb.MsgVoteResp:
		d.response("HandleRequestVoteResponse")
	case pb.MsgApp:
		d.appendRequest(d.message.Index)
	case pb.MsgHeartbeat:
		d.appendRequest(d.message.Commit)
	case pb.MsgAppResp, pb.MsgHeartbeatResp:
		d.response("HandleAppendEntriesResponse")
	}
}

func (d *derivation) timeout() {
	event := d.event("Timeout")
	d.showTermVoteAndRole(event, &d.after)
	for i, m := range d.ready.Messages {
		if m.Type == pb.MsgVote {
			d.ids[i] = d.send(event, m.To, m.Term, traceMessage{
				Type:         "RequestVoteRequest",
				LastLogIndex: pointer(m.Index),
				LastLogTerm:  pointer(m.LogTerm),
			})
		}
	}
}

// reply finds the answer to the message in the Ready: its position, or -1.
func (d *derivation) reply(types ...pb.MessageType) int {
	for i, m := range d.ready.Messages {
		for _, wanted := range types {
			if m.Type == wanted && m.To == d.message.From {
				return i
			}
		}
	}
	return -1
}

// voteRequest: a request without an answer was dropped, and is as good as lost.
func (d *derivation) voteRequest() {
	position := d.reply(pb.MsgVoteResp)
	if position < 0 {
		d.leftOut = "vote request dropped"
		return
	}
	reply := d.ready.Messages[position]
	// raft refuses its free vote where it knows the leader of the term. The spec grants it.
	// A refusal that changes nothing may be taken for a request that was lost.
	knowsLeader := d.before.Term == d.message.Term && d.before.Lead != raft.None
	if reply.Reject && knowsLeader && d.before.Vote == raft.None {
		d.leftOut = "vote refused since the leader is known"
		return
	}
	event := d.handled("HandleRequestVoteRequest")
	d.ids[position] = d.send(event, reply.To, reply.Term, traceMessage{
		Type:        "RequestVoteResponse",
		VoteGranted: pointer(!reply.Reject),
	})
}

// appendRequest: entries or a heartbeat, that is a request without entries at prevLogIndex.
func (d *derivation) appendRequest(prevLogIndex uint64) {
	position := d.reply(pb.MsgAppResp, pb.MsgHeartbeatResp)
	switch {
	case position < 0:
		d.leftOut = "request of a smaller term dropped"
	case d.answersWithCommitIndex(position):
		d.leftOut = "request below the commit index"
	default:
		d.answeredAppend(prevLogIndex, position)
	}
}

func (d *derivation) answeredAppend(prevLogIndex uint64, position int) {
	reply := d.ready.Messages[position]
	event := d.handled("HandleAppendEntriesRequest")
	d.showEntries(event, d.unseen)
	d.unseen = nil
	response := traceMessage{Type: "AppendEntriesResponse"}
	switch {
	case reply.Reject || d.message.Term < reply.Term:
		response.Success = pointer(false)
		response.PrevLogIndex = pointer(prevLogIndex)
		response.LastLogIndex = pointer(d.lastIndex())
	case reply.Type == pb.MsgHeartbeatResp:
		response.Success = pointer(true)
		response.MatchIndex = pointer(prevLogIndex)
	default:
		response.Success = pointer(true)
		response.MatchIndex = pointer(reply.Index)
	}
	d.ids[position] = d.send(event, reply.To, reply.Term, response)
}

// answersWithCommitIndex: a request that begins below the commit index is not taken in;
// raft answers with its commit index instead. The spec would have it taken in and
// acknowledged to its end. Since nothing changes it may be taken for a request that was
// lost, and its answer for none.
func (d *derivation) answersWithCommitIndex(position int) bool {
	reply, m := d.ready.Messages[position], d.message
	return m.Type == pb.MsgApp && !reply.Reject &&
		m.Index < d.before.Commit && reply.Index == d.before.Commit &&
		reply.Index != m.Index+uint64(len(m.Entries)) &&
		d.before.HardState == d.after.HardState && d.role == d.roleIn(&d.after) &&
		len(d.unseen) == 0
}

// response: of a larger term, it ends the role; otherwise it counts, or is ignored. One
// that raft ignores since it gave up in this term is as good as lost.
func (d *derivation) response(action string) {
	gaveUp := d.message.Term == d.before.Term && d.role != d.plainRole()
	switch {
	case gaveUp:
		d.leftOut = "response after giving up"
	case d.received == "":
		d.leftOut = "response to what is left out"
	default:
		event := d.handled(action)
		if d.message.Term == d.before.Term && action == "HandleAppendEntriesResponse" {
			d.showAnswered(event)
		}
	}
}

func (d *derivation) plainRole() string {
	switch d.before.RaftState {
	case raft.StateLeader:
		return leader
	case raft.StateCandidate:
		return candidate
	default:
		return follower
	}
}

// handled begins the event of a message that was handled, with what it changed; but what
// a leader's own actions change is theirs.
func (d *derivation) handled(action string) *traceEvent {
	event := d.event(action)
	event.Received = d.received
	if !d.becomesLeader() {
		d.showTermVoteAndRole(event, &d.after)
	}
	if d.after.RaftState != raft.StateLeader {
		d.showCommit(event, &d.after)
	}
	return event
}

func (d *derivation) becomesLeader() bool {
	return d.before.RaftState != raft.StateLeader && d.after.RaftState == raft.StateLeader
}

// leaderFollowUps records what a leader does of itself, in the order in which raft does it.
func (d *derivation) leaderFollowUps() {
	if d.after.RaftState != raft.StateLeader {
		return
	}
	if d.becomesLeader() {
		event := d.event("BecomeLeader")
		d.showTermVoteAndRole(event, &d.after)
		d.beginProgress(event)
	}
	for i := range d.unseen {
		d.appendOwn(d.unseen[i : i+1])
	}
	d.unseen = nil
	if d.after.Commit > d.commit {
		event := d.event("AdvanceCommitIndex")
		event.Index = d.after.Commit
		d.showCommit(event, &d.after)
	}
	for i, m := range d.ready.Messages {
		switch m.Type {
		case pb.MsgApp:
			d.sendAppend(i, m.Index, m.Commit)
		case pb.MsgHeartbeat:
			// A heartbeat carries min(matchIndex, commitIndex): all up to there is committed
			// and known to be on the follower. A request without entries at that very index
			// says the same in the spec's words.
			d.sendAppend(i, m.Commit, d.after.Commit)
		}
	}
}

func (d *derivation) appendOwn(entry []pb.Entry) {
	command := commandOf(&entry[0])
	if command == nil {
		d.showEntries(d.event("AppendNoOp"), entry)
		return
	}
	event := d.event("ClientRequest")
	event.Command = command
	d.showEntries(event, entry)
}

func (d *derivation) sendAppend(position int, prevLogIndex, leaderCommit uint64) {
	m := d.ready.Messages[position]
	prevLogTerm := m.LogTerm
	if m.Type == pb.MsgHeartbeat {
		prevLogTerm = d.termAt(prevLogIndex)
	}
	event := d.event("SendAppendEntries")
	d.ids[position] = d.send(event, m.To, m.Term, traceMessage{
		Type:         "AppendEntriesRequest",
		PrevLogIndex: pointer(prevLogIndex),
		PrevLogTerm:  pointer(prevLogTerm),
		Entries:      pointer(toTraceEntries(m.Entries)),
		LeaderCommit: pointer(leaderCommit),
	})
	d.showSent(event, position)
}

// checkAllShown holds the mapping to its word: nothing that was seen is left out.
func (d *derivation) checkAllShown() error {
	switch {
	case d.term != d.after.Term || d.vote != d.after.Vote || d.role != d.roleIn(&d.after):
		return unmapped{fmt.Sprintf("term, vote or role changed: %s, from %+v to %+v", d.input(), d.before, d.after)}
	case d.commit != d.after.Commit:
		return unmapped{fmt.Sprintf("the commit index changed: %s, from %d to %d", d.input(), d.commit, d.after.Commit)}
	case len(d.unseen) > 0:
		return unmapped{fmt.Sprintf("the log changed: %s, from index %d", d.input(), d.unseen[0].Index)}
	}
	if !d.isProgressShown() {
		return unmapped{fmt.Sprintf("what the leader knows changed: %s, from %v to %v", d.input(), d.peers, d.progress)}
	}
	for i, m := range d.ready.Messages {
		isRequest := m.Type == pb.MsgVote || m.Type == pb.MsgApp || m.Type == pb.MsgHeartbeat
		if m.Type == pb.MsgSnap || isRequest && d.ids[i] == "" {
			return unmapped{fmt.Sprintf("%s sent %s", d.input(), m.Type)}
		}
	}
	return nil
}

func (d *derivation) input() string {
	if d.message == nil {
		return "a call"
	}
	return d.message.Type.String()
}

// packets are the messages of the Ready as bytes, so that no two servers share memory.
func (d *derivation) packets() ([]packet, error) {
	packets := make([]packet, 0, len(d.ready.Messages))
	for i := range d.ready.Messages {
		bytes, err := d.ready.Messages[i].Marshal()
		if err != nil {
			return nil, err
		}
		packets = append(packets, packet{to: d.ready.Messages[i].To, bytes: bytes, id: d.ids[i]})
	}
	return packets, nil
}
