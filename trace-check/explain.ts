import type { TraceEvent, TraceMessage } from "../src/trace/format.ts";
import { lastOfPast } from "./causes.ts";
import { diagnose } from "./compiled/diagnose.ts";
import type { Decision, Divergence, Finding, Value } from "./engine.ts";
import type { LoadedTrace, Place } from "./loaded.ts";
import { type Meaning, rulesIn, type Words } from "./words.ts";

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
  /** The diverging event as one line of text. */
  readonly event: string;
  /** The message that it received, in full; null where it received none that was sent. */
  readonly received: TraceMessage | null;
  /** Where the spec says otherwise: the guard that is false, or the action. */
  readonly spec: string | null;
  /** The rules of which one, forgotten, would have made the event a step of the spec. */
  readonly looksLike: readonly { readonly rule: string; readonly sentence: string }[];
  /** The last events before it of its server and of those whose messages led to it. */
  readonly before: readonly EventBefore[];
  /** The fewest events that still diverge, in a file of their own; null where none was written. */
  readonly minimal: { readonly file: string; readonly events: number } | null;
  /** The command that makes the same trace again; null where the trace names none. */
  readonly replay: string | null;
}

const MOST_EVENTS_BEFORE = 6;
const MOST_TEXT = 160;

export function explain(loaded: LoadedTrace, divergence: Divergence, words: Words): Explanation {
  const { trace } = loaded;
  const { file, line } = loaded.placeOf(divergence.event);
  const first = divergence.findings[0];
  const event = trace.events[divergence.event];
  const diagnosis = diagnose(trace, divergence, rulesIn(words));
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
    event: event === undefined ? "" : describeEvent(event),
    received: receivedBy(trace.events, divergence.event),
    spec: diagnosis.place ?? words.get(divergence.action)?.place ?? null,
    looksLike: diagnosis.looksLike.map((rule) => ({
      rule,
      sentence: words.get(rule)?.forgotten ?? "",
    })),
    before: lastOfPast(trace.events, divergence.event, MOST_EVENTS_BEFORE).flatMap((place) => {
      const cause = trace.events[place];
      return cause === undefined ? [] : [{ ...loaded.placeOf(place), text: describeEvent(cause) }];
    }),
    minimal: null,
    replay: trace.header.replay ?? null,
  };
}

function receivedBy(events: readonly TraceEvent[], place: number): TraceMessage | null {
  const id = events[place]?.received;
  if (id === undefined) return null;
  for (let before = place - 1; before >= 0; before--) {
    const found = events[before]?.sent?.find((message) => message.id === id);
    if (found !== undefined) return found;
  }
  return null;
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
