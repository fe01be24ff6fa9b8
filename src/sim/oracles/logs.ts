import type { Entry, Index, Term } from "../../core/index.ts";
import type { StepRecord } from "../step-record.ts";
import { type ClusterView, entryText, isSameEntry, type ServerView } from "./cluster-view.ts";

/** An entry that some log held, and the term of the entry before it there. */
interface KnownEntry {
  readonly entry: Entry;
  readonly previousTerm: Term;
}

/** For each index all entries that any log has ever held there: one a term, if Raft is right. */
export type KnownEntries = KnownEntry[][];

/** What Raft promises of logs, checked on a step that changed one. */
export function checkLogs(
  view: ClusterView,
  known: KnownEntries,
  before: ServerView,
  after: StepRecord,
): void {
  checkLeaderAppendOnly(view, before, after);
  const log = view.logs[after.place] ?? [];
  for (let index = after.logChangedFrom; index <= log.length; index++) {
    checkLogMatching(view, known, after, log, index);
  }
}

/** A leader never overwrites or deletes entries in its log (Figure 3). */
function checkLeaderAppendOnly(view: ClusterView, before: ServerView, after: StepRecord): void {
  if (before.role !== "Leader" || after.role !== "Leader") return;
  if (after.logChangedFrom > before.lastIndex) return;
  view.verdict.fail(
    "LeaderAppendOnly",
    `the leader ${view.names[after.place]} changed its log from index ${after.logChangedFrom} on, ` +
      `which ended at ${before.lastIndex}`,
  );
}

/**
 * Entries of the same index and term are the same, and so are those before them (Figure 3).
 * The second part is said of the one entry before; the others follow by induction. Held
 * against every entry that ever was in a log: an index is written once a term.
 */
function checkLogMatching(
  view: ClusterView,
  known: KnownEntries,
  after: StepRecord,
  log: readonly Entry[],
  index: Index,
): void {
  const entry = log[index - 1];
  if (entry === undefined) return;
  const previousTerm = log[index - 2]?.term ?? 0;
  known[index] ??= [];
  const atIndex = known[index];
  const same = atIndex.find((other) => other.entry.term === entry.term);
  if (same === undefined) {
    atIndex.push({ entry, previousTerm });
  } else if (!isSameEntry(same.entry, entry)) {
    view.verdict.fail(
      "LogMatching",
      `index ${index} holds ${entryText(entry)} on ${view.names[after.place]}, ` +
        `and held ${entryText(same.entry)} elsewhere`,
    );
  } else if (same.previousTerm !== previousTerm) {
    view.verdict.fail(
      "LogMatching",
      `index ${index} holds ${entryText(entry)} on ${view.names[after.place]} after an entry ` +
        `of term ${previousTerm}, and elsewhere after one of term ${same.previousTerm}`,
    );
  }
}
