import type { StepRecord } from "../step-record.ts";
import type { ClusterView, ServerView } from "./cluster-view.ts";

/** What a snapshot may include, checked on a step that changed it, or what is applied (§7). */
export function checkSnapshots(view: ClusterView, before: ServerView, after: StepRecord): void {
  const name = view.names[after.place];
  const { snapshotIndex, lastApplied } = after;
  if (snapshotIndex < before.snapshotIndex) {
    view.verdict.fail(
      "SnapshotIndexGrows",
      `the snapshot of ${name} included index ${before.snapshotIndex}, and now only ${snapshotIndex}`,
    );
  }
  if (snapshotIndex > lastApplied) {
    view.verdict.fail(
      "SnapshotIsApplied",
      `the snapshot of ${name} includes index ${snapshotIndex}, and it has applied ${lastApplied}`,
    );
  }
  if (snapshotIndex > view.committed.length) {
    view.verdict.fail(
      "SnapshotIsCommitted",
      `the snapshot of ${name} includes index ${snapshotIndex}, and ${view.committed.length} are committed`,
    );
  }
}
