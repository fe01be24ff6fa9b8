import { Watch } from "../../trace-check/compiled/watch.ts";
import { defaultDials } from "../sim/campaign.ts";
import type { Dials } from "../sim/dials.ts";
import { executionHeader } from "../sim/execution-header.ts";
import { runExecution } from "../sim/run.ts";
import { eventLine } from "../trace/writer.ts";
import type { Benchmark, Figure } from "./benchmark.ts";

/**
 * The simulator under all faults, on one core: steps a second of CPU time, where a step is one
 * action of the spec taken by one server. Every invariant looks on at every step; the start
 * of each world, its end, and the check of its clients' history are within the time.
 */
export const simBenchmark: Benchmark = {
  name: "sim",
  summary: "the simulator's steps a second, without and with traces",
  measure: async (runs, progress) => {
    const { untraced, traced, watched, traceBytes } = measureSim(runs, progress);
    const unit = "steps a CPU second";
    const figures: readonly Figure[] = [
      {
        what: "simulated, invariants on, no trace",
        value: untraced,
        unit,
        asked: { least: 500_000 },
      },
      { what: "simulated and traced as deltas", value: traced, unit, asked: { least: 150_000 } },
      {
        what: "simulated, and each step held against the compiled spec",
        value: watched,
        unit,
        asked: { least: 50_000 },
      },
      { what: "trace", value: traceBytes, unit: "bytes a step", asked: null },
    ];
    return figures;
  },
};

export interface SimMeasurement {
  /** Steps a second of CPU time, the median over the runs: without and with traces as text. */
  readonly untraced: number;
  readonly traced: number;
  /** The same while the compiled spec looks at each of them. */
  readonly watched: number;
  readonly traceBytes: number;
}

const SEEDS = 2000;
const WATCHED_SEEDS = 500;

interface Measured {
  readonly stepsPerSecond: number;
  readonly bytesPerStep: number;
}

/** Runs the same executions of 3 and 5 servers without and with a trace, in turns. */
export function measureSim(runs: number, progress: (line: string) => void): SimMeasurement {
  const dialsOf = defaultDials({ sizes: [3, 5], forgotten: null });
  const dials = Array.from({ length: SEEDS }, (_, seed) => dialsOf(seed));
  measureOnce(dials, true); // so that neither pays for the compiler
  const untraced: Measured[] = [];
  const traced: Measured[] = [];
  for (let run = 1; run <= runs; run++) {
    untraced.push(measureOnce(dials, false));
    traced.push(measureOnce(dials, true));
    progress(`sim: run ${run} of ${runs}`);
  }
  return {
    untraced: median(untraced.map(({ stepsPerSecond }) => stepsPerSecond)),
    traced: median(traced.map(({ stepsPerSecond }) => stepsPerSecond)),
    watched: measureWatching(runs, progress),
    traceBytes: Math.round(traced[0]?.bytesPerStep ?? 0),
  };
}

function measureOnce(dials: readonly Dials[], isTraced: boolean): Measured {
  let steps = 0;
  let bytes = 0;
  const started = process.cpuUsage();
  for (const [seed, dial] of dials.entries()) {
    const result = runExecution({
      dials: dial,
      seed,
      trace: isTraced
        ? (event) => {
            bytes += eventLine(event).length;
          }
        : undefined,
    });
    if (result.violation !== null) throw new Error(`seed ${seed}: ${result.violation.explanation}`);
    steps += result.steps;
  }
  const { user, system } = process.cpuUsage(started);
  const seconds = Math.max(1, user + system) / 1e6;
  return { stepsPerSecond: Math.round(steps / seconds), bytesPerStep: bytes / steps };
}

/** Steps a second of CPU time with the compiled spec looking at each: the median over the runs. */
export function measureWatching(runs: number, progress: (line: string) => void): number {
  const dialsOf = defaultDials({ sizes: [3, 5], forgotten: null });
  const dials = Array.from({ length: WATCHED_SEEDS }, (_, seed) => dialsOf(seed));
  measureWatched(dials); // so that no run pays for the compiler
  const rates: number[] = [];
  for (let run = 1; run <= runs; run++) {
    rates.push(measureWatched(dials));
    progress(`sim: each step checked, run ${run} of ${runs}`);
  }
  return median(rates);
}

/** Steps a second of CPU time with the compiled spec looking on. */
function measureWatched(dials: readonly Dials[]): number {
  let steps = 0;
  const started = process.cpuUsage();
  for (const [seed, dial] of dials.entries()) {
    const watch = new Watch(`seed ${seed}`, executionHeader(dial, { seed, forgotten: null }));
    runExecution({ dials: dial, seed, trace: (event) => watch.take(event) });
    if (watch.divergence !== null) throw new Error(`seed ${seed} diverges: nothing was measured`);
    steps += watch.events;
  }
  const { user, system } = process.cpuUsage(started);
  return Math.round((1e6 * steps) / Math.max(1, user + system));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
