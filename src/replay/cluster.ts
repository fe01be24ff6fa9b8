import {
  createServer,
  type Index,
  type Rules,
  raftRules,
  restart,
  type Server,
  type ServerId,
  type Snapshot,
  takeOutput,
} from "../core/index.ts";
import {
  isSame,
  type MessageContent,
  messageKey,
  stateOf,
  type TracedState,
} from "./server-state.ts";
import { messageOf, type ReplayStep, takeStep } from "./take-step.ts";

/** One thing in which the core does not do what was recorded. */
export interface Difference {
  /** `role[s1]`, `sent`, or the action where the core does not take it. */
  readonly name: string;
  /** In the behaviour or the trace. */
  readonly recorded: unknown;
  /** In the core. */
  readonly core: unknown;
}

/** How the core leaves a recorded execution, in the words of `lockstep check`. */
export interface Parting {
  readonly kind: "notSent" | "notEnabled" | "mismatch";
  readonly differences: readonly Difference[];
}

/** What was recorded of a step beyond its action. */
export interface Recorded {
  /** The messages that it sent, in any order. */
  readonly sent: readonly MessageContent[];
  /** The nextIndex that its leader chose for the peer; null where it is not recorded. */
  nextIndexOf(server: ServerId, peer: ServerId): Index | null;
}

/** The servers of one execution, in the core, taken through its steps one by one. */
export class ReplayCluster {
  readonly servers: readonly ServerId[];
  readonly #rules: Rules;
  readonly #running = new Map<ServerId, Server>();
  readonly #states = new Map<ServerId, TracedState>();
  readonly #sent = new Set<string>();

  /** @param rules of the core: Raft's own, or with one forgotten. */
  constructor(servers: readonly ServerId[], rules: Rules = raftRules) {
    this.servers = servers;
    this.#rules = rules;
    for (const id of servers) this.#keep(createServer({ id, servers, rules }));
  }

  /** What a server of the core holds after its last step. Throws a RangeError for a stranger. */
  stateOf(id: ServerId): TracedState {
    const state = this.#states.get(id);
    if (state === undefined) throw new RangeError(`no server ${id}`);
    return state;
  }

  /** Takes the step, and compares what it sent; null where the core goes along. */
  take(step: ReplayStep, recorded: Recorded): Parting | null {
    const { received } = step;
    if (received !== null && !this.#sent.has(messageKey(received))) {
      return {
        kind: "notSent",
        differences: [{ name: "received", recorded: received, core: null }],
      };
    }
    const server = this.#running.get(step.server);
    if (server === undefined) return notEnabled(step, `there is no server ${step.server}`);
    const peer = peerWithChoice(server, step);
    const read = step.action === "ReadRequest" ? readDifference(server, step) : [];
    const after = step.action === "Restart" ? this.#restart(server) : server;
    const refused = step.action === "Restart" ? null : takeStep(server, step);
    if (refused !== null) return notEnabled(step, refused);
    const choice = peer === null ? null : chooseNextIndex(after, peer, recorded);
    const { messages } = takeOutput(after);
    this.#keep(after);
    for (const message of messages) this.#sent.add(messageKey(message));
    if (choice?.kind === "notEnabled") return choice;
    const differences = [
      ...(choice?.differences ?? []),
      ...read,
      ...sentDifference(recorded.sent, messages),
    ];
    return differences.length === 0 ? null : { kind: "mismatch", differences };
  }

  #keep(server: Server): void {
    this.#running.set(server.id, server);
    this.#states.set(server.id, stateOf(server));
  }

  #restart({ id, currentTerm, votedFor, log, snapshotIndex, snapshotData }: Server): Server {
    const snapshot = snapshotData === null ? null : snapshotOf(log, snapshotData);
    const entries = log.slice(snapshotIndex + 1, log.lastIndex);
    const stored = { currentTerm, votedFor, snapshot, log: entries };
    return restart({ id, servers: this.servers, rules: this.#rules }, stored);
  }
}

function snapshotOf(log: Server["log"], data: string): Snapshot {
  return { lastIncludedIndex: log.snapshotIndex, lastIncludedTerm: log.snapshotTerm, data };
}

function notEnabled(step: ReplayStep, why: string): Parting {
  return {
    kind: "notEnabled",
    differences: [{ name: step.action, recorded: "taken", core: `not possible: ${why}` }],
  };
}

/** What the read that is asked for now waits for, in the trace and in the core. */
function readDifference(server: Server, { round, index }: ReplayStep): readonly Difference[] {
  const core = {
    round: server.rules.roundOfRead(server),
    index: server.rules.indexOfRead(server),
  };
  const recorded = { round, index };
  return isSame(recorded, core) ? [] : [{ name: "read", recorded, core }];
}

/** The peer whose nextIndex the spec leaves the leader to choose in this step. */
function peerWithChoice(
  server: Server,
  { action, slice, peer, received }: ReplayStep,
): ServerId | null {
  if (action === "SendAppendEntries") return slice?.peer ?? null;
  if (action === "SendInstallSnapshot") return peer;
  if (received?.type !== "AppendEntriesResponse" || server.role !== "Leader") return null;
  const message = messageOf(received);
  if (message.type !== "AppendEntriesResponse") return null;
  const isTaken =
    !server.rules.termIsLarger(server, message) &&
    server.rules.responseIsOfThisTerm(server, message);
  return isTaken ? message.from : null;
}

/**
 * nextIndex is a hint: the spec allows every value above matchIndex up to one past the log's
 * end. The core's own must be one of them; then it goes on from the one that was recorded. With a
 * rule forgotten matchIndex may be past the log's end, which leaves no choice but that one.
 */
function chooseNextIndex(server: Server, peer: ServerId, recorded: Recorded): Parting | null {
  const match = server.matchIndex.get(peer) ?? 0;
  const { lastIndex } = server.log;
  const isAllowed = (next: Index): boolean =>
    match > lastIndex || (next > match && next <= lastIndex + 1);
  const own = server.nextIndex.get(peer) ?? 1;
  const chosen = recorded.nextIndexOf(server.id, peer);
  const differences = [{ name: `nextIndex[${server.id}][${peer}]`, recorded: chosen, core: own }];
  if (!isAllowed(own)) return { kind: "mismatch", differences };
  if (chosen === null) return null;
  if (!isAllowed(chosen)) return { kind: "notEnabled", differences };
  server.nextIndex.set(peer, chosen);
  return null;
}

function sentDifference(
  recorded: readonly MessageContent[],
  sent: readonly MessageContent[],
): readonly Difference[] {
  const keys = [recorded, sent].map((messages) => [...new Set(messages.map(messageKey))].sort());
  if (isSame(keys[0], keys[1])) return [];
  return [{ name: "sent", recorded, core: sent.map(withoutId) }];
}

function withoutId(message: MessageContent & { readonly id?: string }): unknown {
  const { id: _id, ...content } = message;
  return content;
}
