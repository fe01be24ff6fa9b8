import { type Message, raftRules } from "../../../src/core/index.ts";
import { TraceReplay } from "../../../src/replay/replay-trace.ts";
import {
  lineOfEvent,
  type TraceEvent,
  type TraceHeader,
  type TraceMessage,
} from "../../../src/trace/index.ts";
import type { DivergenceKind } from "../../../trace-check/engine.ts";

/** Where and how a trace first leaves what the core does. */
export interface Parting {
  readonly event: number;
  readonly kind: DivergenceKind;
}

/**
 * A second opinion on a trace that knows nothing of TLA+: every event is taken through the
 * core's function of that action, and what the function does is held against what the
 * trace logged. Null where the core goes all the way with it.
 */
export function replay(header: TraceHeader, events: readonly TraceEvent[]): Parting | null {
  const replay = new TraceReplay(header, { rules: raftRules });
  for (const [place, event] of events.entries()) {
    replay.take(event, { file: "", line: lineOfEvent(place) });
  }
  const { divergence } = replay.result();
  if (divergence === null) return null;
  return { event: divergence.line - lineOfEvent(0), kind: divergence.kind };
}

/** What a message says: all but its id, in one spelling. */
export function contentOf({ id: _id, ...content }: TraceMessage | Message): string {
  return canonical(content);
}

/** A value as JSON with the fields of objects in the order of their names. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
