/** Sets, however they are held: membership, elements, size. */
import { type Domain, domainOf, tupleDomain } from "./domains.ts";
import { EvaluationError } from "./errors.ts";
import { intervalBounds } from "./intervals.ts";
import { ListedSet } from "./listed-set.ts";
import { show } from "./show.ts";
import { SetValue, type Value } from "./values.ts";

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
  const bounds = intervalBounds(value);
  if (bounds?.low === 1) return tupleDomain(Math.max(0, bounds.high));
  if (!(value instanceof ListedSet)) return domainOf(elements(value));
  value.domain ??= domainOf(value.elements);
  return value.domain;
}

/** a \subseteq b. */
export function isSubset(a: Value, b: Value): boolean {
  const right = asSet(b);
  return elements(a).every((x) => right.has(x));
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
