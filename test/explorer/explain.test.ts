import { describe, expect, test } from "vitest";
import { nextRandom, randomFrom, stepAtRandom } from "../../src/explorer/model/chance.ts";
import { optionsOf } from "../../src/explorer/model/choices.ts";
import { explainAction, explainProperty, falseGuard } from "../../src/explorer/model/explain.ts";
import { type Frame, firstFrame, nextFrame } from "../../src/explorer/model/frame.ts";
import { definitionsOf, propertiesOf } from "../../src/explorer/model/sources.ts";
import { SpecSide } from "../../src/explorer/model/spec-side.ts";
import { viewOf } from "../../src/explorer/model/view.ts";
import { Library } from "../../src/explorer/tla/library.ts";
import { readSources } from "../../src/setup/page.mjs";

const sources = readSources();
const library = new Library(
  new Map(
    Object.entries(sources.spec).flatMap(([module, text]) => [...definitionsOf(module, text)]),
  ),
);
const servers = ["s1", "s2", "s3"];

/** Steps at random, and at each moment what was there. */
function walk(seed: number, steps: number, see: (now: Frame, next: Frame) => void): void {
  const spec = new SpecSide(servers);
  let frame = firstFrame(servers, spec);
  let random = randomFrom(seed);
  for (let step = 0; step < steps; step++) {
    const options = optionsOf(frame, spec);
    for (const { choice, message, isAllowed } of options) {
      const asked = { spec, library, forgotten: null, now: frame.state, after: null };
      const guard = falseGuard(asked, choice, message);
      expect(guard === null, `${choice.action} ${guard?.text}`).toBe(isAllowed);
    }
    random = nextRandom(random);
    const view = viewOf(frame.state, servers, spec.names);
    const option = stepAtRandom(options, frame, view, random);
    if (option === null) throw new Error("nothing is possible");
    const next = nextFrame(frame, { kind: "step", choice: option.choice }, spec);
    if (typeof next === "string") throw new Error(next);
    const asked = { spec, library, forgotten: null, now: frame.state, after: next.state };
    const explained = explainAction(asked, option.choice, option.message);
    expect(explained?.truth, option.choice.action).toBe(true);
    for (const name of propertiesOf(sources.spec.TraceRaft ?? "")) {
      expect(explainProperty(asked, name)?.truth, name).toBe(true);
    }
    const altered = { ...next.state, role: next.state.votedFor };
    const wrong = explainAction({ ...asked, after: altered }, option.choice, option.message);
    expect(wrong?.truth, option.choice.action).not.toBe(true);
    see(frame, next);
    frame = next;
  }
}

describe("what the page says of each part of an action", () => {
  test("is what the compiled spec says: of what is possible, and of what comes of it", () => {
    const actions = new Set<string>();
    for (let seed = 1; seed <= 3; seed++) {
      walk(seed, 70, (_now, next) => actions.add(next.step?.event.action ?? ""));
    }
    expect(actions.size).toBeGreaterThanOrEqual(10);
  });
});
