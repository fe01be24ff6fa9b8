import { type Rules, raftRules } from "../core/index.ts";

/**
 * What is left of each rule once it is forgotten: the same as in the models of
 * `spec/models/*Forget*.tla`, under the same names.
 */
const forgotten: Rules = {
  // Terms, §5.1
  /** No term is larger than one's own. */
  termIsLarger: () => false,
  /** A server keeps its role in a larger term. */
  roleInLargerTerm: (server) => server.role,
  /** A server takes its vote along into a larger term. */
  voteInLargerTerm: (server) => server.votedFor,
  /** Requests of a smaller term are served. */
  termIsStale: () => false,

  // Elections, §5.2
  /** A candidate stays in the term it is in; term 0 is before all terms. */
  termOfElection: (server) => Math.max(1, server.currentTerm),
  /** Everybody who asks gets the vote. */
  voteIsFree: () => true,
  /** Votes of earlier terms count. */
  voteIsOfThisTerm: () => true,
  /** Refusals count as votes. */
  voteIsGranted: () => true,
  /** Half of the servers, rounded down, will do. */
  isMajority: (server, servers) => servers >= Math.floor(server.servers.length / 2),
  /** A candidate that hears of the leader of its term goes on. */
  roleUnderLeader: (server, message) =>
    server.rules.termIsLarger(server, message)
      ? server.rules.roleInLargerTerm(server)
      : server.role,

  // Log replication, §5.3
  /** Every server takes commands into its log. */
  takesCommands: () => true,
  /** A leader takes entries from others in its own term. */
  mayBeOverwritten: () => true,
  /** It does not matter whether there is an entry at prevLogIndex ... */
  previousEntryExists: () => true,
  /** ... nor of what term it is. */
  previousTermMatches: () => true,
  /** Entries that agree cut the log as well. */
  entriesAgree: () => false,
  /** A conflict cuts nothing: new entries go behind the wrong ones. */
  logBeforeConflict: (server) => server.log.lastIndex,
  /** The end of the follower's log is acknowledged. */
  acknowledgedIndex: (_message, lastIndex) => lastIndex,
  /** Responses of earlier terms count. */
  responseIsOfThisTerm: () => true,
  /** A refusal acknowledges the index that it refuses. */
  isAcknowledgement: () => true,
  /** matchIndex is what was acknowledged last. */
  matchIndexAfter: (_current, acknowledged) => acknowledged,
  /** nextIndex may be anywhere. */
  nextIndexChoices: (_match, _lastIndex, wanted) => Math.max(1, wanted),

  // Commitment, §5.3 and §5.4.2
  /** A server that holds the entry before is counted. */
  holdersOf: (server, index) => raftRules.holdersOf(server, index - 1),
  /** Entries of any term are committed by counting. */
  entryIsOfThisTerm: () => true,
  /** A follower commits up to the end of its log. */
  commitIndexWithin: (message, lastIndex) => Math.min(message.leaderCommit, lastIndex),
  /** The commit index is what was heard last. */
  commitIndexAfter: (_server, index) => index,
  /** Entries are applied at once. */
  mayApply: () => true,

  // Safety of elections, §5.4.1
  /** Logs are compared by their length only. */
  lastTermsDiffer: () => false,
  /** Logs are compared by their last terms only. */
  logIsAtLeastAsLong: () => true,
  /** Every candidate's log will do. */
  logIsUpToDate: () => true,

  // Stable storage, Figure 2
  recoveredCurrentTerm: () => 0,
  recoveredVotedFor: () => null,
  recoveredLog: (stored) => stored.log.slice(0, -1),

  // Snapshots, §7
  /** What is not applied is compacted too. */
  mayCompact: () => true,
  /** Every snapshot is taken in, however old. */
  snapshotIsNews: () => true,
  /** A snapshot takes the place of any log. */
  snapshotMatchesLog: () => false,
  /** The snapshot is not found again, nor the entries that it stands for. */
  recoveredSnapshotIndex: () => 0,

  // Reads, §8
  /** A leader reads before it has committed anything in its term. */
  hasCommittedInTerm: () => true,
  /** A round that began before the read was asked confirms it. */
  roundOfRead: (server) => Math.max(1, server.round),
  /** A read sees what is applied, and not all that is committed. */
  indexOfRead: (server) => server.lastApplied,
  /** Confirmations of earlier terms count. */
  confirmationIsOfThisTerm: () => true,
  /** Nobody need confirm a leader. */
  confirmersOf: (server) => server.servers.length,
  /** A read is answered before what it must see is applied. */
  mayAnswer: () => true,
};

/** The rules in the order of `spec/Raft.tla`, by the names they have there. */
export const RULE_NAMES: readonly string[] = Object.keys(forgotten).map(specName);

/** Raft without one of its rules; null where there is no rule of that name. */
export function forgetRule(name: string): Rules | null {
  const key = Object.keys(forgotten).find((rule) => specName(rule) === name);
  return key === undefined ? null : { ...raftRules, ...only(forgotten, key) };
}

function only(rules: Partial<Rules>, key: string): Partial<Rules> {
  return Object.fromEntries(Object.entries(rules).filter(([rule]) => rule === key));
}

/** `logIsUpToDate` is called LogIsUpToDate in the spec. */
function specName(rule: string): string {
  return rule.charAt(0).toUpperCase() + rule.slice(1);
}
