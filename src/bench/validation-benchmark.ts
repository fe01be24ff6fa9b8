import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { makeScratchFolder } from "../setup/scratch.ts";
import { counted } from "../trace/counted.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import { type DriveOptions, drive } from "./cluster/drive.ts";
import { buildGoPrograms } from "./cluster/go-programs.ts";
import { pauseFollowers } from "./cluster/pause-followers.ts";
import { lockstepPeer } from "./cluster/peers.ts";
import { requireDisk } from "./cluster/require-disk.ts";
import { copyExecution, measureValidation, type Validation } from "./cluster/validation.ts";
import { medianOf } from "./median.ts";

const CLIENTS = 64;
const SHORT_SECONDS = 4;
const LONG_SECONDS = 60;

/** What one run measured. */
interface Measured {
  readonly short: Validation;
  /** With logs that are compacted again and again, and snapshots sent. */
  readonly long: Validation;
  /** As many copies of the long one as there are cores, together. */
  readonly together: Validation;
}

/**
 * Whether checking keeps up with a cluster of three processes with fsync under 64 clients: events a
 * second checked by events a second produced, of a short execution and of a long one, on one thread, and
 * of several executions on all cores. Nothing is measured while the cluster runs.
 */
export const validationBenchmark: Benchmark = {
  name: "validation",
  summary: "whether checking keeps up with a traced cluster of 64 clients (needs Go)",
  isOnRequest: true,
  async measure(runs, progress, { seconds = LONG_SECONDS }) {
    const scratch = makeScratchFolder("lockstep-bench-validation-");
    const { folder } = scratch;
    try {
      requireDisk(folder);
      const { load } = await buildGoPrograms(folder, progress);
      const measured: Measured[] = [];
      for (let run = 1; run <= runs; run++) {
        progress(`validation: run ${run} of ${runs}`);
        measured.push(await measureOnce({ load, folder, seconds, progress }));
      }
      return figuresOf(measured);
    } finally {
      await scratch.remove();
    }
  },
};

interface OnceOptions {
  readonly load: string;
  readonly folder: string;
  readonly seconds: number;
  readonly progress: (line: string) => void;
}

async function measureOnce({ load, folder, seconds, progress }: OnceOptions): Promise<Measured> {
  const common = { peer: lockstepPeer(true), load, folder, clients: CLIENTS };
  const cores = availableParallelism();
  const short = await driven({ ...common, seconds: SHORT_SECONDS }, measureValidation);
  progress(`validation: short, ${text(short)}`);
  const disturbed = { ...common, seconds, disturb: pauseFollowers };
  const { alone, together } = await driven(disturbed, async (traces, options) => {
    const long = await measureValidation(traces, options);
    progress(`validation: long, ${text(long)}`);
    const copies = join(folder, "copies");
    await copyExecution(traces, copies, cores);
    const parallel = { ...options, executions: cores, workers: cores };
    const measured = await measureValidation(copies, parallel);
    await rm(copies, { recursive: true });
    return { alone: long, together: measured };
  });
  progress(`validation: ${counted(cores, "execution")} at once, ${text(together)}`);
  return { short, long: alone, together };
}

function text({
  events,
  producedPerSecond,
  checkedPerSecond,
  checkedPerCpuSecond,
}: Validation): string {
  const [produced, checked, cpu] = [producedPerSecond, checkedPerSecond, checkedPerCpuSecond];
  return (
    `${events} events: ${Math.round(produced)} a second produced, ` +
    `${Math.round(checked)} checked, ${Math.round(cpu)} a second of CPU`
  );
}

/** What is measured of the traces that a cluster has left. */
async function driven<Result>(
  options: DriveOptions,
  measure: (folder: string, options: { readonly seconds: number }) => Promise<Result>,
): Promise<Result> {
  const results: Result[] = [];
  await drive(options, async (folder, seconds) => {
    results.push(await measure(folder, { seconds }));
  });
  const [result] = results;
  if (result === undefined) throw new Error("the cluster left nothing to check");
  return result;
}

function figuresOf(runs: readonly Measured[]): readonly Figure[] {
  const median = (what: string, unit: string, value: (run: Measured) => number): Figure => ({
    what,
    value: medianOf(runs.map(value)),
    unit,
    asked: null,
  });
  const ratio = (what: string, value: (run: Measured) => number): Figure => ({
    ...median(what, "times", value),
    asked: { least: 1 },
  });
  const unit = "events a second";
  const cores = availableParallelism();
  return [
    median("short, produced", unit, ({ short }) => short.producedPerSecond),
    median("short, checked on one thread", unit, ({ short }) => short.checkedPerSecond),
    ratio(
      "short, checked / produced",
      ({ short }) => short.checkedPerSecond / short.producedPerSecond,
    ),
    median("long, events", "", ({ long }) => long.events),
    median("long, logs compacted", "times", ({ long }) => long.actions.CompactLog),
    median("long, snapshots sent and taken in", "", ({ long }) => {
      return long.actions.HandleInstallSnapshotRequest;
    }),
    median("long, produced", unit, ({ long }) => long.producedPerSecond),
    median("long, checked on one thread", unit, ({ long }) => long.checkedPerSecond),
    ratio("long, checked / produced", ({ long }) => long.checkedPerSecond / long.producedPerSecond),
    median(`${cores} of the long at once, checked on ${cores} cores`, unit, ({ together }) => {
      return together.checkedPerSecond;
    }),
    ratio(`${cores} of the long at once, checked / produced by one`, ({ together, long }) => {
      return together.checkedPerSecond / long.producedPerSecond;
    }),
    median("a second of CPU, long / short", "times", ({ long, short }) => {
      return long.checkedPerCpuSecond / short.checkedPerCpuSecond;
    }),
  ];
}
