/**
 * A fingerprint of 64 bits, in two lanes of 32. Functions and sets add up what their parts
 * give, so that no order is needed: a state can be hashed as if its model values were
 * permuted, without building the permuted state.
 */
import { EvaluationError } from "./errors.ts";
import { FunctionValue, LazyFunction, ModelValue, type SetValue, type Value } from "./values.ts";

/** For each permutation, the model value (by index) that each model value becomes. */
export type Permutation = readonly number[];

/** The second lane of the value hashed last; the first is returned. */
let second = 0;

/** The second lane of what was hashed last. */
export function secondLane(): number {
  return second;
}

function scramble(x: number, seed: number): number {
  let h = Math.imul(x ^ seed, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const strings = new Map<string, { readonly lane1: number; readonly lane2: number }>();

function hashString(text: string): number {
  let lanes = strings.get(text);
  if (lanes === undefined) {
    let a = 0x811c9dc5;
    let b = 0x1b873593;
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
      b = Math.imul((b << 13) | (b >>> 19), 5) ^ Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    }
    lanes = { lane1: scramble(a, 0x51ed270b), lane2: scramble(b, 0x2545f491) };
    strings.set(text, lanes);
  }
  second = lanes.lane2;
  return lanes.lane1;
}

function hashNumber(x: number, seed: number): number {
  second = scramble(x + 0x3c6ef372, seed ^ 0x7f4a7c15);
  return scramble(x, seed ^ 0x2545f491) + 0x632be5ab;
}

/** The first lane of a value's hash, nothing permuted. */
export function hashLane(value: Value): number {
  return hash(value, 0, null);
}

/**
 * The first lane of the hash of `value` with its model values permuted; `secondLane` is the
 * other. `number` tells permutations apart: 0 is the identity, for which null is given.
 */
export function hash(value: Value, number: number, permutation: Permutation | null): number {
  switch (typeof value) {
    case "number":
      return hashNumber(value | 0, 0x1e35a7bd);
    case "string":
      return hashString(value);
    case "boolean":
      return hashNumber(value ? 1 : 2, 0x6a09e667);
    default:
      break;
  }
  if (value instanceof ModelValue) {
    const index = permutation === null ? value.index : (permutation[value.index] ?? value.index);
    return hashNumber(index, 0x3243f6a9);
  }
  if (value instanceof LazyFunction) {
    if (value.whole !== null) return hash(value.whole, number, permutation);
    throw new EvaluationError("Attempted to compare a function whose domain cannot be listed.");
  }
  if (number === 0) return hashPlain(value);
  return hashPermuted(value, number, permutation);
}

function hashPlain(value: FunctionValue | SetValue): number {
  if (!value.hashed) {
    value.lane1 = hashParts(value, 0, null);
    value.lane2 = second;
    value.hashed = true;
  }
  second = value.lane2;
  return value.lane1;
}

/** The most permutations whose hashes are kept with a value: those of five model values. */
const KEPT_PERMUTATIONS = 120;

/** For so many a value has room at once: see `expectPermutations`. */
let expected = 1;

/** Says how many permutations there are besides the identity, so that values have room for them. */
export function expectPermutations(count: number): void {
  expected = Math.min(count, KEPT_PERMUTATIONS);
}

/** Both lanes of every permutation, those not asked for yet as NaN. */
function roomFor(count: number, before: readonly number[] | null): number[] {
  const room: number[] = [];
  for (let i = 0; i < 2 * count; i++) room.push(before?.[i] ?? Number.NaN);
  return room;
}

function hashPermuted(
  value: FunctionValue | SetValue,
  number: number,
  permutation: Permutation | null,
): number {
  if (number > KEPT_PERMUTATIONS) return hashParts(value, number, permutation);
  let kept = value.permuted;
  if (kept === null || kept.length < 2 * number) {
    kept = roomFor(Math.max(number, expected), kept);
    value.permuted = kept;
  }
  const at = 2 * (number - 1);
  const known = kept[at] as number;
  if (!Number.isNaN(known)) {
    second = kept[at + 1] as number;
    return known;
  }
  const first = hashParts(value, number, permutation);
  kept[at] = first;
  kept[at + 1] = second;
  return first;
}

function hashParts(
  value: FunctionValue | SetValue,
  number: number,
  permutation: Permutation | null,
): number {
  let sum1 = 0;
  let sum2 = 0;
  let seed = 0x243f6a88;
  if (value instanceof FunctionValue) {
    const { domain, values } = value;
    seed = 0x13198a2e;
    for (let i = 0; i < domain.size; i++) {
      const key1 = hash(domain.key(i), number, permutation);
      const key2 = second;
      const part1 = hash(values[i] as Value, number, permutation);
      sum1 = (sum1 + scramble(Math.imul(key1, 0x9e3779b1) ^ part1, 0x0370734a)) | 0;
      sum2 = (sum2 + scramble((key2 + Math.imul(second, 0x85ebca77)) | 0, 0x299f31d0)) | 0;
    }
  } else {
    for (const element of value.list()) {
      const part1 = hash(element, number, permutation);
      sum1 = (sum1 + scramble(part1, 0x082efa98)) | 0;
      sum2 = (sum2 + scramble(second, 0x4e6c89ec)) | 0;
    }
  }
  second = scramble(sum2, seed ^ 0x38d01377);
  return scramble(sum1, seed);
}
