/** What the names that a divergence can carry mean, but for the rules: spec/rules.json has those. */
import type { TraceAction } from "../src/trace/format.ts";

/** What a name means: a sentence, and where the paper says it. */
export interface Meaning {
  readonly sentence: string;
  /** Of the Raft paper; empty for what is not of the paper. */
  readonly section: string;
  /** Where the spec defines it: "spec/Raft.tla:182"; absent for a guard without a name. */
  readonly place?: string;
  /** Of a rule: what a server does that forgets it. */
  readonly forgotten?: string;
}

/** The meanings of all names that a divergence can carry, the actions and the rules among them. */
export type Words = ReadonlyMap<string, Meaning>;

/** The properties of `spec/RaftProperties.tla` and of the modules on top, and `TypeOK`. */
const PROPERTIES: Readonly<Record<string, Meaning>> = {
  TypeOK: { section: "", sentence: "Every variable has a value of its type." },
  ElectionSafety: {
    section: "5.2",
    sentence: "At most one leader can be elected in a given term.",
  },
  LeaderAppendOnly: {
    section: "5.3",
    sentence: "A leader never overwrites or deletes entries in its log; it only appends.",
  },
  LogMatching: {
    section: "5.3",
    sentence:
      "If two logs contain an entry with the same index and term, they are identical up to it.",
  },
  LeaderCompleteness: {
    section: "5.4",
    sentence: "A committed entry is in the logs of the leaders of all later terms.",
  },
  StateMachineSafety: {
    section: "5.4.3",
    sentence: "No two servers take different entries for committed at the same index.",
  },
  AppliedEntriesAgree: {
    section: "5.4.3",
    sentence: "Servers that have applied an entry at an index hold the same entry there.",
  },
  OneVoteATerm: {
    section: "5.2",
    sentence: "A server votes for at most one candidate in a term.",
  },
  TermGrows: { section: "5.1", sentence: "The current term never goes back." },
  TermsBeginWithElections: {
    section: "5.1",
    sentence: "Terms are consecutive, and each begins with an election.",
  },
  LeaderVotedForItself: {
    section: "5.2",
    sentence: "A candidate and a leader have voted for themselves.",
  },
  FollowersIssueNoRequests: { section: "5.1", sentence: "Followers issue no requests." },
  CommittedOnMajority: {
    section: "5.3",
    sentence: "A committed entry stays on a majority of the servers.",
  },
  OnlyOwnTermIsCounted: {
    section: "5.4.2",
    sentence: "Only entries of the leader's own term are committed by counting replicas.",
  },
  CommitIndexGrows: {
    section: "5 (Figure 2)",
    sentence: "The commit index never goes back, but for a restart.",
  },
  LastAppliedGrows: {
    section: "5 (Figure 2)",
    sentence: "What is applied never goes back, but for a restart.",
  },
  AppliedIsCommitted: { section: "5.3", sentence: "Entries are applied only once committed." },
  CommitIndexWithinLog: {
    section: "5.3",
    sentence: "No server's log is shorter than what it takes for committed.",
  },
  MatchIndexIsTrue: {
    section: "5 (Figure 2)",
    sentence: "An entry that a leader counts on a server is there.",
  },
  MatchIndexGrows: {
    section: "5 (Figure 2)",
    sentence: "matchIndex never goes back while its leader leads.",
  },
  NextIndexAboveMatchIndex: {
    section: "5 (Figure 2)",
    sentence: "nextIndex is above matchIndex and at most one past the end of the log.",
  },
  SnapshotIsApplied: { section: "7", sentence: "A snapshot includes only what is applied." },
  SnapshotIsCommitted: { section: "7", sentence: "A snapshot includes only what is committed." },
  CompactedEntriesAgree: {
    section: "7",
    sentence: "What a leader says of entries that its receiver has compacted agrees with them.",
  },
  SnapshotIndexGrows: { section: "7", sentence: "A snapshot never takes back what another had." },
  ReadsSeeWhatWasCommitted: {
    section: "8",
    sentence: "A read sees all that was committed before it was asked.",
  },
  OnlyLeadersHaveReads: { section: "8", sentence: "Reads wait at a leader, while it leads." },
};

/** The guards of `spec/Raft.tla` that are no rules; see `Guards` in `spec/TraceRaft.tla`. */
const GUARDS: Readonly<Record<string, Meaning>> = {
  role: { section: "5.1", sentence: "The action belongs to another role." },
  index: {
    section: "5.3",
    sentence: "The index must be of the log, and above the one reached so far.",
  },
  CanReceive: { section: "5.1", sentence: "Only a message that was sent can be received." },
  type: { section: "5.1", sentence: "Each action handles messages of one type." },
  to: { section: "5.1", sentence: "A message goes from one server to another of the cluster." },
  LastTerm: {
    section: "8",
    sentence: "The empty entry begins the leader's term: the log has no entry of the term yet.",
  },
  prevLogIndex: {
    section: "5.3",
    sentence: "A leader sends only entries that its log holds.",
  },
  snapshotIndex: {
    section: "7",
    sentence: "A leader sends its snapshot, if it has one, in place of what it has compacted.",
  },
  reads: { section: "8", sentence: "Only a read that was asked, and waits, can be answered." },
  read: { section: "8", sentence: "A read waits for the next round, and what is committed now." },
  received: { section: "5.1", sentence: "Only a message that was sent can be received." },
};

/** What each action is about, for the place of it. */
const ACTION_WORDS: Readonly<Record<TraceAction, Meaning>> = {
  Timeout: { section: "5.2", sentence: "An election timeout elapses: a new term, a candidate." },
  HandleRequestVoteRequest: { section: "5.2", sentence: "A server is asked for its vote." },
  HandleRequestVoteResponse: { section: "5.2", sentence: "A candidate is answered." },
  BecomeLeader: { section: "5.2", sentence: "A candidate with a majority leads." },
  ClientRequest: { section: "5.3", sentence: "A leader appends a client's command." },
  AppendNoOp: { section: "8", sentence: "A leader appends the empty entry of its term." },
  SendAppendEntries: { section: "5.3", sentence: "A leader sends a slice of its log." },
  HandleAppendEntriesRequest: { section: "5.3", sentence: "A follower takes entries in." },
  HandleAppendEntriesResponse: { section: "5.3", sentence: "A leader hears of a follower's log." },
  AdvanceCommitIndex: { section: "5.4.2", sentence: "A leader commits what a majority holds." },
  Apply: { section: "5.3", sentence: "A server executes what is committed." },
  Restart: { section: "5 (Figure 2)", sentence: "A server comes back from stable storage." },
  CompactLog: { section: "7", sentence: "A snapshot takes the place of applied entries." },
  SendInstallSnapshot: { section: "7", sentence: "A leader sends its snapshot." },
  HandleInstallSnapshotRequest: { section: "7", sentence: "A follower takes a snapshot in." },
  ReadRequest: { section: "8", sentence: "A leader is asked to read." },
  ConfirmLeadership: { section: "8", sentence: "A leader asks whether it still leads." },
  HandleConfirmLeadershipRequest: { section: "8", sentence: "A server confirms its leader." },
  HandleConfirmLeadershipResponse: { section: "8", sentence: "A leader is confirmed." },
  AnswerRead: { section: "8", sentence: "A leader answers a read." },
};

/** The meanings of all names but the rules. */
export const MEANINGS: readonly (readonly [string, Meaning])[] = [
  ...Object.entries(GUARDS),
  ...Object.entries(PROPERTIES),
  ...Object.entries(ACTION_WORDS),
];

/** The names of the rules among the words. */
export function rulesIn(words: Words): readonly string[] {
  return [...words].filter(([, { forgotten }]) => forgotten !== undefined).map(([name]) => name);
}
