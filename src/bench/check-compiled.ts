/** The compiled engine on traces in files: from the first byte to the verdict, on one core. */
import { execFile } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Dials } from "../sim/dials.ts";
import { executionHeader } from "../sim/execution-header.ts";
import { SeededRun } from "../sim/seeded-run.ts";
import type { TraceEvent } from "../trace/format.ts";
import { eventLine, headerLine } from "../trace/writer.ts";
import type { Figure } from "./benchmark.ts";
import type { CheckedAgain } from "./check-compiled-run.ts";

/** Traces of one shape, in files. */
interface FileShape {
  readonly name: string;
  readonly traces: number;
  readonly eventsEach: number;
  readonly servers: number;
  /** How long a client waits before it asks again: the longer, the shorter are the logs. */
  readonly thinkTime: number;
}

/** Logs grow to about fifty entries in each of these, whatever the length of the trace. */
const THREE: FileShape = {
  name: "3 servers",
  traces: 50,
  eventsEach: 2000,
  servers: 3,
  thinkTime: 220,
};
const FIVE: FileShape = {
  name: "5 servers",
  traces: 50,
  eventsEach: 2000,
  servers: 5,
  thinkTime: 45,
};

/** The same kind of execution, cut off here or there: so seldom asked that logs stay short. */
function ofLength(eventsEach: number, traces: number): FileShape {
  const name = "3 servers, clients that seldom ask";
  return { name, traces, eventsEach, servers: 3, thinkTime: 125_000 };
}

const LENGTHS: readonly FileShape[] = [
  ofLength(1000, 100),
  ofLength(10_000, 10),
  ofLength(100_000, 1),
  ofLength(1_000_000, 1),
];

/** Logs that grow with the trace: to thousands of entries. */
const GROWING: FileShape = {
  name: "3 servers, clients that ask all the time",
  traces: 1,
  eventsEach: 20_000,
  servers: 3,
  thinkTime: 100,
};

interface Files {
  readonly shape: FileShape;
  readonly folder: string;
  readonly events: number;
  readonly longestLog: number;
}

/** Longer traces are checked no more often than twice. */
const LONG = 200_000;
const MOST_RUNS_OF_LONG = 2;
/** The JavaScript compiler takes its time over the first 200,000 events: they are not counted. */
const WARM_UP_EVENTS = 200_000;
const MEBIBYTE = 1024 * 1024;

/** Measures the compiled engine on files; `dials` are those of the simulated executions. */
export async function measureFiles(
  dials: Dials,
  runs: number,
  progress: (line: string) => void,
): Promise<{ readonly figures: readonly Figure[]; readonly eventsPerSecond: number }> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-bench-"));
  try {
    const shapes = [THREE, FIVE, ...LENGTHS, GROWING];
    const made: Files[] = [];
    for (const [place, shape] of shapes.entries()) {
      progress(`check: ${shape.traces} traces of ${shape.eventsEach} events, ${shape.name}`);
      made.push(await write(shape, dials, join(folder, String(place))));
    }
    const measured: CheckedAgain[] = [];
    for (const each of made) {
      progress(`check: compiled, ${each.shape.eventsEach} events a trace, ${each.shape.name}`);
      measured.push(await checkAgain(each, runs));
    }
    const alone: Figure = {
      what: "reading alone, of that: the events of 3 servers, and whether they are events",
      value: rate(made[0], measured[0]?.reading),
      unit: "events a CPU s",
      asked: null,
    };
    const figures = [...figuresOf(made, measured), alone];
    return { figures, eventsPerSecond: rate(made[0], measured[0]?.checking) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function figuresOf(made: readonly Files[], measured: readonly CheckedAgain[]): readonly Figure[] {
  const asked = [{ least: 100_000 }, { least: 70_000 }];
  const speeds = made.map((each, place): Figure => {
    const { shape, longestLog } = each;
    return {
      what: `compiled, file to verdict: ${shape.traces} of ${shape.eventsEach} events, ${shape.name}, logs up to ${longestLog}`,
      value: rate(each, measured[place]?.checking),
      unit: "events a CPU s",
      asked: asked[place] ?? null,
    };
  });
  const placeOf = (events: number) =>
    made.findIndex(({ shape }) => LENGTHS.includes(shape) && shape.eventsEach === events);
  const costOf = (events: number) => {
    const place = placeOf(events);
    return 1 / rate(made[place], measured[place]?.checking);
  };
  const peak = measured[placeOf(1_000_000)]?.peak ?? Number.NaN;
  return [
    ...speeds,
    {
      what: "compiled: an event of 1,000,000 by one of 1,000 a trace",
      value: costOf(1_000_000) / costOf(1000),
      unit: "times",
      asked: { most: 1.2 },
    },
    {
      what: "compiled: memory for a trace of 1,000,000 events",
      value: (peak * 1024) / MEBIBYTE,
      unit: "MiB",
      asked: { most: 300 },
    },
  ];
}

/** Events a second, the median over the runs. */
function rate(files: Files | undefined, seconds: readonly number[] | undefined): number {
  const sorted = [...(seconds ?? [])].sort((a, b) => a - b);
  return (files?.events ?? 0) / (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
}

/**
 * Checks the traces in a process of their own, as `lockstep check` does: what the JavaScript
 * compiler has learned of other shapes costs a third of the speed.
 */
async function checkAgain({ folder, events }: Files, runs: number): Promise<CheckedAgain> {
  const times = events > LONG ? Math.min(runs, MOST_RUNS_OF_LONG) : runs;
  const warmUps = Math.ceil(WARM_UP_EVENTS / events);
  const program = fileURLToPath(new URL("check-compiled-run.js", import.meta.url));
  const args = [program, folder, String(times), String(warmUps)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as CheckedAgain;
}

async function write(shape: FileShape, dials: Dials, folder: string): Promise<Files> {
  await mkdir(folder);
  let events = 0;
  let longestLog = 0;
  for (let seed = 1; seed <= shape.traces; seed++) {
    const written = writeOne(join(folder, `${seed}.ndjson`), shape, dials, seed);
    events += written.events;
    longestLog = Math.max(longestLog, written.longestLog);
  }
  return { shape, folder, events, longestLog };
}

function writeOne(file: string, shape: FileShape, dials: Dials, seed: number) {
  const own = { ...dials, servers: shape.servers, thinkTime: shape.thinkTime };
  const descriptor = openSync(file, "w");
  let text = headerLine(executionHeader(own, { seed, forgotten: null }));
  let events = 0;
  let longestLog = 0;
  const trace = (event: TraceEvent) => {
    if (events === shape.eventsEach) return;
    events++;
    const log = event.changed?.log;
    if (log !== undefined) longestLog = Math.max(longestLog, log[0] - 1 + log[1].length);
    text += eventLine(event);
    if (text.length < MEBIBYTE) return;
    writeSync(descriptor, text);
    text = "";
  };
  const run = new SeededRun({ dials: own, seed, trace });
  while (events < shape.eventsEach && run.step()) {
    // The run records its events.
  }
  writeSync(descriptor, text);
  closeSync(descriptor);
  return { events, longestLog };
}
