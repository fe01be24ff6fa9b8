import type { TraceToCheck } from "../../trace-check/engine.ts";
import { createTlcEngine, type TlcInstallation } from "../../trace-check/tlc/engine.ts";
import { locateTlcInstallation } from "../../trace-check/tlc/install.ts";
import { calmDials, type Dials } from "../sim/dials.ts";
import { executionHeader } from "../sim/execution-header.ts";
import { SeededRun } from "../sim/seeded-run.ts";
import type { TraceEvent } from "../trace/format.ts";

/** What TLC needs for the traces of one shape. */
export interface CheckMeasurement {
  readonly traces: number;
  readonly events: number;
  /** The length of the longest log in any of them. */
  readonly longestLog: number;
  /** Events a second of CPU time, the start of Java left out; the median over the runs. */
  readonly eventsPerSecond: number;
}

/** The traces of one shape. */
interface Shape {
  readonly traces: number;
  readonly eventsEach: number;
  /** How long a client waits before it asks again: the longer, the shorter are the logs. */
  readonly thinkTime: number;
}

const SHORT: Shape = { traces: 250, eventsEach: 200, thinkTime: 50 };
const LONG: Shape = { traces: 25, eventsEach: 2000, thinkTime: 900 };
/** The traces of 3 servers on which the compiled engine is measured, or the first half of them. */
const AS_COMPILED: Shape = { traces: 25, eventsEach: 2000, thinkTime: 220 };
const LONGEST_LOGS: Shape = { traces: 5, eventsEach: 10_000, thinkTime: 10 };

/** A run of TLC takes a minute and more, by its CPU time, which other work disturbs little. */
const MOST_RUNS = 1;

/** Leaders append no empty entries, so that logs stay short where clients seldom ask. */
export const DIALS: Dials = {
  ...calmDials,
  appendsNoOp: false,
  maxEntriesPerRequest: 3,
  delaySpread: 10,
  lossRate: 50,
  duplicateRate: 50,
  detourRate: 50,
  partitionEvery: 300,
  partitionLength: 100,
  persistDelay: 3,
  crashEvery: 500,
  downtime: 100,
  clients: 1,
  clockDrift: 100,
  electionTimeout: 60,
  heartbeatEvery: 20,
};

/** TLC on batches of 50,000 events each. */
export interface CheckMeasurements {
  readonly short: CheckMeasurement;
  readonly long: CheckMeasurement;
  readonly asCompiled: CheckMeasurement;
  readonly longestLogs: CheckMeasurement;
  /** The cost of an event in a trace of 2,000 by that in one of 200; the median of paired runs. */
  readonly costOfLength: number;
  /** CPU seconds of a run that checks next to nothing. */
  readonly startSeconds: number;
}

/**
 * Measures TLC on traces of simulated executions under faults, 50,000 events at a time, by
 * the CPU time of its process, so that other work on the machine matters little.
 *
 * @throws EnvironmentError without Java or TLC
 */
export async function measureCheck(
  runs: number,
  progress: (line: string) => void,
): Promise<CheckMeasurements> {
  const installation = await locateTlcInstallation(process.env, progress);
  const traces = {
    short: simulate(SHORT),
    long: simulate(LONG),
    asCompiled: simulate(AS_COMPILED),
    longestLogs: simulate(LONGEST_LOGS),
  };
  const nothing = traces.short.slice(0, 1).map((trace) => ({
    ...trace,
    events: trace.events.slice(0, 2),
  }));
  const starts: number[] = [];
  const seconds: Record<keyof typeof traces, number[]> = {
    short: [],
    long: [],
    asCompiled: [],
    longestLogs: [],
  };
  const most = Math.min(runs, MOST_RUNS);
  for (let run = 1; run <= most; run++) {
    progress(`check: TLC, run ${run} of ${most}`);
    starts.push(await cpuSeconds(installation, nothing));
    for (const name of ["short", "long", "asCompiled", "longestLogs"] as const) {
      seconds[name].push(await cpuSeconds(installation, traces[name]));
    }
  }
  const startSeconds = median(starts);
  const secondsAnEvent = (name: keyof typeof traces, run: number) =>
    ((seconds[name][run] ?? Number.NaN) - startSeconds) / eventsOf(traces[name]);
  const measured = (name: keyof typeof traces): CheckMeasurement => ({
    traces: traces[name].length,
    events: eventsOf(traces[name]),
    longestLog: longestLogOf(traces[name]),
    eventsPerSecond: 1 / median(seconds[name].map((_, run) => secondsAnEvent(name, run))),
  });
  return {
    short: measured("short"),
    long: measured("long"),
    asCompiled: measured("asCompiled"),
    longestLogs: measured("longestLogs"),
    costOfLength: median(
      starts.map((_, run) => secondsAnEvent("long", run) / secondsAnEvent("short", run)),
    ),
    startSeconds,
  };
}

async function cpuSeconds(
  installation: TlcInstallation,
  traces: readonly TraceToCheck[],
): Promise<number> {
  let milliseconds = 0;
  const engine = createTlcEngine(installation, {
    feed: "file",
    javaFlags: ["-Dlockstep.cpuTime=true"],
    onRun: (run) => {
      milliseconds += run.cpuMilliseconds ?? Number.NaN;
    },
  });
  const verdicts = await engine.check(traces);
  const invalid = verdicts.find((verdict) => verdict.divergence !== null);
  if (invalid !== undefined) throw new Error(`${invalid.trace} diverges: nothing was measured`);
  return milliseconds / 1000;
}

function simulate(shape: Shape): readonly TraceToCheck[] {
  return Array.from({ length: shape.traces }, (_, seed) => simulateOne(shape, seed + 1));
}

function simulateOne(shape: Shape, seed: number): TraceToCheck {
  const events: TraceEvent[] = [];
  const dials = { ...DIALS, thinkTime: shape.thinkTime };
  const run = new SeededRun({ dials, seed, trace: (event) => events.push(event) });
  while (events.length < shape.eventsEach && run.step()) {
    // The run records its events.
  }
  const header = executionHeader(dials, { seed, forgotten: null });
  return { name: `seed ${seed}`, header, events: events.slice(0, shape.eventsEach) };
}

function longestLogOf(traces: readonly TraceToCheck[]): number {
  return Math.max(...traces.map((trace) => longestLog(trace.events)));
}

function longestLog(events: readonly TraceEvent[]): number {
  let longest = 0;
  for (const { changed } of events) {
    if (changed?.log === undefined) continue;
    const [from, entries] = changed.log;
    longest = Math.max(longest, from - 1 + entries.length);
  }
  return longest;
}

function eventsOf(traces: readonly TraceToCheck[]): number {
  return traces.reduce((sum, trace) => sum + trace.events.length, 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError("nothing was measured");
  return middle;
}
