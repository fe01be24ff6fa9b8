/** Holds what TLC reported of a model against what the manifest says of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CounterexampleStep, explain } from "./counterexample.ts";
import type { Model } from "./manifest.ts";
import type { TlcReport } from "./tlc-report.ts";

/** What became of one model. */
export interface ModelVerdict {
  readonly name: string;
  readonly size: Model["size"];
  /** `pass`, or the property that must fall. */
  readonly expected: string;
  readonly result: TlcReport["result"];
  /** The property that fell. */
  readonly violated: string | null;
  readonly distinctStates: number | null;
  readonly generatedStates: number | null;
  readonly depth: number | null;
  readonly seconds: number;
  readonly workers: number;
  /** How often each action was taken; empty where it was not counted. */
  readonly actions: Readonly<Record<string, number>>;
  /** Whether all is as the manifest says. */
  readonly ok: boolean;
  /** What is not. */
  readonly problems: readonly string[];
  /** Of a model in which a property fell. */
  readonly counterexample: readonly CounterexampleStep[];
}

export interface Measured {
  readonly report: TlcReport;
  readonly seconds: number;
  readonly workers: number;
  readonly folder: string;
  /** What found it; TLC where it is not said. */
  readonly engine?: string;
  /** Whether TLC went on with what another run had saved, and has generated the rest only. */
  readonly isResumed?: boolean;
}

/** Everything that is not as the manifest says is a problem; without any the model is ok. */
export function judge(model: Model, measured: Measured): ModelVerdict {
  const { report, seconds, workers, engine = "TLC", isResumed = false } = measured;
  const violated = report.result === "fail" ? violatedProperty(model, measured) : null;
  const problems = [
    ...resultProblems(model, report, violated, engine),
    ...(report.result === "error"
      ? []
      : countProblems(wholeRun(model, isResumed), report, workers, engine)),
    ...coverageProblems(model, report),
  ];
  return {
    name: model.name,
    size: model.size,
    expected: model.expected,
    result: report.result,
    violated,
    distinctStates: report.distinctStates,
    generatedStates: report.generatedStates,
    depth: depthOf(report),
    seconds,
    workers,
    actions: Object.fromEntries(report.actions),
    ok: problems.length === 0,
    problems,
    counterexample: explain(report.counterexample),
  };
}

/** The depth of the search; where a property fell, the number of states that lead there. */
function depthOf(report: TlcReport): number | null {
  if (report.result !== "fail") return report.depth;
  return report.counterexample.filter(({ ending }) => ending === null).length;
}

/**
 * TLC names an invariant, and an action property that has a name; of a temporal property it says
 * that one fell, and of a refinement where its formula stands. Both are sure only where the
 * configuration has one PROPERTY.
 */
function violatedProperty(model: Model, { report, folder }: Measured): string | null {
  const named = report.violated;
  if (named !== null && !/\s/.test(named)) return named;
  const properties = propertiesOf(readFileSync(join(folder, model.config), "utf8"));
  const [only] = properties;
  return properties.length === 1 && only !== undefined ? only : named;
}

/** The names below PROPERTY and PROPERTIES of a configuration. */
export function propertiesOf(config: string): readonly string[] {
  const words = config
    .replaceAll(/\\\*.*$/gm, "")
    .replaceAll(/\(\*[\s\S]*?\*\)/g, "")
    .split(/\s+/);
  const properties: string[] = [];
  let isInside = false;
  for (const word of words) {
    if (/^[A-Z_]+$/.test(word) && KEYWORDS.has(word)) isInside = word.startsWith("PROPERT");
    else if (isInside && word !== "") properties.push(word);
  }
  return properties;
}

const KEYWORDS = new Set([
  ...["SPECIFICATION", "INIT", "NEXT", "VIEW", "SYMMETRY", "ALIAS", "POSTCONDITION"],
  ...["CONSTANT", "CONSTANTS", "CONSTRAINT", "CONSTRAINTS", "CHECK_DEADLOCK"],
  ...["ACTION_CONSTRAINT", "ACTION_CONSTRAINTS", "INVARIANT", "INVARIANTS"],
  ...["PROPERTY", "PROPERTIES"],
]);

function resultProblems(
  model: Model,
  report: TlcReport,
  violated: string | null,
  engine: string,
): string[] {
  if (report.result === "error") return [`${engine} could not check it: ${report.problem}`];
  if (model.expected === "pass") {
    return report.result === "pass" ? [] : [`${violated ?? "a property"} does not hold`];
  }
  if (report.result === "pass") return [`${model.expected} should have fallen, and nothing did`];
  if (violated === model.expected) return [];
  return [
    violated === null
      ? `TLC does not say which property fell: give the model one PROPERTY (${model.expected})`
      : `${model.expected} should have fallen, and ${violated} did`,
  ];
}

/** Of a run that goes on with another, TLC counts the generated states from there. */
function wholeRun(model: Model, isResumed: boolean): Model {
  if (!isResumed) return model;
  const { generatedStates: _ofBoth, ...rest } = model;
  return rest;
}

/**
 * The counts of a model that passes are those of its states, however many workers there are.
 * Those of a model that fails, and any depth, repeat at one worker only.
 */
function countProblems(model: Model, report: TlcReport, workers: number, engine: string): string[] {
  const repeats = workers === (model.workers ?? workers);
  const problems: string[] = [];
  const compare = (what: string, expected: number | undefined, actual: number | null): void => {
    if (expected === undefined || actual === expected) return;
    problems.push(`${what}: the manifest says ${expected}, ${engine} ${actual}`);
  };
  if (model.simulate !== undefined) return [];
  if (repeats && (model.expected === "pass" || workers === 1)) {
    compare("distinct states", model.distinctStates, report.distinctStates);
    compare("generated states", model.generatedStates, report.generatedStates);
  }
  if (repeats && workers === 1) compare("depth", model.depth, depthOf(report));
  return problems;
}

/** An action that is never taken is not checked: a model that passes must take all of its own. */
function coverageProblems(model: Model, report: TlcReport): string[] {
  if (report.result !== "pass") return [];
  return [...report.actions]
    .filter(([action, taken]) => taken === 0 && !(model.notTaken ?? []).includes(action))
    .map(([action]) => `the action ${action} was never taken`);
}
