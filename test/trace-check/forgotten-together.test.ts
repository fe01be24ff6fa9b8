/** Where a server forgets two rules at once, both are told. */
import { describe, expect, test } from "vitest";
import { type Rules, raftRules } from "../../src/core/index.ts";
import { packageFolder } from "../../src/setup/environment.ts";
import { forgetRule } from "../../src/sim/forgotten-rules.ts";
import { judge } from "../../trace-check/compiled/engine.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import { type Explanation, explain } from "../../trace-check/explain.ts";
import { explanationText } from "../../trace-check/report.ts";
import { readWords } from "../../trace-check/words.ts";
import { record } from "./record.ts";

const words = await readWords(packageFolder());

function explained(trace: TraceToCheck): Explanation | null {
  const { divergence } = judge(trace);
  const placeOf = (event: number) => ({ file: "trace.ndjson", line: event + 2 });
  return divergence === null ? null : explain({ trace, placeOf }, divergence, words);
}

describe.each([
  ["VoteIsFree", "LogIsUpToDate"],
  ["EntriesAgree", "CommitIndexAfter"],
  ["RoleInLargerTerm", "VoteInLargerTerm"],
  ["RecoveredCurrentTerm", "RecoveredVotedFor"],
])("a server that forgets %s and %s", (one, other) => {
  test("takes a step that one of them does not explain, and both do", () => {
    const both = { ...forgetful(one), ...forgottenPart(other) };
    for (let seed = 1; seed <= 200; seed++) {
      const trace = record({ seed, events: 300, timeouts: 60, crashes: 30, rules: both });
      const explanation = explained(trace);
      const whole = explanation?.comesNearest.filter(({ left }) => left.length === 0) ?? [];
      if (explanation === null || whole.length === 0) continue;
      expect(explanation.looksLike).toEqual([]);
      expect(whole.map(({ rules }) => [...rules].sort())).toContainEqual([one, other].sort());
      const reasons = explanation.because.map(({ name }) => name);
      expect(reasons).toEqual(expect.arrayContaining([one, other]));
      expect(explanationText(explanation)).toContain("forgotten together: ");
      return;
    }
    throw new Error("no step forgets both");
  });
});

function forgetful(rule: string): Rules {
  const rules = forgetRule(rule);
  if (rules === null) throw new Error(`${rule} cannot be forgotten`);
  return rules;
}

/** The one predicate in which a server that forgets the rule differs. */
function forgottenPart(rule: string): Partial<Rules> {
  const changed = Object.entries(forgetful(rule)).filter(
    ([name, predicate]) => predicate !== Reflect.get(raftRules, name),
  );
  return Object.fromEntries(changed);
}
