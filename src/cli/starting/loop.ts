/**
 * The whole loop once: an engine exhausts the smoke model of the spec, the implementation runs under
 * simulated faults, and every step that it took is held against the spec by each engine.
 */
import type { Divergence, Engine } from "../../../trace-check/engine.ts";
import { type Model, readManifest } from "../../model-check/manifest.ts";
import type { TlcProgress } from "../../model-check/tlc-report.ts";
import type { ModelVerdict } from "../../model-check/verdict.ts";
import {
  type CampaignFailure,
  type CampaignResult,
  type ExecutionTrace,
  runCampaign,
} from "../../sim/campaign.ts";
import { FAULT_KINDS, type FaultKind } from "../../sim/faults.ts";
import { ACTIONS, type TraceAction } from "../../trace/format.ts";
import { counted, withCommas } from "../progress.ts";
import type { RunVerdict } from "../verdict.ts";

export interface LoopOptions {
  readonly runs: number;
  readonly seed: number;
  readonly sizes: readonly number[];
  /** Null: nothing here can run the model, and it is left out. */
  readonly modelEngine: ModelEngine | null;
  /** What judges the traces; none: only the simulator's invariants and oracles look on. */
  readonly engines: readonly Engine[];
  readonly onStage: (line: string) => void;
}

/** What goes through all states of a model. */
export interface ModelEngine {
  readonly name: string;
  check(model: Model, onProgress: (progress: TlcProgress) => void): Promise<ModelVerdict>;
}

/** What one engine said of all traces. */
export interface EngineResult {
  readonly engine: string;
  readonly traces: number;
  readonly events: number;
  readonly invalid: number;
  readonly seconds: number;
}

export interface LoopResult {
  /** Null: it was left out. */
  readonly model: ModelVerdict | null;
  readonly campaign: CampaignResult<Divergence>;
  readonly fuzzSeconds: number;
  readonly engines: readonly EngineResult[];
  /** Kinds of faults that no execution met, and actions that none took: they must be none. */
  readonly faultsNotSeen: readonly FaultKind[];
  readonly actionsNotTaken: readonly TraceAction[];
  /** Of everything that was looked at. */
  readonly verdict: RunVerdict;
}

/** The model that `npm start` exhausts. */
export const SMOKE_MODEL = "Smoke";

/** Runs the stages one after the other; what fails in one does not keep the others from running. */
export async function runLoop(options: LoopOptions): Promise<LoopResult> {
  const model = await checkSmokeModel(options);
  const fuzzed = await fuzz(options);
  const { faults, actions } = fuzzed.campaign;
  const faultsNotSeen = FAULT_KINDS.filter((kind) => faults[kind] === 0);
  const actionsNotTaken = ACTIONS.filter((action) => actions[action] === 0);
  const isComplete = faultsNotSeen.length === 0 && actionsNotTaken.length === 0;
  const everyEventJudged = fuzzed.engines.every(
    ({ events, invalid }) => invalid === 0 && events === fuzzed.campaign.events,
  );
  const isFaultless =
    (model?.ok ?? true) && fuzzed.campaign.failure === null && isComplete && everyEventJudged;
  const isDecided = fuzzed.campaign.undecided.length === 0;
  return {
    model,
    ...fuzzed,
    faultsNotSeen,
    actionsNotTaken,
    verdict: !isFaultless ? "violated" : isDecided ? "holds" : "undecided",
  };
}

async function checkSmokeModel(options: LoopOptions): Promise<ModelVerdict | null> {
  const { modelEngine } = options;
  if (modelEngine === null) return null;
  const model = readManifest().find(({ name }) => name === SMOKE_MODEL);
  if (model === undefined) throw new Error(`spec/models/manifest.json has no ${SMOKE_MODEL}.`);
  options.onStage(
    `model: ${modelEngine.name} goes through every state of ${model.name} (${model.bounds})`,
  );
  const onProgress = ({ distinctStates, queue }: TlcProgress) =>
    options.onStage(
      `model: ${counted(distinctStates, "state")}, ${withCommas(queue)} to go on from`,
    );
  return await modelEngine.check(model, onProgress);
}

type Fuzzed = Pick<LoopResult, "campaign" | "fuzzSeconds" | "engines">;

async function fuzz(options: LoopOptions): Promise<Fuzzed> {
  const { runs, seed, sizes, engines, onStage } = options;
  onStage(
    `fuzz: ${counted(runs, "execution")} of ${sizes.join(" and ")} servers under every kind of fault`,
  );
  const tallies = engines.map((engine) => new EngineTally(engine));
  const begin = performance.now();
  let judging = 0;
  const judge = async (traces: readonly ExecutionTrace[]) => {
    const judgingBegan = performance.now();
    const verdicts = await judgeWithAll(tallies, traces, onStage);
    judging += performance.now() - judgingBegan;
    return verdicts;
  };
  const campaign = await runCampaign<Divergence>({
    seed,
    runs,
    sizes,
    forgotten: null,
    judge: engines.length === 0 ? null : judge,
    judgeEvery: 1,
  });
  const fuzzSeconds = (performance.now() - begin - judging) / 1000;
  return { campaign, fuzzSeconds, engines: tallies.map((tally) => tally.result()) };
}

/** A trace stands where it stands before every engine; else the first engine's divergence tells. */
async function judgeWithAll(
  tallies: readonly EngineTally[],
  traces: readonly ExecutionTrace[],
  onStage: LoopOptions["onStage"],
): Promise<readonly { readonly divergence: Divergence | null }[]> {
  const first: (Divergence | null)[] = traces.map(() => null);
  for (const tally of tallies) {
    const events = traces.reduce((sum, trace) => sum + trace.events.length, 0);
    onStage(
      `check: ${tally.name} holds ${counted(events, "event")} of ${counted(traces.length, "execution")} to the spec`,
    );
    const divergences = await tally.check(traces);
    divergences.forEach((divergence, place) => {
      first[place] ??= divergence;
    });
  }
  return first.map((divergence) => ({ divergence }));
}

class EngineTally {
  readonly #engine: Engine;
  #traces = 0;
  #events = 0;
  #invalid = 0;
  #milliseconds = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get name(): string {
    return this.#engine.name;
  }

  async check(traces: readonly ExecutionTrace[]): Promise<readonly (Divergence | null)[]> {
    const begin = performance.now();
    const verdicts = await this.#engine.check(traces);
    this.#milliseconds += performance.now() - begin;
    return traces.map((trace, place) => {
      const verdict = verdicts[place];
      if (verdict === undefined) throw new Error(`${this.name} gave no verdict on ${trace.name}`);
      this.#traces += 1;
      this.#events += verdict.eventsChecked;
      if (verdict.divergence !== null) this.#invalid += 1;
      return verdict.divergence;
    });
  }

  result(): EngineResult {
    return {
      engine: this.name,
      traces: this.#traces,
      events: this.#events,
      invalid: this.#invalid,
      seconds: this.#milliseconds / 1000,
    };
  }
}

/** The one command that runs a failure of the campaign again, and shrinks it. */
export function replayCommand(
  failure: CampaignFailure<Divergence>,
  sizes: readonly number[],
): string {
  return `npx lockstep fuzz --seed ${failure.seed} --runs 1 --servers ${sizes.join(",")}`;
}
