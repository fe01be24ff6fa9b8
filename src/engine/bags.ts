/** The module Bags: functions to the positive numbers, as in TLC. */
import { compare } from "./compare.ts";
import { domainOf } from "./domains.ts";
import { EvaluationError } from "./errors.ts";
import { asFunction } from "./functions.ts";
import { ListedSet, setOf } from "./listed-set.ts";
import { elements } from "./sets.ts";
import { show } from "./show.ts";
import { FunctionValue, type Value, whole } from "./values.ts";

type Counts = readonly (readonly [Value, number])[];

function counts(bag: Value): Counts {
  const f = asFunction(bag);
  return f.list().map((count, i) => {
    if (typeof count === "number" && count > 0) return [f.domain.key(i), count] as const;
    throw new EvaluationError(`A bag was expected, and ${show(bag)} is none.`);
  });
}

function bagOf(pairs: Counts): FunctionValue {
  const kept = pairs.filter(([, count]) => count > 0).sort(([a], [b]) => compare(a, b));
  return new FunctionValue(
    domainOf(kept.map(([key]) => key)),
    kept.map(([, count]) => count),
  );
}

function copies(bag: Counts, x: Value): number {
  return bag.find(([key]) => compare(key, x) === 0)?.[1] ?? 0;
}

export const EmptyBag: Value = bagOf([]);

export function IsABag(given: Value): boolean {
  const bag = whole(given);
  if (!(bag instanceof FunctionValue)) return false;
  return bag.list().every((count) => typeof count === "number" && count > 0);
}

export function BagToSet(bag: Value): Value {
  return new ListedSet(counts(bag).map(([key]) => key));
}

export function SetToBag(set: Value): Value {
  return bagOf(elements(set).map((x) => [x, 1] as const));
}

export function BagIn(x: Value, bag: Value): boolean {
  return copies(counts(bag), x) > 0;
}

export function CopiesIn(x: Value, bag: Value): number {
  return copies(counts(bag), x);
}

export function bagSum(a: Value, b: Value): Value {
  const left = counts(a);
  const right = counts(b);
  const keys = setOf([...left, ...right].map(([key]) => key)).elements;
  return bagOf(keys.map((key) => [key, copies(left, key) + copies(right, key)] as const));
}

export function bagDifference(a: Value, b: Value): Value {
  const right = counts(b);
  return bagOf(counts(a).map(([key, count]) => [key, count - copies(right, key)] as const));
}

export function isSubBag(a: Value, b: Value): boolean {
  const right = counts(b);
  return counts(a).every(([key, count]) => count <= copies(right, key));
}

export function BagCardinality(bag: Value): number {
  return counts(bag).reduce((sum, [, count]) => sum + count, 0);
}

export function BagUnion(bags: Value): Value {
  return elements(bags).reduce<Value>((all, bag) => bagSum(all, bag), EmptyBag);
}

export function BagOfAll(f: (x: Value) => Value, bag: Value): Value {
  return counts(bag).reduce<Value>(
    (all, [key, count]) => bagSum(all, bagOf([[f(key), count]])),
    EmptyBag,
  );
}

export function SubBag(bag: Value): Value {
  let some: Counts[] = [[]];
  for (const [key, count] of counts(bag)) {
    some = some.flatMap((chosen) =>
      Array.from({ length: count + 1 }, (_, n): Counts => [...chosen, [key, n]]),
    );
  }
  return setOf(some.map(bagOf));
}
