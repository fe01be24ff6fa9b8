/** Truth, quantifiers, sets by comprehension, CHOOSE. */
import { equal } from "./compare.ts";
import { EvaluationError, RefusedError } from "./errors.ts";
import { interval, intervalBounds } from "./intervals.ts";
import { ListedSet, setOf } from "./listed-set.ts";
import { Repeating } from "./repeating-set.ts";
import { elements } from "./sets.ts";
import { show } from "./show.ts";
import { SetValue, type Value } from "./values.ts";

/** The value as TRUE or FALSE; throws where it is neither. */
export function truth(value: Value): boolean {
  if (typeof value === "boolean") return value;
  throw new EvaluationError(`Attempted to evaluate ${show(value)}, not a boolean, as one.`);
}

/** \A x \in set : holds(x). */
export function forAll(set: Value, holds: (x: Value) => boolean): boolean {
  const bounds = intervalBounds(set);
  if (bounds !== null) return forAllFrom(bounds.low, bounds.high, holds);
  const list = members(set);
  for (let i = 0; i < list.length; i++) if (!holds(list[i] as Value)) return false;
  return true;
}

/** \E x \in set : holds(x). */
export function exists(set: Value, holds: (x: Value) => boolean): boolean {
  const bounds = intervalBounds(set);
  if (bounds !== null) return existsFrom(bounds.low, bounds.high, holds);
  const list = members(set);
  for (let i = 0; i < list.length; i++) if (holds(list[i] as Value)) return true;
  return false;
}

/** The elements of a set, for what is the same in whatever order they come. */
function members(set: Value): readonly Value[] {
  return set instanceof SetValue ? set.inAnyOrder() : elements(set);
}

/** \A x \in low..high : holds(x). */
export function forAllFrom(low: Value, high: Value, holds: (x: Value) => boolean): boolean {
  if (typeof low !== "number" || typeof high !== "number")
    return forAll(interval(low, high), holds);
  for (let x = low; x <= high; x++) if (!holds(x)) return false;
  return true;
}

/** \E x \in low..high : holds(x). */
export function existsFrom(low: Value, high: Value, holds: (x: Value) => boolean): boolean {
  if (typeof low !== "number" || typeof high !== "number")
    return exists(interval(low, high), holds);
  for (let x = low; x <= high; x++) if (holds(x)) return true;
  return false;
}

/** {x \in set : holds(x)}. */
export function filter(set: Value, holds: (x: Value) => boolean): SetValue {
  if (set instanceof SetValue && set.isLazy && set.isFinite)
    return new Repeating(set.enumerated().filter((x) => holds(x)));
  return new ListedSet(elements(set).filter((x) => holds(x)));
}

/** {make(x) : x \in set}, for one bound variable. */
export function map(set: Value, make: (x: Value) => Value): ListedSet {
  return setOf(elements(set).map((x) => make(x)));
}

/** {...} from lists that nested comprehensions gave. */
export function flatMap(set: Value, make: (x: Value) => readonly Value[]): readonly Value[] {
  return elements(set).flatMap((x) => make(x));
}

/**
 * CHOOSE x \in set : holds(x). Which one TLC takes of several depends on its own order of
 * values, so several are refused.
 */
export function choose(set: Value, holds: (x: Value) => boolean, where: string): Value {
  let chosen: Value | undefined;
  for (const x of elements(set)) {
    if (!holds(x)) continue;
    if (chosen !== undefined) {
      throw new RefusedError(
        `The CHOOSE at ${where} has more than one witness, ${show(chosen)} and ${show(x)}: which one TLC takes is its own affair.`,
      );
    }
    chosen = x;
  }
  if (chosen !== undefined) return chosen;
  throw new EvaluationError(
    `Attempted to compute the value of an expression of form\nCHOOSE x \\in S: P, but no element of S satisfied P.\n${where}`,
  );
}

/** A value that is computed when it is first needed, and then kept. */
export function lazy<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

/** No arm of a CASE was true. */
export function noCase(where: string): never {
  throw new EvaluationError(`Attempted to evaluate a CASE with no conditions true.\n${where}`);
}

/** A variable was read in the next state before anything was said of it. */
export function primed(value: Value | undefined, variable: string): Value {
  if (value !== undefined) return value;
  throw new EvaluationError(
    `In evaluation, the identifier ${variable} is either undefined or not an operator.`,
  );
}

export { equal };
