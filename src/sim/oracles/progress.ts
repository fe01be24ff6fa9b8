import type { StepRecord } from "../step-record.ts";
import { type ClusterView, isSameEntry, type ServerView } from "./cluster-view.ts";

/** What a leader knows of its followers must be true, checked on one step (Figure 2). */
export function checkProgress(view: ClusterView, before: ServerView, after: StepRecord): void {
  const size = view.names.length;
  if (after.action === "BecomeLeader") {
    view.matchIndex.fill(0, after.place * size, (after.place + 1) * size);
  } else if (after.peer >= 0) {
    checkPeer(view, after);
  }
  const isCut = after.logChangedFrom > 0 && after.logChangedFrom <= before.lastIndex;
  if (isCut || after.currentTerm !== before.currentTerm) checkLeadersOf(view, after);
}

function checkPeer(view: ClusterView, after: StepRecord): void {
  const { place, peer, nextIndex, matchIndex } = after;
  const at = place * view.names.length + peer;
  const matchBefore = view.matchIndex[at] ?? 0;
  const of = `of the leader ${view.names[place]} for ${view.names[peer]}`;
  view.matchIndex[at] = matchIndex;
  if (matchIndex < matchBefore) {
    view.verdict.fail(
      "MatchIndexGrows",
      `matchIndex ${of} went from ${matchBefore} back to ${matchIndex}`,
    );
  }
  if (nextIndex <= matchIndex || nextIndex > after.lastIndex + 1) {
    view.verdict.fail(
      "NextIndexAboveMatchIndex",
      `nextIndex ${of} is ${nextIndex}, matchIndex ${matchIndex}, and its log ends at ${after.lastIndex}`,
    );
  }
  if (matchIndex === matchBefore) return;
  const server = view.servers[peer];
  if (server?.currentTerm === after.currentTerm) checkMatch(view, place, peer, matchIndex);
}

/** A follower came to a term, or changed its log: the leader of its term still knows the truth. */
function checkLeadersOf(view: ClusterView, after: StepRecord): void {
  for (let place = 0; place < view.servers.length; place++) {
    const leader = view.servers[place];
    if (place === after.place || leader === undefined || leader.role !== "Leader") continue;
    if (leader.currentTerm !== after.currentTerm) continue;
    const match = view.matchIndex[place * view.names.length + after.place] ?? 0;
    checkMatch(view, place, after.place, match);
  }
}

/** An entry that a leader counts on a server is there (Figure 2, matchIndex). */
function checkMatch(view: ClusterView, leader: number, peer: number, match: number): void {
  if (match === 0) return;
  const entry = view.logs[leader]?.[match - 1];
  if (entry !== undefined && isSameEntry(view.logs[peer]?.[match - 1], entry)) return;
  view.verdict.fail(
    "MatchIndexIsTrue",
    `matchIndex of the leader ${view.names[leader]} for ${view.names[peer]} is ${match}, ` +
      `where their logs differ`,
  );
}
