/** Functions, records and sequences: making, applying and changing them. */
import { kindOf } from "./compare.ts";
import { type Domain, domainOf, recordDomain, tupleDomain } from "./domains.ts";
import { EvaluationError } from "./errors.ts";
import { domainOfSet, interval, isIn, ListedSet, setOf } from "./sets.ts";
import { show } from "./show.ts";
import { FunctionValue, LazyFunction, SetValue, type Value } from "./values.ts";

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
  const self: LazyFunction = new LazyFunction(set, (x) => {
    const before = known.get(x);
    if (before !== undefined) return before;
    const value = rule(self, x);
    known.set(x, value);
    return value;
  });
  return self;
}

/** A function that can be listed, from one that was applied only. */
export function listed(value: Value): Value {
  if (!(value instanceof LazyFunction)) return value;
  const { domain, rule } = value;
  if (domain instanceof SetValue && domain.isFinite) return makeFunction(domain, rule);
  return value;
}

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

/**
 * [f EXCEPT ![path] = change(@)]: f with the value at the path changed. A path that leads
 * out of a domain changes nothing, as in TLC.
 */
export function except(f: Value, path: readonly Value[], change: (before: Value) => Value): Value {
  return exceptFrom(listed(f), path, 0, change);
}

function exceptFrom(
  f: Value,
  path: readonly Value[],
  depth: number,
  change: (before: Value) => Value,
): Value {
  if (depth === path.length) return change(f);
  if (!(f instanceof FunctionValue)) {
    throw new EvaluationError(`Attempted to apply EXCEPT to ${show(f)}, which is no function.`);
  }
  const at = f.domain.position(path[depth] as Value);
  if (at < 0) return f;
  const before = f.values[at] as Value;
  const after = exceptFrom(before, path, depth + 1, change);
  if (after === before) return f;
  const values = f.values.slice();
  values[at] = after;
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
