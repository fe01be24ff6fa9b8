import type { Entry, Index, ServerId, Term } from "../../core/index.ts";
import type { Checkpoint, WalRecord } from "./batch.ts";
import type { Batch, LogBase } from "./batch-types.ts";

/** What was durable: what a restarting server begins with. */
export interface DurableState {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  readonly base: LogBase;
  /** The entries from `base.index + 1` on. */
  readonly entries: readonly Entry[];
  /** Whether every record so far was traced. */
  readonly isTraced: boolean;
}

/** Builds the durable state from records, in their order. */
export class Replay {
  #currentTerm: Term = 0;
  #votedFor: ServerId | null = null;
  #base: LogBase = { index: 0, term: 0 };
  #entries: Entry[] = [];
  /** The index of the first of #entries; those up to #base may be among them. */
  #first: Index = 1;
  #isTraced = true;
  #hasBegun = false;

  /** Takes the next record. @returns what is wrong with it, as text; null where nothing is */
  take(record: WalRecord): string | null {
    return record.kind === "batch"
      ? this.#takeBatch(record.batch)
      : this.#takeCheckpoint(record.checkpoint);
  }

  /** The state after all records; a text where entries are missing before those that are there. */
  state(): DurableState | string {
    this.#dropIncluded();
    if (this.#first > this.#base.index + 1) {
      return `the entries from index ${this.#base.index + 1} to ${this.#first - 1} are missing`;
    }
    return {
      currentTerm: this.#currentTerm,
      votedFor: this.#votedFor,
      base: this.#base,
      entries: this.#entries,
      isTraced: this.#isTraced,
    };
  }

  get lastIndex(): Index {
    return Math.max(this.#base.index, this.#first + this.#entries.length - 1);
  }

  /** The first checkpoint of a log gives the state; those of later segments have to agree. */
  #takeCheckpoint(checkpoint: Checkpoint): string | null {
    const { currentTerm, votedFor, base, lastIndex, isTraced } = checkpoint;
    if (this.#hasBegun) {
      const agrees =
        currentTerm === this.#currentTerm &&
        votedFor === this.#votedFor &&
        base.index === this.#base.index &&
        base.term === this.#base.term &&
        lastIndex === this.lastIndex;
      return agrees ? null : "the segment begins with another state than the one before ended with";
    }
    this.#hasBegun = true;
    this.#currentTerm = currentTerm;
    this.#votedFor = votedFor;
    this.#base = base;
    this.#isTraced = isTraced;
    this.#first = lastIndex + 1;
    return null;
  }

  #takeBatch(batch: Batch): string | null {
    const { currentTerm, base, logChangedFrom, trace } = batch;
    if (!this.#hasBegun) return "the log begins without the state that it begins with";
    if (currentTerm < this.#currentTerm) return `the term goes back from ${this.#currentTerm}`;
    if (base !== null) {
      if (base.index <= this.#base.index) return "a snapshot goes back behind the one before";
      this.#base = base;
    }
    const problem = logChangedFrom === 0 ? null : this.#takeEntries(batch);
    if (problem !== null) return problem;
    if (base !== null) this.#dropIncluded();
    this.#currentTerm = currentTerm;
    this.#votedFor = batch.votedFor;
    this.#isTraced &&= trace !== null;
    return null;
  }

  #takeEntries(batch: Batch): string | null {
    const from = batch.logChangedFrom;
    const last = this.#first + this.#entries.length - 1;
    if (from > this.lastIndex + 1) {
      return `entries from index ${from} on follow a log that ends at ${this.lastIndex}`;
    }
    if (from <= this.#first || from > last + 1) {
      // What is missing before them, a snapshot includes; `state` looks whether it does.
      this.#entries = batch.entries.slice();
      this.#first = from;
      return null;
    }
    this.#entries.length = from - this.#first;
    for (const entry of batch.entries) this.#entries.push(entry);
    return null;
  }

  /** Drops the entries that the snapshot includes. */
  #dropIncluded(): void {
    const included = this.#base.index + 1 - this.#first;
    if (included <= 0) return;
    this.#entries = this.#entries.slice(included);
    this.#first = this.#base.index + 1;
  }
}
