/** Sets: listed, or held by what defines them until they must be listed. */
import { compare, equal } from "./compare.ts";
import { type Domain, domainOf, recordDomain, tupleDomain } from "./domains.ts";
import { EvaluationError } from "./errors.ts";
import { show } from "./show.ts";
import { FunctionValue, LazyFunction, ModelValue, SetValue, type Value } from "./values.ts";

/** A set held as its sorted elements. */
export class ListedSet extends SetValue {
  declare readonly elements: readonly Value[];
  /** The domain with these keys, once a function was made on this set. */
  declare domain: Domain | null;
  /** The set without each of its strings, where that was asked for: `Server \\ {s}` often is. */
  declare withoutString: Map<string, ListedSet> | null;

  constructor(sorted: readonly Value[]) {
    super();
    this.elements = sorted;
    this.domain = null;
    this.withoutString = null;
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
function find(sorted: readonly Value[], x: Value): number {
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

/** low..high. */
class Interval extends SetValue {
  declare readonly low: number;
  declare readonly high: number;
  declare listed: readonly Value[] | null;

  constructor(low: number, high: number) {
    super();
    this.low = low;
    this.high = high;
    this.listed = null;
  }

  get isFinite(): boolean {
    return true;
  }

  has(x: Value): boolean {
    if (typeof x === "number") return x >= this.low && x <= this.high;
    if (x instanceof ModelValue) return false;
    throw new EvaluationError(
      `Attempted to check if the non-integer ${show(x)} is in the interval ${this.low}..${this.high}.`,
    );
  }

  list(): readonly Value[] {
    this.listed ??= Array.from({ length: this.size }, (_, i) => this.low + i);
    return this.listed;
  }

  override get symbol(): string | null {
    return this.size === 0 ? null : `${this.low}..${this.high}`;
  }

  override get size(): number {
    return Math.max(0, this.high - this.low + 1);
  }
}

/** The set low..high. */
export function interval(low: Value, high: Value): SetValue {
  if (typeof low !== "number" || typeof high !== "number") {
    const wrong = typeof low === "number" ? high : low;
    throw new EvaluationError(`An argument of .. should be an integer, but is ${show(wrong)}.`);
  }
  return new Interval(low, high);
}

/** x \in low..high. */
export function isInInterval(x: Value, low: Value, high: Value): boolean {
  if (typeof x === "number" && typeof low === "number" && typeof high === "number") {
    return x >= low && x <= high;
  }
  return interval(low, high).has(x);
}

/** The bounds of a set of consecutive integers that is held as such, for loops that need no list. */
export function intervalBounds(set: Value): { readonly low: number; readonly high: number } | null {
  return set instanceof Interval ? set : null;
}

/** A set of which only membership is known: Nat, Int, STRING, Seq(S), and what is made of them. */
class Unlisted extends SetValue {
  readonly isFinite = false;
  readonly #name: string;
  readonly #contains: (x: Value) => boolean;

  constructor(name: string, contains: (x: Value) => boolean) {
    super();
    this.#name = name;
    this.#contains = contains;
  }

  has(x: Value): boolean {
    return this.#contains(x);
  }

  list(): readonly Value[] {
    throw new EvaluationError(
      `Attempted to enumerate the set ${this.#name}, which is not enumerable.`,
    );
  }

  override get symbol(): string {
    return this.#name;
  }
}

function integerOnly(name: string, contains: (x: number) => boolean): SetValue {
  return new Unlisted(name, (x) => {
    if (typeof x === "number") return contains(x);
    if (x instanceof ModelValue) return false;
    throw new EvaluationError(
      `Attempted to check if the value ${show(x)} is an element of ${name}.`,
    );
  });
}

export const Nat = integerOnly("Nat", (x) => x >= 0);
export const Int = integerOnly("Int", () => true);
export const BOOLEAN = new ListedSet([false, true]);
export const STRING: SetValue = new Unlisted("STRING", (x) => {
  if (typeof x === "string") return true;
  if (x instanceof ModelValue) return false;
  throw new EvaluationError(`Attempted to check if the value ${show(x)} is an element of STRING.`);
});

/** Seq(elements). */
export function sequencesOf(elements: Value): SetValue {
  const set = asSet(elements);
  return new Unlisted(`Seq(${show(set)})`, (x) => {
    if (x instanceof ModelValue) return false;
    if (!(x instanceof FunctionValue) || x.domain.kind !== "tuple") {
      if (x instanceof FunctionValue) return false;
      throw new EvaluationError(`Attempted to check if non-sequence ${show(x)} is in Seq.`);
    }
    return x.list().every((value) => set.has(value));
  });
}

/** A set that is listed when it must be; membership needs no list. */
class Lazy extends SetValue {
  readonly isFinite: boolean;
  readonly #contains: (x: Value) => boolean;
  readonly #elements: () => readonly Value[];
  readonly #name: () => string;
  #listed: readonly Value[] | null = null;

  constructor(
    listable: boolean,
    contains: (x: Value) => boolean,
    elements: () => readonly Value[],
    name: () => string,
  ) {
    super();
    this.isFinite = listable;
    this.#contains = contains;
    this.#elements = elements;
    this.#name = name;
  }

  has(x: Value): boolean {
    return this.#contains(x);
  }

  list(): readonly Value[] {
    this.#listed ??= setOf(this.#elements()).elements;
    return this.#listed;
  }

  override get symbol(): string | null {
    return this.isFinite ? null : this.#name();
  }
}

/** SUBSET set. */
export function subsetsOf(value: Value): SetValue {
  const set = asSet(value);
  return new Lazy(
    set.isFinite,
    (x) => {
      if (x instanceof ModelValue) return false;
      return asSet(x)
        .list()
        .every((element) => set.has(element));
    },
    () => listSubsets(set.list()),
    () => `SUBSET ${show(set)}`,
  );
}

function listSubsets(elements: readonly Value[]): Value[] {
  if (elements.length > 24) {
    throw new EvaluationError(`Attempted to list the ${elements.length} elements' subsets.`);
  }
  let subsets: Value[][] = [[]];
  for (const element of elements) {
    subsets = subsets.concat(subsets.map((subset) => [...subset, element]));
  }
  return subsets.map((subset) => (subset.length === 0 ? EMPTY_SET : new ListedSet(subset)));
}

/** Every choice of one element of each set, as lists. */
function choices(sets: readonly (readonly Value[])[]): Value[][] {
  let chosen: Value[][] = [[]];
  for (const set of sets) {
    const longer: Value[][] = [];
    for (const some of chosen) for (const element of set) longer.push([...some, element]);
    chosen = longer;
  }
  return chosen;
}

/** [from -> to]. */
export function functionsOf(from: Value, to: Value): SetValue {
  const keys = asSet(from);
  const values = asSet(to);
  return new Lazy(
    keys.isFinite && values.isFinite,
    (x) => {
      if (x instanceof ModelValue) return false;
      if (!(x instanceof FunctionValue)) {
        throw new EvaluationError(
          `Attempted to check if ${show(x)}, not a function, is in a set of functions.`,
        );
      }
      if (!keys.isFinite) return false;
      return x.domain === domainOfSet(keys) && x.list().every((value) => values.has(value));
    },
    () => {
      const domain = domainOfSet(keys);
      const range = domain.size === 0 ? [] : values.list();
      const parts = Array.from({ length: domain.size }, () => range);
      return choices(parts).map((part) => new FunctionValue(domain, part));
    },
    () => `[${show(keys)} -> ${show(values)}]`,
  );
}

/** [name : set, ...]; the names in the order of the sets. */
export function recordsOf(names: readonly string[], sets: readonly Value[]): SetValue {
  const domain = recordDomain(names);
  const parts = domain.keys().map((key) => asSet(sets[names.indexOf(String(key))] as Value));
  return new Lazy(
    parts.every((part) => part.isFinite),
    (x) => {
      if (x instanceof ModelValue) return false;
      if (!(x instanceof FunctionValue)) {
        throw new EvaluationError(
          `Attempted to check if non-record ${show(x)} is in a set of records.`,
        );
      }
      return x.domain === domain && parts.every((part, i) => part.has(x.values[i] as Value));
    },
    () => choices(parts.map((part) => part.list())).map((part) => new FunctionValue(domain, part)),
    () => `[${parts.map((part, i) => `${domain.key(i)}: ${show(part)}`).join(", ")}]`,
  );
}

/** set \X set ... */
export function product(sets: readonly Value[]): SetValue {
  const domain = tupleDomain(sets.length);
  const parts = sets.map(asSet);
  return new Lazy(
    parts.every((part) => part.isFinite),
    (x) => {
      if (x instanceof ModelValue) return false;
      if (!(x instanceof FunctionValue)) {
        throw new EvaluationError(
          `Attempted to check if non-tuple ${show(x)} is in a product of sets.`,
        );
      }
      return x.domain === domain && parts.every((part, i) => part.has(x.values[i] as Value));
    },
    () => choices(parts.map((part) => part.list())).map((part) => new FunctionValue(domain, part)),
    () => parts.map(show).join(" \\X "),
  );
}

/** The value as a set. */
export function asSet(value: Value): SetValue {
  if (value instanceof SetValue) return value;
  throw new EvaluationError(`A set was expected, and ${show(value)} is none.`);
}

/** x \in set. */
export function isIn(x: Value, set: Value): boolean {
  if (set instanceof SetValue) return set.has(x);
  throw new EvaluationError(
    `Attempted to check if the value: ${show(x)} is an element of ${show(set)}, which is not a set.`,
  );
}

/** The elements of a set, in order; throws where it is no set or cannot be listed. */
export function elements(set: Value): readonly Value[] {
  if (set instanceof ListedSet) return set.elements;
  return asSet(set).list();
}

/** The domain of functions on a set. */
export function domainOfSet(value: Value): Domain {
  if (value instanceof Interval && value.low === 1) return tupleDomain(value.size);
  if (!(value instanceof ListedSet)) return domainOf(elements(value));
  value.domain ??= domainOf(value.elements);
  return value.domain;
}

/** a \cup b. */
export function union(a: Value, b: Value): SetValue {
  const left = asSet(a);
  const right = asSet(b);
  if (!left.isFinite || !right.isFinite) {
    return new Unlisted(`(${show(left)} \\cup ${show(right)})`, (x) => left.has(x) || right.has(x));
  }
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

function inserted(set: SetValue, sorted: readonly Value[], x: Value): SetValue {
  const at = find(sorted, x);
  if (at >= 0) return set;
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
  if (right instanceof ListedSet && left.isFinite) {
    if (right.size === 0) return left;
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

/** a \subseteq b. */
export function isSubset(a: Value, b: Value): boolean {
  const right = asSet(b);
  return elements(a).every((x) => right.has(x));
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

  has(x: Value): boolean {
    return this.#sets.some((set) => set.has(x));
  }

  list(): readonly Value[] {
    this.#listed ??= setOf(this.enumerated()).elements;
    return this.#listed;
  }

  /** The elements in the order of the sets, with repeats. */
  enumerated(): readonly Value[] {
    return this.#sets.flatMap((set) => set.list());
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
  return set instanceof Union ? set.enumerated() : elements(set);
}

/** Cardinality(set). */
export function Cardinality(set: Value): number {
  if (set instanceof SetValue && set.isFinite) return set.size;
  throw new EvaluationError(`Attempted to compute cardinality of the value ${show(set)}.`);
}

/** IsFiniteSet(set). */
export function IsFiniteSet(set: Value): boolean {
  return asSet(set).isFinite;
}

/** Whether a value is a function, and not a set or a plain value. */
export function isFunction(value: Value): value is FunctionValue | LazyFunction {
  return value instanceof FunctionValue || value instanceof LazyFunction;
}
