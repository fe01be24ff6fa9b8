/** The events that led to a divergence, laid out in space and time. */
import type { TraceEvent } from "../../src/trace/format.ts";
import { causesOf } from "../causes.ts";
import type { TraceToCheck } from "../engine.ts";
import { receivedBy } from "../explain.ts";
import { tellEvent } from "../explaining/tell.ts";

/** One event of the picture: a row of its own, in the column of its server. */
export interface Dot {
  /** From 0, in the order of time. */
  readonly row: number;
  /** From 0, in the order of the header. */
  readonly column: number;
  readonly event: TraceEvent;
  /** What happened, in a sentence. */
  readonly text: string;
  /** Its place in the trace, from 0. */
  readonly place: number;
  /** The term of its server after it, where the trace shows it; null before any was logged. */
  readonly term: number | null;
  readonly role: string;
}

/** A message that was received in the picture. */
export interface Arrow {
  readonly from: Dot;
  readonly to: Dot;
  readonly type: string;
}

export interface Timeline {
  readonly servers: readonly string[];
  readonly dots: readonly Dot[];
  readonly arrows: readonly Arrow[];
}

/** How many events a picture shows at most: the nearest causes. */
const MOST_DOTS = 24;

/** The diverging event and what led to it, with what became of terms and roles on the way. */
export function timelineOf(trace: TraceToCheck, divergence: number): Timeline {
  const { servers } = trace.header;
  const known = new Map(servers.map((server) => [server, { term: 0, role: "Follower" }]));
  const causes = causesOf(trace.events, divergence, MOST_DOTS - 1, trace.header.variables);
  const places = new Set([...causes, divergence]);
  const dots: Dot[] = [];
  for (const [place, event] of trace.events.slice(0, divergence + 1).entries()) {
    const before = known.get(event.server) ?? { term: 0, role: "Follower" };
    const term = event.changed?.currentTerm ?? before.term;
    const role = event.changed?.role ?? before.role;
    known.set(event.server, { term, role });
    if (!places.has(place)) continue;
    const column = servers.indexOf(event.server);
    const isTermKnown = trace.header.variables.includes("currentTerm");
    const text = tellEvent(event, receivedBy(trace.events, place));
    dots.push({
      row: dots.length,
      column,
      event,
      text,
      place,
      term: isTermKnown ? term : null,
      role,
    });
  }
  return { servers, dots, arrows: arrowsBetween(dots) };
}

function arrowsBetween(dots: readonly Dot[]): readonly Arrow[] {
  const senders = new Map<string, { readonly from: Dot; readonly type: string }>();
  const arrows: Arrow[] = [];
  for (const dot of dots) {
    const sender = senders.get(dot.event.received ?? "");
    if (sender !== undefined) arrows.push({ ...sender, to: dot });
    for (const { id, type } of dot.event.sent ?? []) senders.set(id, { from: dot, type });
  }
  return arrows;
}
