/** The module TLC: what of it has a meaning without TLC. */
import { equal } from "./compare.ts";
import { domainOf } from "./domains.ts";
import { EvaluationError } from "./errors.ts";
import { tuple } from "./functions.ts";
import { EMPTY_SET, setOf } from "./listed-set.ts";
import { truth } from "./logic.ts";
import { sequence } from "./sequences.ts";
import { elements } from "./sets.ts";
import { show } from "./show.ts";
import { FunctionValue, type Value } from "./values.ts";

export function Assert(condition: Value, message: Value): boolean {
  if (condition === true) return true;
  throw new EvaluationError(
    `The first argument of Assert evaluated to FALSE; the second argument was:\n${show(message)}`,
  );
}

export function Permutations(set: Value): Value {
  const keys = elements(set);
  const domain = domainOf(keys);
  const orders: Value[][] = [];
  const extend = (chosen: readonly Value[]): void => {
    if (chosen.length === keys.length) orders.push([...chosen]);
    for (const key of keys)
      if (!chosen.some((other) => equal(other, key))) extend([...chosen, key]);
  };
  extend([]);
  return setOf(orders.map((values) => new FunctionValue(domain, values)));
}

/** A set of permutations that states are alike under, if it has more than so many; else none is. */
export function symmetryOf(permutations: Value, most: number): Value {
  return elements(permutations).length > most ? permutations : EMPTY_SET;
}

/** By insertion as TLC does, where it moves an element before others that the test puts after it. */
export function SortSeq(s: Value, isBefore: (a: Value, b: Value) => Value): Value {
  const sorted: Value[] = [];
  for (const x of sequence(s, "SortSeq").list()) {
    let at = sorted.length;
    while (at > 0 && truth(isBefore(x, sorted[at - 1] as Value))) at--;
    sorted.splice(at, 0, x);
  }
  return tuple(sorted);
}

/** What is printed is told nowhere: this engine is not one to look on by. */
export function Print(_text: Value, value: Value): Value {
  return value;
}

export function PrintT(_text: Value): boolean {
  return true;
}

export function ToString(value: Value): string {
  return show(value);
}
