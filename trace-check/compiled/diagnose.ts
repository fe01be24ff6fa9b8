/**
 * Why an event diverges, beyond what a verdict says: which forgotten rule would have made it a
 * step of the spec, and which guard was false. It explains and decides nothing.
 */
import { blame } from "../../src/engine/blame.ts";
import { EvaluationError } from "../../src/engine/errors.ts";
import { show } from "../../src/engine/show.ts";
import type { Conjunct, State } from "../../src/engine/spec.ts";
import type { Value } from "../../src/engine/values.ts";
import type { Divergence, TraceToCheck } from "../engine.ts";
import { cut } from "../explaining/tell.ts";
import type { Names } from "../prepare.ts";
import { type Scene, sceneAt, walkWithout } from "./scene.ts";
import { type ServerState, serverState } from "./server-state.ts";
import type { TraceWalk } from "./walk.ts";

export interface Diagnosis {
  /** The rules of which one, forgotten, makes the event a step of the spec. */
  readonly looksLike: readonly string[];
  /** Where the spec has the guard that was false, as "spec/Raft.tla:490"; null for none. */
  readonly place: string | null;
  /** That guard; of a mismatch, what gives its value to the first variable that is another. */
  readonly conjunct: ToldConjunct | null;
  /** Its server before the event, by the spec; null where the spec did not get there. */
  readonly state: ServerState | null;
}

/** A conjunct of an action of the spec that the event does not fit. */
export interface ToldConjunct {
  /** Where it stands, as "spec/Raft.tla:490". */
  readonly place: string;
  /** What the spec says there, on one line. */
  readonly text: string;
  /** What it came to: `2 \in 1..1`, or `s = n1, index = 2`; null where the text says it all. */
  readonly values: string | null;
}

/** Where the spec defines an action. */
export interface ActionLines {
  /** Its first line, as "spec/Raft.tla:490". */
  readonly place?: string | undefined;
  /** The line on which the next one begins. */
  readonly end?: number | undefined;
}

const NOTHING: Diagnosis = { looksLike: [], place: null, conjunct: null, state: null };

/** How the spec writes what SANY has another name for. */
const AS_WRITTEN: Readonly<Record<string, string>> = { "\\leq": "<=", "\\geq": ">=", "/=": "#" };

/** A value is told as long as a reader takes it in. */
const MOST_VALUE = 80;

/**
 * Takes the compiled spec to the event, whichever engine judged it, and tries each rule.
 *
 * @param action where the spec defines the event's action
 */
export function diagnose(
  trace: TraceToCheck,
  divergence: Pick<Divergence, "event" | "kind" | "server"> & Partial<Divergence>,
  rules: readonly string[],
  action?: ActionLines,
): Diagnosis {
  return diagnoseScene(sceneAt(trace, divergence.event), divergence, rules, action);
}

/** The same, where the spec was taken there already. */
export function diagnoseScene(
  scene: Scene,
  divergence: Parameters<typeof diagnose>[1],
  rules: readonly string[],
  action?: ActionLines,
): Diagnosis {
  const { names, walk, before } = scene;
  if (before === null) return NOTHING;
  const state = serverState(before, divergence.server, names);
  if (divergence.kind === "notSent" || divergence.kind === "violated") {
    return { ...NOTHING, state };
  }
  const looksLike = rules.filter((forgotten) => {
    return explains(walkWithout(scene, [forgotten]), before, divergence.event);
  });
  const conjunct =
    divergence.kind === "mismatch"
      ? assigning(walk, divergence.findings?.[0]?.name, action)
      : falseGuard(walk, before, divergence.event, names);
  return { looksLike, place: conjunct?.place ?? null, conjunct, state };
}

function explains(walk: TraceWalk, before: State, event: number): boolean {
  try {
    return walk.allows(before, event);
  } catch (error) {
    // Without the rule the spec may read what a message does not have: then it explains nothing.
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

/** The first guard that was false, with what it came to; null where none was. */
function falseGuard(
  walk: TraceWalk,
  before: State,
  event: number,
  names: Names,
): ToldConjunct | null {
  const { blamed } = blame.during(() => walk.allows(before, event), { waivesGuards: false });
  for (const { conjunct, values } of blamed) {
    const guard = walk.spec.conjuncts[conjunct];
    if (guard?.kind !== "guard") continue;
    const place = placeOf(guard);
    if (place === null) return null;
    return { place, text: guard.text ?? guard.name, values: told(guard, values, names) };
  }
  return null;
}

/**
 * The conjunct of an action that gives a variable its value: the first one in its definition; null
 * where an operator that it applies gives that, which may stand anywhere.
 */
function assigning(
  walk: TraceWalk,
  variable: string | undefined,
  { place: actionPlace, end = Number.POSITIVE_INFINITY }: ActionLines = {},
): ToldConjunct | null {
  const [file, start] = actionPlace?.split(":") ?? [];
  const lineOf = (place: string) => Number(place.split(":")[1]);
  const after = walk.spec.conjuncts
    .filter(({ kind, name }) => kind === "variable" && name === variable)
    .flatMap((each): readonly ToldConjunct[] => {
      const place = placeOf(each);
      const isOfFile = place?.startsWith(`${file}:`) === true;
      if (place === null || !isOfFile) return [];
      if (lineOf(place) < Number(start) || lineOf(place) >= end) return [];
      return [{ place, text: each.text ?? each.name, values: null }];
    })
    .sort((a, b) => lineOf(a.place) - lineOf(b.place));
  return after[0] ?? null;
}

function placeOf({ place }: Conjunct): string | null {
  const [, module, line] = /^module (\w+), line (\d+)/.exec(place) ?? [];
  return module === undefined ? null : `spec/${module}.tla:${line}`;
}

/** What a guard came to, servers by the names that the trace has for them. */
function told(guard: Conjunct, values: readonly Value[], names: Names): string | null {
  const texts = values.map((value) => {
    const text = show(value).replace(
      /"(s\d+)"/g,
      (all, server) => names.serverNamed(server) ?? all,
    );
    return cut(text, MOST_VALUE);
  });
  if (guard.comparison !== undefined && texts.length === 2) {
    return texts.join(` ${AS_WRITTEN[guard.comparison] ?? guard.comparison} `);
  }
  const named = guard.operands?.map((name, place) => `${name} = ${texts[place]}`) ?? [];
  return named.length === 0 ? null : named.join(", ");
}
