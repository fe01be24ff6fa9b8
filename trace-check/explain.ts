import {
  ACTIONS,
  type TraceAction,
  type TraceEvent,
  type TraceMessage,
} from "../src/trace/format.ts";
import { causesOf } from "./causes.ts";
import { type Deviations, deviationsAt } from "./compiled/deviations.ts";
import { type ActionLines, diagnoseScene, type ToldConjunct } from "./compiled/diagnose.ts";
import { type Scene, sceneAt } from "./compiled/scene.ts";
import type { ServerState } from "./compiled/server-state.ts";
import { stepsInOne } from "./compiled/steps-in-one.ts";
import type { Decision, Divergence, Finding, Value } from "./engine.ts";
import { type Circumstances, tellState } from "./explaining/facts.ts";
import {
  type ComesNearest,
  comesNearest,
  mostTellingFirst,
  type NearAction,
  nearActions,
  type Reason,
  reasonsFor,
} from "./explaining/reasons.ts";
import { hintOfSteps, hintsFor, insteadOf } from "./explaining/remedy.ts";
import { tellEvent } from "./explaining/tell.ts";
import type { LoadedTrace, Place } from "./loaded.ts";
import { type Meaning, rulesIn, type Words } from "./meanings.ts";

/** A finding with what its name means; undefined for a variable, which needs no explaining. */
export interface ExplainedFinding extends Finding {
  readonly meaning: Meaning | undefined;
}

/** An event before the diverging one, as one line of text. */
export interface EventBefore extends Place {
  readonly text: string;
}

/** The first divergence of a trace, as an engineer wants it. */
export interface Explanation {
  readonly trace: string;
  readonly file: string;
  readonly line: number;
  readonly server: string;
  readonly seq: number;
  readonly action: Divergence["action"];
  readonly kind: Divergence["kind"];
  /** The first finding's name: the rule or guard, the variable, the property; null for none. */
  readonly property: string | null;
  readonly expected: Value;
  readonly actual: Value;
  readonly findings: readonly ExplainedFinding[];
  readonly decisions: readonly (Decision & { readonly meaning: Meaning | undefined })[];
  /** What the server did, in a sentence. */
  readonly did: string;
  /** Why the spec does not have that: what speaks against it. */
  readonly because: readonly Reason[];
  /** What it should have done, in a sentence. */
  readonly instead: string;
  /** What may be wrong with the logging and not with the server. */
  readonly hints: readonly string[];
  /** The acting server before the event, by the spec; null where that is not known. */
  readonly state: ServerState | null;
  /** The same in one line. */
  readonly stateText: string | null;
  /** The diverging event as one line of text. */
  readonly event: string;
  /** The message that it received, in full; null where it received none that was sent. */
  readonly received: TraceMessage | null;
  /** Where the spec says otherwise: the guard that is false, or the action. */
  readonly spec: string | null;
  /** What the spec says there that the event does not fit, and what it came to; null for none. */
  readonly conjunct: ToldConjunct | null;
  /** The rules of which one, forgotten, would have made the event a step of the spec. */
  readonly looksLike: readonly { readonly rule: string; readonly sentence: string }[];
  /** Where no rule alone makes it one: those that, forgotten together, come nearest to that. */
  readonly comesNearest: readonly ComesNearest[];
  /**
   * Whether `because` has all that speaks against the event: behind a guard that is false the action
   * may have no value to compare the rest with.
   */
  readonly becauseIsAll: boolean;
  /** The other actions from which the event differs in no more than from its own. */
  readonly nearActions: readonly NearAction[];
  /** The events that led to it: the sending of what it received, and what made its server so. */
  readonly before: readonly EventBefore[];
  /** The fewest events that still diverge, in a file of their own; null where none was written. */
  readonly minimal: { readonly file: string; readonly events: number } | null;
  /** The command that makes the same trace again; null where the trace names none. */
  readonly replay: string | null;
}

/** As many events as a reader follows. */
const MOST_EVENTS_BEFORE = 10;
const MOST_TEXT = 160;

/**
 * Tells why a trace diverges. It decides nothing: the verdict is an engine's.
 *
 * @param loaded the trace with the places of its events in files
 * @param divergence by whichever engine
 * @param words what the names in it mean
 */
export function explain(loaded: LoadedTrace, divergence: Divergence, words: Words): Explanation {
  const { trace } = loaded;
  const { file, line } = loaded.placeOf(divergence.event);
  const [first] = divergence.findings;
  const event = trace.events[divergence.event];
  if (event === undefined) throw new RangeError(`${trace.name} has no event ${divergence.event}`);
  const scene = sceneAt(trace, divergence.event);
  const lines = linesOf(divergence.action, words);
  const diagnosis = diagnoseScene(scene, divergence, rulesIn(words), lines);
  const looksLike = mostTellingFirst(diagnosis.looksLike, divergence);
  const received = receivedBy(trace.events, divergence.event);
  const circumstances =
    diagnosis.state === null
      ? null
      : { event, received, servers: trace.header.servers, state: diagnosis.state };
  const deviations = deviationsFor(scene, divergence, circumstances);
  const grounds = { divergence, looksLike, words, circumstances, deviations };
  return {
    trace: trace.name,
    file,
    line,
    server: divergence.server,
    seq: divergence.seq,
    action: divergence.action,
    kind: divergence.kind,
    property: first?.name ?? null,
    expected: first?.expected ?? null,
    actual: first?.actual ?? null,
    findings: divergence.findings.map((finding) => ({
      ...finding,
      meaning: divergence.kind === "mismatch" ? undefined : words.get(finding.name),
    })),
    decisions: divergence.decisions.map((decision) => ({
      ...decision,
      meaning: words.get(decision.rule),
    })),
    did: `${tellEvent(event, received)}.`,
    because: reasonsFor(grounds),
    instead: insteadOf(divergence, diagnosis.state),
    hints: [
      ...hintsFor(divergence, diagnosis.state, trace),
      ...hintOfSteps(divergence.kind === "mismatch" ? stepsInOne(scene, event) : []),
    ],
    state: diagnosis.state,
    stateText: diagnosis.state === null ? null : tellState(event.server, diagnosis.state),
    event: describeEvent(event),
    received: received ?? null,
    spec: diagnosis.conjunct?.place ?? words.get(divergence.action)?.place ?? null,
    conjunct: diagnosis.conjunct,
    looksLike: looksLike.map((rule) => ({
      rule,
      sentence: words.get(rule)?.forgotten ?? "",
    })),
    becauseIsAll: divergence.kind === "violated" || deviations?.own.isWhole === true,
    comesNearest: comesNearest(grounds),
    nearActions: nearActions(grounds),
    before: eventsBefore(loaded, divergence.event),
    minimal: null,
    replay: trace.header.replay ?? null,
  };
}

/** Where an action begins, and where the next one after it does. */
function linesOf(action: TraceAction, words: Words): ActionLines {
  const place = words.get(action)?.place;
  const [file, start] = place?.split(":") ?? [];
  const ends = ACTIONS.flatMap((other) => {
    const [otherFile, line] = words.get(other)?.place?.split(":") ?? [];
    return otherFile === file && Number(line) > Number(start) ? [Number(line)] : [];
  });
  return { place, end: Math.min(...ends) };
}

/** Null where there is no action to compare with: a step of the spec, or an unknown message. */
function deviationsFor(
  scene: Scene,
  { kind }: Divergence,
  circumstances: Circumstances | null,
): Deviations | null {
  if (circumstances === null || kind === "violated" || kind === "notSent") return null;
  return deviationsAt({ scene, ...circumstances });
}

function eventsBefore(loaded: LoadedTrace, place: number): readonly EventBefore[] {
  const { events, header } = loaded.trace;
  return causesOf(events, place, MOST_EVENTS_BEFORE, header.variables).flatMap((before) => {
    const event = events[before];
    if (event === undefined) return [];
    const text = tellEvent(event, receivedBy(events, before));
    return [{ ...loaded.placeOf(before), text }];
  });
}

/** The message that the event at a place receives, where one was sent before under that id. */
export function receivedBy(events: readonly TraceEvent[], place: number): TraceMessage | undefined {
  const id = events[place]?.received;
  if (id === undefined) return undefined;
  for (let before = place - 1; before >= 0; before--) {
    const found = events[before]?.sent?.find((message) => message.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An event as one line: who did what to which, and what changed. */
export function describeEvent(event: TraceEvent): string {
  const parts = [`${event.server} #${event.seq} ${event.action}`];
  if (event.command !== undefined) parts.push(JSON.stringify(event.command));
  if (event.index !== undefined) parts.push(`index ${event.index}`);
  if (event.received !== undefined) parts.push(`receives ${event.received}`);
  const sent = event.sent ?? [];
  if (sent.length > 0) {
    parts.push(`sends ${sent.map((message) => `${message.type} to ${message.to}`).join(", ")}`);
  }
  const changed = Object.entries(event.changed ?? {});
  if (changed.length > 0) {
    parts.push(
      `changes ${changed.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ")}`,
    );
  }
  const text = parts.join("  ");
  return text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT - 1)}…`;
}
