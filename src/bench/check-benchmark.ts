import type { Benchmark, Figure } from "./benchmark.ts";
import { type CheckMeasurement, DIALS, measureCheck } from "./check.ts";
import { measureFiles } from "./check-compiled.ts";
import { measureWatching } from "./sim.ts";

/** Both engines on traces of simulated executions, and what their length costs. */
export const checkBenchmark: Benchmark = {
  name: "check",
  summary: "the trace check by each engine: events a second of CPU time, and what length costs",
  async measure(runs, progress) {
    const { figures, eventsPerSecond } = await measureFiles(DIALS, runs, progress);
    const watched = measureWatching(runs, progress);
    const { short, long, asCompiled, longestLogs, costOfLength, startSeconds } = await measureCheck(
      runs,
      progress,
    );
    return [
      ...figures,
      {
        what: "simulated under all faults, and each step checked, without a trace file",
        value: watched,
        unit: "steps a CPU s",
        asked: { least: 50_000 },
      },
      {
        what: "compiled (file to verdict) by TLC (without reading), the same traces of 3 servers",
        value: eventsPerSecond / asCompiled.eventsPerSecond,
        unit: "times",
        asked: null,
      },
      speed(short, { least: 2000 }),
      speed(long, { least: 2000 }),
      {
        what: `an event of ${eventsEach(long)} by one of ${eventsEach(short)} a trace`,
        value: costOfLength,
        unit: "times",
        asked: { most: 1.5 },
      },
      speed(asCompiled, null),
      speed(longestLogs, null),
      {
        what: "start of TLC, left out of the above",
        value: startSeconds,
        unit: "CPU s",
        asked: null,
      },
    ];
  },
};

function speed(measured: CheckMeasurement, asked: Figure["asked"]): Figure {
  const { traces, longestLog, eventsPerSecond } = measured;
  return {
    what: `${traces} traces of ${eventsEach(measured)} events, logs up to ${longestLog}`,
    value: eventsPerSecond,
    unit: "events a CPU s",
    asked,
  };
}

function eventsEach({ events, traces }: CheckMeasurement): number {
  return Math.round(events / traces);
}
