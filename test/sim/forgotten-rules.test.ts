import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCampaign } from "../../src/sim/campaign.ts";
import { forgetRule, RULE_NAMES } from "../../src/sim/forgotten-rules.ts";
import { replaySchedule } from "../../src/sim/schedule.ts";
import { shrinkViolation } from "../../src/sim/shrink-failure.ts";

const RUNS = 500;

/** Each with the most moves that it may take once shrunk. */
const CAUGHT_BY_INVARIANTS: readonly (readonly [rule: string, moves: number])[] = [
  ["EntryIsOfThisTerm", 14],
  ["LogIsUpToDate", 12],
  ["LastTermsDiffer", 18],
  ["VoteIsFree", 4],
  ["RecoveredVotedFor", 4],
  ["PreviousTermMatches", 15],
  ["CommitIndexWithin", 25],
  ["IsMajority", 7],
  ["MayCompact", 12],
  ["RecoveredSnapshotIndex", 18],
  ["HasCommittedInTerm", 25],
];

describe("the rules that can be forgotten", () => {
  it("are those of spec/rules.json, in its order", () => {
    const document: unknown = JSON.parse(
      readFileSync(new URL("../../spec/rules.json", import.meta.url), "utf8"),
    );
    const { rules } = document as { readonly rules: readonly { readonly name: string }[] };
    expect(RULE_NAMES).toEqual(rules.map(({ name }) => name));
    for (const name of RULE_NAMES) expect(forgetRule(name)).not.toBe(null);
    expect(forgetRule("constructor")).toBe(null);
  });

  it.each(CAUGHT_BY_INVARIANTS)(
    "%s is missed within 500 runs, and shrinks to at most %i moves",
    { timeout: 120_000 },
    async (forgotten, mostMoves) => {
      const options = {
        seed: 1,
        runs: RUNS,
        sizes: [3, 4, 5],
        forgotten,
        judge: null,
        judgeEvery: 1,
      };
      const { failure } = await runCampaign(options);
      if (failure === null || failure.violation === null) throw new Error("it was not caught");
      const shrunk = await shrinkViolation(failure, forgotten, options.sizes);
      if (shrunk === null) throw new Error("it did not shrink");
      const { moves } = shrunk.schedule;
      expect(moves.length).toBeLessThanOrEqual(mostMoves);
      const again = replaySchedule(shrunk.schedule, false);
      expect(again.violation?.property).toBe(failure.violation.property);
      expect(replaySchedule({ ...shrunk.schedule, forgotten: null }, false).violation).toBe(null);
    },
  );
});
