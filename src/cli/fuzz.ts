/** `lockstep fuzz`: the implementation under random faults. */

import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { agreeing } from "../../trace-check/agreeing.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import { Watch } from "../../trace-check/compiled/watch.ts";
import type { Divergence, Engine } from "../../trace-check/engine.ts";
import { createTlcEngine } from "../../trace-check/tlc/engine.ts";
import { locateTlcInstallation } from "../../trace-check/tlc/install.ts";
import { cannotBeRead } from "../setup/system-error.ts";
import {
  type CampaignOptions,
  type CampaignResult,
  type ExecutionTrace,
  type Judge,
  runCampaign,
} from "../sim/campaign.ts";
import { parseSchedule, ScheduleFormatError } from "../sim/schedule-file.ts";
import type { TraceHeader } from "../trace/format.ts";
import { traceText } from "../trace/writer.ts";
import { type Command, CommandError, type CommandIo, EXIT, type ExitCode } from "./command.ts";
import {
  quoted,
  type ReplayedFailure,
  replayAndWrite,
  tellFailure,
  verdictOf as verdictOfReplay,
} from "./fuzzing/failure.ts";
import { FAILURE_FOLDER, type FuzzOptions, parseOptions } from "./fuzzing/options.ts";
import {
  campaignJson,
  campaignText,
  failureJson,
  failureText,
  verdictOf,
} from "./fuzzing/report.ts";
import { readRules, rulesText } from "./fuzzing/rules.ts";
import { styled } from "./io.ts";
import { cannotWrite, outFolder } from "./out-folder.ts";
import { byNumber, counted } from "./progress.ts";
import { exitCodeOfVerdict, type RunVerdict } from "./verdict.ts";

const MOST_SCHEDULE = 64 * 1024 * 1024;

const HELP = `Runs the implementation in simulated clusters under random faults: messages lost, repeated
and reordered, partitions, crashes, clocks that run wrong. Invariants are checked at every step,
the clients' history at the end, and every trace against the spec. A run that fails is shrunk to
the few moves that it takes. The same seed gives the same runs, to the byte.

Usage: lockstep fuzz [OPTIONS]
       lockstep fuzz --forget RULE [OPTIONS]
       lockstep fuzz --replay FILE
       lockstep fuzz --list-rules

Options:
  --runs N           how many executions (200; 500 where a rule is forgotten)
  --seed S           the seed of the first; each further one has the next (1)
  --engine E         what holds the steps against the spec: compiled (the default: it looks on as
                     the steps are taken, and ends a run at the first that the spec does not
                     allow), tlc (the traces, once they are there), or both
  --servers 3,5      sizes of clusters to draw from, each of 1 to 7 (all of them)
  --forget RULE      let the servers forget a rule of the spec, and see whether it is noticed
  --list-rules       the rules that can be forgotten
  --replay FILE      run a schedule that a failure left behind
  --out DIR          write the traces to this folder, as NDJSON (a failure is written in any case,
                     to ${FAILURE_FOLDER} unless this says otherwise)
  --check-every N    check every Nth run against the spec (every one; with TLC every one up to 1000
                     runs, then a sample of 1000)
  --json             one JSON document on standard output

Examples:
  lockstep fuzz
  lockstep fuzz --runs 10000 --servers 3,5 --seed 42
  lockstep fuzz --forget LogIsUpToDate
  lockstep fuzz --replay ${FAILURE_FOLDER}/failure-seed-3.schedule.json

Exit codes: 0 nothing went wrong (a forgotten rule was not noticed); 1 something did (a forgotten
rule was caught); 2 a wrong option or file; 3 TLC is asked for, and there is no Java, or nothing
was found wrong, but the history of a key was too much for the check of linearizability to decide
(--json says so as "verdict": "undecided").
`;

export const fuzzCommand: Command = {
  name: "fuzz",
  summary: "Run the implementation under random faults.",
  help: HELP,
  run: async (args, io) => {
    const options = parseOptions(args);
    if (options.listsRules) return await listRules(options, io);
    if (options.replay !== null) return await replay(options, options.replay, io);
    return await fuzz(options, io);
  },
};

async function listRules(options: FuzzOptions, io: CommandIo): Promise<ExitCode> {
  const rules = await readRules();
  io.stdout(options.isJson ? jsonText({ rules }) : rulesText(rules));
  return EXIT.holds;
}

/** Runs a schedule from its file. */
async function replay(options: FuzzOptions, file: string, io: CommandIo): Promise<ExitCode> {
  const schedule = await readSchedule(file);
  const engine = await findEngine(options, io);
  const places = {
    folder: options.out ?? FAILURE_FOLDER,
    name: "replayed",
    scheduleFile: file,
    replayWithoutFile: `npx lockstep fuzz --replay ${quoted(file)}`,
    say: io.stderr,
  };
  const failure = await replayAndWrite(schedule, places, engine);
  const verdict = verdictOfReplay(failure);
  const fails = verdict === "violated";
  if (options.isJson) io.stdout(jsonText({ verdict, fails, ...failureJson(failure) }));
  else if (fails) io.stdout(failureText(failure, io));
  else {
    const made = madeText(failure.moves.length, schedule.moves.length);
    const seen = "no oracle sees anything wrong, and its trace is one of the spec";
    io.stdout(`${headline(verdict, io)}  ${file}: ${made}; ${seen}${undecidedKeys(failure)}\n`);
  }
  return exitCodeOfVerdict(verdict);
}

function undecidedKeys({ undecided }: ReplayedFailure): string {
  if (undecided.length === 0) return "";
  const histories = byNumber(undecided.length, "history", "histories");
  const were = byNumber(undecided.length, "was", "were");
  return `; the ${histories} of ${undecided.join(", ")} ${were} too much for the check of linearizability`;
}

function headline(verdict: "holds" | "undecided", io: CommandIo): string {
  return styled(io, verdict === "holds" ? "green" : "yellow", verdict);
}

/** How many moves of a schedule could be made: one whose message was never sent cannot. */
function madeText(made: number, all: number): string {
  return made === all
    ? `${all === 1 ? "the 1 move" : `all ${all} moves`} made`
    : `${made} of ${all} moves could be made`;
}

async function readSchedule(file: string) {
  try {
    return parseSchedule(await textOf(file));
  } catch (error) {
    if (error instanceof ScheduleFormatError) {
      throw new CommandError(
        EXIT.badInput,
        `${file}: ${error.message}. lockstep fuzz writes schedules where a run fails.`,
      );
    }
    if (error instanceof Error && "code" in error) {
      throw new CommandError(EXIT.badInput, cannotBeRead(file, error));
    }
    throw error;
  }
}

/** Read in pieces, since what is no schedule may have no end. */
async function textOf(file: string): Promise<string> {
  let text = "";
  for await (const piece of createReadStream(file, "utf8")) {
    text += piece;
    if (text.length > MOST_SCHEDULE) throw new ScheduleFormatError("it is too long for a schedule");
  }
  // Editors of Windows may begin a file with a byte order mark.
  return text.replace(/^\uFEFF/, "");
}

async function fuzz(options: FuzzOptions, io: CommandIo): Promise<ExitCode> {
  const engine = await findEngine(options, io);
  const started = performance.now();
  let judging = 0;
  const judge = async (traces: readonly ExecutionTrace[]) => {
    const judgingStarted = performance.now();
    const verdicts = await engine.check(traces);
    judging += performance.now() - judgingStarted;
    return verdicts;
  };
  if (options.out !== null) outFolder(options.out);
  const traces = traceWriter(options, io);
  const result = await runAll(options, judge, traces.write, io);
  const milliseconds = Math.max(1, performance.now() - started - judging);
  const eventsPerSecond = Math.round((1000 * result.events) / milliseconds);
  const verdict = verdictOf(result);
  const failure =
    result.failure === null ? null : await tellFailure(result.failure, options, engine, io.stderr);
  if (options.isJson) io.stdout(jsonText(campaignJson(options, result, failure, eventsPerSecond)));
  else {
    io.stdout(campaignText(result, eventsPerSecond));
    io.stdout(failure === null ? standsText(options, verdict, io) : failureText(failure, io));
  }
  return verdict === "holds" ? traces.exitCode() : exitCodeOfVerdict(verdict);
}

function watch(name: string, header: TraceHeader): Watch {
  return new Watch(name, header);
}

/**
 * Runs the executions. Where a rule is forgotten, invariants and oracles look on alone at first:
 * what they see costs a thousandth, and shrinks as much faster. What they miss is left to the
 * judge.
 */
async function runAll(
  options: FuzzOptions,
  judge: Judge<Divergence>,
  onTrace: (trace: ExecutionTrace) => Promise<void>,
  io: CommandIo,
): Promise<CampaignResult<Divergence>> {
  const campaign: CampaignOptions<Divergence> = {
    seed: options.seed,
    runs: options.runs,
    sizes: options.sizes,
    forgotten: options.forgotten,
    judge: options.engine === "compiled" ? null : judge,
    ...(options.engine === "compiled" ? { watch } : {}),
    judgeEvery: options.checkEvery,
    onProgress: (runs, events) =>
      io.stderr(`${runs} of ${counted(options.runs, "run")}, ${counted(events, "event")}\n`),
    ...(options.out === null ? {} : { onTrace }),
    betweenRuns: () => new Promise((resolve) => setImmediate(resolve)),
  };
  if (options.forgotten === null) return await runCampaign(campaign);
  const { onTrace: _, watch: __, ...untraced } = campaign;
  const alone = await runCampaign<Divergence>({ ...untraced, judge: null });
  return alone.failure === null ? await runCampaign(campaign) : alone;
}

/** The engine that judges whole traces: of a failure, and of TLC's of every run. */
async function findEngine({ engine }: FuzzOptions, io: CommandIo): Promise<Engine> {
  if (engine === "compiled") return createCompiledEngine();
  const tlc = createTlcEngine(
    await locateTlcInstallation(io.env, (line) => io.stderr(`${line}\n`)),
  );
  return engine === "tlc" ? tlc : agreeing(tlc, createCompiledEngine());
}

interface TraceWriter {
  write(trace: ExecutionTrace): Promise<void>;
  /** Of a campaign in which nothing went wrong: other than 0 where a trace could not be written. */
  exitCode(): ExitCode;
}

/** Writes traces to `--out`. One that cannot be is told, and what the others show is not lost. */
function traceWriter({ out, sizes }: FuzzOptions, io: CommandIo): TraceWriter {
  let fault: CommandError | null = null;
  return {
    write: async ({ header, events }) => {
      if (out === null || fault !== null) return;
      const replay = `npx lockstep fuzz --seed ${header.seed} --runs 1 --servers ${sizes.join(",")}`;
      const file = join(out, `seed-${header.seed}.ndjson`);
      try {
        await writeFile(file, traceText({ ...header, replay }, events));
      } catch (error) {
        fault = cannotWrite(file, error, "name another folder with --out");
        io.stderr(
          `lockstep fuzz: ${fault.message} The runs go on, and no more traces are written.\n`,
        );
      }
    },
    exitCode: () => fault?.exitCode ?? EXIT.holds,
  };
}

function standsText(options: FuzzOptions, verdict: RunVerdict, io: CommandIo): string {
  if (verdict === "undecided") {
    return `${headline(verdict, io)}  nothing was found wrong, and not everything could be decided\n`;
  }
  if (options.forgotten === null) return `${styled(io, "green", "holds")}  nothing went wrong\n`;
  const rule = options.forgotten;
  const runs = counted(options.runs, "run");
  const show = options.runs === 1 ? "shows" : "show";
  return `${styled(io, "yellow", "not caught")}  ${runs} without ${rule} ${show} nothing wrong\n`;
}

function jsonText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
