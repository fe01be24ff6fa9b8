/** The words of Raft: the same in `spec/Raft.tla`, here, and in a trace. */

/** The name of a server, unique in its cluster. */
export type ServerId = string;

/** A term: consecutive integers from 0, each begun by an election (§5.1). */
export type Term = number;

/** A position in a log. The first entry is at 1; 0 stands before it. */
export type Index = number;

/** What a client asks of the state machine, in the state machine's own encoding. */
export type Command = string;

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

export type Message =
  | RequestVoteRequest
  | RequestVoteResponse
  | AppendEntriesRequest
  | AppendEntriesResponse;

/** The actions of `spec/Raft.tla`: each is one function of the core and one event of a trace. */
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
  | "Restart";

/** What must be on stable storage before a server answers any RPC (Figure 2). */
export interface PersistentState {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  readonly log: readonly Entry[];
}
