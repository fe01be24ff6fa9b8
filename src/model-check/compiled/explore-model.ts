/** Checks one model of the manifest with the compiled engine, and reports as TLC does. */
import { type Exploration, explore, type Violation } from "../../engine/explorer.ts";
import { show } from "../../engine/show.ts";
import type { CompiledSpec, State } from "../../engine/spec.ts";
import type { Value } from "../../engine/values.ts";
import { walk } from "../../engine/walk.ts";
import { type Model, modelsFolder, type Simulation } from "../manifest.ts";
import type { PrintedState, TlcProgress, TlcReport } from "../tlc-report.ts";
import { judge, type ModelVerdict } from "../verdict.ts";

export interface ExploreModelOptions {
  readonly onProgress?: (progress: TlcProgress) => void;
}

/** What the compiled engine found of a model, and what of the manifest it could not compare. */
export interface CompiledVerdict extends ModelVerdict {
  /** Why its counts are not those of TLC; null where they are, and were compared. */
  readonly notCompared: string | null;
}

/** Explores the states of a compiled model and holds what comes of it against the manifest. */
export function exploreModel(
  model: Model,
  spec: CompiledSpec,
  options: ExploreModelOptions = {},
): CompiledVerdict {
  const begin = performance.now();
  const { report, notCompared } =
    model.simulate === undefined
      ? explored(model, spec, options)
      : { report: simulated(spec, model.simulate), notCompared: null };
  const seconds = (performance.now() - begin) / 1000;
  const measured = { report, seconds, workers: 1, folder: modelsFolder(), engine: ENGINE };
  return { ...judge(comparable(model, notCompared), measured), notCompared };
}

const ENGINE = "the compiled engine";

interface Explored {
  readonly report: TlcReport;
  readonly notCompared: string | null;
}

function explored(model: Model, spec: CompiledSpec, options: ExploreModelOptions): Explored {
  const { onProgress } = options;
  const exploration = explore(spec, onProgress === undefined ? {} : { onProgress });
  return { report: reportOf(exploration), notCompared: whyNotCompared(model, exploration) };
}

/** A search that ends early ends within a level, whose order is each engine's own. */
function whyNotCompared(model: Model, exploration: Exploration): string | null {
  const { distinctStates, generatedStates } = model;
  if (distinctStates === undefined) return null;
  if (exploration.violation !== null) {
    return "its counts are not held against the manifest: each engine has an order of its own in which it comes to the last level";
  }
  const isSame =
    distinctStates === exploration.distinctStates &&
    generatedStates === exploration.generatedStates;
  if (isSame || exploration.countsAsTlc) return null;
  return (
    "its counts are not held against the manifest: where VIEW leaves out a variable that the others " +
    "do not determine, TLC tells apart states that are alike under SYMMETRY, by the order in which " +
    "its parser met the names"
  );
}

function comparable(model: Model, notCompared: string | null): Model {
  if (notCompared === null) return model;
  const { distinctStates, generatedStates, ...rest } = model;
  return rest;
}

function reportOf(exploration: Exploration): TlcReport {
  const { violation, distinctStates, generatedStates, depth, actions } = exploration;
  return {
    ...fallOf(violation),
    counterexample: violation === null ? [] : printed(violation.trace),
    distinctStates,
    generatedStates,
    depth,
    actions: violation === null ? actions : new Map(),
  };
}

function fallOf(violation: Violation | null): Pick<TlcReport, "result" | "violated" | "problem"> {
  if (violation === null) return { result: "pass", violated: null, problem: null };
  switch (violation.kind) {
    case "error":
    case "assumption":
      return { result: "error", violated: null, problem: violation.name };
    case "deadlock":
      return { result: "fail", violated: "Deadlock", problem: null };
    case "invariant":
    case "property":
      return { result: "fail", violated: violation.name, problem: null };
  }
}

function printed(trace: Violation["trace"]): readonly PrintedState[] {
  return trace.map(({ action, state }, place) => ({
    number: place + 1,
    action,
    text: stateText(state),
    ending: null,
  }));
}

/** A state as TLC prints it. */
function stateText(state: State): string {
  return Object.entries(state)
    .map(([name, value]) => `/\\ ${name} = ${show(value as Value)}`)
    .join("\n");
}

/** Random behaviours, each with a seed of its own, until one breaks a property. */
function simulated(spec: CompiledSpec, { behaviours, depth, seed }: Simulation): TlcReport {
  let generatedStates = 0;
  for (let i = 0; i < behaviours; i++) {
    const { trace, violated } = walk(spec, { seed: seed + i, steps: depth });
    generatedStates += trace.length;
    if (violated === null) continue;
    return {
      ...fallOf({ kind: "property", name: violated, trace }),
      counterexample: printed(trace),
      ...{ distinctStates: null, generatedStates, depth: null, actions: new Map() },
    };
  }
  return {
    ...fallOf(null),
    counterexample: [],
    ...{ distinctStates: null, generatedStates, depth: null, actions: new Map() },
  };
}
