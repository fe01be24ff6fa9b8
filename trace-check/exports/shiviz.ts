/**
 * A trace as a log for ShiViz, which draws space-time diagrams (Beschastnikh and others, "Debugging
 * Distributed Systems", CACM 59(8), 2016): a line of what happened, and before it the server with its
 * vector clock (Fidge, Mattern), by which ShiViz orders events.
 */
import type { TraceEvent } from "../../src/trace/format.ts";
import type { TraceToCheck, Verdict } from "../engine.ts";
import { describeEvent } from "../explain.ts";

/** What to give ShiViz as the pattern of an event, and as that between executions. */
export const SHIVIZ_EVENT = "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)";
export const SHIVIZ_EXECUTION = "^=== (?<trace>.*) ===$";

type Clock = Readonly<Record<string, number>>;

/** One execution: a heading, then two lines an event, up to the divergence where there is one. */
export function* shivizLines(trace: TraceToCheck, verdict: Verdict): Generator<string> {
  yield `=== ${trace.name} ===`;
  const clocks = new Map<string, Clock>();
  const sent = new Map<string, Clock>();
  for (const [place, event] of trace.events.slice(0, verdict.eventsChecked).entries()) {
    const clock = tick(event, clocks.get(event.server) ?? {}, sent.get(event.received ?? ""));
    clocks.set(event.server, clock);
    for (const { id } of event.sent ?? []) sent.set(id, clock);
    const mark =
      place === verdict.divergence?.event ? `DIVERGES (${verdict.divergence.kind})  ` : "";
    yield `${event.server} ${JSON.stringify(clock)}`;
    yield `${mark}${describeEvent(event)}`;
  }
}

/** One more of its own, and of every server what the message knew of it. */
function tick(event: TraceEvent, before: Clock, received: Clock | undefined): Clock {
  const clock: Record<string, number> = { ...before };
  for (const [server, count] of Object.entries(received ?? {})) {
    clock[server] = Math.max(clock[server] ?? 0, count);
  }
  clock[event.server] = (clock[event.server] ?? 0) + 1;
  return clock;
}
