/** In what an event differs from what the spec does, one thing after the other, in words. */
import { counted, withArticle } from "../../src/trace/counted.ts";
import type { ServerState } from "../compiled/server-state.ts";
import type { Finding, Value } from "../engine.ts";
import { entryText, fieldOf, list, without } from "./parts.ts";
import { cut, joined, tellValue } from "./tell.ts";

/** One thing that is not as the spec has it. */
export interface Difference {
  /** The guard, the variable, "sent", or the field of the event. */
  readonly name: string;
  /** Of what in it: the peer, or the field of the message; empty where it is all one. */
  readonly part: string;
  /** What the spec has and what the trace says, as a sentence. */
  readonly text: string;
  /** How much of a difference it is: 1, but for a whole message, which counts by its fields. */
  readonly weight: number;
}

/** A sentence, and how much of a difference it tells. */
type Told = Omit<Difference, "name">;

/** How the spec is spoken of: what it does, or what it would do where it does nothing at all. */
export type Mood = "does" | "would do";

/** The most telling first: what is persisted, then what follows of it, then what is told others. */
const ORDER: readonly string[] = [
  ...["currentTerm", "votedFor", "log", "role", "commitIndex", "snapshotIndex", "lastApplied"],
  ...["votesGranted", "matchIndex", "nextIndex", "round", "confirmedRound", "read", "sent"],
];

const MOST_MESSAGE = 160;

/**
 * The differences in one thing that an engine found, taken apart: a message is compared field by
 * field, a variable that has a value for each peer peer by peer.
 *
 * @param state its server before the event, by the spec
 */
export function differencesIn(
  finding: Finding,
  state: ServerState,
  mood: Mood,
): readonly Difference[] {
  const { name } = finding;
  return toldOf(finding, state, mood).map((told) => ({ name, ...told }));
}

/** The most telling first. */
export function inOrder(differences: readonly Difference[]): readonly Difference[] {
  return [...differences].sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
}

function toldOf(finding: Finding, state: ServerState, mood: Mood): readonly Told[] {
  const { name, expected, actual } = finding;
  switch (name) {
    case "sent":
      return messagesTold(list(expected), list(actual), mood);
    case "log":
      return [one(logText(list(expected), list(actual), mood))];
    case "votesGranted": {
      const [own, other] = [serversText(expected), serversText(actual)];
      return [one(`The spec ${has(mood)} ${own}, the trace ${other}.`)];
    }
    case "nextIndex":
    case "matchIndex":
    case "confirmedRound":
      return peersTold(finding, state, mood);
    case "read": {
      const [own, other] = [fieldsText(expected), fieldsText(actual)];
      return [one(`The spec ${has(mood)} ${own}, the trace ${other}.`)];
    }
    default:
      return [one(valueText(expected, actual, Reflect.get(state, name), mood))];
  }
}

function one(text: string): Told {
  return { part: "", text, weight: 1 };
}

function valueText(expected: Value, actual: Value, before: unknown, mood: Mood): string {
  const verb = JSON.stringify(expected) === JSON.stringify(before) ? keeps(mood) : gives(mood);
  return `The spec ${verb} ${tellValue(expected)}, the trace says ${tellValue(actual)}.`;
}

function peersTold(
  { name, expected, actual }: Finding,
  state: ServerState,
  mood: Mood,
): readonly Told[] {
  const before: unknown = Reflect.get(state, name);
  return Object.keys(Object(expected)).flatMap((peer): readonly Told[] => {
    const own = fieldOf(expected, peer);
    const other = fieldOf(actual, peer);
    if (own === other) return [];
    const verb = own === Reflect.get(Object(before), peer) ? keeps(mood) : gives(mood);
    const text = `Of ${peer} the spec ${verb} ${tellValue(own)}, the trace says ${tellValue(other)}.`;
    return [{ part: peer, text, weight: 1 }];
  });
}

function logText(expected: readonly Value[], actual: readonly Value[], mood: Mood): string {
  const isSame = (entry: Value, place: number) =>
    JSON.stringify(entry) === JSON.stringify(actual[place]);
  const place = expected.findIndex((entry, index) => !isSame(entry, index));
  const [own, other] = [expected[place], actual[place]];
  if (own === undefined || other === undefined) {
    const length = (log: readonly Value[]) =>
      log.length === 0 ? "none" : counted(log.length, "entry", "entries");
    return `The spec ${has(mood)} ${length(expected)}, the trace ${length(actual)}.`;
  }
  return `At index ${place + 1} the spec ${has(mood)} ${entryText(own)}, the trace ${entryText(other)}.`;
}

/** What is to be said of a message to one server, and may be said of another too. */
interface OfMessage {
  readonly part: string;
  readonly to: string;
  readonly weight: number;
  /** The sentence, for all to whom it goes. */
  readonly tell: (receivers: readonly string[]) => string;
}

/** Messages of one type are compared by their fields, those to the same server first. */
function messagesTold(
  expected: readonly Value[],
  actual: readonly Value[],
  mood: Mood,
): readonly Told[] {
  const extra = [...without(actual, expected)];
  const take = (fields: readonly string[], message: Value): Value | undefined => {
    const place = extra.findIndex((other) => isAlike(fields, message, other));
    return place < 0 ? undefined : extra.splice(place, 1)[0];
  };
  const missing = without(expected, actual);
  const toSame = missing.map((message) => ({ message, other: take(["type", "to"], message) }));
  const pairs = toSame.map(({ message, other }) => ({
    message,
    other: other ?? take(["type"], message),
  }));
  const all = pairs.flatMap(({ message, other }) =>
    other === undefined ? [missed(message, mood)] : fieldsOf(message, other, mood),
  );
  return together([...all, ...extra.map((message) => surplus(message, mood))]);
}

/** What is the same of several receivers is said, and counts, once. */
function together(all: readonly OfMessage[]): readonly Told[] {
  const byText = new Map<string, OfMessage[]>();
  for (const each of all) {
    const text = each.tell([]);
    byText.set(text, [...(byText.get(text) ?? []), each]);
  }
  return [...byText.values()].flatMap((alike) =>
    alike
      .slice(0, 1)
      .map(({ part, tell, weight }) => ({ part, text: tell(alike.map(({ to }) => to)), weight })),
  );
}

function missed(message: Value, mood: Mood): OfMessage {
  const sends = would(mood, "sends", "send");
  return whole(message, (text) => `The spec ${sends} ${text}, the trace does not.`);
}

function surplus(message: Value, mood: Mood): OfMessage {
  const not = mood === "does" ? "does not" : "would not";
  return whole(message, (text) => `The trace sends ${text}, the spec ${not}.`);
}

function whole(message: Value, tell: (text: string) => string): OfMessage {
  const what = `${withArticle(String(fieldOf(message, "type")))} with ${fieldsText(message)}`;
  return {
    part: tell(what),
    to: String(fieldOf(message, "to")),
    weight: Object.keys(Object(message)).length,
    tell: (receivers) => tell(`${joined(receivers, "and")} ${what}`),
  };
}

function fieldsOf(message: Value, other: Value, mood: Mood): readonly OfMessage[] {
  const [names, others] = [Object.keys(Object(message)), Object.keys(Object(other))];
  const type = String(fieldOf(message, "type"));
  const has = would(mood, "has", "have");
  const told = (field: string, weight: number, own: string, its: string): OfMessage => ({
    part: `${type} ${field}`,
    to: String(fieldOf(message, "to")),
    weight,
    tell: (receivers) =>
      `The ${type} to ${joined(receivers, "and")} ${has} ${own} by the spec, ${its} in the trace.`,
  });
  if (names.join() !== others.join()) {
    const size = new Set([...names, ...others]).size;
    return [told("", size, fieldsText(message), fieldsText(other))];
  }
  return names.flatMap((name): readonly OfMessage[] => {
    const [own, its] = [message, other].map((each) =>
      cut(JSON.stringify(fieldOf(each, name)), MOST_MESSAGE),
    );
    return own === undefined || its === undefined || own === its
      ? []
      : [told(name, 1, `${name} ${own}`, its)];
  });
}

/** The fields of a message but for who sends it to whom. */
function fieldsText(record: Value): string {
  const fields = Object.entries(Object(record)).filter(
    ([name]) => name !== "type" && name !== "from" && name !== "to",
  );
  return cut(
    joined(
      fields.map(([name, value]) => `${name} ${JSON.stringify(value)}`),
      "and",
    ),
    MOST_MESSAGE,
  );
}

function serversText(servers: Value): string {
  const names = list(servers).map(String);
  return names.length === 0 ? "nobody" : joined(names, "and");
}

function isAlike(fields: readonly string[], message: Value, other: Value): boolean {
  return fields.every((name) => fieldOf(message, name) === fieldOf(other, name));
}

function would(mood: Mood, does: string, base: string): string {
  return mood === "does" ? does : `would ${base}`;
}

const keeps = (mood: Mood): string => would(mood, "keeps", "keep");
const gives = (mood: Mood): string => would(mood, "gives", "give");
const has = (mood: Mood): string => would(mood, "has", "have");
