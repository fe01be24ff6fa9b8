/** Functions, records and sequences: making, applying and changing them. */
import { kindOf } from "./compare.ts";
import { type Domain, domainOf, recordDomain, tupleDomain } from "./domains.ts";
import { EvaluationError } from "./errors.ts";
import { interval } from "./intervals.ts";
import { ListedSet, setOf } from "./listed-set.ts";
import { domainOfSet, isIn } from "./sets.ts";
import { show } from "./show.ts";
import { FunctionValue, LazyFunction, SetValue, type Value, whole } from "./values.ts";

/** <<a, b, ...>>. */
export function tuple(values: readonly Value[]): FunctionValue {
  return new FunctionValue(tupleDomain(values.length), values);
}

export const EMPTY_TUPLE = tuple([]);

/** The shape of records that are written with these names, in this order. */
export interface RecordShape {
  readonly domain: Domain;
  /** For each position of the domain, which of the written values stands there. */
  readonly order: readonly number[];
  /** Whether values are written in the domain's order already. */
  readonly inOrder: boolean;
}

export function recordShape(names: readonly string[]): RecordShape {
  const domain = recordDomain(names);
  const order = domain.keys().map((name) => names.indexOf(String(name)));
  return { domain, order, inOrder: order.every((from, to) => from === to) };
}

/** [name |-> value, ...], the values in the order of the shape's names. */
export function record(shape: RecordShape, values: readonly Value[]): FunctionValue {
  if (shape.inOrder) return new FunctionValue(shape.domain, values);
  return new FunctionValue(
    shape.domain,
    shape.order.map((from) => values[from] as Value),
  );
}

/** [x \in set |-> rule(x)]. */
export function makeFunction(set: Value, rule: (x: Value) => Value): Value {
  if (set instanceof SetValue && !set.isFinite) return new LazyFunction(set, rule);
  return listedFunction(set, rule);
}

function listedFunction(set: Value, rule: (x: Value) => Value): FunctionValue {
  const domain = domainOfSet(set);
  const values = new Array<Value>(domain.size);
  for (let i = 0; i < domain.size; i++) values[i] = rule(domain.key(i));
  return new FunctionValue(domain, values);
}

/** f[x \in set] == rule(f, x): applied where it is needed, each argument once. */
export function recursiveFunction(
  set: Value,
  rule: (self: Value, x: Value) => Value,
): LazyFunction {
  const known = new Map<Value, Value>();
  const once = (x: Value): Value => {
    const before = known.get(x);
    if (before !== undefined) return before;
    const value = rule(self, x);
    known.set(x, value);
    return value;
  };
  const isListable = set instanceof SetValue && set.isFinite;
  const self = new LazyFunction(set, once, isListable ? () => listedFunction(set, once) : null);
  return self;
}

/** A function that can be listed, from one that was applied only. */
export const listed = whole;

/** f[x]. */
export function apply(f: Value, x: Value): Value {
  if (f instanceof FunctionValue) {
    const at = f.domain.position(x);
    if (at >= 0) return f.values[at] as Value;
    throw outOfDomain(f, x);
  }
  if (f instanceof LazyFunction) {
    if (isIn(x, f.domain)) return f.rule(x);
    throw outOfDomain(f, x);
  }
  throw new EvaluationError(
    `Attempted to apply ${show(f)}, a ${kindOf(f)} and no function, to ${show(x)}.`,
  );
}

/** The part at a place, from 0, of a tuple of so many that a pattern <<a, b>> is bound to. */
export function part(value: Value, place: number, size: number): Value {
  if (value instanceof FunctionValue && value.domain === tupleDomain(size))
    return value.values[place] as Value;
  throw new EvaluationError(`A tuple of ${size} was expected, and ${show(value)} is none.`);
}

/** The name of a field, as the text of a spec has it, and its number among all such names. */
export interface FieldName {
  readonly name: string;
  readonly number: number;
}

const fieldNames = new Map<string, FieldName>();

export function fieldName(name: string): FieldName {
  let known = fieldNames.get(name);
  if (known === undefined) {
    known = { name, number: fieldNames.size };
    fieldNames.set(name, known);
  }
  return known;
}

/** r.name: `apply` with a name that is known beforehand, and so need not be searched for. */
export function field(r: Value, name: FieldName): Value {
  if (r instanceof FunctionValue) {
    const at = r.domain.places[name.number];
    if (at !== undefined && at >= 0) return r.values[at] as Value;
  }
  return fieldFirstTime(r, name);
}

function fieldFirstTime(r: Value, { name, number }: FieldName): Value {
  const value = apply(r, name);
  if (r instanceof FunctionValue && r.domain.kind === "record") {
    const { places } = r.domain;
    for (let next = places.length; next <= number; next++) places.push(-1);
    places[number] = r.domain.position(name);
  }
  return value;
}

function outOfDomain(f: Value, x: Value): EvaluationError {
  if (f instanceof FunctionValue && f.domain.kind === "tuple") {
    return new EvaluationError(
      `Attempted to access index ${show(x)} of tuple\n${show(f)}\nwhich is out of bounds.`,
    );
  }
  if (f instanceof FunctionValue && f.domain.kind === "record") {
    return new EvaluationError(
      `Attempted to access nonexistent field ${show(x)} of record\n${show(f)}`,
    );
  }
  return new EvaluationError(
    `Attempted to apply function:\n${show(f)}\nto argument ${show(x)}, which is not in the domain of the function.`,
  );
}

/** DOMAIN f. */
export function domain(f: Value): Value {
  if (f instanceof LazyFunction) return f.domain;
  if (!(f instanceof FunctionValue)) {
    throw new EvaluationError(`Attempted to apply DOMAIN to ${show(f)}, a ${kindOf(f)}.`);
  }
  f.domain.set ??=
    f.domain.kind === "tuple" ? interval(1, f.domain.size) : new ListedSet(f.domain.keys());
  return f.domain.set;
}

/** The function whose value at a key is to be changed: see `replaced`. */
export function changeable(f: Value): FunctionValue {
  const base = f instanceof FunctionValue ? f : listed(f);
  if (base instanceof FunctionValue) return base;
  throw new EvaluationError(`Attempted to apply EXCEPT to ${show(f)}, which is no function.`);
}

/** Where a key stands in the domain of a function, from 0; -1 where it is not of the domain. */
export function placeOf(f: FunctionValue, key: Value): number {
  return f.domain.position(key);
}

/** The value at a place: what @ stands for. */
export function valueAt(f: FunctionValue, place: number): Value {
  return f.values[place] as Value;
}

/** [f EXCEPT ![key] = value], for the place of the key. */
export function replaced(f: FunctionValue, place: number, value: Value): FunctionValue {
  if (f.values[place] === value) return f;
  const values = f.values.slice(0, f.domain.size);
  values[place] = value;
  return new FunctionValue(f.domain, values);
}

/** a :> b. */
export function singleton(key: Value, value: Value): FunctionValue {
  return new FunctionValue(domainOf([key]), [value]);
}

/** f @@ g: f where both are defined. */
export function combine(f: Value, g: Value): Value {
  const left = asFunction(listed(f));
  const right = asFunction(listed(g));
  const keys = setOf([...left.domain.keys(), ...right.domain.keys()]).elements;
  return new FunctionValue(
    domainOf(keys),
    keys.map((key) => {
      const at = left.domain.position(key);
      return at >= 0 ? (left.values[at] as Value) : apply(right, key);
    }),
  );
}

/** The value as a function that is listed. */
export function asFunction(value: Value): FunctionValue {
  const f = listed(value);
  if (f instanceof FunctionValue) return f;
  throw new EvaluationError(`A function was expected, and ${show(value)} is none.`);
}
