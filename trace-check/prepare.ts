import type { TraceEntry, TraceEvent, TraceMessage, TraceVariable } from "../src/trace/format.ts";
import { EngineError, type TraceToCheck } from "./engine.ts";

/**
 * A value as `spec/TraceData.tla` describes it: an array is a sequence, an object a record,
 * `{set: [...]}` a set. Strings need no quoting: they are the words of Raft and "s1", "s2", ...
 */
export type PreparedValue =
  | string
  | number
  | boolean
  | readonly PreparedValue[]
  | { readonly [field: string]: PreparedValue };

/** The fields of an event, in the order in which a prepared event gives them. */
export const EVENT_FIELDS = [
  "action",
  "server",
  "command",
  "index",
  "readRound",
  "to",
  "prevLogIndex",
  "count",
  "received",
  "notSent",
  "isLast",
  "sent",
  "kept",
  "currentTerm",
  "votedFor",
  "log",
  "role",
  "commitIndex",
  "lastApplied",
  "votesGranted",
  "nextIndex",
  "matchIndex",
  "snapshotIndex",
  "round",
  "confirmedRound",
] as const;

/** A trace in the terms of `spec/TraceRaft.tla`. */
export interface PreparedTrace {
  readonly name: string;
  /** How many servers the cluster has: s1 up to this one. */
  readonly clusterSize: number;
  /** The variables that are logged, for s1, s2, ... */
  readonly logged: readonly (readonly TraceVariable[])[];
  /** Each event's values, in the order of EVENT_FIELDS. */
  readonly events: readonly (readonly PreparedValue[])[];
  /** About how many bytes the events are as JSON. */
  readonly bytes: number;
  readonly names: Names;
}

/** What stands for a server that has no vote, for no peer, and for a server of no cluster. */
export const NIL = "Nil";
const NOBODY = "nobody";

const serverNames: string[] = [];

/**
 * "s1" for the first of a cluster: the same string in all traces. Strings that are made anew are
 * compared by their characters wherever they meet.
 */
function serverName(place: number): string {
  const known = serverNames[place];
  if (known !== undefined) return known;
  const name = `s${place + 1}`;
  serverNames[place] = name;
  return name;
}

/** The numbers that stand for the servers and commands of a trace, and back. */
export class Names {
  readonly #servers: readonly string[];
  readonly #places: ReadonlyMap<string, string>;
  readonly #commands: string[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(servers: readonly string[]) {
    this.#servers = servers;
    this.#places = new Map(servers.map((server, place) => [server, serverName(place)]));
  }

  /** "s1" for the first server; "nobody" for one that is not of the cluster. */
  server(name: string): string {
    return this.#places.get(name) ?? NOBODY;
  }

  /** 0 for the empty entry, then 1, 2, ... */
  command(command: string | null): number {
    if (command === null) return 0;
    const known = this.#numbers.get(command);
    if (known !== undefined) return known;
    this.#commands.push(command);
    this.#numbers.set(command, this.#commands.length);
    return this.#commands.length;
  }

  /** The server's own name; undefined where "sN" stands for none. */
  serverNamed(place: string): string | undefined {
    const number = /^s(\d+)$/.exec(place)?.[1];
    return number === undefined ? undefined : this.#servers[Number(number) - 1];
  }

  /** The command itself; null for the empty entry. */
  commandNumbered(number: number): string | null {
    return this.#commands[number - 1] ?? null;
  }
}

/** What a message says, prepared once, and what tells it from messages of other contents. */
interface Content {
  readonly value: PreparedValue;
  readonly key: string;
}

/** When each message is received: what each event receives, and when a content is last. */
interface Receipts {
  /** By event; undefined where it receives nothing that anybody sent before. */
  readonly received: readonly (Content | undefined)[];
  readonly sent: readonly (readonly Content[])[];
  readonly lastReceipt: ReadonlyMap<string, number>;
}

/**
 * Brings a trace into the terms of the spec: servers and commands by numbers, received
 * messages in full, and for each message whether anybody receives it later, so that the
 * checker need not keep what cannot matter.
 *
 * @throws EngineError for a trace without events: nothing would be checked
 */
export function prepare(trace: TraceToCheck): PreparedTrace {
  if (trace.events.length === 0) {
    throw new EngineError(`${trace.name} has no events, so that there is nothing to check`);
  }
  const { servers, variables } = trace.header;
  const names = new Names(servers);
  const receipts = findReceipts(trace.events, names);
  return {
    name: trace.name,
    clusterSize: servers.length,
    logged: servers.map((server) => trace.loggedBy?.get(server) ?? variables),
    events: trace.events.map((event, place) => prepareEvent(event, place, receipts, names)),
    bytes: bytesOf(receipts),
    names,
  };
}

function findReceipts(events: readonly TraceEvent[], names: Names): Receipts {
  const contents = new Map<string, Content>();
  const lastReceipt = new Map<string, number>();
  const received: (Content | undefined)[] = [];
  const sent: (readonly Content[])[] = [];
  events.forEach((event, place) => {
    const content = event.received === undefined ? undefined : contents.get(event.received);
    if (content !== undefined) lastReceipt.set(content.key, place);
    received.push(content);
    sent.push(
      (event.sent ?? []).map((message) => {
        const value = prepareMessage(message, names);
        const its = { value, key: JSON.stringify(value) };
        contents.set(message.id, its);
        return its;
      }),
    );
  });
  return { received, sent, lastReceipt };
}

/** What an event is without its messages. */
const BYTES_AN_EVENT = 150;

/** A message that is sent is there twice, as it may be kept. */
function bytesOf({ received, sent }: Receipts): number {
  const ofContents = (contents: readonly (Content | undefined)[]) =>
    contents.reduce((sum, content) => sum + (content?.key.length ?? 0), 0);
  const ofSent = sent.reduce((sum, contents) => sum + 2 * ofContents(contents), 0);
  return BYTES_AN_EVENT * received.length + ofContents(received) + ofSent;
}

function prepareEvent(
  event: TraceEvent,
  place: number,
  receipts: Receipts,
  names: Names,
): readonly PreparedValue[] {
  const received = receipts.received[place];
  const sent = receipts.sent[place] ?? [];
  const kept = sent.filter((content) => (receipts.lastReceipt.get(content.key) ?? -1) > place);
  const request = requestOf(event);
  const peer = peerOf(event);
  const changed = event.changed ?? {};
  return [
    event.action,
    names.server(event.server),
    names.command(event.command ?? null),
    event.index ?? 0,
    event.round ?? 0,
    peer === null ? NOBODY : names.server(peer),
    Math.min(request?.prevLogIndex ?? 0, BEYOND_ANY_LOG),
    request?.entries.length ?? 0,
    received === undefined ? [] : [received.value],
    received === undefined && event.action.startsWith("Handle"),
    received !== undefined && receipts.lastReceipt.get(received.key) === place,
    { set: sent.map((content) => content.value) },
    { set: kept.map((content) => content.value) },
    optional(changed.currentTerm),
    changed.votedFor === undefined ? [] : [prepareVote(changed.votedFor, names)],
    changed.log === undefined ? [] : [changed.log[0], prepareEntries(changed.log[1], names)],
    optional(changed.role),
    optional(changed.commitIndex),
    optional(changed.lastApplied),
    changed.votesGranted === undefined
      ? []
      : [{ set: changed.votesGranted.map((server) => names.server(server)) }],
    prepareIndexes(changed.nextIndex, names),
    prepareIndexes(changed.matchIndex, names),
    optional(changed.snapshotIndex),
    optional(changed.round),
    prepareIndexes(changed.confirmedRound, names),
  ];
}

/** TLC's integers have 32 bits: where an index only has to be too large, this is, also in a sum. */
export const BEYOND_ANY_LOG = 2 ** 30;

/** The request that tells the parameters of a SendAppendEntries. */
function requestOf(event: TraceEvent) {
  const message = event.sent?.[0];
  return event.action === "SendAppendEntries" && message?.type === "AppendEntriesRequest"
    ? message
    : undefined;
}

/** The peer to whom a leader sends its log or its snapshot; null in the other actions. */
export function peerOf({ action, sent }: TraceEvent): string | null {
  if (action !== "SendAppendEntries" && action !== "SendInstallSnapshot") return null;
  return sent?.[0]?.to ?? null;
}

function optional(value: string | number | undefined): readonly PreparedValue[] {
  return value === undefined ? [] : [value];
}

function prepareVote(vote: string | null, names: Names): string {
  return vote === null ? NIL : names.server(vote);
}

function prepareEntries(entries: readonly TraceEntry[], names: Names): readonly PreparedValue[] {
  return entries.map((entry) => ({ command: names.command(entry.command), term: entry.term }));
}

function prepareIndexes(
  indexes: Readonly<Record<string, number>> | undefined,
  names: Names,
): readonly PreparedValue[] {
  const changes = Object.entries(indexes ?? {});
  if (changes.length === 0) return [];
  return [Object.fromEntries(changes.map(([peer, index]) => [names.server(peer), index]))];
}

/** The message as the spec has it: without the id, which is a trace's own. */
function prepareMessage(message: TraceMessage, names: Names): PreparedValue {
  const header = {
    type: message.type,
    from: names.server(message.from),
    to: names.server(message.to),
    term: message.term,
  };
  switch (message.type) {
    case "RequestVoteRequest":
      return {
        ...header,
        lastLogIndex: message.lastLogIndex,
        lastLogTerm: message.lastLogTerm,
      };
    case "RequestVoteResponse":
      return { ...header, voteGranted: message.voteGranted };
    case "AppendEntriesRequest":
      return {
        ...header,
        prevLogIndex: message.prevLogIndex,
        prevLogTerm: message.prevLogTerm,
        entries: prepareEntries(message.entries, names),
        leaderCommit: message.leaderCommit,
      };
    case "AppendEntriesResponse":
      return message.success
        ? { ...header, success: true, matchIndex: message.matchIndex }
        : {
            ...header,
            success: false,
            prevLogIndex: message.prevLogIndex,
            lastLogIndex: message.lastLogIndex,
          };
    case "InstallSnapshotRequest":
      return {
        ...header,
        lastIncludedIndex: message.lastIncludedIndex,
        lastIncludedTerm: message.lastIncludedTerm,
        included: [],
      };
    case "ConfirmLeadershipRequest":
    case "ConfirmLeadershipResponse":
      return { ...header, round: message.round };
  }
}
