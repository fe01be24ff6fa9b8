import { Log } from "./log.ts";
import { type Rules, raftRules } from "./rules.ts";
import type { Action, Command, Entry, Index, Message, Role, ServerId, Term } from "./types.ts";

/** One step of a server: one action of the spec, as it was taken. */
export interface Step {
  readonly action: Action;
  /** The message that was handled; null where the action handles none. */
  readonly received: Message | null;
  /** The messages that the action sent. */
  readonly sent: readonly Message[];
  /** The first index of the log that changed; 0 where the log did not. */
  readonly logChangedFrom: Index;
  /** The command of a ClientRequest. */
  readonly command: Command | null;
  /** The index of an AdvanceCommitIndex or an Apply; 0 in the other actions. */
  readonly index: Index;
}

/** Sees every step of a server right after it is taken, in order. */
export type Observer = (server: Server, step: Step) => void;

/**
 * What a server wants of its host. The host makes `currentTerm`, `votedFor` and the log
 * durable first, if they changed; only then does it send, apply and answer (Figure 2).
 */
export interface Output {
  /** currentTerm or votedFor must be made durable. */
  voteChanged: boolean;
  /** The log must be made durable from this index on (what was there is replaced); 0: not. */
  logChangedFrom: Index;
  /** To be sent once all of the above is durable, in any order, without any guarantee. */
  messages: Message[];
  /** Entries appliedFrom to lastApplied are to be given to the state machine; 0: none. */
  appliedFrom: Index;
  /** The host starts its election timeout anew: a vote was given or the leader was heard (§5.2). */
  electionTimerReset: boolean;
}

export interface ServerOptions {
  readonly id: ServerId;
  /** The full cluster, this server included. */
  readonly servers: readonly ServerId[];
  readonly rules?: Rules;
  readonly observer?: Observer | null;
  /** The most entries in one AppendEntries request. */
  readonly maxEntriesPerRequest?: number;
  /** The most requests with entries under way to one follower, before its answer (pipelining). */
  readonly maxRequestsInFlight?: number;
  /** Whether a new leader begins its term with an empty entry (§8). */
  readonly appendsNoOp?: boolean;
}

/**
 * A Raft server. It reads no clock, no randomness and no I/O: the same calls give the same
 * states and outputs. It is changed in place by the actions, and by nothing else.
 */
export interface Server {
  readonly id: ServerId;
  readonly servers: readonly ServerId[];
  readonly peers: readonly ServerId[];
  readonly rules: Rules;
  readonly maxEntriesPerRequest: number;
  readonly maxRequestsInFlight: number;
  readonly appendsNoOp: boolean;
  observer: Observer | null;

  // Persistent (Figure 2)
  currentTerm: Term;
  votedFor: ServerId | null;
  log: Log;

  // Volatile, on every server
  role: Role;
  commitIndex: Index;
  lastApplied: Index;

  // Volatile, of a candidate
  votesGranted: Set<ServerId>;

  // Volatile, of a leader; by peer
  nextIndex: Map<ServerId, Index>;
  matchIndex: Map<ServerId, Index>;

  // Hints: no part of the protocol and of no spec variable
  /** Whom a follower redirects clients to; null where it does not know. */
  knownLeader: ServerId | null;
  /** Requests with entries sent to a peer and not answered yet, as far as known. */
  requestsInFlight: Map<ServerId, number>;
  /** Peers of which the leader does not know where their logs agree: one request at a time. */
  probing: Set<ServerId>;

  // The step being taken, and what the host has not taken yet
  sentBefore: number;
  logChangedFrom: Index;
  output: Output;
}

/** A server as it first starts: a follower of term 0 with an empty log. */
export function createServer(options: ServerOptions): Server {
  if (!options.servers.includes(options.id)) {
    throw new RangeError(
      `server ${options.id} is not of the cluster ${options.servers.join(", ")}`,
    );
  }
  const peers = options.servers.filter((server) => server !== options.id);
  return {
    id: options.id,
    servers: options.servers,
    peers,
    rules: options.rules ?? raftRules,
    maxEntriesPerRequest: options.maxEntriesPerRequest ?? 64,
    maxRequestsInFlight: options.maxRequestsInFlight ?? 64,
    appendsNoOp: options.appendsNoOp ?? true,
    observer: options.observer ?? null,
    currentTerm: 0,
    votedFor: null,
    log: new Log(),
    role: "Follower",
    commitIndex: 0,
    lastApplied: 0,
    votesGranted: new Set(),
    nextIndex: new Map(peers.map((peer) => [peer, 1])),
    matchIndex: new Map(peers.map((peer) => [peer, 0])),
    knownLeader: null,
    requestsInFlight: new Map(peers.map((peer) => [peer, 0])),
    probing: new Set(),
    sentBefore: 0,
    logChangedFrom: 0,
    output: emptyOutput(),
  };
}

function emptyOutput(): Output {
  return {
    voteChanged: false,
    logChangedFrom: 0,
    messages: [],
    appliedFrom: 0,
    electionTimerReset: false,
  };
}

/** Takes all that the server wants of its host since the last call, in one piece. */
export function takeOutput(server: Server): Output {
  const output = server.output;
  server.output = emptyOutput();
  server.sentBefore = 0;
  return output;
}

/** Whether `takeOutput` would give anything to do. */
export function hasOutput(server: Server): boolean {
  const { output } = server;
  return (
    output.messages.length > 0 ||
    output.logChangedFrom > 0 ||
    output.voteChanged ||
    output.appliedFrom > 0 ||
    output.electionTimerReset
  );
}

/** Sets currentTerm and votedFor, which are persisted as one. */
export function setTermAndVote(server: Server, term: Term, vote: ServerId | null): void {
  if (server.currentTerm === term && server.votedFor === vote) return;
  server.currentTerm = term;
  server.votedFor = vote;
  server.output.voteChanged = true;
}

/** Cuts the log after `lastKept` and appends the entries there. */
export function writeLog(server: Server, lastKept: Index, entries: readonly Entry[]): void {
  if (lastKept === server.log.lastIndex && entries.length === 0) return;
  server.log.truncateAfter(lastKept);
  for (const entry of entries) server.log.append(entry);
  server.logChangedFrom = lastKept + 1;
  const { output } = server;
  output.logChangedFrom =
    output.logChangedFrom === 0 ? lastKept + 1 : Math.min(output.logChangedFrom, lastKept + 1);
}

/** Sets the role. votesGranted, nextIndex and matchIndex last as long as the role they belong to. */
export function setRole(server: Server, role: Role): void {
  if (server.role === role) return;
  server.role = role;
  server.votesGranted.clear();
  resetLeaderState(server, 1);
}

/** Sets nextIndex to `next` and matchIndex to 0, for every peer. */
export function resetLeaderState(server: Server, next: Index): void {
  for (const peer of server.peers) {
    server.nextIndex.set(peer, next);
    server.matchIndex.set(peer, 0);
    server.requestsInFlight.set(peer, 0);
    server.probing.add(peer);
  }
}

/** What a step tells beyond its action: see `Step`. */
export interface StepDetail {
  readonly received?: Message;
  readonly command?: Command;
  readonly index?: Index;
}

/** Ends a step: every action calls it once, last. */
export function completeStep(server: Server, action: Action, detail: StepDetail): void {
  const { observer, output } = server;
  if (observer !== null) {
    observer(server, {
      action,
      received: detail.received ?? null,
      sent: output.messages.slice(server.sentBefore),
      logChangedFrom: server.logChangedFrom,
      command: detail.command ?? null,
      index: detail.index ?? 0,
    });
  }
  server.sentBefore = output.messages.length;
  server.logChangedFrom = 0;
}

/** An action was called on a state in which the spec does not allow it: a bug of the caller. */
export class ActionNotEnabled extends Error {
  constructor(action: Action, server: Server, why: string) {
    super(
      `${action} is not possible on ${server.id} (${server.role} of term ${server.currentTerm}): ${why}`,
    );
    this.name = "ActionNotEnabled";
  }
}
