import type { TraceEvent } from "../trace/format.ts";
import type { Dials } from "./dials.ts";
import { forgetRule } from "./forgotten-rules.ts";
import type { Move } from "./moves.ts";
import { checkHistory } from "./oracles/ending.ts";
import type { Violation } from "./oracles/violation.ts";
import { runExecution } from "./run.ts";
import { World } from "./world.ts";

/** An execution that needs no seed: what the cluster is, and all that happens to it. */
export interface Schedule {
  readonly dials: Dials;
  /** The rule that the servers forget; null for none. */
  readonly forgotten: string | null;
  readonly moves: readonly Move[];
}

/** What a schedule leads to. */
export interface ReplayResult {
  readonly violation: Violation | null;
  /** Keys whose history was too much for the linearizability check. */
  readonly undecided: readonly string[];
  /** The moves that applied, in their order; those that did not changed nothing. */
  readonly applied: readonly Move[];
  readonly events: readonly TraceEvent[];
  /** For each move that applied, how many events there were after it. */
  readonly eventsAfter: readonly number[];
}

/**
 * Repeats an execution move by move, until its end or the first violation. A move that does
 * not apply (a message that was never sent, a server that is down) is skipped, so that any
 * list of moves is a schedule.
 *
 * @param isTraced whether the events of the trace are wanted, which takes a little longer
 */
export function replaySchedule(schedule: Schedule, isTraced: boolean): ReplayResult {
  const rules = schedule.forgotten === null ? null : forgetRule(schedule.forgotten);
  const events: TraceEvent[] = [];
  const world = new World({
    dials: schedule.dials,
    keepsMessages: true,
    ...(rules === null ? {} : { rules }),
    ...(isTraced ? { trace: (event: TraceEvent) => events.push(event) } : {}),
  });
  const applied: Move[] = [];
  const eventsAfter: number[] = [];
  for (const move of schedule.moves) {
    if (world.violation !== null) break;
    if (!world.apply(move)) continue;
    world.takeSent();
    world.takeAnswered();
    applied.push(move);
    eventsAfter.push(events.length);
  }
  const ending = world.violation === null ? checkHistory(world) : null;
  if (ending !== null && ending.violation !== null) world.fail(ending.violation);
  const undecided = ending?.undecided ?? [];
  return { violation: world.violation, undecided, applied, events, eventsAfter };
}

/** Runs a seed again and writes down its moves. */
export function recordSchedule(dials: Dials, seed: number, forgotten: string | null): Schedule {
  const moves: Move[] = [];
  const rules = forgotten === null ? null : forgetRule(forgotten);
  runExecution({ dials, seed, rules: rules ?? undefined, record: (move) => moves.push(move) });
  return { dials, forgotten, moves };
}
