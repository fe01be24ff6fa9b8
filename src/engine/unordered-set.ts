/** A set that changes often and is seldom listed, such as the messages on their way. */
import { equal } from "./compare.ts";
import { setOf } from "./listed-set.ts";
import { FunctionValue, SetValue, type Value } from "./values.ts";

/** Its elements in the order in which they came; none of them equal to another. */
export class UnorderedSet extends SetValue {
  declare readonly elements: readonly Value[];
  declare listed: readonly Value[] | null;

  constructor(elements: readonly Value[]) {
    super();
    this.elements = elements;
    this.listed = null;
  }

  get isFinite(): boolean {
    return true;
  }

  override get size(): number {
    return this.elements.length;
  }

  has(x: Value): boolean {
    return this.#placeOf(x) >= 0;
  }

  list(): readonly Value[] {
    this.listed ??= setOf(this.elements).elements;
    return this.listed;
  }

  override with(others: readonly Value[]): SetValue {
    const news = others.filter((x) => !this.has(x));
    return news.length === 0 ? this : new UnorderedSet([...this.elements, ...news]);
  }

  override without(others: readonly Value[]): SetValue {
    let rest: UnorderedSet = this;
    for (const x of others) {
      const place = rest.#placeOf(x);
      if (place >= 0) rest = new UnorderedSet(rest.elements.toSpliced(place, 1));
    }
    return rest;
  }

  /** Where it is; the same object is found without comparing any. */
  #placeOf(x: Value): number {
    const { elements } = this;
    const place = elements.indexOf(x);
    if (place >= 0) return place;
    for (let i = 0; i < elements.length; i++) {
      const element = elements[i] as Value;
      if (!differPlainly(element, x) && equal(element, x)) return i;
    }
    return -1;
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
