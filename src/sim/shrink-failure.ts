import { defaultDials, type Judge, type JudgedDivergence } from "./campaign.ts";
import type { Dials } from "./dials.ts";
import { executionHeader } from "./execution-header.ts";
import { forgetRule } from "./forgotten-rules.ts";
import type { Violation } from "./oracles/violation.ts";
import { runExecution } from "./run.ts";
import { recordSchedule, replaySchedule, type Schedule } from "./schedule.ts";
import { type Failing, shrinkSchedule } from "./shrink.ts";

/** A failure brought down to the moves that it takes. */
export interface ShrunkFailure {
  /** The run that it comes from. */
  readonly seed: number;
  readonly schedule: Schedule;
  /** How many moves there were before. */
  readonly movesBefore: number;
}

/** A run in which an oracle saw something wrong. */
export interface ViolatingRun {
  readonly seed: number;
  readonly dials: Dials;
  readonly violation: Violation;
}

/** A run whose trace diverges from the spec. */
export interface DivergingRun<Divergence extends JudgedDivergence> {
  readonly seed: number;
  readonly dials: Dials;
  readonly divergence: Divergence;
}

/** The most events that a judge is given at a time while it shrinks a schedule. */
const EVENTS_PER_BATCH = 20_000;
const LARGEST_BATCH = 64;

/**
 * How many further runs are searched for the same failure: of several the one that shrinks
 * to the fewest moves is the one to show.
 */
const FURTHER_RUNS = 1000;
const FURTHER_FAILURES = 8;
/** Few enough moves to be read at a glance: no further failure is looked for. */
const FEW_MOVES = 12;

/**
 * Shrinks what an oracle saw: a schedule fails if it leads to the same property's fall.
 *
 * @param sizes of clusters that it may be shown in
 * @returns null where the moves alone do not show it again: a lack of progress is no moment
 */
export async function shrinkViolation(
  failure: ViolatingRun,
  forgotten: string | null,
  sizes: readonly number[],
): Promise<ShrunkFailure | null> {
  const dialsOf = defaultDials({ sizes: [smallSizeOf(sizes)], forgotten });
  let best = await shrinkOne(failure, forgotten);
  const { property } = failure.violation;
  let found = 0;
  for (let further = 1; further <= FURTHER_RUNS && found < FURTHER_FAILURES; further++) {
    if (best === null || best.schedule.moves.length <= FEW_MOVES) break;
    const seed = failure.seed + further;
    const dials = dialsOf(seed);
    const rules = forgotten === null ? null : forgetRule(forgotten);
    const { violation } = runExecution({ dials, seed, rules: rules ?? undefined });
    if (violation?.property !== property) continue;
    found++;
    const other = await shrinkOne({ seed, dials, violation }, forgotten);
    if (other !== null && other.schedule.moves.length < best.schedule.moves.length) best = other;
  }
  return best;
}

/** Three servers take the fewest moves; fewer are often too few to go wrong. */
function smallSizeOf(sizes: readonly number[]): number {
  const enough = sizes.filter((size) => size >= 3);
  return enough.length > 0 ? Math.min(...enough) : Math.max(...sizes);
}

async function shrinkOne(
  failure: ViolatingRun,
  forgotten: string | null,
): Promise<ShrunkFailure | null> {
  const recorded = recordSchedule(failure.dials, failure.seed, forgotten);
  const { property } = failure.violation;
  const failing: Failing = async (schedules) =>
    schedules.map((schedule) => replaySchedule(schedule, false).violation?.property === property);
  const { violation, applied } = replaySchedule(recorded, false);
  if (violation?.property !== property) return null;
  const schedule = await shrinkSchedule({ ...recorded, moves: applied }, failing, 1);
  return { seed: failure.seed, schedule, movesBefore: recorded.moves.length };
}

/** Shrinks what the judge saw: a schedule fails if its trace diverges in the same way. */
export async function shrinkDivergence<Divergence extends JudgedDivergence>(
  failure: DivergingRun<Divergence>,
  forgotten: string | null,
  judge: Judge<Divergence>,
): Promise<ShrunkFailure | null> {
  const recorded = recordSchedule(failure.dials, failure.seed, forgotten);
  const replayed = replaySchedule(recorded, true);
  const last = replayed.eventsAfter.findIndex((count) => count > failure.divergence.event);
  if (last < 0) return null;
  const cut = { ...recorded, moves: replayed.applied.slice(0, last + 1) };
  const failing = divergesLike(failure.divergence, judge);
  const [fails] = await failing([cut]);
  if (fails !== true) return null;
  const events = Math.max(1, failure.divergence.event);
  const batchSize = Math.min(LARGEST_BATCH, Math.max(8, Math.floor(EVENTS_PER_BATCH / events)));
  const schedule = await shrinkSchedule(cut, failing, batchSize);
  return { seed: failure.seed, schedule, movesBefore: recorded.moves.length };
}

function divergesLike<Divergence extends JudgedDivergence>(
  wanted: Divergence,
  judge: Judge<Divergence>,
): Failing {
  return async (schedules) => {
    const traces = schedules.map((schedule, place) => ({
      name: `candidate ${place}`,
      header: executionHeader(schedule.dials, { forgotten: schedule.forgotten }),
      events: replaySchedule(schedule, true).events,
    }));
    const judged = traces.filter(({ events }) => events.length > 0);
    const verdicts = judged.length === 0 ? [] : await judge(judged);
    const failing = new Set(
      judged.filter((_, place) => {
        const divergence = verdicts[place]?.divergence ?? null;
        return divergence !== null && isAlike(divergence, wanted);
      }),
    );
    return traces.map((trace) => failing.has(trace));
  };
}

/** The same kind of divergence of the same action, over the same thing. */
function isAlike(one: JudgedDivergence, other: JudgedDivergence): boolean {
  return (
    one.kind === other.kind &&
    one.action === other.action &&
    one.findings[0]?.name === other.findings[0]?.name
  );
}
