/** The compiled engine on traces in files: from the first byte to the verdict, on one core. */
import { execFile } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkFile } from "../../trace-check/compiled/check-file.ts";
import { countReceipts } from "../../trace-check/compiled/count-receipts.ts";
import type { Dials } from "../sim/dials.ts";
import { executionHeader } from "../sim/execution-header.ts";
import { SeededRun } from "../sim/seeded-run.ts";
import type { TraceEvent } from "../trace/format.ts";
import { openTrace } from "../trace/reader.ts";
import { eventLine, headerLine } from "../trace/writer.ts";
import type { Figure } from "./benchmark.ts";

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
  readonly files: readonly string[];
  readonly events: number;
  readonly longestLog: number;
}

/** A trace of a million events is checked no more often than this. */
const MOST_RUNS_OF_LONG = 2;
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
    const seconds = made.map((): number[] => []);
    const reading: number[] = [];
    for (let run = 0; run <= runs; run++) {
      for (const [place, each] of made.entries()) {
        const isLong = each.events > 200_000;
        if (isLong && (run === 0 || run > MOST_RUNS_OF_LONG)) continue;
        const taken = await cpuSeconds(each.files);
        // The first time pays for the JavaScript compiler.
        if (run > 0) seconds[place]?.push(taken);
      }
      const read = await readingSeconds(made[0]?.files ?? []);
      if (run > 0) reading.push(read);
      progress(`check: compiled, run ${run} of ${runs}`);
    }
    const longest = made.find(({ shape }) => shape.eventsEach === 1_000_000);
    const peak = longest === undefined ? Number.NaN : await peakMemory(longest.files[0] ?? "");
    const figures = figuresOf(made, seconds, peak);
    const eventsPerSecond = rate(made[0], seconds[0]);
    const alone: Figure = {
      what: "reading alone, of that: the events of 3 servers, and whether they are events",
      value: rate(made[0], reading),
      unit: "events a CPU s",
      asked: null,
    };
    return { figures: [...figures, alone], eventsPerSecond };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function figuresOf(
  made: readonly Files[],
  seconds: readonly (readonly number[])[],
  peak: number,
): readonly Figure[] {
  const asked = [{ least: 100_000 }, { least: 70_000 }];
  const speeds = made.map((each, place): Figure => {
    const { shape, longestLog } = each;
    return {
      what: `compiled, file to verdict: ${shape.traces} of ${shape.eventsEach} events, ${shape.name}, logs up to ${longestLog}`,
      value: rate(each, seconds[place]),
      unit: "events a CPU s",
      asked: asked[place] ?? null,
    };
  });
  const costOf = (events: number) => {
    const place = made.findIndex(
      ({ shape }) => LENGTHS.includes(shape) && shape.eventsEach === events,
    );
    return 1 / rate(made[place], seconds[place]);
  };
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
      value: peak,
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

async function cpuSeconds(files: readonly string[]): Promise<number> {
  const started = process.cpuUsage();
  for (const file of files) {
    const check = await checkFile(file, null);
    if (check.kind !== "valid") throw new Error(`${file} is not valid: nothing was measured`);
  }
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

/** What reading takes, without the spec: the rest of the time is the spec's. */
async function readingSeconds(files: readonly string[]): Promise<number> {
  const started = process.cpuUsage();
  for (const file of files) {
    await countReceipts([file]);
    for await (const _ of (await openTrace(file)).batches) {
      // Its events are there.
    }
  }
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

/** The most memory that a process of its own takes to check a file, in MiB. */
async function peakMemory(file: string): Promise<number> {
  const module = new URL("../../trace-check/compiled/check-file.js", import.meta.url);
  const program = `
    const { checkFile } = await import(${JSON.stringify(module.href)});
    await checkFile(${JSON.stringify(file)}, null);
    console.log(process.resourceUsage().maxRSS);`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    program,
  ]);
  return (Number(stdout) * 1024) / MEBIBYTE;
}

async function write(shape: FileShape, dials: Dials, folder: string): Promise<Files> {
  await mkdir(folder);
  let events = 0;
  let longestLog = 0;
  const files = Array.from({ length: shape.traces }, (_, place) => {
    const file = join(folder, `${place + 1}.ndjson`);
    const written = writeOne(file, shape, dials, place + 1);
    events += written.events;
    longestLog = Math.max(longestLog, written.longestLog);
    return file;
  });
  return { shape, files, events, longestLog };
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
