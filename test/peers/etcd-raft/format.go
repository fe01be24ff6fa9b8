package main

// The trace format, version 1: a header line and then one JSON object an event. What the
// fields mean is in spec/TRACE.md; this is the part of it that this program needs.

type traceHeader struct {
	Format         string         `json:"format"`
	Version        int            `json:"version"`
	Servers        []string       `json:"servers"`
	Variables      []string       `json:"variables"`
	Implementation implementation `json:"implementation"`
	Seed           uint64         `json:"seed"`
	Replay         string         `json:"replay"`
	Note           string         `json:"note"`
	// Server and Execution are of a file that holds the events of one server only.
	Server    string `json:"server,omitempty"`
	Execution string `json:"execution,omitempty"`
}

type implementation struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// traceEntry is an entry of a log; a nil command is a leader's empty entry.
type traceEntry struct {
	Term    uint64  `json:"term"`
	Command *string `json:"command"`
}

// traceEvent is one step of one server.
type traceEvent struct {
	Server   string         `json:"server"`
	Seq      int            `json:"seq"`
	Action   string         `json:"action"`
	Command  *string        `json:"command,omitempty"`
	Index    uint64         `json:"index,omitempty"`
	Received string         `json:"received,omitempty"`
	Sent     []traceMessage `json:"sent,omitempty"`
	// Changed holds the variables that changed, by name; encoding/json sorts them, so that
	// the same event is the same line.
	Changed map[string]any `json:"changed,omitempty"`
}

// traceMessage is a message in full. The fields that its type does not have are nil.
type traceMessage struct {
	ID           string        `json:"id"`
	Type         string        `json:"type"`
	From         string        `json:"from"`
	To           string        `json:"to"`
	Term         uint64        `json:"term"`
	LastLogIndex *uint64       `json:"lastLogIndex,omitempty"`
	LastLogTerm  *uint64       `json:"lastLogTerm,omitempty"`
	VoteGranted  *bool         `json:"voteGranted,omitempty"`
	PrevLogIndex *uint64       `json:"prevLogIndex,omitempty"`
	PrevLogTerm  *uint64       `json:"prevLogTerm,omitempty"`
	Entries      *[]traceEntry `json:"entries,omitempty"`
	LeaderCommit *uint64       `json:"leaderCommit,omitempty"`
	Success      *bool         `json:"success,omitempty"`
	MatchIndex   *uint64       `json:"matchIndex,omitempty"`
}

func pointer[T any](value T) *T { return &value }
