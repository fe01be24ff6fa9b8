import { expect, test } from "vitest";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import { record } from "./record.ts";
import { TLC_MILLISECONDS, tlcForTests } from "./tlc.ts";

const tlc = tlcForTests();

/** The trace without the event at a place, and the later ones of its server renumbered. */
function without(trace: TraceToCheck, place: number): TraceToCheck {
  const server = trace.events[place]?.server;
  const events = trace.events.flatMap((event, at) => {
    if (at === place) return [];
    const renumbered = at > place && event.server === server;
    return [renumbered ? { ...event, seq: event.seq - 1 } : event];
  });
  return { ...trace, name: `${trace.name} without event ${place}`, events };
}

test("traces read by Java and traces as literals of TLA+ get the same verdicts", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const valid = [1, 2, 3].map((seed) => record({ seed, events: 150 }));
  const partial = record({ seed: 4, events: 150, variables: ["currentTerm", "log"] });
  const five = record({ seed: 5, servers: 5, events: 150 });
  const damaged = valid.flatMap((trace) => [10, 60, 110].map((place) => without(trace, place)));
  const traces = [...valid, partial, five, ...damaged];
  const byFile = await tlc({ feed: "file" }).check(traces);
  const byLiterals = await tlc({ feed: "literals" }).check(traces);
  expect(byLiterals).toEqual(byFile);
  expect(byFile.filter((verdict) => verdict.divergence !== null).length).toBeGreaterThan(5);
  expect(byFile.slice(0, 5).every((verdict) => verdict.divergence === null)).toBe(true);
});
