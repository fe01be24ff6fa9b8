import type { Entry, PersistentState, ServerId, Term } from "../core/index.ts";
import type { StepRecord } from "./step-record.ts";

/**
 * A server's stable storage: what survives a crash (Figure 2, "persistent state"). Steps are
 * written one after the other, so that a crash in the middle of a group leaves a prefix of it.
 */
export class Disk {
  #currentTerm: Term = 0;
  #votedFor: ServerId | null = null;
  readonly #log: Entry[] = [];

  /** The durable log; the entry of index i is at i - 1. */
  get log(): readonly Entry[] {
    return this.#log;
  }

  /** Makes a step durable. */
  write(record: StepRecord): void {
    this.#currentTerm = record.currentTerm;
    this.#votedFor = record.votedFor;
    if (record.logChangedFrom === 0) return;
    this.#log.length = record.logChangedFrom - 1;
    for (const entry of record.newEntries) this.#log.push(entry);
  }

  /** What a restarting server finds. */
  read(): PersistentState {
    return { currentTerm: this.#currentTerm, votedFor: this.#votedFor, log: this.#log };
  }
}
