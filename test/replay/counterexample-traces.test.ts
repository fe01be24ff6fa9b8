/**
 * The counterexamples of forgotten rules, as traces: an implementation that forgets the rule and
 * logs what it does would log them. The checker finds each at the step where the rule was
 * forgotten; a core that forgets the same rule goes all the way with it.
 */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { type Rules, raftRules } from "../../src/core/index.ts";
import { type Model, readManifest } from "../../src/model-check/manifest.ts";
import type { Replayed } from "../../src/replay/divergence.ts";
import { TraceReplay } from "../../src/replay/replay-trace.ts";
import { forgetRule } from "../../src/sim/forgotten-rules.ts";
import { lineOfEvent, readTrace, type Trace } from "../../src/trace/reader.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import type { Verdict } from "../../trace-check/engine.ts";

const FOLDER = resolve(import.meta.dirname, "../../spec/counterexamples");
const models = readManifest().filter(
  ({ kind, expected, size }) =>
    (kind === "forgotten" || kind === "scenario") && expected !== "pass" && size === "smoke",
);
const forgotten = models.filter(({ rule }) => rule !== undefined);
const scenarios = models.filter(({ rule }) => rule === undefined);

function traceOf({ name }: Model): Promise<Trace> {
  return readTrace(join(FOLDER, `${name}.ndjson`));
}

async function check(trace: Trace): Promise<Verdict> {
  const [verdict] = await createCompiledEngine().check([{ ...trace, name: trace.file }]);
  if (verdict === undefined) throw new Error("the engine gave no verdict");
  return verdict;
}

function replay({ file, header, events }: Trace, rules: Rules): Replayed {
  const replay = new TraceReplay(header, { rules });
  for (const [place, event] of events.entries()) {
    replay.take(event, { file, line: lineOfEvent(place) });
  }
  return replay.result();
}

test("there is a trace for each counterexample, and no other", () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".ndjson"));
  expect(files.sort()).toEqual(models.map(({ name }) => `${name}.ndjson`).sort());
});

describe("without the rule", () => {
  test.each(forgotten)("$rule: the checker finds the step that forgot it", async (model) => {
    const trace = await traceOf(model);
    const rules = forgetRule(model.rule ?? "");
    if (rules === null) throw new Error(`the core knows no rule ${model.rule}`);
    const withRule = replay(trace, raftRules).divergence;
    const { divergence } = await check(trace);
    expect(divergence).not.toBeNull();
    expect(withRule).not.toBeNull();
    // The rule alone tells the core that leaves the trace from the core that goes along.
    expect(replay(trace, rules).divergence).toBeNull();
    expect(divergence?.event).toBe((withRule?.line ?? 0) - lineOfEvent(0));
    expect(divergence?.kind).toBe(withRule?.kind);
  });
});

describe("with nothing forgotten", () => {
  test.each(scenarios)("$name is a trace of the spec and of the core", async (model) => {
    const trace = await traceOf(model);
    expect((await check(trace)).divergence).toBeNull();
    expect(replay(trace, raftRules).divergence).toBeNull();
    expect(trace.events.length).toBe((model.depth ?? 0) - 1);
  });
});
