/** Runs TLC on one model. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { makeScratchFolder } from "../setup/scratch.ts";
import type { Model } from "./manifest.ts";
import { TlcMessageReader } from "./tlc-messages.ts";
import { type TlcProgress, type TlcReport, TlcReportBuilder } from "./tlc-report.ts";

export interface TlcRun {
  readonly java: string;
  /** The path of TLC's jar. */
  readonly jar: string;
  /** The folder of the model's module; its parent holds the spec. */
  readonly folder: string;
  readonly model: Pick<Model, "module" | "config" | "simulate" | "seconds">;
  readonly workers: number;
  /** Counts how often each action is taken, for a fifth more time. */
  readonly coverage: boolean;
  readonly onProgress?: (progress: TlcProgress) => void;
}

/** A model that takes less than this is over before an optimising compiler has paid off. */
const SHORT_SECONDS = 5;

/** How much of what TLC prints outside of messages is kept, to tell of a failure. */
const KEPT_LINES = 30;

/** Coverage is printed every so many minutes, and at the end: only the end matters. */
const COVERAGE_MINUTES = "100000";

/** Runs TLC to its end. What goes wrong inside of TLC is in the report; it leaves no file behind. */
export async function runTlc(run: TlcRun): Promise<TlcReport> {
  const scratch = await makeScratchFolder("lockstep-tlc-");
  try {
    return await runIn(scratch.folder, run);
  } finally {
    await scratch.remove();
  }
}

function runIn(scratch: string, run: TlcRun): Promise<TlcReport> {
  const builder = new TlcReportBuilder(run.onProgress ?? (() => undefined));
  const other: string[] = [];
  const keep = (line: string): void => {
    if (/^(Parsing file|Semantic processing)/.test(line) || line.trim() === "") return;
    other.push(line);
    if (other.length > KEPT_LINES) other.shift();
  };
  const reader = new TlcMessageReader((message) => builder.add(message), keep);
  return new Promise((resolve, reject) => {
    const child = spawn(run.java, javaArguments(scratch, run), {
      cwd: run.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stop = (): void => void child.kill("SIGKILL");
    process.prependOnceListener("exit", stop);
    child.stdout.setEncoding("utf8").on("data", (text: string) => reader.write(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => text.split("\n").forEach(keep));
    child.on("error", reject);
    child.on("close", (exitCode) => {
      process.removeListener("exit", stop);
      reader.end();
      resolve(builder.report(exitCode, other.join("\n")));
    });
  });
}

function javaArguments(scratch: string, run: TlcRun): string[] {
  const { model } = run;
  return [
    ...jvmFlags(model),
    `-Djava.io.tmpdir=${scratch}`,
    `-DTLA-Library=${join(run.folder, "..")}`,
    ...["-cp", run.jar, "tlc2.TLC", "-tool"],
    ...["-metadir", join(scratch, "states"), "-workers", String(run.workers)],
    ...(run.coverage ? ["-coverage", COVERAGE_MINUTES] : []),
    ...(model.simulate === undefined ? [] : simulationArguments(model.simulate)),
    ...["-config", model.config, `${model.module}.tla`],
  ];
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
