import type { Entry, Index, Message, Role, Round, Server, ServerId, Term } from "../core/index.ts";

/** The variables of one server, by value, as a behaviour or a trace tells them. */
export interface ServerState {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  readonly log: readonly Entry[];
  readonly role: Role;
  readonly commitIndex: Index;
  readonly lastApplied: Index;
  /** In the order of their names. */
  readonly votesGranted: readonly ServerId[];
  /** By peer, the server itself left out. */
  readonly nextIndex: Readonly<Record<ServerId, Index>>;
  readonly matchIndex: Readonly<Record<ServerId, Index>>;
}

/** The same with what snapshots and reads add, as a trace tells it. */
export interface TracedState extends ServerState {
  readonly snapshotIndex: Index;
  readonly round: Round;
  readonly confirmedRound: Readonly<Record<ServerId, Round>>;
  /** The entries after snapshotIndex. */
  readonly log: readonly Entry[];
}

export type Variable = keyof ServerState;

/** The variables, in the order of `spec/Raft.tla`. */
export const SERVER_VARIABLES: readonly Variable[] = [
  "currentTerm",
  "votedFor",
  "log",
  "role",
  "commitIndex",
  "lastApplied",
  "votesGranted",
  "nextIndex",
  "matchIndex",
];

/** What a server of the core holds now. */
export function stateOf(server: Server): TracedState {
  return {
    currentTerm: server.currentTerm,
    votedFor: server.votedFor,
    log: server.log.slice(server.snapshotIndex + 1, server.log.lastIndex),
    role: server.role,
    commitIndex: server.commitIndex,
    lastApplied: server.lastApplied,
    votesGranted: [...server.votesGranted].sort(),
    nextIndex: Object.fromEntries(server.nextIndex),
    matchIndex: Object.fromEntries(server.matchIndex),
    snapshotIndex: server.snapshotIndex,
    round: server.round,
    confirmedRound: Object.fromEntries(server.confirmedRound),
  };
}

/** Whether two values of plain data are the same, whatever the order of their fields. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((part, place) => isSame(part, b[place]))
    );
  }
  const fields = Object.entries(a);
  return (
    fields.length === Object.keys(b).length &&
    fields.every(([name, part]) => isSame(part, Reflect.get(b, name)))
  );
}

type Content<M> = M extends Message ? Omit<M, "id" | "data"> : never;
/** What a message says: all but its id, and the data of a snapshot, which the spec has not. */
export type MessageContent = Content<Message>;

/** What a message says, in one spelling: two messages with the same key are one in the spec. */
export function messageKey(message: MessageContent): string {
  const { type, from, to, term } = message;
  return JSON.stringify([type, from, to, term, ...bodyOf(message)]);
}

function bodyOf(message: MessageContent): readonly unknown[] {
  switch (message.type) {
    case "RequestVoteRequest":
      return [message.lastLogIndex, message.lastLogTerm];
    case "RequestVoteResponse":
      return [message.voteGranted];
    case "AppendEntriesRequest":
      return [
        message.prevLogIndex,
        message.prevLogTerm,
        message.entries.map(({ term, command }) => [term, command]),
        message.leaderCommit,
      ];
    case "AppendEntriesResponse":
      return message.success
        ? [true, message.matchIndex]
        : [false, message.prevLogIndex, message.lastLogIndex];
    case "InstallSnapshotRequest":
      return [message.lastIncludedIndex, message.lastIncludedTerm];
    case "ConfirmLeadershipRequest":
    case "ConfirmLeadershipResponse":
      return [message.round];
  }
}
