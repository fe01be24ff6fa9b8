import {
  ActionNotEnabled,
  advanceCommitIndex,
  appendNoOp,
  apply,
  becomeLeader,
  clientRequest,
  createServer,
  handleAppendEntriesRequest,
  handleAppendEntriesResponse,
  handleRequestVoteRequest,
  handleRequestVoteResponse,
  type Message,
  restart,
  type Server,
  sendAppendEntries,
  takeOutput,
  timeout,
} from "../../../src/core/index.ts";
import type { TraceEvent, TraceHeader, TraceMessage } from "../../../src/trace/index.ts";
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
  const cluster = new Cluster(header);
  for (const [place, event] of events.entries()) {
    const kind = cluster.take(event);
    if (kind !== null) return { event: place, kind };
  }
  return null;
}

/** The protocol's part of a server, by value. */
interface Variables {
  readonly currentTerm: number;
  readonly votedFor: string | null;
  readonly log: readonly unknown[];
  readonly role: string;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly votesGranted: readonly string[];
  readonly nextIndex: Readonly<Record<string, number>>;
  readonly matchIndex: Readonly<Record<string, number>>;
}

class Cluster {
  readonly #header: TraceHeader;
  readonly #servers: Map<string, Server>;
  readonly #sent = new Map<string, TraceMessage>();

  constructor(header: TraceHeader) {
    this.#header = header;
    const { servers } = header;
    this.#servers = new Map(servers.map((id) => [id, createServer({ id, servers })]));
  }

  take(event: TraceEvent): DivergenceKind | null {
    const server = this.#server(event.server);
    const received = event.received === undefined ? undefined : this.#sent.get(event.received);
    if (event.received !== undefined && received === undefined) return "notSent";
    const before = variablesOf(server);
    const after = this.#step(server, event, received);
    if (after === null) return "notEnabled";
    const peer = progressPeer(event, received);
    const next =
      peer === null || after.role !== "Leader" ? null : this.#loggedNext(event, peer, before);
    if (peer !== null && next !== null) {
      const match = after.matchIndex.get(peer) ?? 0;
      if (next <= match || next > after.log.lastIndex + 1) return "notEnabled";
      after.nextIndex.set(peer, next);
    }
    const sent = takeOutput(after).messages;
    if (!isSameSet(sent.map(contentOf), (event.sent ?? []).map(contentOf))) return "mismatch";
    if (!this.#isAsLogged(event, before, variablesOf(after))) return "mismatch";
    for (const message of event.sent ?? []) this.#sent.set(message.id, message);
    return null;
  }

  #server(id: string): Server {
    const server = this.#servers.get(id);
    if (server === undefined) throw new RangeError(`no server ${id}`);
    return server;
  }

  /** The server after the step; null where the core does not take it. */
  #step(server: Server, event: TraceEvent, received: TraceMessage | undefined): Server | null {
    if (event.action === "Restart") {
      const { currentTerm, votedFor, log } = server;
      const stored = { currentTerm, votedFor, log: log.slice(1, log.lastIndex) };
      const again = restart({ id: server.id, servers: this.#header.servers }, stored);
      this.#servers.set(server.id, again);
      return again;
    }
    try {
      return takeStep(server, event, received) ? server : null;
    } catch (error) {
      if (error instanceof ActionNotEnabled) return null;
      throw error;
    }
  }

  /** The nextIndex that the trace gives the peer; null where it does not log any. */
  #loggedNext(event: TraceEvent, peer: string, before: Variables): number | null {
    if (!this.#header.variables.includes("nextIndex")) return null;
    return event.changed?.nextIndex?.[peer] ?? before.nextIndex[peer] ?? null;
  }

  #isAsLogged(event: TraceEvent, before: Variables, after: Variables): boolean {
    const { log, nextIndex, matchIndex, votesGranted, ...plain } = event.changed ?? {};
    const told: Variables = {
      ...before,
      ...plain,
      log: log === undefined ? before.log : [...before.log.slice(0, log[0] - 1), ...log[1]],
      votesGranted: votesGranted === undefined ? before.votesGranted : [...votesGranted].sort(),
      nextIndex: { ...before.nextIndex, ...nextIndex },
      matchIndex: { ...before.matchIndex, ...matchIndex },
    };
    return this.#header.variables.every((variable) => {
      if (variable === "votesGranted" && after.role !== "Candidate") return true;
      const isOfLeader = variable === "nextIndex" || variable === "matchIndex";
      if (isOfLeader && after.role !== "Leader") return true;
      return canonical(told[variable]) === canonical(after[variable]);
    });
  }
}

/** Takes the step; false where its parameters do not fit the server or the message. */
function takeStep(server: Server, event: TraceEvent, received: TraceMessage | undefined): boolean {
  const message: Message | null = received === undefined ? null : { ...received };
  const isHandled = message === null || event.action === `Handle${message.type}`;
  if (message !== null && (message.to !== server.id || !isHandled)) return false;
  if (message !== null) return handle(server, message);
  switch (event.action) {
    case "Timeout":
      timeout(server);
      return true;
    case "BecomeLeader":
      becomeLeader(server);
      return true;
    case "ClientRequest":
      clientRequest(server, event.command ?? "");
      return true;
    case "AppendNoOp":
      appendNoOp(server);
      return true;
    case "AdvanceCommitIndex":
      advanceCommitIndex(server, event.index ?? 0);
      return true;
    case "Apply":
      apply(server, event.index ?? 0);
      return true;
    case "SendAppendEntries":
      return send(server, event.sent?.[0]);
    default:
      return false;
  }
}

function handle(server: Server, message: Message): boolean {
  switch (message.type) {
    case "RequestVoteRequest":
      handleRequestVoteRequest(server, message);
      return true;
    case "RequestVoteResponse":
      handleRequestVoteResponse(server, message);
      return true;
    case "AppendEntriesRequest":
      handleAppendEntriesRequest(server, message);
      return true;
    case "AppendEntriesResponse":
      handleAppendEntriesResponse(server, message);
      return true;
  }
}

function send(server: Server, message: TraceMessage | undefined): boolean {
  if (message?.type !== "AppendEntriesRequest") return false;
  const { to, prevLogIndex, entries } = message;
  if (prevLogIndex + entries.length > server.log.lastIndex) return false;
  sendAppendEntries(server, to, prevLogIndex, entries.length);
  return true;
}

/** The peer whose nextIndex the leader may choose in this step. */
function progressPeer(event: TraceEvent, received: TraceMessage | undefined): string | null {
  if (event.action === "SendAppendEntries") return event.sent?.[0]?.to ?? null;
  if (event.action === "HandleAppendEntriesResponse") return received?.from ?? null;
  return null;
}

function variablesOf(server: Server): Variables {
  return {
    currentTerm: server.currentTerm,
    votedFor: server.votedFor,
    log: server.log.slice(1, server.log.lastIndex),
    role: server.role,
    commitIndex: server.commitIndex,
    lastApplied: server.lastApplied,
    votesGranted: [...server.votesGranted].sort(),
    nextIndex: Object.fromEntries(server.nextIndex),
    matchIndex: Object.fromEntries(server.matchIndex),
  };
}

/** What a message says: all but its id, in one spelling. */
export function contentOf({ id: _id, ...content }: TraceMessage | Message): string {
  return canonical(content);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const [first, second] = [new Set(a), new Set(b)];
  return first.size === second.size && [...first].every((element) => second.has(element));
}

/** A value as JSON with the fields of objects in the order of their names. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
