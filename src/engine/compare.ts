/** Equality and TLC's order of values; both refuse values of different kinds as TLC does. */
import { EvaluationError, RefusedError } from "./errors.ts";
import { show } from "./show.ts";
import { FunctionValue, LazyFunction, ModelValue, SetValue, type Value, whole } from "./values.ts";

/** The kind of a value in TLC's messages. */
export function kindOf(value: Value): string {
  switch (typeof value) {
    case "boolean":
      return "boolean";
    case "number":
      return "integer";
    case "string":
      return "string";
    default:
      break;
  }
  if (value instanceof ModelValue) return "model value";
  if (value instanceof SetValue) return "set";
  if (value instanceof LazyFunction) return "function";
  return value.domain.kind === "tuple" ? "tuple" : value.domain.kind;
}

/** Whether a and b are equal; throws where TLC cannot compare them. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a === "object" && typeof b === "object") return equalObjects(a, b);
  if (typeof a === typeof b) return false;
  if (a instanceof ModelValue || b instanceof ModelValue) return differ(a, b);
  throw incomparable(a, b);
}

function equalObjects(a: Value & object, b: Value & object): boolean {
  if (a instanceof FunctionValue && b instanceof FunctionValue) return equalFunctions(a, b);
  if (a instanceof SetValue && b instanceof SetValue) return equalSets(a, b);
  if (a instanceof ModelValue || b instanceof ModelValue) return differ(a, b);
  const [x, y] = [whole(a), whole(b)];
  if (x !== a || y !== b) return equal(x, y);
  throw incomparable(a, b);
}

/** A model value is no other value; one with a type, as `s_1`, is not even compared with most. */
function differ(a: Value, b: Value): false {
  const [x, y] = a instanceof ModelValue ? [a, b] : [b as ModelValue, a];
  if (y instanceof ModelValue ? x.type && y.type && x.type !== y.type : x.type) {
    throw incomparable(a, b);
  }
  return false;
}

function equalFunctions(a: FunctionValue, b: FunctionValue): boolean {
  if (a.domain !== b.domain) return differByDomain(a, b);
  if (a.hashed && b.hashed && (a.lane1 !== b.lane1 || a.lane2 !== b.lane2)) return false;
  const these = a.values;
  const those = b.values;
  if (these === those) return true;
  const { size } = a.domain;
  for (let i = 0; i < size; i++) {
    const x = these[i] as Value;
    const y = those[i] as Value;
    if (x !== y && !equal(x, y)) return false;
  }
  return true;
}

/** Functions of different domains are different, once the domains themselves can be compared. */
function differByDomain(a: FunctionValue, b: FunctionValue): boolean {
  sameKind(a, b);
  if (a.domain.kind !== b.domain.kind || a.domain.kind !== "function") return false;
  if (a.domain.size !== b.domain.size) return false;
  for (let i = 0; i < a.domain.size; i++) {
    if (!equal(a.domain.key(i), b.domain.key(i))) return false;
  }
  return false;
}

function equalSets(a: SetValue, b: SetValue): boolean {
  if (!a.isFinite && !b.isFinite) {
    throw new RefusedError(
      `The equality of ${show(a)} and ${show(b)} is not covered by the compiled engine.`,
    );
  }
  if (!a.isFinite || !b.isFinite) {
    throw new EvaluationError(`Attempted to compare ${show(a)} with ${show(b)}.`);
  }
  const these = a.list();
  const those = b.list();
  if (these.length !== those.length) return false;
  for (let i = 0; i < these.length; i++) {
    if (!equal(these[i] as Value, those[i] as Value)) return false;
  }
  return true;
}

/** Throws where one is a record and the other is none: names are compared with no numbers. */
function sameKind(a: FunctionValue, b: FunctionValue): void {
  if (a.domain.kind === b.domain.kind) return;
  if (a.domain.kind !== "record" && b.domain.kind !== "record") return;
  if (a.domain.size > 0 && b.domain.size > 0) throw incomparable(a, b);
}

/** Less than, equal to or more than 0, as a comes before, with or after b in TLC's order. */
export function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : 1;
  if (typeof a === "boolean" && typeof b === "boolean") return a ? 1 : -1;
  if (a instanceof ModelValue || b instanceof ModelValue) return compareModelValues(a, b);
  if (a instanceof FunctionValue && b instanceof FunctionValue) return compareFunctions(a, b);
  if (a instanceof SetValue && b instanceof SetValue) return compareLists(a.list(), b.list());
  const [x, y] = [whole(a), whole(b)];
  if (x !== a || y !== b) return compare(x, y);
  throw incomparable(a, b);
}

function compareModelValues(a: Value, b: Value): number {
  differ(a, b);
  if (a instanceof ModelValue) return b instanceof ModelValue ? a.index - b.index : -1;
  return 1;
}

function compareFunctions(a: FunctionValue, b: FunctionValue): number {
  if (a.domain === b.domain) return compareFirst(a.values, b.values, a.domain.size);
  sameKind(a, b);
  if (a.domain.size !== b.domain.size) return a.domain.size - b.domain.size;
  if (a.domain.kind !== b.domain.kind) return a.domain.kind < b.domain.kind ? -1 : 1;
  for (let i = 0; i < a.domain.size; i++) {
    const order = compare(a.domain.key(i), b.domain.key(i));
    if (order !== 0) return order;
  }
  return compareFirst(a.values, b.values, a.domain.size);
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  if (a.length !== b.length) return a.length - b.length;
  return compareFirst(a, b, a.length);
}

/** Compares the first so many of two lists, one by one. */
function compareFirst(a: readonly Value[], b: readonly Value[], count: number): number {
  if (a === b) return 0;
  for (let i = 0; i < count; i++) {
    const order = compare(a[i] as Value, b[i] as Value);
    if (order !== 0) return order;
  }
  return 0;
}

function incomparable(a: Value, b: Value): EvaluationError {
  return new EvaluationError(
    `Attempted to check equality of ${kindOf(a)} ${show(a)} with ${kindOf(b)}: ${show(b)}`,
  );
}
