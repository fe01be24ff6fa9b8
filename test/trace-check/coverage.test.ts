import { describe, expect, test } from "vitest";
import { RAFT_ACTIONS, SNAPSHOT_ACTIONS } from "../../src/trace/format.ts";
import type { CheckResult } from "../../trace-check/check.ts";
import { actionCounts, coverageGaps, noCoverage, ruleCounts } from "../../trace-check/coverage.ts";

function result(
  coverage: Partial<CheckResult["coverage"]>,
  rules: CheckResult["rules"],
): CheckResult {
  return {
    engine: "compiled",
    traces: 1,
    events: 1,
    valid: 1,
    invalid: 0,
    coverage: { ...noCoverage(), ...coverage },
    rules,
    eventsPerSecond: 0,
    divergences: [],
    malformed: [],
    notes: [],
  };
}

const all = Object.fromEntries(RAFT_ACTIONS.map((action) => [action, 1]));

describe("coverage", () => {
  test("asks for the actions of snapshots and reads only where one of them was taken", () => {
    expect(coverageGaps(result(all, null))).toEqual([]);
    const one = { ...all, CompactLog: 1 };
    expect(coverageGaps(result(one, null))).toEqual(
      SNAPSHOT_ACTIONS.filter((action) => action !== "CompactLog").map(
        (action) => `no trace has the action ${action}`,
      ),
    );
    expect(actionCounts({ ...noCoverage(), ...all })).toHaveLength(RAFT_ACTIONS.length);
  });

  test("asks for the rules of snapshots in the same way", () => {
    const rules = { MayApply: { granted: 1, refused: 1 }, MayCompact: { granted: 0, refused: 0 } };
    expect(coverageGaps(result(all, rules))).toEqual([]);
    expect(ruleCounts(result(all, rules)).map(([rule]) => rule)).toEqual(["MayApply"]);
    const used = Object.fromEntries(SNAPSHOT_ACTIONS.map((action) => [action, 1]));
    expect(coverageGaps(result({ ...all, ...used }, rules))).toEqual([
      "the rule MayCompact was never seen granting",
      "the rule MayCompact was never seen refusing",
    ]);
  });

  test("says which rule was seen on one side only, and asks nothing that cannot be seen", () => {
    const rules = {
      LogIsUpToDate: { granted: 3, refused: 0 },
      VoteIsFree: { granted: 0, refused: 2 },
      TakesCommands: { granted: 1, refused: 0 },
    };
    expect(coverageGaps(result(all, rules))).toEqual([
      "the rule VoteIsFree was never seen granting",
      "the rule LogIsUpToDate was never seen refusing",
    ]);
  });
});
