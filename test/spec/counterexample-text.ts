import type { CounterexampleStep } from "../../src/model-check/counterexample.ts";
import type { Model } from "../../src/model-check/manifest.ts";

/** Hints that no guard reads: they would only be in a reader's way. */
const LEFT_OUT = /^nextIndex\b/;

/**
 * A counterexample to be read: each step with its parameters, and below it what it changed and
 * what it sent. Messages that were lost are left out.
 */
export function counterexampleText(model: Model, steps: readonly CounterexampleStep[]): string {
  const head = [
    `${model.name}: ${model.expected} ${reason(model)}.`,
    model.shows,
    `${model.bounds}; the shortest counterexample has ${steps.length} states.`,
  ];
  return `${[...head, "", ...steps.map(stepText)].join("\n")}\n`;
}

function reason({ kind, rule }: Model): string {
  return kind === "scenario" ? "falls, as it is meant to" : `falls without the rule ${rule}`;
}

function stepText({ number, action, parameters, changes }: CounterexampleStep): string {
  const call = Object.entries(parameters).map(([name, value]) => `${name} = ${plain(value)}`);
  const first = call.length === 0 ? action : `${action}(${call.join(", ")})`;
  return [`${String(number).padStart(4)}  ${first}`, ...changes.flatMap(changeLines)].join("\n");
}

function changeLines({
  place,
  before,
  after,
  added,
  removed,
}: CounterexampleStep["changes"][number]): string[] {
  if (LEFT_OUT.test(place)) return [];
  if (place === "messages") return (added ?? []).map((item) => `        sends ${plain(item)}`);
  if (added === null || removed === null) {
    return [`        ${place}: ${plain(before)} → ${plain(after)}`];
  }
  return [
    ...removed.map((item) => `        ${place} loses ${plain(item)}`),
    ...added.map((item) => `        ${place} gains ${plain(item)}`),
  ];
}

/** Records without the arrows of TLA+: `[term |-> 1]` becomes `[term: 1]`. */
function plain(value: string): string {
  return value.replaceAll(" |-> ", ": ").replaceAll('"', "");
}
