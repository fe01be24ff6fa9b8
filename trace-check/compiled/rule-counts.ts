/** How often the rules of the spec answered one thing and the other in traces. */
import type { RuleCount, TraceToCheck } from "../engine.ts";
import { Names } from "../prepare.ts";
import { Events } from "./events.ts";
import { TraceWalk } from "./walk.ts";

/** No answers yet, of these rules. */
export function noAnswers(rules: readonly string[]): Record<string, RuleCount> {
  return Object.fromEntries(rules.map((rule) => [rule, { granted: 0, refused: 0 }]));
}

/** Adds rows of a rule's name and what it answered. */
export function addAnswers(
  counts: Readonly<Record<string, RuleCount>>,
  rows: readonly (readonly unknown[])[],
): void {
  for (const [rule, answer] of rows) {
    const count = counts[String(rule)];
    if (count === undefined) throw new RangeError(`the spec answers for ${rule}, no rule`);
    if (answer === true) count.granted++;
    else count.refused++;
  }
}

/** Adds what the rules answered on the first `length` steps of a trace, which the spec allows. */
export function countRules(
  trace: TraceToCheck,
  length: number,
  counts: Readonly<Record<string, RuleCount>>,
): void {
  const names = new Names(trace.header.servers);
  const events = new Events(trace.events, names);
  const walk = new TraceWalk(trace, names, events);
  let now = walk.initial();
  for (let place = 0; place < length; place++) {
    const step = walk.step(now, place);
    if ("kind" in step) return;
    addAnswers(counts, walk.ruleAnswers(now, step.after, place));
    now = step.after;
  }
}
