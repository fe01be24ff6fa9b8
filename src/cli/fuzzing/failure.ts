/** A failure of `lockstep fuzz`: written to files, and explained by the trace check. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CheckResult, checkPaths } from "../../../trace-check/check.ts";
import type { Divergence, Engine } from "../../../trace-check/engine.ts";
import { readWords } from "../../../trace-check/words.ts";
import { packageFolder } from "../../setup/environment.ts";
import { makeFolder } from "../../setup/folders.ts";
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
import { FAILURE_FOLDER, type FuzzOptions } from "./options.ts";

/** What a schedule leads to, once more, and what the spec says of it. */
export interface ReplayedFailure {
  /** The property that an oracle saw fall; null where none did. */
  readonly property: string | null;
  readonly explanation: string | null;
  readonly moves: readonly string[];
  readonly events: number;
  /** What the trace check says of the trace; null where none could be made. */
  readonly check: CheckResult | null;
  /** Null where the moves alone do not show it, as with a lack of progress. */
  readonly scheduleFile: string | null;
  readonly traceFile: string;
  /** The command that shows all this again. */
  readonly replay: string;
}

/**
 * Replays a schedule, writes it and its trace to `folder`, and has the trace checked.
 *
 * @param scheduleFile where the schedule lies already; absent: it is written
 */
export async function replayAndWrite(
  schedule: Schedule,
  folder: string,
  name: string,
  engine: Engine,
  scheduleFile?: string,
): Promise<ReplayedFailure> {
  const file = scheduleFile ?? join(folder, `${name}.schedule.json`);
  const traceFile = join(folder, `${name}.ndjson`);
  const replay = `npx lockstep fuzz --replay ${quoted(file)}`;
  const { violation, applied, events } = replaySchedule(schedule, true);
  makeFolder(folder);
  if (scheduleFile === undefined) await writeFile(file, formatSchedule(schedule));
  const header = executionHeader(schedule.dials, { forgotten: schedule.forgotten, replay });
  await writeFile(traceFile, traceText(header, events));
  return {
    property: violation?.property ?? null,
    explanation: violation?.explanation ?? null,
    moves: applied.map(formatMove),
    events: events.length,
    check: events.length === 0 ? null : await checkFile(traceFile, engine),
    scheduleFile: file,
    traceFile,
    replay,
  };
}

/** A path as a shell takes it for one word. */
function quoted(path: string): string {
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
): Promise<ToldFailure> {
  const folder = options.out ?? FAILURE_FOLDER;
  const shrunk = await shrink(failure, options, engine);
  if (shrunk === null) return await tellWhole(failure, options, folder, engine);
  const { seed, schedule, movesBefore } = shrunk;
  const told = await replayAndWrite(schedule, folder, `failure-seed-${seed}`, engine);
  return { seed, movesBefore, ...told };
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
  folder: string,
  engine: Engine,
): Promise<ToldFailure> {
  const { seed, dials, violation } = failure;
  const { forgotten, sizes } = options;
  const forget = forgotten === null ? "" : ` --forget ${forgotten}`;
  const replay = `npx lockstep fuzz --seed ${seed} --runs 1 --servers ${sizes.join(",")}${forget}`;
  const traceFile = join(folder, `failure-seed-${seed}.ndjson`);
  const { events } = traceOf(failure, forgotten);
  makeFolder(folder);
  await writeFile(
    traceFile,
    traceText(executionHeader(dials, { seed, forgotten, replay }), events),
  );
  return {
    seed,
    movesBefore: 0,
    property: violation?.property ?? null,
    explanation: violation?.explanation ?? null,
    moves: [],
    events: events.length,
    check: await checkFile(traceFile, engine),
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

/** Whether anything is wrong with the execution. */
export function isFailing(failure: ReplayedFailure): boolean {
  return failure.property !== null || (failure.check?.invalid ?? 0) > 0;
}
