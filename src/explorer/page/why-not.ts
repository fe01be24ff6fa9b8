/** The explanation of where a recorded trace diverges: that of `lockstep check`, made in the page. */
import type { Divergence, TraceToCheck } from "../../../trace-check/engine.ts";
import { type Explanation, explain } from "../../../trace-check/explain.ts";
import { MEANINGS, type Words } from "../../../trace-check/meanings.ts";
import { lineOfEvent } from "../../trace/reader.ts";
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
