import { type Entries, EntryArray } from "./entries.ts";
import type { Entry, Index, Term } from "./types.ts";

/**
 * A replicated log, in memory: the entries after those that a snapshot stands for, which are
 * all entries from index 1 where there is no snapshot. Of the last entry that the snapshot
 * includes the log still knows the term (§7).
 */
export class Log {
  readonly #entries: Entries;
  #snapshotIndex: Index;
  #snapshotTerm: Term;

  /**
   * @param entries those after snapshotIndex
   * @param kept what the entries are kept in, which is empty
   */
  constructor(
    entries: readonly Entry[] = [],
    snapshotIndex: Index = 0,
    snapshotTerm: Term = 0,
    kept: Entries = new EntryArray(),
  ) {
    for (const entry of entries) kept.push(entry);
    this.#entries = kept;
    this.#snapshotIndex = snapshotIndex;
    this.#snapshotTerm = snapshotTerm;
  }

  /** The last index that the snapshot includes; 0 without one. */
  get snapshotIndex(): Index {
    return this.#snapshotIndex;
  }

  /** The term of the last entry that the snapshot includes; 0 without one. */
  get snapshotTerm(): Term {
    return this.#snapshotTerm;
  }

  /** The index of the last entry; 0 when the log is empty. */
  get lastIndex(): Index {
    return this.#snapshotIndex + this.#entries.length;
  }

  /** The term of the last entry; 0 when the log is empty. */
  get lastTerm(): Term {
    return this.termAt(this.lastIndex);
  }

  /** The term at `index`; 0 at index 0. Throws a RangeError past the end and in the snapshot. */
  termAt(index: Index): Term {
    return index === this.#snapshotIndex ? this.#snapshotTerm : this.entryAt(index).term;
  }

  /** The entry at `index`. Throws a RangeError outside of the log. */
  entryAt(index: Index): Entry {
    const entry = this.#entries.at(index - this.#snapshotIndex - 1);
    if (entry === undefined) {
      throw new RangeError(
        `no entry at index ${index}: the log holds ${this.#snapshotIndex + 1} to ${this.lastIndex}`,
      );
    }
    return entry;
  }

  /**
   * The entries from `first` to `last`, both included, as a new array.
   * Throws a RangeError where `first` is in the snapshot.
   */
  slice(first: Index, last: Index): Entry[] {
    const begin = first - this.#snapshotIndex - 1;
    if (begin < 0) {
      throw new RangeError(`no entry at index ${first}: a snapshot stands for it`);
    }
    return this.#entries.slice(begin, last - this.#snapshotIndex);
  }

  append(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** Drops every entry after `lastKept`. Throws a RangeError where that is in the snapshot. */
  truncateAfter(lastKept: Index): void {
    const kept = lastKept - this.#snapshotIndex;
    if (kept < 0) throw new RangeError(`the log begins after ${this.#snapshotIndex}`);
    if (kept < this.#entries.length) this.#entries.truncate(kept);
  }

  /** A snapshot takes the place of the entries up to `index`, which the log holds. */
  compactTo(index: Index): void {
    const term = this.termAt(index);
    this.#entries.dropFirst(index - this.#snapshotIndex);
    this.#snapshotIndex = index;
    this.#snapshotTerm = term;
  }

  /** A snapshot takes the place of the whole log. */
  replaceBySnapshot(lastIncludedIndex: Index, lastIncludedTerm: Term): void {
    this.#entries.truncate(0);
    this.#snapshotIndex = lastIncludedIndex;
    this.#snapshotTerm = lastIncludedTerm;
  }
}
