/** Runs TLC on one model. */
import { join } from "node:path";
import { makeScratchFolder } from "../setup/scratch.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Model } from "./manifest.ts";
import type { TlcMessage } from "./tlc-messages.ts";
import { runTlcProcess } from "./tlc-process.ts";
import type { TlcProgress, TlcReport } from "./tlc-report.ts";

export interface TlcRun {
  readonly java: string;
  /** The path of TLC's jar. */
  readonly jar: string;
  /** The folder of the model's module; its parent holds the spec. */
  readonly folder: string;
  readonly model: Pick<Model, "module" | "config" | "kind" | "simulate" | "seconds">;
  readonly workers: number;
  /** Counts how often each action is taken, for up to twice the time. */
  readonly coverage: boolean;
  readonly onProgress?: (progress: TlcProgress) => void;
  /** Is given each message of TLC, in order. */
  readonly onMessage?: (message: TlcMessage) => void;
  /** Where TLC keeps its states, to go on from after it was stopped; absent: it does not. */
  readonly checkpoints?: Checkpoints;
}

/** A model that takes less than this is over before an optimising compiler has paid off. */
const SHORT_SECONDS = 5;

/** Coverage is printed every so many minutes, and at the end: only the end matters. */
const COVERAGE_MINUTES = "100000";

/** Runs TLC to its end. What goes wrong inside of TLC is in the report; it leaves no file behind. */
export async function runTlc(run: TlcRun): Promise<TlcReport> {
  const scratch = makeScratchFolder("lockstep-tlc-");
  try {
    return await runIn(scratch.folder, run);
  } finally {
    await scratch.remove();
  }
}

function runIn(scratch: string, run: TlcRun): Promise<TlcReport> {
  return runTlcProcess({
    java: run.java,
    arguments: javaArguments(scratch, run),
    folder: run.folder,
    onProgress: run.onProgress,
    simulates: run.model.simulate !== undefined,
    ...(run.onMessage === undefined ? {} : { onMessage: run.onMessage }),
  });
}

function javaArguments(scratch: string, run: TlcRun): string[] {
  const { model } = run;
  return [
    ...jvmFlags(model),
    `-Djava.io.tmpdir=${scratch}`,
    `-DTLA-Library=${join(run.folder, "..")}`,
    ...["-cp", run.jar, "tlc2.TLC", "-tool"],
    ...stateArguments(scratch, run.checkpoints),
    ...["-workers", String(run.workers)],
    // A liveness property judged once, on the whole graph: so its counts and verdict repeat.
    ...(model.kind === "liveness" ? ["-lncheck", "final"] : []),
    ...(run.coverage ? ["-coverage", COVERAGE_MINUTES] : []),
    ...(model.simulate === undefined ? [] : simulationArguments(model.simulate)),
    ...["-config", model.config, `${model.module}.tla`],
  ];
}

/** Where the states are kept, how often they are saved and from which ones TLC goes on. */
function stateArguments(scratch: string, checkpoints: Checkpoints | undefined): string[] {
  if (checkpoints === undefined) return ["-metadir", join(scratch, "states")];
  // TLC draws the polynomial of its fingerprints anew for each run, which would make strangers of
  // the states that another run has saved: they would be found, and counted, again.
  const every = ["-checkpoint", String(checkpoints.minutes), "-fp", "0"];
  return checkpoints.resume === null
    ? [...every, "-metadir", checkpoints.folder]
    : [...every, "-recover", checkpoints.resume];
}

/** Java that starts fast for what takes seconds, and Java that works fast for the rest. */
function jvmFlags(model: TlcRun["model"]): readonly string[] {
  const isShort = model.seconds !== undefined && model.seconds < SHORT_SECONDS;
  return isShort ? ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] : ["-XX:+UseParallelGC"];
}

function simulationArguments(simulate: NonNullable<Model["simulate"]>): string[] {
  return [
    ...["-simulate", `num=${simulate.behaviours}`],
    ...["-depth", String(simulate.depth), "-seed", String(simulate.seed)],
  ];
}
