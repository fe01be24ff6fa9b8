/** What is noted of the conjuncts that are false ends with what is evaluated. */
import { expect, test } from "vitest";
import { blame } from "../../src/engine/blame.ts";

test("guards are waived no longer than asked for, also where the evaluation throws", () => {
  const { result, blamed } = blame.during(() => blame.guard(7, 1, 2), { waivesGuards: true });
  expect({ result, blamed }).toEqual({ result: true, blamed: [{ conjunct: 7, values: [1, 2] }] });
  const fails = (): never => {
    throw new RangeError("too much");
  };
  expect(() => blame.during(fails, { waivesGuards: true })).toThrow("too much");
  expect(blame.isOn).toBe(false);
  expect(blame.guard(7)).toBe(false);
});
