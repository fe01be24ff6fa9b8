/**
 * The fewest events of a trace that still diverge in the same way: a causally closed subset of them,
 * or for each server its first events, with the send of every receipt among them, so that what is
 * left is a trace again.
 */
import { type TraceEvent, type TraceVariable, VARIABLES } from "../src/trace/format.ts";
import { judge } from "./compiled/engine.ts";
import type { Divergence, TraceToCheck } from "./engine.ts";
import { sliceOf } from "./slice.ts";

/** For each server, how many of its events to keep. */
type Lengths = ReadonlyMap<string, number>;

/**
 * @param divergence the first of the trace, by whichever engine
 * @returns a trace with the same header for all servers, whose last event diverges; the events
 * up to the divergence where the compiled spec does not find it again
 */
export function minimise(trace: TraceToCheck, divergence: Divergence): TraceToCheck {
  const prefix = shortestPrefix(trace, divergence);
  const slice = sliceOf(inOneFile(trace), divergence);
  return slice !== null && slice.events.length < prefix.events.length ? slice : prefix;
}

/** For each server its first events, as few as still diverge. */
function shortestPrefix(trace: TraceToCheck, divergence: Divergence): TraceToCheck {
  const events = trace.events.slice(0, divergence.event + 1);
  const servers = trace.header.servers;
  const diverges = (lengths: Lengths) => isSame(keep(trace, events, lengths), divergence);
  const past = causalPast(events);
  const whole = lengthsOf(events);
  let lengths = diverges(past) ? past : whole;
  for (const server of servers) {
    if (server === divergence.server) continue;
    lengths = shorten(server, lengths, (shorter) => {
      const closed = closure(events, shorter);
      // The diverging event itself may not fall with what it depends on.
      return closed.get(divergence.server) === whole.get(divergence.server) && diverges(closed)
        ? closed
        : null;
    });
  }
  return keep(trace, events, lengths);
}

/** The shortest length of one server that is still accepted, by halves of what is left to cut. */
function shorten(
  server: string,
  lengths: Lengths,
  accept: (lengths: Lengths) => Lengths | null,
): Lengths {
  let best = lengths;
  for (let cut = best.get(server) ?? 0; cut > 0; cut = Math.floor(cut / 2)) {
    for (;;) {
      const length = (best.get(server) ?? 0) - cut;
      if (length < 0) break;
      const accepted = accept(new Map(best).set(server, length));
      if (accepted === null) break;
      best = accepted;
    }
  }
  return best;
}

function lengthsOf(events: readonly TraceEvent[]): Lengths {
  const lengths = new Map<string, number>();
  for (const { server } of events) lengths.set(server, (lengths.get(server) ?? 0) + 1);
  return lengths;
}

/** What can have led to the last event: its server's events, and those before sends to them. */
function causalPast(events: readonly TraceEvent[]): Lengths {
  const senders = new Map<string, { readonly server: string; readonly length: number }>();
  const lengths = new Map<string, number>();
  const lengthAt = events.map((event) => {
    const length = (lengths.get(event.server) ?? 0) + 1;
    lengths.set(event.server, length);
    for (const { id } of event.sent ?? []) senders.set(id, { server: event.server, length });
    return length;
  });
  const wanted = new Map<string, number>();
  const last = events.at(-1);
  if (last !== undefined) wanted.set(last.server, lengthAt.at(-1) ?? 0);
  for (let place = events.length - 1; place >= 0; place--) {
    const event = events[place];
    if (event === undefined || (lengthAt[place] ?? 0) > (wanted.get(event.server) ?? 0)) continue;
    const sender = event.received === undefined ? undefined : senders.get(event.received);
    if (sender === undefined) continue;
    wanted.set(sender.server, Math.max(wanted.get(sender.server) ?? 0, sender.length));
  }
  return wanted;
}

/** The lengths without what receives a message whose send they leave out. */
function closure(events: readonly TraceEvent[], lengths: Lengths): Lengths {
  const sentAnywhere = new Set(events.flatMap((event) => (event.sent ?? []).map(({ id }) => id)));
  const sent = new Set<string>();
  const kept = new Map<string, number>();
  const ended = new Set<string>();
  for (const event of events) {
    const { server, received } = event;
    const isOrphan = received !== undefined && sentAnywhere.has(received) && !sent.has(received);
    const length = kept.get(server) ?? 0;
    if (ended.has(server) || isOrphan || length >= (lengths.get(server) ?? 0)) {
      ended.add(server);
      continue;
    }
    kept.set(server, length + 1);
    for (const { id } of event.sent ?? []) sent.add(id);
  }
  return kept;
}

function keep(trace: TraceToCheck, events: readonly TraceEvent[], lengths: Lengths): TraceToCheck {
  const taken = new Map<string, number>();
  const kept = events.filter(({ server }) => {
    const count = (taken.get(server) ?? 0) + 1;
    taken.set(server, count);
    return count <= (lengths.get(server) ?? 0);
  });
  return inOneFile({ ...trace, events: kept });
}

/** The trace with one header for all servers: it lists what every one of them logs. */
function inOneFile(trace: TraceToCheck): TraceToCheck {
  const { server: _, execution: __, ...header } = trace.header;
  const { loggedBy } = trace;
  if (loggedBy === undefined) return { ...trace, header };
  const logs = [...loggedBy.values()];
  const variables = VARIABLES.filter((name) => logs.every((logged) => logged.includes(name)));
  return {
    name: trace.name,
    header: { ...header, variables },
    events: trace.events.map((event) => withVariables(event, variables)),
  };
}

function withVariables(event: TraceEvent, variables: readonly TraceVariable[]): TraceEvent {
  if (event.changed === undefined) return event;
  const known: readonly string[] = variables;
  const changed = Object.entries(event.changed).filter(([name]) => known.includes(name));
  return { ...event, changed: Object.fromEntries(changed) };
}

/** Whether the trace's last event diverges as it did: the same step, for the same reasons. */
function isSame(trace: TraceToCheck, divergence: Divergence): boolean {
  if (trace.events.length === 0) return false;
  const found = judge(trace).divergence;
  return (
    found !== null &&
    found.event === trace.events.length - 1 &&
    found.server === divergence.server &&
    found.seq === divergence.seq &&
    found.kind === divergence.kind &&
    namesOf(found) === namesOf(divergence)
  );
}

function namesOf({ findings }: Divergence): string {
  return findings.map(({ name }) => name).join();
}
