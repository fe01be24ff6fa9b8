/**
 * TLC's own distributed mode: one server holds the states, workers on this machine and on others
 * work on them. It judges invariants only, and takes no notice of anything else.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { makeScratchFolder } from "../setup/scratch.ts";
import type { ModelChecker } from "./check-model.ts";
import type { Model } from "./manifest.ts";
import { TLC_CODE } from "./tlc-messages.ts";
import { runTlcProcess } from "./tlc-process.ts";
import type { TlcProgress, TlcReport } from "./tlc-report.ts";
import { propertiesOf } from "./verdict.ts";

/** Where the server of a distributed run is. */
export interface Meeting {
  /** The name or address by which the workers reach the server. */
  readonly host: string;
  readonly port: number;
}

/** TLC's own port, and so that of a run which workers on other machines join. */
export const DISTRIBUTED_PORT = 10997;

export const LOOPBACK = "127.0.0.1";

export interface DistributedRun extends ModelChecker {
  readonly folder: string;
  readonly model: Pick<Model, "module" | "config">;
  readonly meeting: Meeting;
  /** How many workers are started here, each a process of one thread. */
  readonly workers: number;
  readonly onProgress?: (progress: TlcProgress) => void;
  /** The server waits for workers. */
  readonly onReady?: () => void;
  /** A worker has joined. */
  readonly onWorker?: () => void;
}

/**
 * Why the distributed mode must not be asked about a model, in words; null where it may. It
 * evaluates no property of steps or behaviours, has no random behaviours, and of a property that
 * falls it says neither the name nor the way there.
 */
export async function whyNotDistributed(
  folder: string,
  model: Pick<Model, "config" | "simulate" | "expected">,
): Promise<string | null> {
  if (model.simulate !== undefined) return "its behaviours are random, and not shared out";
  if (model.expected !== "pass") {
    return `TLC's distributed mode does not say which property falls, and ${model.expected} must`;
  }
  const properties = propertiesOf(await readFile(join(folder, model.config), "utf8"));
  if (properties.length === 0) return null;
  return `TLC's distributed mode judges invariants only and would pass ${properties.join(", ")} unseen`;
}

/** A port of the loopback address that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject).listen(0, LOOPBACK, resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}

/** How often a search is run that TLC's server loses at its end. */
const MOST_RUNS = 3;

/**
 * Runs the server to the end of the search, with as many workers as are asked for here. Where they
 * are all from here, a search that the server loses at its end is run again.
 */
export async function runDistributed(run: DistributedRun): Promise<TlcReport> {
  for (let runs = 1; ; runs++) {
    const report = await runOnce(run);
    if (!isLostAtItsEnd(report)) return report;
    if (runs < MOST_RUNS && run.workers > 0) continue;
    return { ...report, problem: `${LOST_AT_ITS_END}\n${report.problem}` };
  }
}

const LOST_AT_ITS_END =
  "TLC's server lost a whole search at its end, by a fault of its own. Run it again.";

/**
 * TLC's server reads the work of each worker to print its progress, and throws where a worker has
 * just been told that there is no more: TLCServer.getNewStates, of TLC 2.18. The search is
 * over then, but nothing was said of what it found.
 */
function isLostAtItsEnd({ result, problem }: TlcReport): boolean {
  return result === "error" && problem !== null && problem.includes('"this.states" is null');
}

async function runOnce(run: DistributedRun): Promise<TlcReport> {
  const scratch = makeScratchFolder("lockstep-distributed-");
  const workers: ChildProcess[] = [];
  try {
    return await runTlcProcess({
      java: run.java,
      arguments: serverArguments(scratch.folder, run),
      folder: run.folder,
      onProgress: run.onProgress,
      onMessage: ({ code }) => {
        if (code === TLC_CODE.workerRegistered) run.onWorker?.();
        if (code !== TLC_CODE.serverReady) return;
        run.onReady?.();
        for (let number = 1; number <= run.workers; number++) {
          workers.push(startWorker(run, 1, join(scratch.folder, `worker-${number}`)));
        }
      },
    });
  } finally {
    await Promise.all(workers.map(end));
    await scratch.remove();
  }
}

/**
 * Works for a server until it is done. The worker is given the model by the server.
 *
 * @returns the exit code of TLC; null where it was killed
 */
export async function joinDistributed(
  checker: ModelChecker,
  meeting: Meeting,
  threads: number,
): Promise<number | null> {
  const scratch = makeScratchFolder("lockstep-worker-");
  const worker = startWorker({ ...checker, meeting }, threads, scratch.folder, "shown");
  try {
    return await new Promise((resolve, reject) => {
      worker.once("error", reject).once("exit", resolve);
    });
  } finally {
    await end(worker);
    await scratch.remove();
  }
}

function startWorker(
  { java, jar, meeting }: ModelChecker & { readonly meeting: Meeting },
  threads: number,
  folder: string,
  output: "shown" | "hidden" = "hidden",
): ChildProcess {
  mkdirSync(folder, { recursive: true });
  const worker = spawn(
    java,
    [
      "-XX:+UseParallelGC",
      `-Djava.io.tmpdir=${folder}`,
      ...(meeting.host === LOOPBACK ? [`-Djava.rmi.server.hostname=${LOOPBACK}`] : []),
      `-Dtlc2.tool.distributed.TLCServer.port=${meeting.port}`,
      `-Dtlc2.tool.distributed.TLCWorker.threadCount=${threads}`,
      ...["-cp", jar, "tlc2.tool.distributed.TLCWorker", meeting.host],
    ],
    // What a worker says goes to stderr, since stdout is for the result.
    { stdio: output === "shown" ? ["ignore", 2, 2] : "ignore" },
  );
  const stop = (): void => void worker.kill("SIGKILL");
  process.prependOnceListener("exit", stop);
  worker.once("exit", () => process.removeListener("exit", stop));
  // The run goes on without a worker that could not be started; nobody else may be told.
  worker.on("error", () => undefined);
  return worker;
}

/** Ends a worker that has not ended itself. */
function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null || worker.pid === undefined) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    worker.once("exit", () => resolve());
    worker.kill("SIGKILL");
  });
}

function serverArguments(scratch: string, { jar, folder, model, meeting }: DistributedRun) {
  return [
    "-XX:+UseParallelGC",
    `-Djava.io.tmpdir=${scratch}`,
    `-DTLA-Library=${join(folder, "..")}`,
    `-Djava.rmi.server.hostname=${meeting.host}`,
    `-Dtlc2.tool.distributed.TLCServer.port=${meeting.port}`,
    // This mode takes no notice of CHECK_DEADLOCK FALSE, which all of our models have.
    ...["-cp", jar, "tlc2.tool.distributed.TLCServer", "-tool", "-deadlock"],
    ...["-metadir", join(scratch, "states")],
    ...["-config", model.config, `${model.module}.tla`],
  ];
}
