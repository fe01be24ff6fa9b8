import type { Index } from "../../core/index.ts";
import type { StepRecord } from "../step-record.ts";
import type { ClusterView } from "./cluster-view.ts";

/** The reads that wait, by server and by what they wait for: how much was committed when asked. */
export type WaitingReads = Map<string, Index>;

/** A read sees all that was committed, by whichever leader, before it was asked (§8). */
export function checkReads(view: ClusterView, waiting: WaitingReads, after: StepRecord): void {
  const { place, currentTerm, round, index } = after;
  const read = `${place} ${currentTerm} ${round} ${index}`;
  if (after.action === "ReadRequest") waiting.set(read, view.committed.length);
  if (after.action !== "AnswerRead") return;
  const committedBefore = waiting.get(read) ?? 0;
  waiting.delete(read);
  if (after.lastApplied >= committedBefore) return;
  view.verdict.fail(
    "ReadsSeeWhatWasCommitted",
    `${view.names[place]} answered a read having applied index ${after.lastApplied}, ` +
      `and ${committedBefore} were committed when it was asked`,
  );
}
