/** Sets held as their sorted elements: the normal form of every set that is listed. */
import { compare, equal } from "./compare.ts";
import type { Domain } from "./domains.ts";
import { ModelValue, SetValue, type Value } from "./values.ts";

/** A set held as its sorted elements. */
export class ListedSet extends SetValue {
  declare readonly elements: readonly Value[];
  /** The domain with these keys, once a function was made on this set. */
  declare domain: Domain | null;
  /** The set without each of its strings, where that was asked for: `Server \\ {s}` often is. */
  declare withoutString: Map<string, ListedSet> | null;
  /** The set that this one was made of by one more element, and that element. */
  declare grownFrom: ListedSet | null;
  declare grownBy: Value | null;

  constructor(sorted: readonly Value[]) {
    super();
    this.elements = sorted;
    this.domain = null;
    this.withoutString = null;
    this.grownFrom = null;
    this.grownBy = null;
  }

  /**
   * The set with one more element at a place of its list, where none equal to it is. What it is
   * more than this one is known to both, and no longer what this one is more than another: of
   * sets that grow from each other no more than two are held.
   */
  and(x: Value, place: number): ListedSet {
    const longer = this.elements.slice();
    longer.splice(place, 0, x);
    const grown = new ListedSet(longer);
    grown.grownFrom = this;
    grown.grownBy = x;
    this.grownFrom = null;
    this.grownBy = null;
    return grown;
  }

  get isFinite(): boolean {
    return true;
  }

  has(x: Value): boolean {
    const { elements } = this;
    if (typeof x !== "object" || x instanceof ModelValue) {
      for (let i = 0; i < elements.length; i++) if (elements[i] === x) return true;
      const first = elements[0];
      if (first !== undefined) equal(first, x);
      return false;
    }
    return find(elements, x) >= 0;
  }

  list(): readonly Value[] {
    return this.elements;
  }

  override get size(): number {
    return this.elements.length;
  }
}

/** The position of x in a sorted list; where it is not there, -1 - (where it would be). */
export function find(sorted: readonly Value[], x: Value): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compare(sorted[middle] as Value, x);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1 - low;
}

export const EMPTY_SET = new ListedSet([]);

/** The set of some values, in any order and with repeats. */
export function setOf(values: readonly Value[]): ListedSet {
  if (values.length === 0) return EMPTY_SET;
  if (values.length === 1) return new ListedSet(values);
  const sorted = [...values].sort(compare);
  const distinct: Value[] = [];
  for (const value of sorted) {
    const last = distinct[distinct.length - 1];
    if (last === undefined || compare(last, value) !== 0) distinct.push(value);
  }
  return new ListedSet(distinct);
}
