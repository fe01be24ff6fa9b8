import { expect, test } from "vitest";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import type { TraceToCheck, Value, Verdict } from "../../trace-check/engine.ts";
import { record } from "../trace-check/record.ts";
import { TLC_MILLISECONDS, tlcForTests } from "../trace-check/tlc.ts";
import { mutate } from "./mutations.ts";

const tlc = tlcForTests();

const BASES: readonly TraceToCheck[] = [
  record({ seed: 11, events: 150, longestLog: 8, timeouts: 40, crashes: 15 }),
  record({ seed: 12, events: 150, longestLog: 8, timeouts: 60, crashes: 10, servers: 5 }),
  record({ seed: 13, events: 150, variables: ["currentTerm", "votedFor", "log", "role"] }),
];
const MUTATIONS_OF_EACH = Number(process.env.LOCKSTEP_MUTATIONS ?? 60);

const TRACES: readonly TraceToCheck[] = BASES.flatMap((base) => [
  base,
  ...Array.from({ length: MUTATIONS_OF_EACH }, (_, seed) => mutate(base, seed + 1)),
]);

/** Sets have no order of their own: arrays as sorted text. */
function unordered(value: Value): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(unordered).sort().join()}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${name}:${unordered(field)}`).join()}}`;
}

/** A verdict to compare: all of it, the values of findings in no order of their elements. */
function comparable(verdict: Verdict): unknown {
  const { divergence } = verdict;
  if (divergence === null) return verdict;
  const findings = divergence.findings.map(({ name, expected, actual }) => ({
    name,
    expected: unordered(expected),
    actual: unordered(actual),
  }));
  return { ...verdict, divergence: { ...divergence, findings } };
}

test("the compiled spec and TLC agree on mutated traces: verdict, event, kind and findings", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const expected = await tlc().check(TRACES);
  const actual = await createCompiledEngine().check(TRACES);
  expect(actual.map(comparable)).toEqual(expected.map(comparable));
  const kinds = new Set(expected.map(({ divergence }) => divergence?.kind ?? "valid"));
  expect([...kinds].sort()).toEqual(["mismatch", "notEnabled", "notSent", "valid"]);
});

test("whole and incremental properties give the compiled spec the same verdicts", async () => {
  const incremental = await createCompiledEngine().check(TRACES);
  const whole = await createCompiledEngine({ wholeProperties: true }).check(TRACES);
  expect(whole).toEqual(incremental);
});
