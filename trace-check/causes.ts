import type { TraceEvent } from "../src/trace/format.ts";

/**
 * The places, in order, of the last `most` events that could have caused the one at `place`:
 * those of its server, and, before the sends that led to it, those of the senders.
 */
export function lastOfPast(
  events: readonly TraceEvent[],
  place: number,
  most: number,
): readonly number[] {
  const event = events[place];
  if (event === undefined) return [];
  const servers = new Set([event.server]);
  const received = new Set([event.received]);
  const causes: number[] = [];
  for (let before = place - 1; before >= 0 && causes.length < most; before--) {
    const cause = events[before];
    if (cause === undefined) continue;
    const isCause =
      servers.has(cause.server) || cause.sent?.some((message) => received.has(message.id));
    if (!isCause) continue;
    servers.add(cause.server);
    if (cause.received !== undefined) received.add(cause.received);
    causes.push(before);
  }
  return causes.reverse();
}
