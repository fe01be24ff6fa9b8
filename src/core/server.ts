import type { Entries } from "./entries.ts";
import { Log } from "./log.ts";
import { type Rules, raftRules } from "./rules.ts";
import type {
  Action,
  Command,
  Entry,
  Index,
  Message,
  Read,
  Role,
  Round,
  ServerId,
  Snapshot,
  SnapshotData,
  Term,
} from "./types.ts";

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
  /** The index of an AdvanceCommitIndex, an Apply, a CompactLog or a read; 0 in the others. */
  readonly index: Index;
  /** The round that a ReadRequest or an AnswerRead waited for; 0 in the other actions. */
  readonly round: Round;
}

/** Sees every step of a server right after it is taken, in order. */
export type Observer = (server: Server, step: Step) => void;

/**
 * What a server wants of its host. The host makes the snapshot, `currentTerm`, `votedFor` and
 * the log durable first, if they changed; only then does it send, apply and answer (Figure 2).
 */
export interface Output {
  /** currentTerm or votedFor must be made durable. */
  voteChanged: boolean;
  /**
   * To be made durable before the log: it stands for all entries up to lastIncludedIndex, and
   * those may be deleted once it is durable (§7). Entries after them stay, as far as
   * logChangedFrom does not say otherwise. null: the snapshot is the one from before.
   */
  snapshot: Snapshot | null;
  /**
   * The snapshot came from the leader: the host restores its state machine from it, and then
   * applies.
   */
  snapshotInstalled: boolean;
  /** The log must be made durable from this index on (what was there is replaced); 0: not. */
  logChangedFrom: Index;
  /** To be sent once all of the above is durable, in any order, without any guarantee. */
  messages: Message[];
  /** Entries appliedFrom to lastApplied are to be given to the state machine; 0: none. */
  appliedFrom: Index;
  /** Reads to be answered from the state machine, once all of the above is done (§8). */
  answeredReads: readonly Read[];
  /** Reads that are never answered here: the leadership that they waited at has ended. */
  droppedReads: readonly Read[];
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
  /** The most entries applied in one step; what is left follows with the next message or heartbeat. */
  readonly maxEntriesPerApply?: number;
  /** Makes what the log keeps its entries in, empty; absent: arrays. */
  readonly makeEntries?: () => Entries;
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
  readonly maxEntriesPerApply: number;
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

  // Persistent (§7); the log knows it as well, and is written with it
  snapshotIndex: Index;

  // Volatile, of a leader (§8)
  round: Round;
  confirmedRound: Map<ServerId, Round>;
  reads: Read[];

  /** What the snapshot holds; null without one. The spec has the entries that made it. */
  snapshotData: SnapshotData | null;

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
    maxEntriesPerApply: options.maxEntriesPerApply ?? Number.MAX_SAFE_INTEGER,
    observer: options.observer ?? null,
    currentTerm: 0,
    votedFor: null,
    log: new Log([], 0, 0, options.makeEntries?.()),
    role: "Follower",
    commitIndex: 0,
    lastApplied: 0,
    votesGranted: new Set(),
    nextIndex: new Map(peers.map((peer) => [peer, 1])),
    matchIndex: new Map(peers.map((peer) => [peer, 0])),
    snapshotIndex: 0,
    round: 0,
    confirmedRound: new Map(peers.map((peer) => [peer, 0])),
    reads: [],
    snapshotData: null,
    knownLeader: null,
    requestsInFlight: new Map(peers.map((peer) => [peer, 0])),
    probing: new Set(),
    sentBefore: 0,
    logChangedFrom: 0,
    output: emptyOutput(),
  };
}

/** One for all outputs, since most have none. */
const noReads: readonly Read[] = [];

function emptyOutput(): Output {
  return {
    voteChanged: false,
    snapshot: null,
    snapshotInstalled: false,
    logChangedFrom: 0,
    messages: [],
    appliedFrom: 0,
    answeredReads: noReads,
    droppedReads: noReads,
    electionTimerReset: false,
  };
}

/**
 * Takes all that the server wants of its host since the last call, in one piece.
 *
 * @claim CommittedIsDurable
 */
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
    output.snapshot !== null ||
    output.appliedFrom > 0 ||
    output.answeredReads.length > 0 ||
    output.droppedReads.length > 0 ||
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

/**
 * Sets the role. votesGranted, nextIndex, matchIndex and what a leader keeps for reads last as
 * long as the role they belong to.
 *
 * @claim Roles
 */
export function setRole(server: Server, role: Role): void {
  if (server.role === role) return;
  server.role = role;
  server.votesGranted.clear();
  resetLeaderState(server, 1);
  endReads(server);
}

/** The reads that wait are the host's to refuse: another server leads now, or nobody. */
function endReads(server: Server): void {
  server.round = 0;
  for (const peer of server.peers) server.confirmedRound.set(peer, 0);
  if (server.reads.length === 0) return;
  server.output.droppedReads = [...server.output.droppedReads, ...server.reads];
  server.reads = [];
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
  readonly round?: Round;
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
      round: detail.round ?? 0,
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
