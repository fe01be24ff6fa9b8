/** A failure of `lockstep fuzz`: written to files, and explained by the trace check. */
import { type CheckResult, checkPaths } from "../../../trace-check/check.ts";
import type { Divergence, Engine } from "../../../trace-check/engine.ts";
import { readWords } from "../../../trace-check/words.ts";
import { packageFolder } from "../../setup/environment.ts";
import type { CampaignFailure, ExecutionTrace } from "../../sim/campaign.ts";
import { executionHeader } from "../../sim/execution-header.ts";
import { forgetRule } from "../../sim/forgotten-rules.ts";
import { formatMove } from "../../sim/moves.ts";
import { runExecution } from "../../sim/run.ts";
import { replaySchedule, type Schedule } from "../../sim/schedule.ts";
import { formatSchedule } from "../../sim/schedule-file.ts";
import { type ShrunkFailure, shrinkDivergence, shrinkViolation } from "../../sim/shrink-failure.ts";
import type { TraceEvent } from "../../trace/format.ts";
import { traceText } from "../../trace/writer.ts";
import type { RunVerdict } from "../verdict.ts";
import { leaveFiles } from "./leave.ts";
import { FAILURE_FOLDER, type FuzzOptions } from "./options.ts";

/** What a schedule leads to, once more, and what the spec says of it. */
export interface ReplayedFailure {
  /** The property that an oracle saw fall; null where none did. */
  readonly property: string | null;
  readonly explanation: string | null;
  /** Keys whose history was too much for the linearizability check. */
  readonly undecided: readonly string[];
  readonly moves: readonly string[];
  readonly events: number;
  /** What the trace check says of the trace; null where none could be made. */
  readonly check: CheckResult | null;
  /** Null where the moves alone do not show it, as with a lack of progress, or nothing can be written. */
  readonly scheduleFile: string | null;
  /** Null where nothing can be written. */
  readonly traceFile: string | null;
  /** The command that shows all this again. */
  readonly replay: string;
}

/** Where what is replayed comes from and goes to. */
export interface ReplayPlaces {
  readonly folder: string;
  /** Of the files in the folder, without their endings. */
  readonly name: string;
  /** Where the schedule lies already; null: it is written. */
  readonly scheduleFile: string | null;
  /** The command that shows the same where the schedule cannot be written. */
  readonly replayWithoutFile: string;
  /** Is told where a folder cannot be written. */
  readonly say: (text: string) => void;
}

/** Replays a schedule, writes it and its trace to a folder, and has the trace checked. */
export async function replayAndWrite(
  schedule: Schedule,
  places: ReplayPlaces,
  engine: Engine,
): Promise<ReplayedFailure> {
  const { folder, name, say } = places;
  const { violation, undecided, applied, events } = replaySchedule(schedule, true);
  const scheduleFileAt = (stem: string) => places.scheduleFile ?? `${stem}.schedule.json`;
  const replayAt = (stem: string) => `npx lockstep fuzz --replay ${quoted(scheduleFileAt(stem))}`;
  const headerAt = (stem: string) =>
    executionHeader(schedule.dials, { forgotten: schedule.forgotten, replay: replayAt(stem) });
  const stem = leaveFiles(
    folder,
    name,
    (at) => ({
      ...(places.scheduleFile === null ? { ".schedule.json": formatSchedule(schedule) } : {}),
      ".ndjson": traceText(headerAt(at), events),
    }),
    say,
  );
  const traceFile = stem === null ? null : `${stem}.ndjson`;
  return {
    property: violation?.property ?? null,
    explanation: violation?.explanation ?? null,
    undecided,
    moves: applied.map(formatMove),
    events: events.length,
    check: traceFile === null || events.length === 0 ? null : await checkFile(traceFile, engine),
    scheduleFile: stem === null ? places.scheduleFile : scheduleFileAt(stem),
    traceFile,
    replay: stem === null ? places.replayWithoutFile : replayAt(stem),
  };
}

/** A path as a shell takes it for one word. */
export function quoted(path: string): string {
  return /^[\w./:@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** A failure as it is told, and what it was shrunk from. */
export interface ToldFailure extends ReplayedFailure {
  readonly seed: number;
  /** How many moves the run had before it was shrunk. */
  readonly movesBefore: number;
}

/** Shrinks a failure of a campaign, writes it down, and has its first wrong step explained. */
export async function tellFailure(
  failure: CampaignFailure<Divergence>,
  options: FuzzOptions,
  engine: Engine,
  say: (text: string) => void,
): Promise<ToldFailure> {
  const folder = options.out ?? FAILURE_FOLDER;
  const shrunk = await shrink(failure, options, engine);
  if (shrunk === null) return await tellWhole(failure, options, { folder, say }, engine);
  const { seed, schedule, movesBefore } = shrunk;
  const places = {
    folder,
    name: nameOf(seed),
    scheduleFile: null,
    replayWithoutFile: replayBySeed(seed, options),
    say,
  };
  return { seed, movesBefore, ...(await replayAndWrite(schedule, places, engine)) };
}

function nameOf(seed: number): string {
  return `failure-seed-${seed}`;
}

function replayBySeed(seed: number, { forgotten, sizes }: FuzzOptions): string {
  const forget = forgotten === null ? "" : ` --forget ${forgotten}`;
  return `npx lockstep fuzz --seed ${seed} --runs 1 --servers ${sizes.join(",")}${forget}`;
}

async function shrink(
  failure: CampaignFailure<Divergence>,
  options: FuzzOptions,
  engine: Engine,
): Promise<ShrunkFailure | null> {
  const { seed, dials, violation } = failure;
  const { forgotten } = options;
  const judge = (traces: readonly ExecutionTrace[]) => engine.check(traces);
  if (violation === null) return await shrinkDivergence(failure, forgotten, judge);
  const shrunk = await shrinkViolation({ seed, dials, violation }, forgotten, options.sizes);
  if (shrunk !== null) return shrunk;
  // What shows only in the whole run may have begun with one wrong step.
  const [verdict] = await engine.check([traceOf(failure, forgotten)]);
  const divergence = verdict?.divergence ?? null;
  if (divergence === null) return null;
  return await shrinkDivergence({ seed, dials, divergence }, forgotten, judge);
}

/** A failure that no list of moves shows: told by its seed. */
async function tellWhole(
  failure: CampaignFailure<Divergence>,
  options: FuzzOptions,
  { folder, say }: Pick<ReplayPlaces, "folder" | "say">,
  engine: Engine,
): Promise<ToldFailure> {
  const { seed, dials, violation } = failure;
  const { forgotten } = options;
  const replay = replayBySeed(seed, options);
  const { events } = traceOf(failure, forgotten);
  const header = executionHeader(dials, { seed, forgotten, replay });
  const text = traceText(header, events);
  const stem = leaveFiles(folder, nameOf(seed), () => ({ ".ndjson": text }), say);
  const traceFile = stem === null ? null : `${stem}.ndjson`;
  return {
    seed,
    movesBefore: 0,
    property: violation?.property ?? null,
    explanation: violation?.explanation ?? null,
    undecided: [],
    moves: [],
    events: events.length,
    check: traceFile === null ? null : await checkFile(traceFile, engine),
    scheduleFile: null,
    traceFile,
    replay,
  };
}

/** The run once more, with its trace. */
function traceOf(failure: CampaignFailure<Divergence>, forgotten: string | null): ExecutionTrace {
  const { seed, dials } = failure;
  const events: TraceEvent[] = [];
  const rules = forgotten === null ? null : forgetRule(forgotten);
  runExecution({ dials, seed, rules: rules ?? undefined, trace: (event) => events.push(event) });
  const header = executionHeader(dials, { seed, forgotten });
  return { name: `run of seed ${seed}`, header, events };
}

async function checkFile(file: string, engine: Engine): Promise<CheckResult> {
  return await checkPaths([file], { engine, words: await readWords(packageFolder()) });
}

export function verdictOf({ property, check, undecided }: ReplayedFailure): RunVerdict {
  if (property !== null || (check?.invalid ?? 0) > 0) return "violated";
  return undecided.length === 0 ? "holds" : "undecided";
}
