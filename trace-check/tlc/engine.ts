import { join } from "node:path";
import { type Batch, batches } from "../batch.ts";
import { type Engine, EngineError, type TraceToCheck, type Verdict } from "../engine.ts";
import { type PreparedTrace, prepare } from "../prepare.ts";
import { compileTraceData } from "./compile.ts";
import { TlcOutput } from "./output.ts";
import { runProgram } from "./process.ts";
import { verdictOf } from "./verdict.ts";
import { createWorkspace, type Feed, type Run, type Workspace } from "./workspace.ts";

/** Where TLC and what it needs are. */
export interface TlcInstallation {
  readonly java: string;
  readonly javaVersion: string;
  /** Undefined where Java cannot be compiled here: traces are then fed as literals. */
  readonly javac: string | undefined;
  readonly jar: string;
  /** The folder with `spec/` and `trace-check/` in it. */
  readonly packageFolder: string;
  /** For what is compiled once. */
  readonly cacheFolder: string;
}

export interface TlcEngineOptions {
  /** How traces come to TLC; by default by file where Java can be compiled. */
  readonly feed?: Feed;
  /** Evaluate every property in full on every step, which is slower and must be the same. */
  readonly wholeProperties?: boolean;
  /** The most events in one run of TLC. */
  readonly eventsPerRun?: number;
  /** How many runs of TLC may go on at once, each on one core: batches of other cluster sizes. */
  readonly parallelRuns?: number;
  /** Operators of the spec by what takes their place, as a model forgets a rule. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** The definitions that `overrides` name. */
  readonly definitions?: readonly string[];
  /** Further flags for Java. */
  readonly javaFlags?: readonly string[];
  readonly timeoutMilliseconds?: number;
  /** Told of each run of TLC that has ended. */
  readonly onRun?: (run: TlcRun) => void;
}

/** What one run of TLC took, its start included. */
export interface TlcRun {
  readonly events: number;
  readonly milliseconds: number;
  /** Undefined but with the feed "file" and the flag -Dlockstep.cpuTime=true. */
  readonly cpuMilliseconds: number | undefined;
}

/** What Java then holds is the bytes of the file, and the states of one event of each trace. */
const LIMITS = { events: 100_000, bytes: 100_000_000 };
/** SANY, which parses literals, needs 500 times their bytes. */
const LIMITS_OF_LITERALS = { events: 20_000, bytes: 4_000_000 };
const TIMEOUT_MILLISECONDS = 600_000;

/** The engine that has TLC judge traces by `spec/TraceRaft.tla`. */
export function createTlcEngine(
  installation: TlcInstallation,
  options: TlcEngineOptions = {},
): Engine {
  const feed = options.feed ?? (installation.javac === undefined ? "literals" : "file");
  const ofFeed = feed === "file" ? LIMITS : LIMITS_OF_LITERALS;
  const limits = { ...ofFeed, events: options.eventsPerRun ?? ofFeed.events };
  return {
    name: "tlc",
    async check(traces) {
      const prepared = traces.map(prepare);
      const verdicts = new Map<number, Verdict>();
      const checkOne = async (batch: Batch) => {
        const found = await checkBatch(installation, { ...options, feed }, batch, traces);
        batch.places.forEach((place, number) => {
          const verdict = found[number];
          if (verdict !== undefined) verdicts.set(place, verdict);
        });
      };
      await inParallel(batches(prepared, limits), options.parallelRuns ?? 2, checkOne);
      return traces.map((trace, place) => verdicts.get(place) ?? noVerdict(trace.name));
    },
  };
}

/** Does the work for every item, `most` at a time. Throws what the first failure threw. */
async function inParallel<Item>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const item of waiting) {
      if (failures.length > 0) return;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

function noVerdict(name: string): never {
  throw new EngineError(`TLC gave no verdict on ${name}`);
}

type SettledOptions = TlcEngineOptions & { readonly feed: Feed };

async function checkBatch(
  installation: TlcInstallation,
  options: SettledOptions,
  batch: Batch,
  traces: readonly TraceToCheck[],
): Promise<readonly Verdict[]> {
  const run: Run = {
    traces: batch.traces,
    clusterSize: batch.clusterSize,
    specFolder: join(installation.packageFolder, "spec"),
    feed: options.feed,
    wholeProperties: options.wholeProperties ?? false,
    overrides: options.overrides ?? {},
    definitions: options.definitions ?? [],
  };
  const started = performance.now();
  const workspace = await createWorkspace(run);
  try {
    const output = await runTlc(installation, options, run, workspace);
    options.onRun?.({
      events: batch.traces.reduce((sum, trace) => sum + trace.events.length, 0),
      milliseconds: performance.now() - started,
      cpuMilliseconds: output.cpuMilliseconds,
    });
    return settle(output, batch, traces);
  } finally {
    await workspace.remove();
  }
}

async function runTlc(
  installation: TlcInstallation,
  options: SettledOptions,
  run: Run,
  workspace: Workspace,
): Promise<TlcOutput> {
  const output = new TlcOutput();
  const classPath = [installation.jar, ...(await classFolders(installation, options.feed))];
  const code = await runProgram({
    program: installation.java,
    args: [
      ...["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss16m", "-Xmx2g"],
      ...(options.javaFlags ?? []),
      `-Djava.io.tmpdir=${workspace.folder}`,
      `-Dlockstep.traces=${workspace.tracesFile}`,
      ...["-cp", classPath.join(process.platform === "win32" ? ";" : ":"), "tlc2.TLC"],
      ...["-workers", "1", "-deadlock", "-nowarning", "-metadir", "states"],
      ...["-config", "Check.cfg", "Check.tla"],
    ],
    cwd: workspace.folder,
    timeoutMilliseconds: options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS,
    line: (line) => output.line(line),
  });
  if (code !== 0 || output.errors.length > 0 || output.distinctStates === undefined) {
    const said = output.errors.join("\n").trim();
    throw new EngineError(
      `TLC stopped with exit code ${code} on ${namesOf(run.traces)}` +
        (said === "" ? "" : `, saying:\n${said}`),
    );
  }
  return output;
}

async function classFolders(installation: TlcInstallation, feed: Feed): Promise<readonly string[]> {
  if (feed === "literals" || installation.javac === undefined) return [];
  const folder = await compileTraceData({
    javac: installation.javac,
    javaVersion: installation.javaVersion,
    jar: installation.jar,
    source: join(installation.packageFolder, "trace-check", "tlc", "TraceData.java"),
    cacheFolder: installation.cacheFolder,
  });
  return [folder];
}

function namesOf(traces: readonly PreparedTrace[]): string {
  const first = traces[0]?.name ?? "no trace";
  return traces.length === 1 ? first : `${first} and ${traces.length - 1} more`;
}

/**
 * One verdict a trace, or an EngineError: no trace passes by silence. Each must have exactly
 * one verdict, a DONE must be of its last event, and the states that TLC counted must be
 * those that the verdicts imply: the first of each trace, and one for each step taken.
 */
function settle(
  output: TlcOutput,
  batch: Batch,
  traces: readonly TraceToCheck[],
): readonly Verdict[] {
  const printed = new Map(output.verdicts.map((verdict) => [verdict.trace, verdict]));
  if (printed.size !== output.verdicts.length || printed.size !== batch.traces.length) {
    throw new EngineError(
      `TLC gave ${output.verdicts.length} verdicts on ${batch.traces.length} traces`,
    );
  }
  let states = 0;
  const verdicts = batch.traces.map((prepared, number) => {
    const verdict = printed.get(number + 1);
    const trace = traces[batch.places[number] ?? -1];
    if (verdict === undefined || trace === undefined) return noVerdict(prepared.name);
    states += verdict.kind === "DONE" ? prepared.events.length + 1 : verdict.position;
    return verdictOf(verdict, trace, prepared);
  });
  if (states !== output.distinctStates) {
    throw new EngineError(
      `TLC counted ${output.distinctStates} states where the verdicts imply ${states}`,
    );
  }
  return verdicts;
}
