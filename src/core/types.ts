/** The words of Raft: the same in `spec/Raft.tla`, here, and in a trace. */

/** The name of a server, unique in its cluster. */
export type ServerId = string;

/** A term: consecutive integers from 0, each begun by an election (§5.1). */
export type Term = number;

/** A position in a log. The first entry is at 1; 0 stands before it. */
export type Index = number;

/** What a client asks of the state machine, in the state machine's own encoding. */
export type Command = string;

/** The state of a state machine, in its own encoding, as a snapshot holds it (§7). */
export type SnapshotData = string;

/** A log entry. The command is `null` in a leader's empty entry (§8), the spec's `NoOp`. */
export interface Entry {
  readonly term: Term;
  readonly command: Command | null;
}

/** The three roles of a server (§5.1, Figure 4). */
export type Role = "Follower" | "Candidate" | "Leader";

interface MessageHeader {
  /**
   * The message's id in a trace, `server:seq:k`, set by whoever observes the sender's
   * steps; empty where nobody does. Raft never reads it.
   */
  id: string;
  readonly from: ServerId;
  readonly to: ServerId;
  readonly term: Term;
}

/** A candidate asks for a vote (§5.2, Figure 2). */
export interface RequestVoteRequest extends MessageHeader {
  readonly type: "RequestVoteRequest";
  readonly lastLogIndex: Index;
  readonly lastLogTerm: Term;
}

/** The answer to a request for a vote. */
export interface RequestVoteResponse extends MessageHeader {
  readonly type: "RequestVoteResponse";
  readonly voteGranted: boolean;
}

/** A leader sends the entries after `prevLogIndex`; none is a heartbeat (§5.3, Figure 2). */
export interface AppendEntriesRequest extends MessageHeader {
  readonly type: "AppendEntriesRequest";
  readonly prevLogIndex: Index;
  readonly prevLogTerm: Term;
  readonly entries: readonly Entry[];
  readonly leaderCommit: Index;
}

/** A follower acknowledges that its log matches the leader's up to `matchIndex`. */
export interface AppendEntriesAcknowledgement extends MessageHeader {
  readonly type: "AppendEntriesResponse";
  readonly success: true;
  readonly matchIndex: Index;
}

/** A follower refuses the `prevLogIndex` it was sent, and says where its log ends. */
export interface AppendEntriesRefusal extends MessageHeader {
  readonly type: "AppendEntriesResponse";
  readonly success: false;
  readonly prevLogIndex: Index;
  readonly lastLogIndex: Index;
}

export type AppendEntriesResponse = AppendEntriesAcknowledgement | AppendEntriesRefusal;

/**
 * A leader sends its snapshot in place of the entries that it has compacted (§7, Figure 13).
 * The answer is an AppendEntriesResponse.
 */
export interface InstallSnapshotRequest extends MessageHeader {
  readonly type: "InstallSnapshotRequest";
  readonly lastIncludedIndex: Index;
  readonly lastIncludedTerm: Term;
  readonly data: SnapshotData;
}

/** A leader asks whether it still leads: a heartbeat whose answer counts (§8). */
export interface ConfirmLeadershipRequest extends MessageHeader {
  readonly type: "ConfirmLeadershipRequest";
  readonly round: Round;
}

/**
 * The answer names the round, since one of the right term may answer an older question; 0 where
 * the question was of a smaller term.
 */
export interface ConfirmLeadershipResponse extends MessageHeader {
  readonly type: "ConfirmLeadershipResponse";
  readonly round: Round;
}

/** What only the leader of a term sends. */
export type LeaderRequest =
  | AppendEntriesRequest
  | InstallSnapshotRequest
  | ConfirmLeadershipRequest;

export type Message =
  | RequestVoteRequest
  | RequestVoteResponse
  | AppendEntriesRequest
  | AppendEntriesResponse
  | InstallSnapshotRequest
  | ConfirmLeadershipRequest
  | ConfirmLeadershipResponse;

/** A question of a leader whether it still leads: from 1 in each of its leaderships. */
export type Round = number;

/**
 * Reads that wait at a leader for the same two things: that `round` is confirmed, and that
 * `index` is applied. One object stands for all of them.
 */
export interface Read {
  readonly round: Round;
  readonly index: Index;
}

/**
 * The actions of `spec/Raft.tla`, and of the modules on top of it: each is one function of the
 * core and one event of a trace.
 */
export type Action =
  | "Timeout"
  | "HandleRequestVoteRequest"
  | "HandleRequestVoteResponse"
  | "BecomeLeader"
  | "ClientRequest"
  | "AppendNoOp"
  | "SendAppendEntries"
  | "HandleAppendEntriesRequest"
  | "HandleAppendEntriesResponse"
  | "AdvanceCommitIndex"
  | "Apply"
  | "Restart"
  // spec/RaftSnapshots.tla
  | "CompactLog"
  | "SendInstallSnapshot"
  | "HandleInstallSnapshotRequest"
  // spec/RaftReads.tla
  | "ReadRequest"
  | "ConfirmLeadership"
  | "HandleConfirmLeadershipRequest"
  | "HandleConfirmLeadershipResponse"
  | "AnswerRead";

/** What stands for the entries up to lastIncludedIndex once they are compacted (§7). */
export interface Snapshot {
  readonly lastIncludedIndex: Index;
  readonly lastIncludedTerm: Term;
  readonly data: SnapshotData;
}

/** What must be on stable storage before a server answers any RPC (Figure 2). */
export interface PersistentState {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  /** Absent where the log begins at index 1. */
  readonly snapshot?: Snapshot | null;
  /** The entries after those that the snapshot includes. */
  readonly log: readonly Entry[];
}
