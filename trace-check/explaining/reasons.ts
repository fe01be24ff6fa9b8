/** What speaks against an event, and what it comes near to. */
import type { TraceAction } from "../../src/trace/format.ts";
import type { ActionDeviation, Deviations } from "../compiled/deviations.ts";
import type { Divergence, Finding } from "../engine.ts";
import type { Meaning, Words } from "../meanings.ts";
import { rulesLostAt, speaksAgainst } from "./against.ts";
import type { Difference } from "./differences.ts";
import { type Circumstances, factsOf } from "./facts.ts";
import { tellValue } from "./tell.ts";

/** A rule, guard or property that speaks against the event, or a variable that is another. */
export interface Reason {
  readonly name: string;
  /** What it said before the event, by the spec; null where that is not asked. */
  readonly holds: boolean | null;
  /** Undefined for a variable, which needs no explaining. */
  readonly meaning: Meaning | undefined;
  /**
   * The values that it looked at, in words; null where its own words say it all. Of a variable, what
   * the spec has and what the trace says.
   */
  readonly facts: string | null;
}

/** Rules that, forgotten together, come nearest to making the event a step of the spec. */
export interface ComesNearest {
  readonly rules: readonly string[];
  /** What a server does that forgets them. */
  readonly sentence: string;
  /** What is another all the same; empty for nothing. */
  readonly left: readonly string[];
}

/** Another action, from which the event differs in no more than from its own. */
export interface NearAction {
  readonly action: TraceAction;
  /** In what it differs; empty where it is a step of that action. */
  readonly because: readonly Reason[];
}

/** What reasons are made of. */
export interface Grounds {
  readonly divergence: Divergence;
  /** The rules of which one explains all. */
  readonly looksLike: readonly string[];
  readonly words: Words;
  readonly circumstances: Circumstances | null;
  readonly deviations: Deviations | null;
}

/** The rules that were asked whole come before the parts of them. */
export function mostTellingFirst(
  rules: readonly string[],
  { decisions }: Divergence,
): readonly string[] {
  const isAsked = (name: string) => decisions.some(({ rule }) => rule === name);
  return [...rules.filter(isAsked), ...rules.filter((name) => !isAsked(name))];
}

/**
 * What speaks against the event; the same facts are told once. Guards and rules come first; where
 * none of them alone says it all, whatever is not as the spec has it follows.
 */
export function reasonsFor(grounds: Grounds): readonly Reason[] {
  const { divergence, words, circumstances } = grounds;
  const told = new Set<string>();
  const rules = namesAgainst(grounds).map((name): Reason => {
    const own = circumstances === null ? undefined : factsOf(name, circumstances);
    const facts = own ?? neededAndThere(name, divergence);
    const isNew = facts !== undefined && !told.has(facts);
    if (isNew) told.add(facts);
    return {
      name,
      holds: holdsBefore(name, divergence),
      meaning: words.get(name),
      facts: isNew ? facts : null,
    };
  });
  return [...rules, ...differencesAgainst(grounds, rules).map(reasonOf)];
}

/** Where no rule alone explains the event, the rules that come nearest to that. */
export function comesNearest({ deviations, looksLike, words }: Grounds): readonly ComesNearest[] {
  if (deviations === null || looksLike.length > 0) return [];
  return deviations.combinations.map(({ rules, left }) => ({
    rules,
    sentence: rules.map((rule) => words.get(rule)?.forgotten ?? "").join(" "),
    left: [...new Set(left.map(({ name }) => name))],
  }));
}

export function nearActions({ deviations, words, circumstances }: Grounds): readonly NearAction[] {
  if (deviations === null || circumstances === null) return [];
  return deviations.others.map((other) => ({
    action: other.action,
    because: [
      ...other.guards.map((guard) => guardReason(guard, other, words, circumstances)),
      ...other.differences.map(reasonOf),
    ],
  }));
}

function guardReason(
  guard: Finding,
  { action, index }: ActionDeviation,
  words: Words,
  circumstances: Circumstances,
): Reason {
  const event = { ...circumstances.event, action, ...(index === undefined ? {} : { index }) };
  const facts = factsOf(guard.name, { ...circumstances, event }) ?? needed(guard);
  return { name: guard.name, holds: false, meaning: words.get(guard.name), facts: facts ?? null };
}

function reasonOf({ name, text }: Difference): Reason {
  return { name, holds: null, meaning: undefined, facts: text };
}

/** Of a guard that has no words of its own: what it needs, and what is there. */
function neededAndThere(name: string, { kind, findings }: Divergence): string | undefined {
  const finding = findings.find((each) => each.name === name);
  return kind === "notEnabled" && finding !== undefined ? needed(finding) : undefined;
}

function needed({ expected, actual }: Finding): string | undefined {
  if (expected === null && actual === null) return undefined;
  return `It needs ${tellValue(expected)}, and there is ${tellValue(actual)}.`;
}

/** The guards and properties that are false; of a mismatch, the rules that would explain it. */
function namesAgainst({ divergence, looksLike, deviations }: Grounds): readonly string[] {
  const guards =
    divergence.kind === "mismatch"
      ? []
      : divergence.findings.map(({ name }) => name).filter((name) => name !== "enabled");
  if (looksLike.length > 0 && divergence.kind !== "mismatch") return guards;
  const nearest = deviations?.combinations.flatMap(({ rules }) => rules) ?? [];
  const helpful = looksLike.length > 0 ? looksLike : mostTellingFirst(nearest, divergence);
  const rules = helpful.filter((name) => speaksAgainst(name, divergence));
  return [...new Set([...guards, ...rulesLostAt(divergence), ...rules])];
}

/** All that is not as the spec has it, but for the guards; nothing where one rule, told, explains it. */
function differencesAgainst(
  { looksLike, deviations }: Grounds,
  told: readonly Reason[],
): readonly Difference[] {
  const isExplained = looksLike.length > 0 && told.length > 0;
  return deviations === null || isExplained ? [] : deviations.own.differences;
}

function holdsBefore(name: string, { kind, decisions, findings }: Divergence): boolean | null {
  if (kind === "notSent") return null;
  const isInTheWay = kind !== "mismatch" && findings.some((finding) => finding.name === name);
  if (isInTheWay) return false;
  return decisions.find(({ rule }) => rule === name)?.holds ?? null;
}
