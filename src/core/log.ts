import type { Entry, Index, Term } from "./types.ts";

/** A replicated log: entries from index 1, in memory. */
export class Log {
  #entries: Entry[];

  constructor(entries: readonly Entry[] = []) {
    this.#entries = entries.slice();
  }

  /** The index of the last entry; 0 when the log is empty. */
  get lastIndex(): Index {
    return this.#entries.length;
  }

  /** The term of the last entry; 0 when the log is empty. */
  get lastTerm(): Term {
    return this.termAt(this.#entries.length);
  }

  /** The term of the entry at `index`; 0 at index 0. Throws a RangeError past the end. */
  termAt(index: Index): Term {
    return index === 0 ? 0 : this.entryAt(index).term;
  }

  /** The entry at `index`. Throws a RangeError outside of the log. */
  entryAt(index: Index): Entry {
    const entry = this.#entries[index - 1];
    if (entry === undefined) {
      throw new RangeError(`no entry at index ${index}: the log holds 1 to ${this.lastIndex}`);
    }
    return entry;
  }

  /** The entries from `first` to `last`, both included, as a new array. */
  slice(first: Index, last: Index): Entry[] {
    return this.#entries.slice(first - 1, last);
  }

  append(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** Drops every entry after `lastKept`. */
  truncateAfter(lastKept: Index): void {
    if (lastKept < this.#entries.length) this.#entries.length = lastKept;
  }
}
