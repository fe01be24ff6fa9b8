import { expect, test } from "vitest";
import { ACTIONS, VARIABLES } from "../../src/trace/format.ts";
import { record } from "./record.ts";
import { TLC_MILLISECONDS, tlcForTests } from "./tlc.ts";

const tlc = tlcForTests();

test("every step of recorded executions is a step of the spec, for clusters of every size", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const traces = [1, 2, 3, 4, 5, 7].flatMap((servers) =>
    [1, 2, 3].map((seed) => {
      const extensions = seed === 1 ? {} : { compactions: 30, reads: 30 };
      return record({ seed, servers, events: 300, ...extensions });
    }),
  );
  const verdicts = await tlc().check(traces);
  expect(verdicts).toEqual(
    traces.map((trace) => ({
      trace: trace.name,
      eventsChecked: trace.events.length,
      divergence: null,
    })),
  );
  const actions = new Set(traces.flatMap((trace) => trace.events.map((event) => event.action)));
  expect([...actions].sort()).toEqual([...ACTIONS].sort());
});

test("what a trace does not log is computed by the spec", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const traces = VARIABLES.map((left) => {
    const trace = record({ seed: 9, events: 300, compactions: 30, reads: 30 });
    const variables = VARIABLES.filter((variable) => variable !== left);
    const events = trace.events.map((event) => {
      const { [left]: _, ...changed } = event.changed ?? {};
      return { ...event, changed };
    });
    return { ...trace, name: left, header: { ...trace.header, variables }, events };
  });
  const verdicts = await tlc().check(traces);
  expect(verdicts.map((verdict) => [verdict.trace, verdict.divergence])).toEqual(
    VARIABLES.map((left) => [left, null]),
  );
});

test("a trace may end anywhere, also at a step that TLC finds in two ways", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const trace = record({ seed: 4, servers: 5, events: 600, timeouts: 30, crashes: 15 });
  const ends = trace.events.flatMap((event, place) =>
    event.action === "HandleAppendEntriesRequest" && event.changed?.currentTerm !== undefined
      ? [place + 1]
      : [],
  );
  expect(ends.length).toBeGreaterThan(3);
  const traces = ends.map((end) => ({ ...trace, events: trace.events.slice(0, end) }));
  const verdicts = await tlc().check(traces);
  expect(verdicts.map((verdict) => verdict.eventsChecked)).toEqual(ends);
});
