import type { Entry, PersistentState, ServerId, Snapshot, Term } from "../core/index.ts";
import type { StepRecord } from "./step-record.ts";

/** The entries that a snapshot stands for. */
export type EntriesOf = (snapshot: Snapshot) => readonly Entry[];

/**
 * A server's stable storage: what survives a crash (Figure 2, "persistent state"). Steps are
 * written one after the other, so that a crash in the middle of a group leaves a prefix of it.
 * The entries that a snapshot stands for stay here for the oracles to see, as in
 * `spec/RaftSnapshots.tla`: a restarting server does not get them.
 */
export class Disk {
  #currentTerm: Term = 0;
  #votedFor: ServerId | null = null;
  readonly #log: Entry[] = [];
  #snapshot: Snapshot | null = null;
  readonly #entriesOf: EntriesOf;

  constructor(entriesOf: EntriesOf) {
    this.#entriesOf = entriesOf;
  }

  /** The durable log, whole; the entry of index i is at i - 1. */
  get log(): readonly Entry[] {
    return this.#log;
  }

  /** Makes a step durable. */
  write(record: StepRecord): void {
    this.#currentTerm = record.currentTerm;
    this.#votedFor = record.votedFor;
    this.#writeSnapshot(record);
    if (record.logChangedFrom === 0) return;
    this.#log.length = record.logChangedFrom - 1;
    for (const entry of record.newEntries) this.#log.push(entry);
  }

  /** What a restarting server finds. */
  read(): PersistentState {
    const snapshot = this.#snapshot;
    const log = snapshot === null ? this.#log : this.#log.slice(snapshot.lastIncludedIndex);
    return { currentTerm: this.#currentTerm, votedFor: this.#votedFor, snapshot, log };
  }

  #writeSnapshot(record: StepRecord): void {
    const { snapshotIndex, snapshotTerm, snapshotData: data } = record;
    if (data === null) {
      this.#snapshot = null;
      return;
    }
    if (snapshotIndex === this.#snapshot?.lastIncludedIndex) return;
    this.#snapshot = { lastIncludedIndex: snapshotIndex, lastIncludedTerm: snapshotTerm, data };
    if (record.action !== "HandleInstallSnapshotRequest") return;
    this.#log.splice(0, this.#log.length, ...this.#entriesOf(this.#snapshot));
  }
}
