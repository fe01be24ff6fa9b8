import { type ReadRules, readRules } from "./read-rules.ts";
import type { Server } from "./server.ts";
import { type SnapshotRules, snapshotRules } from "./snapshot-rules.ts";
import type {
  AppendEntriesRequest,
  AppendEntriesResponse,
  Index,
  LeaderRequest,
  Message,
  PersistentState,
  RequestVoteRequest,
  RequestVoteResponse,
  Role,
  ServerId,
  Term,
} from "./types.ts";

/**
 * The rules of `spec/Raft.tla`, under their names and in their order: every guard that
 * could be forgotten. They are one seam, so that a test can swap a single one.
 * Each is evaluated on the state before the step, as a guard of the spec is. Those of the
 * modules on top of it are in files of their own.
 */
export interface Rules extends SnapshotRules, ReadRules {
  // Terms, §5.1
  termIsLarger(server: Server, message: Message): boolean;
  roleInLargerTerm(server: Server): Role;
  voteInLargerTerm(server: Server): ServerId | null;
  termIsStale(server: Server, message: Message): boolean;

  // Elections, §5.2
  termOfElection(server: Server): Term;
  voteIsFree(server: Server, message: RequestVoteRequest, vote: ServerId | null): boolean;
  voteIsOfThisTerm(server: Server, message: RequestVoteResponse): boolean;
  voteIsGranted(message: RequestVoteResponse): boolean;
  isMajority(server: Server, servers: number): boolean;
  roleUnderLeader(server: Server, message: LeaderRequest): Role;

  // Log replication, §5.3
  takesCommands(server: Server): boolean;
  mayBeOverwritten(server: Server, message: LeaderRequest): boolean;
  previousEntryExists(server: Server, message: AppendEntriesRequest): boolean;
  previousTermMatches(server: Server, message: AppendEntriesRequest): boolean;
  entriesAgree(server: Server, message: AppendEntriesRequest): boolean;
  logBeforeConflict(server: Server, message: AppendEntriesRequest): Index;
  acknowledgedIndex(message: AppendEntriesRequest, lastIndex: Index): Index;
  responseIsOfThisTerm(server: Server, message: AppendEntriesResponse): boolean;
  isAcknowledgement(message: AppendEntriesResponse): boolean;
  matchIndexAfter(current: Index, acknowledged: Index): Index;
  nextIndexChoices(match: Index, lastIndex: Index, wanted: Index): Index;

  // Commitment, §5.3 and §5.4.2
  holdersOf(server: Server, index: Index): number;
  entryIsOfThisTerm(server: Server, index: Index): boolean;
  commitIndexWithin(message: AppendEntriesRequest, lastIndex: Index): Index;
  commitIndexAfter(server: Server, index: Index): Index;
  mayApply(server: Server, index: Index): boolean;

  // Safety of elections, §5.4.1
  lastTermsDiffer(server: Server, message: RequestVoteRequest): boolean;
  logIsAtLeastAsLong(server: Server, message: RequestVoteRequest): boolean;
  logIsUpToDate(server: Server, message: RequestVoteRequest): boolean;

  // Stable storage, Figure 2
  recoveredCurrentTerm(stored: PersistentState): Term;
  recoveredVotedFor(stored: PersistentState): ServerId | null;
  recoveredLog(stored: PersistentState): PersistentState["log"];
}

/** The last index that an AppendEntries request covers. */
export function lastIndexOf(message: AppendEntriesRequest): Index {
  return message.prevLogIndex + message.entries.length;
}

/** Raft, with nothing forgotten. */
export const raftRules: Rules = {
  /** A message of a larger term makes its receiver adopt that term. */
  termIsLarger: (server, message) => message.term > server.currentTerm,

  /** A server that adopts a larger term becomes a follower. */
  roleInLargerTerm: () => "Follower",

  /** A server that adopts a larger term has not voted in it. */
  voteInLargerTerm: () => null,

  /** A request of a smaller term is refused. */
  termIsStale: (server, message) => message.term < server.currentTerm,

  /** A server whose election timeout elapses begins a new term. */
  termOfElection: (server) => server.currentTerm + 1,

  /** One vote a term, first come first served; the same candidate may ask again. */
  voteIsFree: (_server, message, vote) => vote === null || vote === message.from,

  /** A response to a vote request counts in the term it was given in, no other. */
  voteIsOfThisTerm: (server, message) => message.term === server.currentTerm,

  /** A response that refuses is no vote. */
  voteIsGranted: (message) => message.voteGranted,

  /** A majority of the full cluster. */
  isMajority: (server, servers) => 2 * servers > server.servers.length,

  /** A candidate that hears of the leader of its term becomes a follower. */
  roleUnderLeader: () => "Follower",

  /** Only a leader takes commands. */
  takesCommands: (server) => server.role === "Leader",

  /** A leader never lets another overwrite its log in its own term. */
  mayBeOverwritten: (server, message) =>
    server.role !== "Leader" || message.term !== server.currentTerm,

  /** The log holds an entry at prevLogIndex ... */
  previousEntryExists: (server, message) => message.prevLogIndex <= server.log.lastIndex,

  /** ... and it is of the term prevLogTerm: what is compacted agrees with its leaders. */
  previousTermMatches: (server, message) =>
    message.prevLogIndex > server.log.lastIndex ||
    message.prevLogIndex < server.snapshotIndex ||
    server.log.termAt(message.prevLogIndex) === message.prevLogTerm,

  /** Nothing is erased where no entry conflicts: a delayed request undoes nothing. */
  entriesAgree: (server, message) => {
    const { log } = server;
    const compacted = Math.max(0, log.snapshotIndex - message.prevLogIndex);
    const overlap = Math.min(log.lastIndex - message.prevLogIndex, message.entries.length);
    for (let offset = compacted; offset < overlap; offset++) {
      if (log.termAt(message.prevLogIndex + offset + 1) !== message.entries[offset]?.term) {
        return false;
      }
    }
    return true;
  },

  /** Where an entry conflicts, the log is cut back to what was shown to match. */
  logBeforeConflict: (_server, message) => message.prevLogIndex,

  /** What a follower acknowledges is what the request showed to match. */
  acknowledgedIndex: (message) => lastIndexOf(message),

  /** A response counts in the term it was given in, no other. */
  responseIsOfThisTerm: (server, message) => message.term === server.currentTerm,

  /** A refusal acknowledges nothing. */
  isAcknowledgement: (message) => message.success,

  /** A late acknowledgement does not take matchIndex back. */
  matchIndexAfter: (current, acknowledged) => Math.max(current, acknowledged),

  /** nextIndex stays above matchIndex and at most one past the log's end. */
  nextIndexChoices: (match, lastIndex, wanted) =>
    Math.min(Math.max(wanted, match + 1), lastIndex + 1),

  /** How many servers hold the entry at index, for all the leader knows. */
  holdersOf: (server, index) => {
    let holders = 1;
    for (const match of server.matchIndex.values()) {
      if (match >= index) holders++;
    }
    return holders;
  },

  /** Only an entry of the leader's own term is committed by counting (Figure 8). */
  entryIsOfThisTerm: (server, index) => server.log.termAt(index) === server.currentTerm,

  /** A follower commits no further than what was shown to match. */
  commitIndexWithin: (message) => Math.min(message.leaderCommit, lastIndexOf(message)),

  /** The commit index never goes back. */
  commitIndexAfter: (server, index) => Math.max(server.commitIndex, index),

  /** Only committed entries are applied. */
  mayApply: (server, index) => index <= server.commitIndex,

  /** Logs are compared by the terms of their last entries first ... */
  lastTermsDiffer: (server, message) => message.lastLogTerm !== server.log.lastTerm,

  /** ... and by length only where these are the same ... */
  logIsAtLeastAsLong: (server, message) => message.lastLogIndex >= server.log.lastIndex,

  /** ... and a vote goes only to a candidate whose log is at least as up-to-date. */
  logIsUpToDate: (server, message) =>
    server.rules.lastTermsDiffer(server, message)
      ? message.lastLogTerm > server.log.lastTerm
      : server.rules.logIsAtLeastAsLong(server, message),

  /** The term, the vote and the log survive a restart. */
  recoveredCurrentTerm: (stored) => stored.currentTerm,
  recoveredVotedFor: (stored) => stored.votedFor,
  recoveredLog: (stored) => stored.log,

  ...snapshotRules,
  ...readRules,
};
