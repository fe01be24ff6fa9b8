/** A set that changes often and is seldom listed, such as the messages on their way. */
import { equal } from "./compare.ts";
import { hashLane } from "./hash.ts";
import { setOf } from "./listed-set.ts";
import { FunctionValue, SetValue, type Value } from "./values.ts";

/** So many elements are looked through faster than their hashes are asked. */
const FEW = 24;

/**
 * Elements, none of them equal to another, in the order in which they came. Sets that grow from
 * each other share them: each has the first so many, and only the longest may add to them.
 */
class Elements {
  readonly list: Value[];
  /** Where elements of a hash are; null until there are many. */
  #places: Map<number, number[]> | null = null;

  constructor(list: Value[]) {
    this.list = list;
  }

  add(x: Value): void {
    this.list.push(x);
    if (this.#places !== null) note(this.#places, x, this.list.length - 1);
  }

  /** Where x is, among the first so many; -1 for nowhere. The same object is found first. */
  placeOf(x: Value, count: number): number {
    const { list } = this;
    if (count > FEW) return this.#placeByHash(x, count);
    for (let i = 0; i < count; i++) if (list[i] === x) return i;
    for (let i = 0; i < count; i++) {
      const element = list[i] as Value;
      if (!differPlainly(element, x) && equal(element, x)) return i;
    }
    return -1;
  }

  #placeByHash(x: Value, count: number): number {
    this.#places ??= this.#noted();
    for (const place of this.#places.get(hashLane(x)) ?? []) {
      if (place < count && equal(this.list[place] as Value, x)) return place;
    }
    return -1;
  }

  #noted(): Map<number, number[]> {
    const places = new Map<number, number[]>();
    for (let place = 0; place < this.list.length; place++) {
      note(places, this.list[place] as Value, place);
    }
    return places;
  }
}

function note(places: Map<number, number[]>, x: Value, place: number): void {
  const hash = hashLane(x);
  const alike = places.get(hash);
  if (alike === undefined) places.set(hash, [place]);
  else alike.push(place);
}

/** Its elements in the order in which they came; none of them equal to another. */
export class UnorderedSet extends SetValue {
  declare readonly elements: Elements;
  declare readonly count: number;
  declare listed: readonly Value[] | null;

  constructor(elements: Elements, count: number) {
    super();
    this.elements = elements;
    this.count = count;
    this.listed = null;
  }

  /** The set without elements. */
  static empty(): UnorderedSet {
    return new UnorderedSet(new Elements([]), 0);
  }

  get isFinite(): boolean {
    return true;
  }

  override get size(): number {
    return this.count;
  }

  has(x: Value): boolean {
    return this.elements.placeOf(x, this.count) >= 0;
  }

  list(): readonly Value[] {
    this.listed ??= setOf(this.inAnyOrder()).elements;
    return this.listed;
  }

  /** A copy: what sets share may grow. */
  override inAnyOrder(): Value[] {
    return this.elements.list.slice(0, this.count);
  }

  override with(others: readonly Value[]): SetValue {
    let longer: UnorderedSet = this;
    for (const x of others) if (!longer.has(x)) longer = longer.#and(x);
    return longer;
  }

  override without(others: readonly Value[]): SetValue {
    let rest: UnorderedSet = this;
    for (const x of others) {
      const place = rest.elements.placeOf(x, rest.count);
      if (place >= 0) rest = rest.#but(place);
    }
    return rest;
  }

  #but(place: number): UnorderedSet {
    const left = this.inAnyOrder();
    left.splice(place, 1);
    return new UnorderedSet(new Elements(left), left.length);
  }

  /** This and one more, which is not in it. */
  #and(x: Value): UnorderedSet {
    const isLongest = this.elements.list.length === this.count;
    const elements = isLongest ? this.elements : new Elements(this.inAnyOrder());
    elements.add(x);
    return new UnorderedSet(elements, this.count + 1);
  }
}

/**
 * Whether two values are records of the same fields that have different numbers or strings in
 * one of them. It looks from the last field on: what tells messages apart comes late.
 */
function differPlainly(a: Value, b: Value): boolean {
  if (!(a instanceof FunctionValue && b instanceof FunctionValue)) return false;
  if (a.domain !== b.domain) return a.domain.kind === "record" && b.domain.kind === "record";
  for (let i = a.domain.size - 1; i >= 0; i--) {
    const x = a.values[i];
    const y = b.values[i];
    if (x !== y && typeof x === typeof y && typeof x !== "object") return true;
  }
  return false;
}
