import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import { forgetRule } from "../../src/sim/forgotten-rules.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import { record } from "../trace-check/record.ts";
import { TLC_MILLISECONDS, tlcForTests } from "../trace-check/tlc.ts";

const tlc = tlcForTests();

const RULE = "MayApply";

/** The rule's forgotten form, as spec/ForgottenRules.tla has it, on one line. */
function definition(): string {
  const text = readFileSync(join(packageFolder(), "spec", "ForgottenRules.tla"), "utf8");
  return text.split("\n").find((line) => line.startsWith(`Forgotten${RULE}(`)) ?? "";
}

test("where the spec forgets a rule as well, both engines name the same broken property", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const rules = forgetRule(RULE);
  if (rules === null) throw new Error(`there is no rule ${RULE}`);
  const traces = [1, 2, 3].map((seed) => record({ seed, events: 300, timeouts: 40, rules }));
  const actual = await createCompiledEngine({ forgotten: [RULE] }).check(traces);
  const overrides = { [RULE]: `Forgotten${RULE}` };
  const expected = await tlc({ overrides, definitions: [definition()] }).check(traces);
  expect(actual).toEqual(expected);
  expect(actual.map(({ divergence }) => divergence?.kind)).toContain("violated");
});
