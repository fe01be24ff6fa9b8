/** What each part of an action, or of a property, is worth on a step. */
import { EvaluationError } from "../../engine/errors.ts";
import type { State } from "../../engine/spec.ts";
import { FunctionValue, type Value } from "../../engine/values.ts";
import type { TraceMessage } from "../../trace/format.ts";
import { conjunctsOf, guardsOf } from "../tla/conjuncts.ts";
import { Evaluated, evaluate, type Scope } from "../tla/evaluate.ts";
import type { Known, Library } from "../tla/library.ts";
import { showShort } from "../tla/show.ts";
import type { Definition, Node } from "../tla/tree.ts";
import type { Choice } from "./move.ts";
import type { SpecSide } from "./spec-side.ts";

/** A part of a text, judged. */
export interface Mark {
  /** Null where it was not asked, or has no value. */
  readonly truth: boolean | null;
  readonly kind: "guard" | "effect";
  /** The values that it compared, or what a variable became. */
  readonly note: string;
}

/** A definition with what its parts are worth. */
export interface Explained extends Known {
  readonly marks: ReadonlyMap<Node, Mark>;
  readonly evaluated: Evaluated;
  /** Whether all of it is true; null where it has no value. */
  readonly truth: boolean | null;
}

export interface Asked {
  readonly spec: SpecSide;
  readonly library: Library;
  /** The rule that the spec forgets; null for none. */
  readonly forgotten: string | null;
  readonly now: State;
  readonly after: State | null;
}

/** An action with its parameters: what each conjunct said. */
export function explainAction(
  asked: Asked,
  choice: Choice,
  received: TraceMessage | null,
): Explained | null {
  const known = asked.library.get(definitionOf(asked, choice));
  if (known === undefined) return null;
  return explain(asked, known, parametersOf(asked.spec, known.definition, choice, received));
}

/** A server with a snapshot takes these steps as RaftSnapshots has them. */
const WITH_SNAPSHOT: Readonly<Record<string, string>> = {
  Restart: "RestartFromSnapshot",
  SendAppendEntries: "SendEntriesAfterSnapshot",
};

function definitionOf({ spec, now }: Asked, { action, server }: Choice): string {
  return spec.hasSnapshot(now, server) ? (WITH_SNAPSHOT[action] ?? action) : action;
}

/** A property on the states before and after a step: what of it is false, and for what. */
export function explainProperty(asked: Asked, name: string): Explained | null {
  const known = asked.library.get(`${name}Step`);
  if (known !== undefined) return explain(asked, known, new Map());
  const invariant = asked.library.get(name);
  if (invariant === undefined) return null;
  return explain({ ...asked, now: asked.after ?? asked.now }, invariant, new Map());
}

/** The first conjunct that forbids an action; null where none at its top does. */
export function falseGuard(
  asked: Asked,
  choice: Choice,
  received: TraceMessage | null,
): { readonly text: string; readonly note: string } | null {
  const known = asked.library.get(definitionOf(asked, choice));
  if (known === undefined) return null;
  const { definition, excerpt } = known;
  const parameters = parametersOf(asked.spec, definition, choice, received);
  const seen = new Evaluated();
  for (const guard of guardsOf(definition.body)) {
    const value = attempt(() => evaluate(guard, scopeOf(asked), parameters, seen));
    if (value === true) continue;
    const text = excerpt.text.slice(guard.start, guard.end).replaceAll(/\s+/g, " ");
    return { text, note: noteOf(guard, seen, asked, null) };
  }
  return null;
}

function explain(asked: Asked, known: Known, parameters: ReadonlyMap<string, Value>): Explained {
  const { body } = known.definition;
  const evaluated = new Evaluated();
  const scope = scopeOf(asked);
  const whole = attempt(() => evaluate(body, scope, parameters, evaluated));
  // An action stops at what is false: what else would be, is worth seeing as well.
  for (const guard of guardsOf(body)) {
    if (!evaluated.values.has(guard)) {
      attempt(() => evaluate(guard, scope, parameters, evaluated));
    }
  }
  const marks = marksOf(body, evaluated, asked, parameters.get("s") ?? null);
  return { ...known, marks, evaluated, truth: typeof whole === "boolean" ? whole : null };
}

/** A definition that the explained one speaks of: what its parts were worth when it was asked last. */
export function explainWithin(asked: Asked, outer: Explained, name: string): Explained | null {
  const known = asked.library.get(name);
  if (known === undefined) return null;
  const { evaluated } = outer;
  const truth = evaluated.values.get(known.definition.body);
  return {
    ...known,
    evaluated,
    marks: marksOf(known.definition.body, evaluated, asked, null),
    truth: typeof truth === "boolean" ? truth : null,
  };
}

function marksOf(
  body: Node,
  evaluated: Evaluated,
  asked: Asked,
  server: Value | null,
): ReadonlyMap<Node, Mark> {
  return new Map(
    conjunctsOf(body).map(({ node, kind }): [Node, Mark] => {
      const value = evaluated.values.get(node);
      const truth = typeof value === "boolean" ? value : null;
      const note = truth === null ? "" : noteOf(node, evaluated, asked, server);
      return [node, { truth, kind, note }];
    }),
  );
}

function scopeOf({ spec, library, forgotten, now, after }: Asked): Scope {
  return {
    now,
    after,
    constants: spec.constants,
    definition: (name) => library.getWithout(forgotten, IN_A_TRACE[name] ?? name)?.definition,
  };
}

/** What the compiled spec has in the place of these: a message holds no snapshot's state. */
const IN_A_TRACE: Readonly<Record<string, string>> = {
  EntriesIncluded: "NoEntries",
  LogOfSnapshot: "CommittedEntries",
};

function parametersOf(
  spec: SpecSide,
  { parameters }: Definition,
  choice: Choice,
  received: TraceMessage | null,
): ReadonlyMap<string, Value> {
  const { names } = spec;
  const known: Readonly<Record<string, () => Value>> = {
    s: () => names.server(choice.server),
    m: () => (received === null ? false : spec.messageValue(received)),
    command: () => names.command(choice.command),
    index: () => choice.index,
    round: () => choice.round,
    p: () => names.server(choice.slice?.peer ?? choice.peer ?? ""),
    prevLogIndex: () => choice.slice?.prevLogIndex ?? 0,
    count: () => choice.slice?.count ?? 0,
  };
  return new Map(parameters.map((name) => [name, known[name]?.() ?? false]));
}

function attempt(compute: () => Value): Value | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof RangeError) return null;
    throw error;
  }
}

const LONGEST_NOTE = 48;

/** The values that a conjunct compared; of a variable that it gives, the new value. */
function noteOf(node: Node, seen: Evaluated, asked: Asked, server: Value | null): string {
  const note = longNote(node, seen, asked, server);
  if (note.length <= LONGEST_NOTE) return note;
  return note.startsWith("→") ? `${note.slice(0, LONGEST_NOTE - 1)}…` : "";
}

function longNote(node: Node, seen: Evaluated, asked: Asked, server: Value | null): string {
  const { names } = asked.spec;
  const show = (part: Node): string => {
    const value = seen.values.get(part);
    return value === undefined ? "?" : showShort(value, names);
  };
  switch (node.kind) {
    case "not": {
      const inner = longNote(node.of, seen, asked, server);
      return inner === "" ? "" : `not ${inner}`;
    }
    case "if":
      return longNote(seen.values.has(node.yes) ? node.yes : node.no, seen, asked, server);
    case "binary":
      if (node.left.kind === "prime") return becomes(node.right, seen, asked, server);
      if (node.symbol === "=" && show(node.left) === show(node.right)) return "";
      if (node.symbol === "=>") return "";
      return `${show(node.left)} ${SIGNS[node.symbol] ?? node.symbol} ${show(node.right)}`;
    case "name": {
      const body = asked.library.getWithout(asked.forgotten, node.name)?.definition.body;
      if (body === undefined) return "";
      if (UNSHOWN.has(node.name) || (body.kind === "binary" && body.symbol === "=>")) return "";
      return longNote(body, seen, asked, null);
    }
    default:
      return "";
  }
}

/** The new value of a variable, of the server that acts alone where it is one a server. */
function becomes(node: Node, seen: Evaluated, asked: Asked, server: Value | null): string {
  const value = seen.values.get(node);
  if (value === undefined) return "";
  const isOfServers = value instanceof FunctionValue && value.domain.kind === "record";
  const place = isOfServers && server !== null ? value.domain.position(server) : -1;
  const own = isOfServers && place >= 0 ? value.values[place] : value;
  return own === undefined ? "" : `→ ${showShort(own, asked.spec.names)}`;
}

/** The messages that these speak of are shown on the stage, and in the list of what was sent. */
const UNSHOWN = new Set(["Send", "CanReceive"]);

const SIGNS: Readonly<Record<string, string>> = {
  "#": "≠",
  "<=": "≤",
  ">=": "≥",
  "\\in": "∈",
  "\\notin": "∉",
  "\\subseteq": "⊆",
};
