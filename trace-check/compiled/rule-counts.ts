/** How often the rules of the spec answered one thing and the other in traces. */
import type { TraceToCheck } from "../engine.ts";
import { Names } from "../prepare.ts";
import { Events } from "./events.ts";
import { TraceWalk } from "./walk.ts";

/**
 * Of a rule that is a condition, how often it granted and refused; of one that says what becomes
 * of a variable, how often it made a difference and how often it made none.
 */
export interface RuleCount {
  granted: number;
  refused: number;
}

/** Adds what the rules answered on the first `length` steps of a trace, which the spec allows. */
export function countRules(
  trace: TraceToCheck,
  length: number,
  counts: Map<string, RuleCount>,
): void {
  const names = new Names(trace.header.servers);
  const events = new Events(trace.events, names);
  const walk = new TraceWalk(trace, names, events);
  let now = walk.initial();
  for (let place = 0; place < length; place++) {
    const step = walk.step(now, place);
    if ("kind" in step) return;
    for (const [rule, answer] of walk.ruleAnswers(now, step.after, place)) {
      const count = counts.get(String(rule));
      if (count === undefined) throw new RangeError(`the spec answers for ${rule}, no rule`);
      if (answer === true) count.granted++;
      else count.refused++;
    }
    now = step.after;
  }
}
