/**
 * TLA+ values in one normal form, so that equal values are of the same shape: booleans,
 * numbers and strings are JavaScript's; a function is a `FunctionValue` whatever it is
 * written as, with sequences (domain 1..n) and records (a domain of strings) told apart by
 * their domain; a set that can be listed is a sorted list without repeats.
 */
import type { Domain } from "./domains.ts";

/** A model value: equal to itself alone. */
export class ModelValue {
  readonly name: string;
  /** Its position among the model values of a model, in the order of their creation. */
  readonly index: number;
  /** The letter that says its type, of a name such as `s_1`; null of any other. */
  readonly type: string | null;

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
    this.type = /^._./.test(name) ? name.charAt(0) : null;
  }
}

/** What is hashed once: two lanes of 32 bits, and two more for each permutation. */
export abstract class Composite {
  declare lane1: number;
  declare lane2: number;
  declare hashed: boolean;
  declare permuted: number[] | null;

  // In a constructor and not as fields with initial values: those cost a call for each value.
  constructor() {
    this.lane1 = 0;
    this.lane2 = 0;
    this.hashed = false;
    this.permuted = null;
  }
}

/**
 * A function with a domain that can be listed: values[i] belongs to the i-th of the domain. The
 * array may be longer than the domain: sequences that begin alike share it (see sequences.ts),
 * so that `list` is to be asked where its end matters.
 */
export class FunctionValue extends Composite {
  declare readonly domain: Domain;
  declare readonly values: readonly Value[];
  /** Whether the array is one that sequences share, and to which the longest may append. */
  declare readonly isShared: boolean;

  constructor(domain: Domain, values: readonly Value[], isShared = false) {
    super();
    this.domain = domain;
    this.values = values;
    this.isShared = isShared;
  }

  /** The values, and no more. */
  list(): readonly Value[] {
    const { values } = this;
    const { size } = this.domain;
    return values.length === size ? values : values.slice(0, size);
  }
}

/** A function that is evaluated where it is applied: of a recursive definition, or on `Nat`. */
export class LazyFunction {
  readonly domain: Value;
  readonly rule: (argument: Value) => Value;
  readonly #list: (() => FunctionValue) | null;
  #whole: FunctionValue | null = null;

  /** `list` evaluates all of it; null where the domain cannot be listed. */
  constructor(
    domain: Value,
    rule: (argument: Value) => Value,
    list: (() => FunctionValue) | null = null,
  ) {
    this.domain = domain;
    this.rule = rule;
    this.#list = list;
  }

  /** All of it, evaluated the first time; null where the domain cannot be listed. */
  get whole(): FunctionValue | null {
    this.#whole ??= this.#list?.() ?? null;
    return this.#whole;
  }
}

/** A function evaluated as a whole, if it was not and can be; any other value as it is. */
export function whole(value: Value): Value {
  return value instanceof LazyFunction ? (value.whole ?? value) : value;
}

/** A set, however it is held. */
export abstract class SetValue extends Composite {
  /** Whether x is in it; throws an EvaluationError where TLC cannot say. */
  abstract has(x: Value): boolean;
  /** Its elements in TLC's order, without repeats; throws where they are not finite. */
  abstract list(): readonly Value[];
  /** Whether `list` gives an answer. */
  abstract readonly isFinite: boolean;

  get size(): number {
    return this.list().length;
  }

  /** Its elements in whatever order costs least. */
  inAnyOrder(): readonly Value[] {
    return this.list();
  }

  /** Its elements as TLC goes through them to make states: of some sets with repeats. */
  enumerated(): readonly Value[] {
    return this.list();
  }

  /** Whether TLC keeps it as what it was made of, and does not list it: SUBSET S, [S -> T]. */
  get isLazy(): boolean {
    return false;
  }

  /** This and others, or this without them, where the set has a way of its own; null elsewhere. */
  with(_others: readonly Value[]): SetValue | null {
    return null;
  }

  without(_others: readonly Value[]): SetValue | null {
    return null;
  }

  /** How TLC names it, where it is not printed by its elements. */
  get symbol(): string | null {
    return null;
  }
}

export type Value =
  | boolean
  | number
  | string
  | ModelValue
  | FunctionValue
  | LazyFunction
  | SetValue;

/**
 * What a variable holds before a state that is being made gives it a value. Typed as a value,
 * so that a state is of one type; `primed` and `agree` know it from values.
 */
export const UNASSIGNED = undefined as unknown as Value;
