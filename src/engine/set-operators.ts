/** Sets made of sets: union, intersection, difference, UNION. */
import { compare, equal } from "./compare.ts";
import { EMPTY_SET, find, ListedSet, setOf } from "./listed-set.ts";
import { listedOf, Repeating } from "./repeating-set.ts";
import { asSet, elements } from "./sets.ts";
import { show } from "./show.ts";
import { Unlisted } from "./unlisted-sets.ts";
import { SetValue, type Value } from "./values.ts";

/** a \cup b. */
export function union(a: Value, b: Value): SetValue {
  const left = asSet(a);
  const right = asSet(b);
  if (!left.isFinite || !right.isFinite) {
    return new Unlisted(`(${show(left)} \\cup ${show(right)})`, (x) => left.has(x) || right.has(x));
  }
  if (left.isLazy || right.isLazy) return lazyUnion(left, right);
  if (right.size === 0) return left;
  const longer = left.with(right.list());
  if (longer !== null) return longer;
  const these = left.list();
  const those = right.list();
  if (these.length === 0) return right;
  if (those.length === 1) return inserted(left, these, those[0] as Value);
  if (these.length === 1) return inserted(right, those, these[0] as Value);
  return merged(these, those);
}

/** TLC goes through the one and then the other, unless the one that it has listed is empty. */
function lazyUnion(left: SetValue, right: SetValue): SetValue {
  if (!left.isLazy && left.size === 0) return right;
  if (!right.isLazy && right.size === 0) return left;
  return new Union([left, right]);
}

function inserted(set: SetValue, sorted: readonly Value[], x: Value): SetValue {
  const at = find(sorted, x);
  if (at >= 0) return set;
  if (set instanceof ListedSet) return set.and(x, -1 - at);
  const longer = sorted.slice();
  longer.splice(-1 - at, 0, x);
  return new ListedSet(longer);
}

function merged(a: readonly Value[], b: readonly Value[]): SetValue {
  const all: Value[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const order = compare(a[i] as Value, b[j] as Value);
    if (order <= 0) all.push(a[i] as Value);
    else all.push(b[j] as Value);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  while (i < a.length) all.push(a[i++] as Value);
  while (j < b.length) all.push(b[j++] as Value);
  return new ListedSet(all);
}

/** a \cap b. */
export function intersection(a: Value, b: Value): SetValue {
  const left = asSet(a);
  const right = asSet(b);
  if (left.isFinite && right.isFinite) {
    if (left.isLazy && right.isLazy)
      return new Repeating(left.enumerated().filter((x) => right.has(x)));
    if (left.size === 0 || right.size === 0) return EMPTY_SET;
    // As many of the smaller one are looked for in the other.
    if (right.size <= left.size) return new ListedSet(right.list().filter((x) => left.has(x)));
  }
  if (left.isFinite) return new ListedSet(left.list().filter((x) => right.has(x)));
  if (right.isFinite) return new ListedSet(right.list().filter((x) => left.has(x)));
  return new Unlisted(`(${show(left)} \\cap ${show(right)})`, (x) => left.has(x) && right.has(x));
}

/** a \ b. */
export function difference(a: Value, b: Value): SetValue {
  const left = asSet(a);
  const right = asSet(b);
  if (left.isLazy && left.isFinite)
    return new Repeating(left.enumerated().filter((x) => !right.has(x)));
  if (right instanceof ListedSet && left.isFinite) {
    if (right.size === 0) return left;
    if (left instanceof ListedSet && left.grownFrom === right) {
      return left.grownBy === null ? EMPTY_SET : new ListedSet([left.grownBy]);
    }
    const shorter = left.without(right.elements);
    if (shorter !== null) return shorter;
    if (right.size <= 2) return without(left, right);
    if (left instanceof ListedSet) return remaining(left.elements, right.elements);
  }
  if (left.isFinite) return new ListedSet(left.list().filter((x) => !right.has(x)));
  return new Unlisted(`(${show(left)} \\ ${show(right)})`, (x) => left.has(x) && !right.has(x));
}

/** What one sorted list has and another has not: both are gone through once, side by side. */
function remaining(these: readonly Value[], those: readonly Value[]): SetValue {
  const rest: Value[] = [];
  let j = 0;
  for (const x of these) {
    while (j < those.length && x !== those[j] && compare(those[j] as Value, x) < 0) j++;
    if (j === those.length || (x !== those[j] && compare(those[j] as Value, x) !== 0)) rest.push(x);
  }
  return new ListedSet(rest);
}

/** The set without a few elements, found by halves. */
function without(set: SetValue, few: ListedSet): SetValue {
  const only = few.elements[0];
  if (few.size === 1 && typeof only === "string" && set instanceof ListedSet) {
    set.withoutString ??= new Map();
    let rest = set.withoutString.get(only);
    if (rest === undefined) {
      rest = new ListedSet(set.elements.filter((x) => !equal(x, only)));
      set.withoutString.set(only, rest);
    }
    return rest;
  }
  let rest = set;
  for (const x of few.elements) {
    const sorted = rest.list();
    const at = sorted.length === 0 ? -1 : find(sorted, x);
    if (at >= 0) rest = new ListedSet(sorted.toSpliced(at, 1));
  }
  return rest;
}

/**
 * UNION of sets that are not all listed: TLC goes through one set after the other, and so may
 * meet an element again, which makes a state twice.
 */
class Union extends SetValue {
  readonly #sets: readonly SetValue[];
  #listed: readonly Value[] | null = null;

  constructor(sets: readonly SetValue[]) {
    super();
    this.#sets = sets;
  }

  get isFinite(): boolean {
    return this.#sets.every((set) => set.isFinite);
  }

  override get isLazy(): boolean {
    return true;
  }

  has(x: Value): boolean {
    return this.#sets.some((set) => set.has(x));
  }

  list(): readonly Value[] {
    this.#listed ??= listedOf(this.enumerated()).elements;
    return this.#listed;
  }

  /** The elements in the order of the sets, with repeats. */
  override enumerated(): readonly Value[] {
    return this.#sets.flatMap((set) => set.enumerated());
  }
}

/** UNION sets. */
export function unionOf(sets: Value): SetValue {
  const parts = elements(sets).map(asSet);
  if (!(sets instanceof ListedSet) || !parts.every((part) => part instanceof ListedSet)) {
    return new Union(parts);
  }
  return setOf(parts.flatMap((part) => part.list()));
}

/** The elements of a set as TLC goes through them to make states: of some sets with repeats. */
export function enumerated(set: Value): readonly Value[] {
  return set instanceof ListedSet ? set.elements : asSet(set).enumerated();
}
