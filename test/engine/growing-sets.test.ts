/**
 * Sets that grow from each other share what they have in common, and know by what one is more than
 * the other. Each must stay what it was, whatever was made of it since: held against plain lists.
 */
import { expect, test } from "vitest";
import { difference, equal, record, recordShape, setOf, union } from "../../src/engine/runtime.ts";
import { UnorderedSet } from "../../src/engine/unordered-set.ts";
import type { SetValue, Value } from "../../src/engine/values.ts";
import { randomFrom } from "./mutations.ts";

const SHAPE = recordShape(["leader", "term"]);
const NUMBERS = 60;

/** An element that is equal for equal numbers, and never the same object. */
function element(number: number): Value {
  return record(SHAPE, [`s${number % 3}`, number]);
}

interface Version {
  readonly set: SetValue;
  readonly numbers: ReadonlySet<number>;
}

function isRight({ set, numbers }: Version): boolean {
  const all = Array.from({ length: NUMBERS }, (_, number) => number);
  return (
    set.size === numbers.size &&
    all.every((number) => set.has(element(number)) === numbers.has(number)) &&
    equal(setOf(set.list()), setOf([...numbers].map(element)))
  );
}

test.each([
  ["listed", setOf([])],
  ["unordered", UnorderedSet.empty()],
])("of many versions of a set that is %s each stays what it was", (_, empty) => {
  const random = randomFrom(9);
  const versions: Version[] = [{ set: empty, numbers: new Set() }];
  for (let round = 0; round < 600; round++) {
    // The last one grows most often; an older one now and then.
    const chosen = random(4) === 0 ? random(versions.length) : versions.length - 1;
    const { set, numbers } = versions[chosen] as Version;
    const number = random(NUMBERS);
    const other = setOf([element(number)]);
    const isMore = random(3) > 0;
    const made = isMore ? union(set, other) : difference(set, other);
    const left = [...numbers].filter((each) => each !== number);
    versions.push({ set: made, numbers: new Set(isMore ? [...left, number] : left) });
    const more = difference(made, set);
    const isNew = isMore && !numbers.has(number);
    expect(equal(setOf(more.list()), isNew ? other : setOf([]))).toBe(true);
  }
  for (const version of versions) expect(isRight(version)).toBe(true);
});
