package main

import "slices"

// A fault of the logging, planted once in an execution: raft itself does all as it should,
// and the trace says something else of it. The checker must notice.
type loggingFault struct {
	name  string
	about string
	// plant changes an event and says that it did.
	plant func(event *traceEvent) bool
}

var loggingFaults = []loggingFault{
	{"vote", "a refused vote is logged as granted", func(e *traceEvent) bool {
		return e.Action == "HandleRequestVoteRequest" && flip(e.Sent[0].VoteGranted, false)
	}},
	{"commit", "a follower's commit index is logged one too high", func(e *traceEvent) bool {
		commit, changed := e.Changed["commitIndex"].(uint64)
		if e.Action != "HandleAppendEntriesRequest" || !changed {
			return false
		}
		e.Changed["commitIndex"] = commit + 1
		return true
	}},
	{"match", "an acknowledgement is logged one too high", func(e *traceEvent) bool {
		if e.Action != "HandleAppendEntriesRequest" || e.Sent[0].MatchIndex == nil {
			return false
		}
		*e.Sent[0].MatchIndex++
		return true
	}},
	{"restart", "a restart is logged without the vote that it recovered", func(e *traceEvent) bool {
		if e.Action != "Restart" || e.Changed["votedFor"] == nil {
			return false
		}
		e.Changed["votedFor"] = nil
		return true
	}},
	{"command", "a leader is logged to send another command than it holds", func(e *traceEvent) bool {
		if e.Action != "SendAppendEntries" {
			return false
		}
		entries := *e.Sent[0].Entries
		at := slices.IndexFunc(entries, func(entry traceEntry) bool { return entry.Command != nil })
		if at < 0 {
			return false
		}
		entries[at].Command = pointer("another")
		return true
	}},
}

func flip(value *bool, from bool) bool {
	if *value != from {
		return false
	}
	*value = !from
	return true
}

func findLoggingFault(name string) *loggingFault {
	at := slices.IndexFunc(loggingFaults, func(f loggingFault) bool { return f.name == name })
	if at < 0 {
		return nil
	}
	return &loggingFaults[at]
}
