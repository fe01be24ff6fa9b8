package main

import (
	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// What a leader knows of its peers, matchIndex and nextIndex, is seen in raft's Status
// after a step as a whole. What it was between the events of one step is told by the
// messages: a MsgApp begins at nextIndex.

// peerIndexes is what the trace has shown of a leader's view of one peer.
type peerIndexes struct{ next, match uint64 }

// beginProgress shows nextIndex for every peer of a new leader.
func (d *derivation) beginProgress(event *traceEvent) {
	if d.progress == nil {
		return
	}
	d.peers = map[uint64]peerIndexes{}
	for peer := range d.progress {
		if peer != d.id {
			d.peers[peer] = peerIndexes{next: 1}
			d.showNext(event, peer, d.nextIndexBefore(0, peer))
		}
	}
}

// nextIndexBefore is the peer's nextIndex before the message at a position is sent.
func (d *derivation) nextIndexBefore(position int, peer uint64) uint64 {
	for _, m := range d.ready.Messages[position:] {
		if m.Type == pb.MsgApp && m.To == peer {
			return m.Index + 1
		}
	}
	return d.progress[peer].Next
}

// showAnswered shows what a response taught the leader of its sender.
func (d *derivation) showAnswered(event *traceEvent) {
	if d.progress == nil || d.before.RaftState != raft.StateLeader {
		return
	}
	peer := d.message.From
	known := d.peers[peer]
	if match := d.progress[peer].Match; match != known.match {
		change(event, "matchIndex", map[string]uint64{serverName(peer): match})
		known.match = match
		d.setPeer(peer, known)
	}
	d.showNext(event, peer, d.nextIndexBefore(0, peer))
}

// showSent shows where nextIndex stands once the message at a position is sent.
func (d *derivation) showSent(event *traceEvent, position int) {
	if d.progress != nil {
		peer := d.ready.Messages[position].To
		d.showNext(event, peer, d.nextIndexBefore(position+1, peer))
	}
}

func (d *derivation) showNext(event *traceEvent, peer, next uint64) {
	known := d.peers[peer]
	if known.next == next {
		return
	}
	shown, _ := event.Changed["nextIndex"].(map[string]uint64)
	if shown == nil {
		shown = map[string]uint64{}
	}
	shown[serverName(peer)] = next
	change(event, "nextIndex", shown)
	known.next = next
	d.setPeer(peer, known)
}

// setPeer replaces the map, which a copy of the recorder may share.
func (d *derivation) setPeer(peer uint64, known peerIndexes) {
	peers := make(map[uint64]peerIndexes, len(d.peers))
	for p, indexes := range d.peers {
		peers[p] = indexes
	}
	peers[peer] = known
	d.peers = peers
}

// isProgressShown holds what the events have shown against what there is.
func (d *derivation) isProgressShown() bool {
	for peer, progress := range d.progress {
		known := d.peers[peer]
		if peer != d.id && (known.next != progress.Next || known.match != progress.Match) {
			return false
		}
	}
	return true
}
