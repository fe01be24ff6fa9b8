import type { TraceEvent } from "../../src/trace/format.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";

/** Numbers below a bound, the same from the same seed. */
export function randomFrom(seed: number): (bound: number) => number {
  let state = (Math.imul(seed, 2654435761) + 97) >>> 0;
  return (bound) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
}

const ROLES = ["Follower", "Candidate", "Leader"];

/** A trace with one thing changed in one of its events, or an event too few or too many. */
export function mutate(trace: TraceToCheck, seed: number): TraceToCheck {
  const random = randomFrom(seed);
  const events = structuredClone(trace.events) as TraceEvent[];
  const place = 5 + random(events.length - 5);
  const event = events[place] as TraceEvent;
  switch (random(8)) {
    case 0:
      events.splice(place, 1);
      break;
    case 1:
      events.splice(place, 0, event);
      break;
    case 2:
      events[place] = { ...event, received: otherMessage(events, place, random) };
      break;
    case 3: {
      const { changed: _, ...rest } = event;
      events[place] = rest;
      break;
    }
    case 4: {
      const { sent: _, ...rest } = event;
      events[place] = rest;
      break;
    }
    default:
      events[place] = changeLeaf(event, trace.header.servers, random);
  }
  return { ...trace, name: `${trace.name}, mutation ${seed}`, events };
}

function otherMessage(
  events: readonly TraceEvent[],
  place: number,
  random: (bound: number) => number,
): string {
  const ids = events.slice(0, place).flatMap((event) => (event.sent ?? []).map(({ id }) => id));
  return ids[random(ids.length)] ?? "none";
}

/** One number, boolean, role or server somewhere in the event becomes another. */
function changeLeaf(
  event: TraceEvent,
  servers: readonly string[],
  random: (bound: number) => number,
): TraceEvent {
  const leaves: { readonly parent: Record<string, unknown>; readonly key: string }[] = [];
  const collect = (parent: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(parent)) {
      // These make another form of event or message, which the reader refuses.
      if (["server", "seq", "id", "received", "action", "type", "success"].includes(key)) continue;
      if (value !== null && typeof value === "object") collect(value as Record<string, unknown>);
      else leaves.push({ parent, key });
    }
  };
  const copy = structuredClone(event) as unknown as Record<string, unknown>;
  collect(copy);
  const leaf = leaves[random(Math.max(1, leaves.length))];
  if (leaf === undefined) return event;
  const { parent, key } = leaf;
  const value = parent[key];
  if (typeof value === "number") parent[key] = Math.max(0, value + (random(2) === 0 ? 1 : -1));
  else if (typeof value === "boolean") parent[key] = !value;
  else if (key === "role") parent[key] = ROLES[random(3)];
  else if (typeof value === "string" && servers.includes(value)) {
    parent[key] = servers[random(servers.length)];
  } else if (value === null) parent[key] = servers[random(servers.length)];
  else parent[key] = `${value}!`;
  return copy as unknown as TraceEvent;
}
