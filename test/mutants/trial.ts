/**
 * Lets a copy of the implementation, with a defect in it, run in the simulator until its defect
 * is seen, or for long enough. A program of its own, so that one that never ends can be ended:
 * it takes what is wanted as JSON, and prints what came of it as JSON.
 */
import { join } from "node:path";
import { defaultDials } from "../../src/sim/campaign.ts";
import { executionHeader } from "../../src/sim/execution-header.ts";
import type { RunResult } from "../../src/sim/run.ts";
import type { RunOptions } from "../../src/sim/seeded-run.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { diagnose } from "../../trace-check/compiled/diagnose.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import type { Observer } from "./defect.ts";

export interface TrialRequest {
  /** The copy that runs. */
  readonly folder: string;
  /** Who looks on; what the others see does not count. */
  readonly observer: Observer;
  /** How many events to run at the most, the last run in full. */
  readonly events: number;
  /** Names of rules, to find which one a wrong step forgets. */
  readonly rules: readonly string[];
}

/** What a run was seen to have gone wrong by. */
export interface Seen {
  /** The property that fell, or what is not as the spec has it. */
  readonly finding: string;
  /** The action and the kind of the divergence; null where the simulator saw it. */
  readonly step: string | null;
  /** The rules of which one, forgotten, would explain the step. */
  readonly looksLike: readonly string[];
}

export interface TrialResult {
  readonly seen: Seen | null;
  /** Up to the one that was seen to go wrong. */
  readonly runs: number;
  /** Up to the step that was seen to be wrong. */
  readonly events: number;
}

/** All sizes, odd and even, and mostly those that are used. */
const SIZES = [1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 7];
const STEPS = { min: 200, max: 600 };

/** What is seen of a run as a whole; all else that can fall is said of a state or a step. */
const ORACLES: readonly string[] = [
  "AcknowledgedNeverLost",
  "CoreNeverThrows",
  "EndsInTime",
  "Linearizability",
  "Liveness",
  "NothingThrows",
  "StateMachinesEqual",
];

/** Ten times as many events as the longest run of the implementation has, so that each run has an end. */
const MOST_EVENTS = 200_000;

type Simulation = (options: RunOptions) => RunResult;

const request: TrialRequest = JSON.parse(process.argv[2] ?? "null");
process.stdout.write(`${JSON.stringify(await runTrial(request))}\n`);

async function runTrial({ folder, observer, events, rules }: TrialRequest): Promise<TrialResult> {
  const { runExecution } = (await import(join(folder, "src/sim/run.js"))) as {
    readonly runExecution: Simulation;
  };
  const dialsOf = defaultDials({ sizes: SIZES, steps: STEPS, forgotten: null });
  let before = 0;
  for (let seed = 1; ; seed++) {
    const dials = dialsOf(seed);
    const isJudged = observer === "trace check";
    const run = runToItsEnd(isJudged, (trace) => runExecution({ dials, seed, trace }));
    const header = executionHeader(dials, { seed, forgotten: null });
    const found = isJudged
      ? await judge({ name: `seed ${seed}`, header, events: run.trace }, rules)
      : seenInSimulation(run, observer);
    if (found !== null) return { seen: found.seen, runs: seed, events: before + found.event };
    before += run.events;
    if (before >= events) return { seen: null, runs: seed, events: before };
  }
}

interface Run {
  /** Empty where it is not to be judged. */
  readonly trace: readonly TraceEvent[];
  readonly events: number;
  /** What fell; null where nothing did. */
  readonly property: string | null;
}

/** A run, or what there is of it where it throws, or takes more steps than any should. */
function runToItsEnd(
  isJudged: boolean,
  run: (trace: (event: TraceEvent) => void) => RunResult,
): Run {
  const trace: TraceEvent[] = [];
  let events = 0;
  try {
    const { violation } = run((event) => {
      if (isJudged) trace.push(event);
      if (++events >= MOST_EVENTS) throw new RangeError("the run goes on and on");
    });
    return { trace, events, property: violation?.property ?? null };
  } catch {
    return { trace, events, property: events >= MOST_EVENTS ? "EndsInTime" : "NothingThrows" };
  }
}

interface Found {
  readonly seen: Seen;
  /** The event of its run, counted from 1. */
  readonly event: number;
}

function seenInSimulation({ events, property }: Run, observer: Observer): Found | null {
  if (property === null || ORACLES.includes(property) !== (observer === "oracles")) return null;
  return { seen: { finding: property, step: null, looksLike: [] }, event: events };
}

/** Holds a trace against the spec: the first step that is wrong. */
async function judge(trace: TraceToCheck, rules: readonly string[]): Promise<Found | null> {
  if (trace.events.length === 0) return null;
  const [verdict] = await createCompiledEngine().check([trace]);
  const divergence = verdict?.divergence ?? null;
  if (divergence === null) return null;
  const finding = divergence.findings[0]?.name ?? "";
  const { looksLike } = diagnose(trace, divergence, rules);
  const step = `${divergence.action} ${divergence.kind}`;
  return { seen: { finding, step, looksLike }, event: divergence.event + 1 };
}
