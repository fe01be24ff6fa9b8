import { describe, expect, test } from "vitest";
import { type SearchResult, search } from "../../src/explorer/model/search/search.ts";
import { frameOf, make, newSession, type Session } from "../../src/explorer/model/session.ts";
import type { RuleWords, Sources } from "../../src/explorer/model/sources.ts";
import { readSources } from "../../src/setup/page.mjs";

const sources: Sources = readSources();
const harmful = sources.rules.filter(({ lost }) => lost !== null);

/** What only says in other words which rule is forgotten: no search ends there. */
const RESTATEMENTS = [
  "OneVoteATerm",
  "TermGrows",
  "OnlyOwnTermIsCounted",
  "CommitIndexGrows",
  "SnapshotIsApplied",
  "SnapshotIndexGrows",
  "TypeOK",
];

function without(rule: string): Session {
  const begun = make(newSession(3), { kind: "forget", forgotten: { rule, where: "both" } });
  if (typeof begun === "string") throw new Error(begun);
  return begun;
}

async function find(rule: RuleWords, mostSteps: number, seed = 1): Promise<SearchResult> {
  const session = without(rule.name);
  return await search({ session, rule, seed, breathe: ({ steps }) => steps < mostSteps });
}

describe("a search from the beginning, with a rule forgotten", () => {
  test.each(harmful.map((rule) => [rule.name, rule] as const))(
    "finds the harm of %s, and both sides take the same steps",
    async (_name, rule) => {
      const { found } = await find(rule, 3_000_000);
      if (found === null) throw new Error("nothing found");
      const { session, broken } = found;
      expect(frameOf(session).forgotten?.rule).toBe(rule.name);
      expect(session.path.divergesAt).toBeNull();
      expect([...session.path.fallenAt(session.position).keys()]).toEqual(
        expect.arrayContaining([...broken]),
      );
      expect(broken.filter((name) => !RESTATEMENTS.includes(name))).not.toEqual([]);
      expect(frameOf(session).broken).not.toEqual([]);
    },
  );

  test("finds the same from the same seed", async () => {
    const rule = harmful.find(({ name }) => name === "VoteIsFree");
    if (rule === undefined) throw new Error("there is no such rule");
    const [once, again] = [await find(rule, 100_000), await find(rule, 100_000)];
    const movesOf = ({ found }: SearchResult) =>
      found === null
        ? null
        : Array.from(
            { length: found.session.position },
            (_, i) => found.session.path.at(i + 1).move,
          );
    expect(movesOf(once)).not.toBeNull();
    expect(movesOf(again)).toEqual(movesOf(once));
  });

  test("ends when it is told to, with nothing found where nothing is lost", async () => {
    const cost = sources.rules.find(({ name }) => name === "MatchIndexAfter");
    if (cost === undefined) throw new Error("there is no such rule");
    const { found, walks, steps } = await find(cost, 60_000);
    expect(found).toBeNull();
    expect(walks).toBeGreaterThan(100);
    expect(steps).toBeLessThan(70_000);
  });
});
