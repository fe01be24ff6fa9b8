import type { Entry } from "./types.ts";

/**
 * What a log keeps its entries in, counted from 0: an array, unless the host gives something that
 * takes less memory.
 */
export interface Entries {
  readonly length: number;
  at(place: number): Entry | undefined;
  /** Those from `begin` on and before `end`, as a new array. */
  slice(begin: number, end: number): Entry[];
  push(entry: Entry): void;
  /** Drops all but the first `length`, of which there are no fewer. */
  truncate(length: number): void;
  /** Drops the first `count`. */
  dropFirst(count: number): void;
}

/** Entries as plain objects. */
export class EntryArray implements Entries {
  #entries: Entry[] = [];

  get length(): number {
    return this.#entries.length;
  }

  at(place: number): Entry | undefined {
    return this.#entries[place];
  }

  slice(begin: number, end: number): Entry[] {
    return this.#entries.slice(begin, end);
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
  }

  truncate(length: number): void {
    this.#entries.length = length;
  }

  dropFirst(count: number): void {
    this.#entries = this.#entries.slice(count);
  }
}
