import type { Entry, ServerId } from "../../core/index.ts";
import type { StepRecord } from "../step-record.ts";
import { type ClusterView, createClusterView, takeOver } from "./cluster-view.ts";
import { checkCommitment } from "./commitment.ts";
import { checkElections } from "./elections.ts";
import { checkLogs, type KnownEntries } from "./logs.ts";
import { checkProgress } from "./progress.ts";
import { checkReads, type WaitingReads } from "./reads.ts";
import { checkSnapshots } from "./snapshots.ts";
import { Verdict, type Violation } from "./violation.ts";

/**
 * The properties of `spec/RaftProperties.tla`, and of the modules on top of it, checked on every step while a simulated
 * cluster runs. Each looks only at what the step changed, so that a step costs the same in a
 * long execution as in a short one. They share no code with the core: they see the disks and
 * what each step left behind.
 */
export class Invariants {
  readonly #view: ClusterView;
  readonly #known: KnownEntries = [];
  readonly #reads: WaitingReads = new Map();

  /**
   * @param logs the durable log of each server, which the caller changes in place
   * @param verdict where what falls is told
   */
  constructor(
    names: readonly ServerId[],
    logs: readonly (readonly Entry[])[],
    verdict: Verdict = new Verdict(),
  ) {
    this.#view = createClusterView(names, logs, verdict);
  }

  /** The committed entries, in the order of the log. */
  get committed(): ClusterView["committed"] {
    return this.#view.committed;
  }

  /** Checks a step whose log is on disk already. @returns the first violation ever; null for none */
  check(record: StepRecord): Violation | null {
    const view = this.#view;
    const before = view.servers[record.place];
    if (before === undefined) return view.verdict.violation;
    checkElections(view, before, record);
    if (record.logChangedFrom > 0) checkLogs(view, this.#known, before, record);
    checkCommitment(view, before, record);
    checkProgress(view, before, record);
    if (record.snapshotIndex > 0 || before.snapshotIndex > 0) checkSnapshots(view, before, record);
    if (record.round > 0) checkReads(view, this.#reads, record);
    takeOver(view, before, record);
    return view.verdict.violation;
  }
}
