import { ACTIONS, type TraceEvent, type TraceHeader } from "../../../src/trace/index.ts";

/** A trace with one thing changed. */
export interface Mutation {
  readonly kind: "change" | "drop" | "repeat" | "swap";
  /** What was done, for messages: `change 12 sent.0.term 1 -> 2`. */
  readonly what: string;
  /** The place, from 0, of the first event that is not as it was. */
  readonly place: number;
  /** In a swap, the place of the other event. */
  readonly other: number;
  /** The path of the field that was changed; empty but in a change. */
  readonly path: readonly string[];
  /** The events; after a change they may be anything JSON can say. */
  readonly events: readonly unknown[];
}

/** Every drop, repetition, swap of neighbours and change of a field to a value near it. */
export function mutationsOf(
  header: TraceHeader,
  events: readonly TraceEvent[],
): readonly Mutation[] {
  return [
    ...events.map((_, place) => drop(events, place)),
    ...events.map((_, place) => repeat(events, place)),
    ...events.slice(1).map((_, place) => swap(events, place, place + 1)),
    ...events.slice(5).map((_, place) => swap(events, place, place + 5)),
    ...events.flatMap((_, place) => changes(header, events, place)),
  ];
}

function drop(events: readonly TraceEvent[], place: number): Mutation {
  const left = events.filter((_, each) => each !== place);
  return structural("drop", `drop ${place}`, place, place, renumbered(left));
}

function repeat(events: readonly TraceEvent[], place: number): Mutation {
  const event = events[place];
  const copied = event === undefined ? events : events.toSpliced(place + 1, 0, event);
  return structural("repeat", `repeat ${place}`, place + 1, place, renumbered(copied));
}

function swap(events: readonly TraceEvent[], place: number, other: number): Mutation {
  const [a, b] = [events[place], events[other]];
  const swapped =
    a === undefined || b === undefined ? events : events.with(place, b).with(other, a);
  return structural("swap", `swap ${place} ${other}`, place, other, renumbered(swapped));
}

function structural(
  kind: Mutation["kind"],
  what: string,
  place: number,
  other: number,
  events: readonly TraceEvent[],
): Mutation {
  return { kind, what, place, other, path: [], events };
}

/** Numbers the events of each server anew, and the ids of messages with them, as their
 * receipts too. A receipt of a message that was sent twice takes the first. */
function renumbered(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const seqs = new Map<string, number>();
  const ids = new Map<string, string>();
  const numbered = events.map((event) => {
    const seq = (seqs.get(event.server) ?? 0) + 1;
    seqs.set(event.server, seq);
    if (event.sent === undefined) return { ...event, seq };
    const sent = event.sent.map((message, k) => {
      const id = `${event.server}:${seq}:${k + 1}`;
      if (!ids.has(message.id)) ids.set(message.id, id);
      return { ...message, id };
    });
    return { ...event, seq, sent };
  });
  return numbered.map((event) =>
    event.received === undefined
      ? event
      : { ...event, received: ids.get(event.received) ?? lostId(event.received) },
  );
}

/** The id of a message that nobody sends any more; its number is taken by no other. */
function lostId(id: string): string {
  const [sender = ""] = id.split(":");
  return `${sender}:999999:1`;
}

function changes(
  header: TraceHeader,
  events: readonly TraceEvent[],
  place: number,
): readonly Mutation[] {
  const event = events[place];
  if (event === undefined) return [];
  const ids = events.flatMap(({ sent = [] }) => sent.map(({ id }) => id));
  return [...alternatives(event, [], { header, ids })].map(({ path, from, to, value }) => ({
    kind: "change" as const,
    what: `change ${place} ${path.join(".")} ${short(from)} -> ${short(to)}`,
    place,
    other: place,
    path,
    events: (events as readonly unknown[]).with(place, value),
  }));
}

interface Alternative {
  readonly path: readonly string[];
  readonly from: unknown;
  readonly to: unknown;
  /** The whole value with that one part replaced. */
  readonly value: unknown;
}

interface Surroundings {
  readonly header: TraceHeader;
  readonly ids: readonly string[];
}

/** All values that differ from this one in one part. */
function* alternatives(
  value: unknown,
  path: readonly string[],
  around: Surroundings,
): Generator<Alternative> {
  for (const to of nearTo(value, path, around)) yield { path, from: value, to, value: to };
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    const part: unknown = Reflect.get(value, key);
    for (const inner of alternatives(part, [...path, key], around)) {
      yield { ...inner, value: withPart(value, key, inner.value) };
    }
    yield {
      path: [...path, key],
      from: part,
      to: undefined,
      value: Array.isArray(value)
        ? value.filter((_, place) => String(place) !== key)
        : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)),
    };
  }
}

function withPart(value: object, key: string, part: unknown): unknown {
  return Array.isArray(value)
    ? value.map((element: unknown, place) => (String(place) === key ? part : element))
    : { ...value, [key]: part };
}

/** Other values of the same kind, as a wrong implementation or logger might give them. */
function nearTo(value: unknown, path: readonly string[], around: Surroundings): readonly unknown[] {
  const { servers } = around.header;
  const field = path.at(-1);
  if (typeof value === "number") return [value - 1, value + 1, value + 3];
  if (typeof value === "boolean") return [!value];
  if (Array.isArray(value)) {
    const last: unknown = value.at(-1);
    return last === undefined ? [] : [[...value, last]];
  }
  if (value === null) return field === "votedFor" ? servers : ["another command"];
  if (typeof value !== "string") {
    if (field === "changed") return added(value, around);
    const isEventWithoutChanges = path.length === 0 && !Reflect.has(value ?? {}, "changed");
    if (!isEventWithoutChanges) return [];
    return added({}, around).map((changed) => ({ ...Object(value), changed }));
  }
  switch (field) {
    case "action":
      return ACTIONS.filter((action) => action !== value);
    case "role":
      return ["Follower", "Candidate", "Leader"].filter((role) => role !== value);
    case "command":
      return [`${value} or so`, null];
    case "received":
      return around.ids.filter((id) => id !== value);
    case "votedFor":
      return [null, ...servers.filter((server) => server !== value)];
    default:
      return servers.filter((server) => server !== value);
  }
}

/** Variables that the event does not log, with values that any of them may have. */
function added(value: unknown, { header }: Surroundings): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const candidates: Readonly<Record<string, unknown>> = {
    currentTerm: 1,
    votedFor: header.servers[0],
    role: "Follower",
    commitIndex: 1,
    lastApplied: 1,
    votesGranted: header.servers.slice(0, 1),
    nextIndex: { [header.servers[1] ?? "none"]: 1 },
    matchIndex: { [header.servers[1] ?? "none"]: 1 },
    log: [1, [{ term: 1, command: "another command" }]],
    snapshotIndex: 1,
    round: 1,
    confirmedRound: { [header.servers[1] ?? "none"]: 1 },
  };
  return header.variables
    .filter((variable) => !(variable in value))
    .map((variable) => ({ ...value, [variable]: candidates[variable] }));
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
