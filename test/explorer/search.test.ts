import { describe, expect, test } from "vitest";
import { replaySteps } from "../../src/explorer/model/replay.ts";
import { type SearchResult, search } from "../../src/explorer/model/search.ts";
import { frameOf, make, newSession, type Session } from "../../src/explorer/model/session.ts";

function without(rule: string): Session {
  const begun = make(newSession(3), { kind: "forget", forgotten: { rule, where: "both" } });
  if (typeof begun === "string") throw new Error(begun);
  return begun;
}

function find(session: Session, rule: string): SearchResult {
  const steps = search(frameOf(session), session.spec, rule);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

describe("a search from the beginning, with a rule forgotten", () => {
  test.each(["VoteIsFree", "IsMajority", "TakesCommands", "VoteIsGranted"])(
    "finds how a property falls without %s, and both sides take the same steps",
    (rule) => {
      const session = without(rule);
      const { steps, broken } = find(session, rule);
      if (steps === null) throw new Error("nothing found");
      const played = replaySteps(session, steps);
      if (typeof played === "string") throw new Error(played);
      expect(frameOf(played).broken).toEqual(expect.arrayContaining([...broken]));
      expect(played.path.divergesAt).toBeNull();
    },
  );
});
