import { expect, test } from "vitest";
import { batches } from "../../trace-check/batch.ts";
import { prepare } from "../../trace-check/prepare.ts";
import { literalModules } from "../../trace-check/tlc/feed-literals.ts";
import { record } from "./record.ts";
import { TLC_MILLISECONDS, tlcForTests } from "./tlc.ts";

const tlc = tlcForTests();

const traces = [3, 5, 3, 3, 5, 2].map((servers, place) =>
  prepare(record({ seed: place + 1, servers, events: 100 })),
);

test("traces of one cluster size are batched together, in their order", () => {
  const found = batches(traces, { events: 1e6, bytes: 1e9 });
  expect(found.map(({ clusterSize, places }) => [clusterSize, places])).toEqual([
    [2, [5]],
    [3, [0, 2, 3]],
    [5, [1, 4]],
  ]);
});

test("a batch is cut at its events, and at its bytes", () => {
  const byEvents = batches(traces, { events: 250, bytes: 1e9 });
  expect(byEvents.map(({ places }) => places)).toEqual([[5], [0, 2], [3], [1, 4]]);
  const byBytes = batches(traces, { events: 1e6, bytes: 1 });
  expect(byBytes.map(({ places }) => places)).toEqual([[5], [0], [2], [3], [1], [4]]);
});

test("the bytes of a trace are about those of its lines", () => {
  for (const trace of traces) {
    const lines = trace.events.map((event) => JSON.stringify(event)).join("\n");
    expect(trace.bytes).toBeGreaterThan(lines.length / 2);
    expect(trace.bytes).toBeLessThan(lines.length * 2);
  }
});

test("literals are cut into modules that SANY can parse", () => {
  const [trace] = traces;
  if (trace === undefined) throw new Error("no trace");
  const events = Array.from({ length: 300 }, () => trace.events).flat();
  const modules = literalModules([{ ...trace, events }]);
  expect(modules.length).toBeGreaterThan(3);
  for (const { text } of modules) expect(text.length).toBeLessThan(6_000_000);
});

test("verdicts come in the order of the traces, whatever the batches", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const mixed = [3, 5, 3, 5, 3].map((servers, place) =>
    record({ seed: place + 1, servers, events: 60 }),
  );
  const verdicts = await tlc({ eventsPerRun: 100 }).check(mixed);
  expect(verdicts.map(({ trace }) => trace)).toEqual(mixed.map(({ name }) => name));
  expect(verdicts.every(({ divergence }) => divergence === null)).toBe(true);
});
