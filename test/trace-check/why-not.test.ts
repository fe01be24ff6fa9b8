/**
 * Whatever damages an event, the explanation says why not, and says nothing that is not so: each
 * claim is held against the checker itself.
 */
import { describe, expect, test } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import {
  lineOfEvent,
  parseTrace,
  type Trace,
  type TraceEvent,
  TraceFormatError,
  traceText,
} from "../../src/trace/index.ts";
import { judge } from "../../trace-check/compiled/engine.ts";
import type { Divergence, TraceToCheck } from "../../trace-check/engine.ts";
import { type Explanation, explain } from "../../trace-check/explain.ts";
import { asAction } from "../../trace-check/explaining/as-action.ts";
import { explanationText } from "../../trace-check/report.ts";
import { readWords } from "../../trace-check/words.ts";
import { recordRandomExecution } from "../trace/recorded-cluster.ts";
import { workedExamples } from "../trace/worked-examples.ts";
import { mutationsOf } from "./mutations/mutate.ts";
import { sample } from "./mutations/sample.ts";

/** `LOCKSTEP_MUTATIONS=20000 npx vitest run test/trace-check/why-not.test.ts` checks more. */
const MOST_MUTATIONS = Number(process.env.LOCKSTEP_MUTATIONS ?? 700);

const words = await readWords(packageFolder());

function bases(): readonly Trace[] {
  const worked = [...workedExamples()].filter(([name]) => !name.includes("/"));
  const random = [1, 11].map((seed) => {
    const { header, events } = recordRandomExecution(seed, 60, ["s1", "s2", "s3"], seed > 10);
    return parseTrace(traceText(header, events), `seed ${seed}`);
  });
  return [...worked.map(([name, content]) => parseTrace(content, name)), ...random];
}

/** Nothing where what came of the damage is no trace. */
function read(base: Trace, events: readonly unknown[]): readonly TraceToCheck[] {
  try {
    const lines = [base.header, ...events].map((line) => JSON.stringify(line));
    const trace = parseTrace(lines.join("\n"), base.file);
    return [{ name: base.file, header: trace.header, events: trace.events }];
  } catch (error) {
    if (error instanceof TraceFormatError) return [];
    throw error;
  }
}

/** Damage to one event, once and twice. */
function damagedTraces(): readonly TraceToCheck[] {
  const all = bases().flatMap((base) =>
    mutationsOf(base.header, base.events).map((mutation) => ({ base, mutation })),
  );
  return sample(all, MOST_MUTATIONS).flatMap(({ base, mutation }, number) => {
    const { events, place, kind } = mutation;
    const once = read(base, events);
    const [trace] = once;
    const event = trace?.events[place];
    if (kind !== "change" || event === undefined) return once;
    const again = mutationsOf(base.header, [event]).filter((each) => each.kind === "change");
    const second = again[(number * 31) % again.length]?.events[0];
    return [...once, ...read(base, events.with(place, second))];
  });
}

interface Told {
  readonly trace: TraceToCheck;
  readonly divergence: Divergence;
  readonly event: TraceEvent;
  readonly explanation: Explanation;
}

function toldOf(trace: TraceToCheck): readonly Told[] {
  const { divergence } = judge(trace);
  const event = divergence === null ? undefined : trace.events[divergence.event];
  if (divergence === null || event === undefined) return [];
  const placeOf = (place: number) => ({ file: trace.name, line: lineOfEvent(place) });
  const explanation = explain({ trace, placeOf }, divergence, words);
  return [{ trace, divergence, event, explanation }];
}

describe("damage to an event", () => {
  const told = damagedTraces().flatMap(toldOf);

  test("always has a why-not, in whole sentences", () => {
    expect(told.length).toBeGreaterThan(MOST_MUTATIONS / 2);
    for (const { explanation } of told) {
      expect(explanation.because, explanation.event).not.toEqual([]);
      expect(explanationText(explanation)).not.toMatch(/undefined|NaN|\[object/);
      for (const { meaning, facts } of explanation.because) {
        if (meaning === undefined) expect(facts).toMatch(/^(The|Of|At) .*\.$/);
      }
    }
  });

  test("where no rule explains it, has every variable told that differs, and no other", () => {
    const several = told.filter(
      ({ divergence, explanation }) =>
        divergence.kind === "mismatch" && explanation.looksLike.length === 0,
    );
    expect(several.length).toBeGreaterThan(50);
    for (const { divergence, explanation } of several) {
      const variables = explanation.because.filter(({ meaning }) => meaning === undefined);
      const names = new Set(variables.map(({ name }) => name));
      expect([...names].sort()).toEqual(divergence.findings.map(({ name }) => name).sort());
    }
  });

  test("differs in what is left, and in nothing else, to a spec that forgets those rules", () => {
    const held = told.filter(({ divergence, explanation, trace }) => {
      const { comesNearest } = explanation;
      for (const { rules, left } of comesNearest) {
        const verdict = judge(trace, { forgotten: rules }).divergence;
        const isThere = verdict?.event === divergence.event && verdict.kind !== "violated";
        const found = isThere ? verdict.findings.map(({ name }) => name) : [];
        // What names the guards may have a forgotten rule in place, as it was.
        const names = found.filter((name) => !rules.includes(name));
        // A spec that forgets rules may leave the trace before: then it says nothing of the event.
        if (verdict !== null && verdict.event < divergence.event) continue;
        // Behind a guard more may be another.
        expect(left).toEqual(expect.arrayContaining(names));
        if (verdict?.kind === "mismatch") expect(new Set(left)).toEqual(new Set(names));
        expect(left.length === 0).toBe(names.length === 0);
      }
      return comesNearest.length > 0;
    });
    expect(held.length).toBeGreaterThan(3);
  });

  test("is a step of the action that it is told to be one of", () => {
    const renamed = told.flatMap(({ trace, divergence, event, explanation }) =>
      explanation.nearActions
        .filter(({ because }) => because.length === 0)
        .map(({ action }) => {
          const other = asAction(event, action, explanation.received ?? undefined);
          const events = trace.events.with(divergence.event, other?.event ?? event);
          const found = judge({ ...trace, events }).divergence;
          return { is: found?.kind, isLater: (found?.event ?? Infinity) > divergence.event };
        }),
    );
    expect(renamed.length).toBeGreaterThan(3);
    expect(renamed.filter(({ is, isLater }) => !isLater && is !== "violated")).toEqual([]);
  });
});
