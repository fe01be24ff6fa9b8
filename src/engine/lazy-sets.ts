/** Sets that are listed when they must be: SUBSET S, [S -> T], [name : S], S \X T. */
import { type Domain, recordDomain, tupleDomain } from "./domains.ts";
import { EvaluationError } from "./errors.ts";
import { EMPTY_SET, ListedSet, setOf } from "./listed-set.ts";
import { asSet, domainOfSet } from "./sets.ts";
import { show } from "./show.ts";
import { FunctionValue, ModelValue, SetValue, type Value, whole } from "./values.ts";

/** A set that is listed when it must be; membership needs no list. */
class Lazy extends SetValue {
  readonly isFinite: boolean;
  readonly #contains: (x: Value) => boolean;
  readonly #elements: () => readonly Value[];
  readonly #name: () => string;
  readonly #parts: readonly SetValue[];
  #listed: readonly Value[] | null = null;

  constructor(
    listable: boolean,
    contains: (x: Value) => boolean,
    elements: () => readonly Value[],
    name: () => string,
    /** Whose repeats it has. */
    parts: readonly SetValue[] = [],
  ) {
    super();
    this.isFinite = listable;
    this.#contains = contains;
    this.#elements = elements;
    this.#name = name;
    this.#parts = parts;
  }

  override get isLazy(): boolean {
    return true;
  }

  override enumerated(): readonly Value[] {
    const repeats = this.#parts.some((part) => part.enumerated().length > part.size);
    return repeats ? this.#elements() : this.list();
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
    (given) => {
      const x = whole(given);
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
      const range = domain.size === 0 ? [] : values.enumerated();
      const parts = Array.from({ length: domain.size }, () => range);
      return choices(parts).map((part) => new FunctionValue(domain, part));
    },
    () => `[${show(keys)} -> ${show(values)}]`,
    [values],
  );
}

/** [name : set, ...]; the names in the order of the sets. */
export function recordsOf(names: readonly string[], sets: readonly Value[]): SetValue {
  const domain = recordDomain(names);
  const parts = domain.keys().map((key) => asSet(sets[names.indexOf(String(key))] as Value));
  return valuesOver(
    domain,
    parts,
    ({ kind, size }) => kind === "record" || size === 0,
    (x) => `Attempted to check if non-record ${x} is in a set of records.`,
    () => `[${parts.map((part, i) => `${domain.key(i)}: ${show(part)}`).join(", ")}]`,
  );
}

/** set \X set ... */
export function product(sets: readonly Value[]): SetValue {
  const parts = sets.map(asSet);
  return valuesOver(
    tupleDomain(sets.length),
    parts,
    (keys) => keys.keys().every((key) => typeof key === "number"),
    (x) => `Attempted to check if non-tuple ${x} is in a product of sets.`,
    () => parts.map(show).join(" \\X "),
  );
}

/**
 * `mayBeIn` says of which domains the functions are of the kind at all; others are refused.
 * The functions over the domain whose value at each key, in their order, is of that part. */
function valuesOver(
  domain: Domain,
  parts: readonly SetValue[],
  mayBeIn: (other: Domain) => boolean,
  refusal: (shown: string) => string,
  text: () => string,
): SetValue {
  return new Lazy(
    parts.every((part) => part.isFinite),
    (given) => {
      const x = whole(given);
      if (x instanceof ModelValue) return false;
      if (!(x instanceof FunctionValue)) throw new EvaluationError(refusal(show(x)));
      if (x.domain !== domain && !mayBeIn(x.domain)) throw new EvaluationError(refusal(show(x)));
      return x.domain === domain && parts.every((part, i) => part.has(x.values[i] as Value));
    },
    () =>
      choices(parts.map((part) => part.enumerated())).map(
        (part) => new FunctionValue(domain, part),
      ),
    text,
    parts,
  );
}
