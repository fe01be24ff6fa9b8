import type { Index } from "../../core/index.ts";
import { byNumber } from "../../trace/counted.ts";
import type { StepRecord } from "../step-record.ts";
import { type ClusterView, entryText, isSameEntry, type ServerView } from "./cluster-view.ts";

/** What Raft promises of committed entries, checked on one step. */
export function checkCommitment(view: ClusterView, before: ServerView, after: StepRecord): void {
  if (after.action === "AdvanceCommitIndex") takeIntoHistory(view, before, after);
  if (after.commitIndex !== before.commitIndex) checkCommitIndex(view, before, after);
  if (after.lastApplied !== before.lastApplied) checkLastApplied(view, before, after);
  if (after.lastApplied > after.commitIndex) {
    view.verdict.fail(
      "AppliedIsCommitted",
      `${view.names[after.place]} has applied index ${after.lastApplied}, and its commitIndex is ${after.commitIndex}`,
    );
  }
  if (after.logChangedFrom > 0) checkChangedLog(view, before, after);
  if (after.action === "BecomeLeader") checkLeaderIsComplete(view, after.place, after.currentTerm);
  if (after.lastApplied !== before.lastApplied || after.logChangedFrom > 0) {
    checkAppliedAgree(view, before, after);
  }
}

/** A leader commits: every index up to the new one is committed from now on. */
function takeIntoHistory(view: ClusterView, before: ServerView, after: StepRecord): void {
  const { committed } = view;
  const log = view.logs[after.place] ?? [];
  const term = after.currentTerm;
  const lastBefore = committed.length;
  for (let index = lastBefore + 1; index <= after.commitIndex; index++) {
    const entry = log[index - 1];
    if (entry !== undefined) committed.push({ entry, term });
  }
  // A leader may come to know late what a leader of a later term has committed before it.
  // Terms in the history never fall with the index, so that the loop ends early.
  for (let index = Math.min(lastBefore, after.commitIndex); index > 0; index--) {
    const known = committed[index - 1];
    if (known === undefined || known.term <= term) break;
    known.term = term;
  }
  const from = before.commitIndex + 1;
  for (let index = from; index <= after.commitIndex; index++) checkOnMajority(view, index);
  for (let place = 0; place < view.servers.length; place++) {
    const server = view.servers[place];
    if (place === after.place || server?.role !== "Leader" || server.currentTerm <= term) continue;
    checkLeaderIsComplete(view, place, server.currentTerm);
  }
  const last = log[after.commitIndex - 1];
  if (last?.term !== term) {
    view.verdict.fail(
      "OnlyOwnTermIsCounted",
      `the leader ${view.names[after.place]} of term ${term} committed up to index ` +
        `${after.commitIndex}, which holds ${entryText(last)}`,
    );
  }
}

/** Committed entries stay on a majority of the servers (§5.3). */
function checkOnMajority(view: ClusterView, index: Index): void {
  const entry = view.committed[index - 1]?.entry;
  let holders = 0;
  for (const log of view.logs) if (isSameEntry(log[index - 1], entry)) holders++;
  if (2 * holders > view.logs.length) return;
  view.verdict.fail(
    "CommittedOnMajority",
    `${entryText(entry)} is committed at index ${index}, and ${holders} of ${view.logs.length} servers ${byNumber(holders, "holds", "hold")} it`,
  );
}

/** A leader holds what was committed in earlier terms (Figure 3, Leader Completeness). */
function checkLeaderIsComplete(view: ClusterView, place: number, term: number): void {
  const { committed } = view;
  const log = view.logs[place] ?? [];
  for (let index = committed.length; index > 0; index--) {
    const known = committed[index - 1];
    if (known === undefined || known.term >= term) continue;
    // What comes before is the same where this entry is: Log Matching is checked by itself.
    if (isSameEntry(log[index - 1], known.entry)) return;
    view.verdict.fail(
      "LeaderCompleteness",
      `the leader ${view.names[place]} of term ${term} holds ${entryText(log[index - 1])} at ` +
        `index ${index}, where ${entryText(known.entry)} was committed in term ${known.term}`,
    );
    return;
  }
}

function checkCommitIndex(view: ClusterView, before: ServerView, after: StepRecord): void {
  const name = view.names[after.place];
  const { commitIndex } = after;
  if (commitIndex < before.commitIndex && after.action !== "Restart") {
    view.verdict.fail(
      "CommitIndexGrows",
      `the commitIndex of ${name} went from ${before.commitIndex} back to ${commitIndex}`,
    );
  }
  if (commitIndex > after.lastIndex) {
    view.verdict.fail(
      "CommitIndexWithinLog",
      `the commitIndex of ${name} is ${commitIndex}, and its log ends at ${after.lastIndex}`,
    );
  }
  checkSafe(view, after, before.commitIndex + 1);
}

/** No server takes for committed what is not, or something else at that index (Figure 3). */
function checkSafe(view: ClusterView, after: StepRecord, from: Index): void {
  const log = view.logs[after.place] ?? [];
  for (let index = from; index <= after.commitIndex; index++) {
    const entry = view.committed[index - 1]?.entry;
    if (entry !== undefined && isSameEntry(log[index - 1], entry)) continue;
    const truth = entry === undefined ? "nothing is committed" : `${entryText(entry)} is committed`;
    view.verdict.fail(
      "StateMachineSafety",
      `${view.names[after.place]} takes ${entryText(log[index - 1])} at index ${index} for ` +
        `committed, where ${truth}`,
    );
  }
}

function checkLastApplied(view: ClusterView, before: ServerView, after: StepRecord): void {
  const name = view.names[after.place];
  const { lastApplied } = after;
  if (lastApplied < before.lastApplied && after.action !== "Restart") {
    view.verdict.fail(
      "LastAppliedGrows",
      `lastApplied of ${name} went from ${before.lastApplied} back to ${lastApplied}`,
    );
  }
}

/** At an index that two servers have applied, they hold the same entry (Figure 3). */
function checkAppliedAgree(view: ClusterView, before: ServerView, after: StepRecord): void {
  const log = view.logs[after.place] ?? [];
  const changedFrom = after.logChangedFrom > 0 ? after.logChangedFrom : log.length + 1;
  const from = Math.min(changedFrom, before.lastApplied + 1);
  for (let place = 0; place < view.servers.length; place++) {
    if (place === after.place) continue;
    const other = view.logs[place] ?? [];
    const applied = Math.min(after.lastApplied, view.servers[place]?.lastApplied ?? 0);
    const last = Math.min(applied, log.length, other.length);
    for (let index = from; index <= last; index++) {
      if (isSameEntry(log[index - 1], other[index - 1])) continue;
      view.verdict.fail(
        "AppliedEntriesAgree",
        `at index ${index} ${view.names[after.place]} has applied ${entryText(log[index - 1])}, ` +
          `and ${view.names[place]} ${entryText(other[index - 1])}`,
      );
    }
  }
}

/** A log that is cut, or that a restart recovers, must not lose what is committed. */
function checkChangedLog(view: ClusterView, before: ServerView, after: StepRecord): void {
  const lostFrom = after.action === "Restart" ? 1 : after.logChangedFrom;
  const lostTo = Math.min(before.lastIndex, view.committed.length);
  for (let index = lostFrom; index <= lostTo; index++) checkOnMajority(view, index);
  if (after.logChangedFrom <= after.commitIndex) checkSafe(view, after, after.logChangedFrom);
}
