/** Explains a counterexample step by step: the action, its parameters, and only what changed. */
import { type Change, changesBetween, parseState, showValue, type TlaValue } from "./tla-value.ts";
import type { PrintedState } from "./tlc-report.ts";

/** One step of a counterexample. */
export interface CounterexampleStep {
  /** The number of the state that the step leads to; 1 is the initial state. */
  readonly number: number;
  readonly action: string;
  /** Name and value in TLA+; empty where the model does not say them. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly changes: readonly Change[];
}

/**
 * A model may have a variable `step`, a record of the last step's action and parameters, and a
 * variable `sent`, what the last step sent: both describe a step, so they are no change of their own.
 */
const ABOUT_THE_STEP = ["step", "sent"];

/** The steps of what TLC printed, the initial state as the first. */
export function explain(states: readonly PrintedState[]): readonly CounterexampleStep[] {
  let before: ReadonlyMap<string, TlaValue> = new Map();
  return states.map((state) => {
    const after = state.text === "" ? before : parseState(state.text);
    const changes = changesBetween(before, after).filter(
      ({ place }) => !ABOUT_THE_STEP.includes(place),
    );
    before = after;
    return { number: state.number, ...actionOf(state, after), changes };
  });
}

function actionOf(
  state: PrintedState,
  variables: ReadonlyMap<string, TlaValue>,
): Pick<CounterexampleStep, "action" | "parameters"> {
  if (state.ending === "stuttering") return { action: "(nothing more happens)", parameters: {} };
  if (state.ending === "loop") {
    return { action: `(back to state ${state.number}, for ever)`, parameters: {} };
  }
  if (state.action === null) return { action: "Init", parameters: {} };
  const step = variables.get("step");
  const action = step?.kind === "record" ? step.fields.get("action") : undefined;
  if (step?.kind !== "record" || action === undefined) {
    return { action: state.action, parameters: {} };
  }
  const parameters = [...step.fields].filter(([name]) => name !== "action");
  return {
    action: showValue(action).replaceAll('"', ""),
    parameters: Object.fromEntries(parameters.map(([name, value]) => [name, showValue(value)])),
  };
}

/** The steps as text: a line a step, and a line a change below it. */
export function showSteps(steps: readonly CounterexampleStep[]): string {
  return steps.map(showStep).join("\n");
}

function showStep(step: CounterexampleStep): string {
  const parameters = Object.entries(step.parameters).map(([name, value]) => `${name} = ${value}`);
  const call = parameters.length === 0 ? step.action : `${step.action}(${parameters.join(", ")})`;
  return [`${String(step.number).padStart(4)}  ${call}`, ...step.changes.map(showChange)].join(
    "\n",
  );
}

function showChange({ place, before, after, added, removed }: Change): string {
  const indent = "        ";
  if (added === null || removed === null) return `${indent}${place}: ${before} → ${after}`;
  const parts = [...removed.map((item) => `− ${item}`), ...added.map((item) => `+ ${item}`)];
  return parts.map((part) => `${indent}${place} ${part}`).join("\n");
}
