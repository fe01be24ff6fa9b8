/** Traces of one cluster share the compiled spec: they are judged as each is alone. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { State } from "../../src/engine/spec.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { traceText } from "../../src/trace/writer.ts";
import { checkFile } from "../../trace-check/compiled/check-file.ts";
import { Events } from "../../trace-check/compiled/events.ts";
import { traceSpec } from "../../trace-check/compiled/trace-spec.ts";
import { TraceWalk, type WalkStep } from "../../trace-check/compiled/walk.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import { Names } from "../../trace-check/prepare.ts";
import { mutate } from "../engine/mutations.ts";
import { record } from "./record.ts";

const OF_ALL = { events: 300, timeouts: 60, crashes: 15, compactions: 10, reads: 10 };

/** The same execution where nobody logs nextIndex. */
function withoutNextIndex(trace: TraceToCheck): TraceToCheck {
  const variables = trace.header.variables.filter((variable) => variable !== "nextIndex");
  const events = trace.events.map(({ changed, ...event }): TraceEvent => {
    const { nextIndex: _, ...left } = changed ?? {};
    return Object.keys(left).length === 0 ? event : { ...event, changed: left };
  });
  return { ...trace, header: { ...trace.header, variables }, events };
}

const valid = record({ ...OF_ALL, seed: 31 });
const traces: readonly TraceToCheck[] = [
  valid,
  withoutNextIndex(record({ ...OF_ALL, seed: 32 })),
  record({ ...OF_ALL, seed: 33, servers: 5 }),
  ...Array.from({ length: 8 }, (_, seed) => mutate(valid, seed + 1)),
];

interface Walking {
  readonly walk: TraceWalk;
  readonly events: number;
  now: State;
  place: number;
  last: WalkStep | null;
}

function start(trace: TraceToCheck): Walking {
  const names = new Names(trace.header.servers);
  const walk = new TraceWalk(trace, names, new Events(trace.events, names));
  return { walk, events: trace.events.length, now: walk.initial(), place: 0, last: null };
}

/** Takes the next event; false where there is none, or the last was no step of the spec. */
function goOn(walking: Walking): boolean {
  const { last, place, events, walk } = walking;
  if (place === events || (last !== null && "kind" in last)) return false;
  const step = walk.step(walking.now, place);
  walking.last = step;
  walking.place++;
  if ("after" in step) walking.now = step.after;
  return true;
}

function toEnd(walkings: readonly Walking[]): readonly Walking[] {
  let left = walkings;
  while (left.length > 0) left = left.filter(goOn);
  return walkings;
}

const cameTo = ({ place, last, now }: Walking) => ({ place, last, now });

test("traces that take turns at the spec, an event each, come to what each comes to alone", () => {
  const alone = traces.flatMap((trace) => toEnd([start(trace)])).map(cameTo);
  const inTurns = toEnd(traces.map(start)).map(cameTo);
  expect(inTurns).toEqual(alone);
  const isWhole = alone.map(({ place }, each) => place === traces[each]?.events.length);
  expect(isWhole.slice(0, 3)).toEqual([true, true, true]);
  expect(isWhole.filter((whole) => !whole).length).toBeGreaterThan(2);
});

test("files that are checked at once get what each gets alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-turns-"));
  try {
    const files = traces.map((_, each) => join(folder, `${each}.ndjson`));
    for (const [each, { header, events }] of traces.entries()) {
      await writeFile(files[each] ?? "", traceText(header, events));
    }
    const alone = [];
    for (const file of files) alone.push(await checkFile(file, null));
    const atOnce = await Promise.all(files.map((file) => checkFile(file, null)));
    expect(atOnce).toEqual(alone);
    expect(alone.slice(0, 3)).toMatchObject(Array(3).fill({ kind: "valid" }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("the spec of one cluster is built once, and those of many clusters do not all stay", () => {
  const specOf = (cluster: number) => traceSpec([`a${cluster}`, `b${cluster}`, `c${cluster}`], {});
  const first = specOf(0);
  expect(specOf(0)).toBe(first);
  for (let cluster = 1; cluster < 100; cluster++) specOf(cluster);
  expect(specOf(99)).toBe(specOf(99));
  expect(specOf(0)).not.toBe(first);
});
