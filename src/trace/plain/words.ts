/** Words that are known beforehand, found by their bytes: no string has to be made to look one up. */

interface Word<Value> {
  readonly bytes: Uint8Array;
  readonly value: Value;
  /** Another word of the same slot. */
  readonly next: Word<Value> | undefined;
}

const SLOTS = 256;

/** The slot of the word that stands from `start` to before `end`. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  const middle = bytes[(start + end) >> 1] ?? 0;
  const last = bytes[end - 1] ?? 0;
  return (first + 3 * middle + 7 * last + 31 * (end - start)) % SLOTS;
}

/** A value for each of some words. */
export class Words<Value> {
  readonly #slots = new Array<Word<Value> | undefined>(SLOTS).fill(undefined);

  constructor(values: Iterable<readonly [word: string, value: Value]>) {
    for (const [word, value] of values) {
      const bytes = new TextEncoder().encode(word);
      const slot = slotOf(bytes, 0, bytes.length);
      this.#slots[slot] = { bytes, value, next: this.#slots[slot] };
    }
  }

  /** The value of the word that stands from `start` to before `end`; undefined for no such word. */
  find(bytes: Uint8Array, start: number, end: number): Value | undefined {
    if (end <= start) return undefined;
    let word = this.#slots[slotOf(bytes, start, end)];
    while (word !== undefined && !standsAt(word.bytes, bytes, start, end)) word = word.next;
    return word?.value;
  }
}

function standsAt(word: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let i = 0; i < word.length; i++) if (word[i] !== bytes[start + i]) return false;
  return true;
}
