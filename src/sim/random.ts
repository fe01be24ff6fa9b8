/**
 * Pseudo-random integers from a seed: the same seed gives the same numbers on every machine,
 * since only 32-bit integer arithmetic is used.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom
 * number generators", 2021), its state filled by SplitMix32 (the finaliser of MurmurHash3).
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    let state = seed | 0;
    const fill = (): number => {
      state = (state + 0x9e3779b9) | 0;
      return mix(state);
    };
    this.#a = fill();
    this.#b = fill();
    this.#c = fill();
    this.#d = fill() | 1; // the state must not be all zeros
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    const b = this.#b;
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
    this.#c ^= this.#a;
    this.#d ^= b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= b << 9;
    this.#d = rotateLeft(this.#d, 11);
    return scrambled >>> 0;
  }

  /** An integer from 0 to `count` - 1; `count` is a positive integer. */
  below(count: number): number {
    return this.next() % count;
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True `rate` times in a thousand. */
  happens(rate: number): boolean {
    return rate > 0 && this.next() % 1000 < rate;
  }

  /** One of the items; throws a RangeError where there is none. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(Math.max(1, items.length))];
    if (item === undefined) throw new RangeError("there is nothing to pick from");
    return item;
  }
}

function rotateLeft(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

/** A bijection of 32-bit integers that scatters neighbours: the finaliser of MurmurHash3. */
function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** One 32-bit integer of several, for a choice that must not depend on what came before. */
export function scatter(...values: readonly number[]): number {
  let bits = 0;
  for (const value of values) bits = mix((bits + 0x9e3779b9 + (value | 0)) | 0);
  return bits >>> 0;
}
