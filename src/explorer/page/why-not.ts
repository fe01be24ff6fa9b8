/** The explanation of where a recorded trace diverges: that of `lockstep check`, made in the page. */
import type { Divergence, TraceToCheck } from "../../../trace-check/engine.ts";
import { type Explanation, explain } from "../../../trace-check/explain.ts";
import { MEANINGS, type Words } from "../../../trace-check/meanings.ts";
import { lineOfEvent } from "../../trace/reader.ts";
import type { TakenStep } from "../model/frame.ts";
import { sources } from "./texts.ts";

const words: Words = new Map([
  ...MEANINGS,
  ...sources.rules.map((rule) => [rule.name, rule] as const),
]);

const explained = new WeakMap<Divergence, Explanation>();

/** It is made once for a divergence, since it tries every rule. */
export function whyNotOf(divergence: Divergence, trace: TraceToCheck): Explanation {
  const known = explained.get(divergence);
  if (known !== undefined) return known;
  const placeOf = (event: number) => ({ file: trace.name, line: lineOfEvent(event) });
  const explanation = explain({ trace, placeOf }, divergence, words);
  explained.set(divergence, explanation);
  return explanation;
}

/**
 * The rules that speak against a step; none where it is one of the spec.
 *
 * @param forgotten the rule that the code forgets; null for none
 */
export function rulesAgainst(step: TakenStep, forgotten: string | null): ReadonlySet<string> {
  const { divergence, trace } = step;
  if (divergence === null) return new Set();
  if (trace !== null) return new Set(whyNotOf(divergence, trace).because.map(({ name }) => name));
  const names = divergence.findings.map(({ name }) => name);
  return new Set(forgotten === null ? names : [...names, forgotten]);
}
