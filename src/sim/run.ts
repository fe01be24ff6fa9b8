import type { Action } from "../core/index.ts";
import type { Dials } from "./dials.ts";
import type { FaultCounts } from "./faults.ts";
import { checkHistory, checkServersAlike } from "./oracles/ending.ts";
import { whatIsMissing } from "./oracles/liveness.ts";
import type { Violation } from "./oracles/violation.ts";
import { type RunOptions, SeededRun } from "./seeded-run.ts";
import { roundTripOf } from "./timers.ts";
import type { World } from "./world.ts";

/** What one execution came to. */
export interface RunResult {
  readonly violation: Violation | null;
  /** Actions of the spec that were taken. */
  readonly steps: number;
  readonly actions: Readonly<Record<Action, number>>;
  readonly faults: FaultCounts;
  /** Operations that clients asked for, and those of them that were answered. */
  readonly commands: number;
  readonly answered: number;
  /** Ticks of virtual time that passed. */
  readonly ticks: number;
  /** Keys whose history was too much for the linearizability check. */
  readonly undecided: readonly string[];
}

/**
 * Some step comes far earlier than this, whatever the faults. Servers that take none any more
 * must not keep a run from coming to its end, where their standing still is seen.
 */
const MOST_TICKS_A_STEP = 10_000;

/**
 * Runs one execution: a safety phase under faults, then the faults heal and everything must
 * come to its end within a bounded virtual time, then the oracles on the whole of it.
 */
export function runExecution(options: RunOptions): RunResult {
  const run = new SeededRun(options);
  const { world } = run;
  const deadline = options.dials.steps * MOST_TICKS_A_STEP;
  while (world.steps < options.dials.steps && run.now < deadline && run.step()) {
    // The safety phase is all in its condition.
  }
  if (goesOn(run)) awaitProgress(run, options.dials);
  const history = goesOn(run) ? checkHistory(world) : null;
  if (history !== null && history.violation !== null) world.fail(history.violation);
  return resultOf(run, world, history?.undecided ?? []);
}

/** Whether nothing is wrong so far, and nobody has ended the run. */
function goesOn(run: SeededRun): boolean {
  return run.world.violation === null && !run.isStopped;
}

function resultOf(run: SeededRun, world: World, undecided: readonly string[]): RunResult {
  return {
    violation: world.violation,
    steps: world.steps,
    actions: world.actions,
    faults: run.faults,
    commands: world.clients.history.length,
    answered: world.clients.answeredCount(),
    ticks: run.now,
    undecided,
  };
}

/**
 * Liveness: after the faults have healed, every client gets two answers (the first may be to
 * what it asked for before), and then all servers that are up come to hold and to have
 * applied the same.
 */
function awaitProgress(run: SeededRun, dials: Dials): void {
  const { world } = run;
  run.heal();
  const deadline = run.now + timeToHeal(run, dials);
  goOnUntil(run, deadline, () => (run.areClientsServed() ? null : "a client waits for its answer"));
  goOnUntil(run, deadline, () => whatIsMissing(world));
  if (!goesOn(run)) return;
  const difference = checkServersAlike(world);
  if (difference !== null) world.fail(difference);
}

/** Goes on until nothing is missing; a violation where that takes longer than it may. */
function goOnUntil(run: SeededRun, deadline: number, whatIsMissing: () => string | null): void {
  const { world } = run;
  for (let missing = whatIsMissing(); missing !== null; missing = whatIsMissing()) {
    if (!goesOn(run)) return;
    const isInTime = run.now <= deadline && run.step();
    if (isInTime || !goesOn(run)) continue;
    world.fail({
      property: "Liveness",
      explanation: `the faults have healed long since, and ${missing}`,
    });
  }
}

/**
 * The bound of virtual time: enough for many split votes, and for a server with an empty log
 * to catch up entry by entry.
 */
function timeToHeal(run: SeededRun, dials: Dials): number {
  const entries = Math.max(...run.world.hosts.map((host) => host.disk.log.length));
  return 100 * run.longestElectionTimeout + 10 * (entries + 100) * roundTripOf(dials);
}
