/** The module TLC: what of it has a meaning without TLC. */
import { equal } from "./compare.ts";
import { domainOf } from "./domains.ts";
import { EvaluationError } from "./errors.ts";
import { setOf } from "./listed-set.ts";
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

export function ToString(value: Value): string {
  return show(value);
}
