import {
  ACTIONS,
  noActions,
  type TraceAction,
  type TraceEvent,
  type TraceHeader,
} from "../trace/format.ts";
import { type Dials, dialsArbitrary, dialsOfRun } from "./dials.ts";
import { executionHeader } from "./execution-header.ts";
import { addFaults, type FaultCounts, noFaults } from "./faults.ts";
import { forgetRule } from "./forgotten-rules.ts";
import type { Violation } from "./oracles/violation.ts";
import { scatter } from "./random.ts";
import { runExecution } from "./run.ts";

/** The trace of one execution, in memory. */
export interface ExecutionTrace {
  readonly name: string;
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}

/** The first event that a judge found not to be a step of the spec. */
export interface JudgedDivergence {
  readonly kind: string;
  /** Its position in the trace, from 0. */
  readonly event: number;
  readonly server: string;
  readonly action: string;
  /** What is not as the spec has it: guards, variables or properties. */
  readonly findings: readonly { readonly name: string }[];
}

/** Holds traces against the spec: one verdict each, in their order. */
export type Judge<Divergence extends JudgedDivergence = JudgedDivergence> = (
  traces: readonly ExecutionTrace[],
) => Promise<readonly { readonly divergence: Divergence | null }[]>;

/** Holds the steps of one execution against the spec while they are taken. */
export interface Watch<Divergence extends JudgedDivergence = JudgedDivergence> {
  take(event: TraceEvent): void;
  /** The first that is no step of the spec: the execution ends there. */
  readonly divergence: Divergence | null;
}

/** The least and the most steps of a safety phase. */
export interface Steps {
  readonly min: number;
  readonly max: number;
}

/** Long enough for several terms and a few dozen entries, short enough to be checked by TLC. */
export const STEPS: Steps = { min: 100, max: 300 };

/** Where a rule is forgotten, longer: what it takes to go wrong may be rare. */
export const STEPS_FORGETFUL: Steps = { min: 200, max: 600 };

export interface CampaignOptions<Divergence extends JudgedDivergence = JudgedDivergence> {
  /** The seed of the first run; each further run has the next one. */
  readonly seed: number;
  readonly runs: number;
  /** Sizes of clusters to draw from. */
  readonly sizes: readonly number[];
  /** How long a safety phase is, in steps; by default STEPS, or STEPS_FORGETFUL. */
  readonly steps?: Steps;
  /** The rule that the servers forget; null for none. */
  readonly forgotten: string | null;
  /** Judges the traces; null: only the simulator's own invariants and oracles look on. */
  readonly judge: Judge<Divergence> | null;
  /** Looks on at each step of the runs that are judged, in place of a judge or besides. */
  readonly watch?: (name: string, header: TraceHeader) => Watch<Divergence>;
  /** Of how many runs one trace is judged. */
  readonly judgeEvery: number;
  /** The dials, for a test that wants its own; by default they follow from the seed. */
  readonly dialsOf?: (seed: number) => Dials;
  /** Told after each batch of runs. */
  readonly onProgress?: (runs: number, events: number) => void;
  /** Awaited after each run, so that the host can see to what else has come: a signal, say. */
  readonly betweenRuns?: () => Promise<void>;
  /** Given each trace that stood before the judge, where there is one. */
  readonly onTrace?: (trace: ExecutionTrace) => void | Promise<void>;
}

/** A run that went wrong: by what an oracle saw, or by its trace. */
export type CampaignFailure<Divergence extends JudgedDivergence> = {
  readonly seed: number;
  readonly dials: Dials;
} & (
  | { readonly violation: Violation; readonly divergence: null }
  | { readonly violation: null; readonly divergence: Divergence }
);

/** What clients saw of a key in the run of a seed: too much to say whether one store could have shown it. */
export interface UndecidedHistory {
  readonly seed: number;
  readonly key: string;
}

export interface CampaignResult<Divergence extends JudgedDivergence = JudgedDivergence> {
  readonly runs: number;
  readonly events: number;
  /** Operations that clients asked for. */
  readonly commands: number;
  readonly faults: FaultCounts;
  readonly actions: Readonly<Record<TraceAction, number>>;
  /** Traces that a judge held against the spec, and their events. */
  readonly judgedTraces: number;
  readonly judgedEvents: number;
  /** Histories that were too much for the linearizability check. */
  readonly undecided: readonly UndecidedHistory[];
  /** The first run that went wrong; null where none did. */
  readonly failure: CampaignFailure<Divergence> | null;
}

/** Where a rule is forgotten, a failure is near. */
const FIRST_BATCH_FORGETFUL = 25;
const LARGEST_BATCH = 400;

/**
 * Runs executions one after the other, each with dials and faults of its own, until one goes
 * wrong. Oracles look on at every step; the traces go to the judge in batches that grow, so
 * that an early failure is found early and a late one at little cost a run.
 */
export async function runCampaign<Divergence extends JudgedDivergence = JudgedDivergence>(
  options: CampaignOptions<Divergence>,
): Promise<CampaignResult<Divergence>> {
  const total = new Totals();
  const dialsOf = options.dialsOf ?? defaultDials(options);
  let failure: CampaignFailure<Divergence> | null = null;
  let size = options.forgotten === null ? LARGEST_BATCH : FIRST_BATCH_FORGETFUL;
  let first = 0;
  while (first < options.runs && failure === null) {
    const count = Math.min(size, options.runs - first);
    failure = await runBatch(options, total, first, count, dialsOf);
    options.onProgress?.(total.runs, total.events);
    first += count;
    size = Math.min(2 * size, LARGEST_BATCH);
  }
  return { ...total, failure };
}

/** Dials that follow from a run's seed, for clusters of the wanted sizes. */
export function defaultDials(
  options: Pick<CampaignOptions, "sizes" | "steps" | "forgotten">,
): (seed: number) => Dials {
  const usual = options.forgotten === null ? STEPS : STEPS_FORGETFUL;
  const arbitrary = dialsArbitrary(options.sizes, options.steps ?? usual);
  return (seed) => dialsOfRun(arbitrary, scatter(seed));
}

class Totals {
  runs = 0;
  events = 0;
  commands = 0;
  judgedTraces = 0;
  judgedEvents = 0;
  readonly undecided: UndecidedHistory[] = [];
  readonly faults = noFaults();
  readonly actions = noActions();
}

interface WatchedRun<Divergence extends JudgedDivergence> {
  readonly seed: number;
  readonly dials: Dials;
  readonly isTraced: boolean;
  readonly watch: Watch<Divergence> | null;
}

interface JudgedRun {
  readonly seed: number;
  readonly dials: Dials;
  readonly trace: ExecutionTrace;
}

async function runBatch<Divergence extends JudgedDivergence>(
  options: CampaignOptions<Divergence>,
  total: Totals,
  first: number,
  count: number,
  dialsOf: (seed: number) => Dials,
): Promise<CampaignFailure<Divergence> | null> {
  const toJudge: JudgedRun[] = [];
  for (let run = first; run < first + count; run++) {
    const seed = options.seed + run;
    const dials = dialsOf(seed);
    const isTraced = run % options.judgeEvery === 0;
    const header = executionHeader(dials, { seed, forgotten: options.forgotten });
    const name = `run of seed ${seed}`;
    const watch = isTraced ? (options.watch?.(name, header) ?? null) : null;
    const { violation, events } = runOne(options, total, { seed, dials, isTraced, watch });
    await options.betweenRuns?.();
    // What is no step of the spec comes before what falls by it.
    const divergence = watch?.divergence ?? null;
    if (divergence !== null) return { seed, dials, violation: null, divergence };
    if (violation !== null) return { seed, dials, violation, divergence: null };
    if (events.length === 0) continue;
    toJudge.push({ seed, dials, trace: { name, header, events } });
  }
  return await judgeBatch(options, total, toJudge);
}

function runOne<Divergence extends JudgedDivergence>(
  options: CampaignOptions<Divergence>,
  total: Totals,
  { seed, dials, isTraced, watch }: WatchedRun<Divergence>,
): { readonly violation: Violation | null; readonly events: readonly TraceEvent[] } {
  const events: TraceEvent[] = [];
  const isKept = options.judge !== null || options.onTrace !== undefined;
  const trace = (event: TraceEvent) => {
    if (isKept) events.push(event);
    watch?.take(event);
  };
  const rules = options.forgotten === null ? null : forgetRule(options.forgotten);
  const result = runExecution({
    dials,
    seed,
    rules: rules ?? undefined,
    trace: isTraced && (isKept || watch !== null) ? trace : undefined,
    isStopped: watch === null ? undefined : () => watch.divergence !== null,
  });
  total.runs++;
  if (watch !== null) {
    total.judgedTraces++;
    total.judgedEvents += result.steps;
  }
  total.events += result.steps;
  total.commands += result.commands;
  total.undecided.push(...result.undecided.map((key) => ({ seed, key })));
  addFaults(total.faults, result.faults);
  for (const action of ACTIONS) total.actions[action] += result.actions[action];
  return { violation: result.violation, events };
}

async function judgeBatch<Divergence extends JudgedDivergence>(
  options: CampaignOptions<Divergence>,
  total: Totals,
  runs: readonly JudgedRun[],
): Promise<CampaignFailure<Divergence> | null> {
  if (options.judge === null) {
    for (const { trace } of runs) await options.onTrace?.(trace);
    return null;
  }
  if (runs.length === 0) return null;
  const verdicts = await options.judge(runs.map(({ trace }) => trace));
  for (const [place, { seed, dials, trace }] of runs.entries()) {
    const verdict = verdicts[place];
    if (verdict === undefined) throw new Error(`the judge gave no verdict on ${trace.name}`);
    total.judgedTraces++;
    total.judgedEvents += trace.events.length;
    const { divergence } = verdict;
    if (divergence !== null) return { seed, dials, violation: null, divergence };
    await options.onTrace?.(trace);
  }
  return null;
}
