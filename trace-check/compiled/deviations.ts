/**
 * All in which an event differs from its action, which forgotten rules leave the least of it, and
 * which other actions it is as near to. It explains and decides nothing.
 */
import {
  ACTIONS,
  type TraceAction,
  type TraceEvent,
  type TraceMessage,
} from "../../src/trace/format.ts";
import type { Finding } from "../engine.ts";
import { asAction, type Renamed, thingsTold } from "../explaining/as-action.ts";
import { type Difference, inOrder, type Mood } from "../explaining/differences.ts";
import { RULES_ASKED } from "../explaining/rules-asked.ts";
import { guardFinding } from "../tlc/verdict.ts";
import { type Scene, walkWithout } from "./scene.ts";
import type { ServerState } from "./server-state.ts";
import { Tellings } from "./tellings.ts";
import type { TraceWalk } from "./walk.ts";

/** In what an event differs from an action. */
export interface ActionDeviation {
  readonly action: TraceAction;
  /** What the action is about, where it is an index. */
  readonly index: number | undefined;
  /** The guards that are false. */
  readonly guards: readonly Finding[];
  /** The same as conjuncts of the action, by their numbers: the operators that they are. */
  readonly conjuncts: ReadonlyMap<number, string>;
  /** The rest, the most telling first. */
  readonly differences: readonly Difference[];
  /** Whether that is all: behind a false guard an action may have no value to compare with. */
  readonly isWhole: boolean;
}

/** Rules that, forgotten together, leave less of what an event differs in, and bring nothing new. */
export interface Combination {
  readonly rules: readonly string[];
  readonly left: readonly Difference[];
}

export interface Deviations {
  /** From the action that the event names. */
  readonly own: ActionDeviation;
  /** Those that leave the least, with the fewest rules. Empty where a rule helps nothing. */
  readonly combinations: readonly Combination[];
  /** From the nearest of the other actions, where it differs in no more, its name included. */
  readonly others: readonly ActionDeviation[];
}

/** More rules than these are not forgotten at once. */
const MOST_RULES = 3;

/** More actions than these, as near as each other, are none that the event comes near to. */
const MOST_OTHERS = 2;

/** What a restart is about: an event that has them otherwise is none. */
const RECOVERED: ReadonlySet<string> = new Set(["currentTerm", "votedFor", "log", "snapshotIndex"]);

/** What the deviations of one event are asked of. */
interface Asked {
  readonly scene: Scene;
  readonly event: TraceEvent;
  readonly received: TraceMessage | undefined;
  readonly state: ServerState;
}

interface Asking extends Asked {
  readonly tellings: Readonly<Record<Mood, Tellings>>;
}

/** Null where the spec does not get to the event, or the guards of its action have no value. */
export function deviationsAt(asked: Asked): Deviations | null {
  const { scene, event, state } = asked;
  const tellingsIn = (mood: Mood) => new Tellings(scene.names, state, mood);
  const tellings = { does: tellingsIn("does"), "would do": tellingsIn("would do") };
  const asking = { ...asked, tellings };
  const own = deviationFrom(scene.walk, asking, { event, surplus: [] });
  if (own === null) return null;
  const combinations = own.isWhole ? combinationsFor(asking, own) : [];
  const least = Math.min(sizeOf(own), ...combinations.map(costOf));
  // That it names another action counts as one thing; where not all of `own` is known, for nothing.
  const most = own.isWhole ? least - 1 : least;
  return { own, combinations, others: othersWithin(asking, most) };
}

function moodOf({ guards }: ActionDeviation): Mood {
  return guards.length > 0 ? "would do" : "does";
}

/** How many things are not as the spec has them. */
export function sizeOf({ guards, differences }: ActionDeviation): number {
  return guards.length + weightOf(differences);
}

/** A rule that is forgotten counts as one thing. */
function costOf({ rules, left }: Combination): number {
  return rules.length + weightOf(left);
}

function weightOf(differences: readonly Difference[]): number {
  return differences.reduce((sum, { weight }) => sum + weight, 0);
}

/** @param mood by default, that of an action which is not possible where a guard is false */
function deviationFrom(
  walk: TraceWalk,
  { scene, tellings }: Asking,
  { event, surplus }: Renamed,
  mood?: Mood,
): ActionDeviation | null {
  const { before, events, names, place } = scene;
  if (before === null) return null;
  const deviation = walk.deviation(before, events.as(place, event));
  if (deviation === null) return null;
  const guards = deviation.guards.map((row) => guardFinding(row, names));
  const telling = tellings[mood ?? (guards.length > 0 ? "would do" : "does")];
  const differences = inOrder((deviation.differences ?? []).flatMap((row) => telling.of(row)));
  return {
    action: event.action,
    index: event.index,
    guards,
    conjuncts: deviation.conjuncts,
    differences: [...surplus, ...differences],
    isWhole: deviation.differences !== null,
  };
}

/** Rules that leave the least of `own`; where as many are left, the fewest rules. */
function combinationsFor(asked: Asking, own: ActionDeviation): readonly Combination[] {
  let best: readonly Combination[] = [];
  let least = sizeOf(own);
  for (const rules of sets(RULES_ASKED[asked.event.action], MOST_RULES)) {
    const [known] = best;
    // Smaller sets come first: a larger one has to leave less than they do.
    if (least === 0 && known !== undefined && known.rules.length < rules.length) break;
    const left = leftWithout(asked, rules, own);
    const weight = left === null ? Number.POSITIVE_INFINITY : weightOf(left);
    if (left === null || weight > least || weight === sizeOf(own)) continue;
    const isBetter = weight < least;
    if (!isBetter && known !== undefined && known.rules.length < rules.length) continue;
    best = isBetter ? [{ rules, left }] : [...best, { rules, left }];
    least = weight;
  }
  return best;
}

/** What is left once rules are forgotten; null where something new comes of that. */
function leftWithout(
  asked: Asking,
  rules: readonly string[],
  own: ActionDeviation,
): readonly Difference[] | null {
  const walk = walkWithout(asked.scene, rules);
  const left = deviationFrom(walk, asked, { event: asked.event, surplus: [] }, moodOf(own));
  if (left === null || !left.isWhole) return null;
  const known = new Set(own.differences.map(whatOf));
  const isNew =
    left.differences.some((each) => !known.has(whatOf(each))) ||
    [...left.conjuncts.keys()].some((conjunct) => !own.conjuncts.has(conjunct));
  return isNew ? null : [...guardsLeft(own, left), ...left.differences];
}

/** What is another, whatever it is in its place. */
function whatOf({ name, part }: Difference): string {
  return `${name} ${part}`;
}

/** A guard that has another name than the operator that it is. */
const OPERATOR_OF: Readonly<Record<string, string>> = { ConfirmersOf: "IsMajority" };

/** The guards of `own` that are false all the same: the action tells, which asks the rules. */
function guardsLeft(own: ActionDeviation, left: ActionDeviation): readonly Difference[] {
  const gone = [...own.conjuncts].filter(([conjunct]) => !left.conjuncts.has(conjunct));
  const operators = new Set(gone.map(([, operator]) => operator));
  return own.guards
    .filter(({ name }) => !operators.has(OPERATOR_OF[name] ?? name))
    .map(({ name }) => ({ name, part: "", text: "", weight: 1 }));
}

/** All subsets of at least one and at most so many, the smaller ones first. */
function* sets(rules: readonly string[], most: number): Generator<readonly string[]> {
  for (let size = 1; size <= Math.min(most, rules.length); size++) yield* setsOf(rules, size);
}

function* setsOf(rules: readonly string[], size: number): Generator<readonly string[]> {
  if (size === 0) return yield [];
  for (const [place, rule] of rules.entries()) {
    for (const rest of setsOf(rules.slice(place + 1), size - 1)) yield [rule, ...rest];
  }
}

/** The nearest of the other actions, where the event differs from them in no more than `most`. */
function othersWithin(asked: Asking, most: number): readonly ActionDeviation[] {
  const { scene, event, received } = asked;
  const others = ACTIONS.filter((action) => action !== event.action).flatMap((action) => {
    const renamed = asAction(event, action, received);
    if (renamed === null) return [];
    const other = deviationFrom(scene.walk, asked, renamed, "would do");
    return other !== null && isNear(other, event) ? [other] : [];
  });
  const least = Math.min(most, ...others.map(sizeOf));
  const nearest = others.filter((other) => sizeOf(other) === least);
  return nearest.length > MOST_OTHERS ? [] : nearest;
}

/** Whether the event is more of that action than not. */
function isNear(other: ActionDeviation, event: TraceEvent): boolean {
  const size = sizeOf(other);
  if (!other.isWhole || (size > 0 && 2 * size >= thingsTold(event))) return false;
  return other.action !== "Restart" || other.differences.every(({ name }) => !RECOVERED.has(name));
}
