/**
 * The trace format, version 1: NDJSON, a header line and then one line an event.
 * `spec/TRACE.md` documents it for implementations in any language.
 */

export const TRACE_FORMAT = "lockstep-raft-trace";
export const TRACE_VERSION = 1;

/** The most bytes of one line, its newline left out: 16 MiB. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** The largest term, index, `seq` or message number: TLC's integers have 32 bits. */
export const MAX_INTEGER = 2 ** 31 - 1;

/** The name of a server: also a part of message ids, and a key in nextIndex and matchIndex. */
export const SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,63}$/;

/** The actions of `spec/Raft.tla`, in its order. */
export const RAFT_ACTIONS = [
  "Timeout",
  "HandleRequestVoteRequest",
  "HandleRequestVoteResponse",
  "BecomeLeader",
  "ClientRequest",
  "AppendNoOp",
  "SendAppendEntries",
  "HandleAppendEntriesRequest",
  "HandleAppendEntriesResponse",
  "AdvanceCommitIndex",
  "Apply",
  "Restart",
] as const;

/** The actions of `spec/RaftSnapshots.tla`. */
export const SNAPSHOT_ACTIONS = [
  "CompactLog",
  "SendInstallSnapshot",
  "HandleInstallSnapshotRequest",
] as const;

/** The actions of `spec/RaftReads.tla`. */
export const READ_ACTIONS = [
  "ReadRequest",
  "ConfirmLeadership",
  "HandleConfirmLeadershipRequest",
  "HandleConfirmLeadershipResponse",
  "AnswerRead",
] as const;

export const ACTIONS = [...RAFT_ACTIONS, ...SNAPSHOT_ACTIONS, ...READ_ACTIONS] as const;
export type TraceAction = (typeof ACTIONS)[number];

/** How many steps of each action there were: none yet. */
export function noActions(): Record<TraceAction, number> {
  return {
    Timeout: 0,
    HandleRequestVoteRequest: 0,
    HandleRequestVoteResponse: 0,
    BecomeLeader: 0,
    ClientRequest: 0,
    AppendNoOp: 0,
    SendAppendEntries: 0,
    HandleAppendEntriesRequest: 0,
    HandleAppendEntriesResponse: 0,
    AdvanceCommitIndex: 0,
    Apply: 0,
    Restart: 0,
    CompactLog: 0,
    SendInstallSnapshot: 0,
    HandleInstallSnapshotRequest: 0,
    ReadRequest: 0,
    ConfirmLeadership: 0,
    HandleConfirmLeadershipRequest: 0,
    HandleConfirmLeadershipResponse: 0,
    AnswerRead: 0,
  };
}

/** The variables of a server, in the order of `spec/Raft.tla`. */
export const RAFT_VARIABLES = [
  "currentTerm",
  "votedFor",
  "log",
  "role",
  "commitIndex",
  "lastApplied",
  "votesGranted",
  "nextIndex",
  "matchIndex",
] as const;

/**
 * Those, and what snapshots and reads add. The reads that wait are told by the events that ask
 * and answer them.
 */
export const VARIABLES = [...RAFT_VARIABLES, "snapshotIndex", "round", "confirmedRound"] as const;
export type TraceVariable = (typeof VARIABLES)[number];

export interface TraceEntry {
  readonly term: number;
  /** A client's command; null for a leader's empty entry, the spec's `NoOp`. */
  readonly command: string | null;
}

interface TraceMessageHeader {
  /** `server:seq:k`: the k-th message, from 1, that event `seq` of `server` sent. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly term: number;
}

export type TraceMessage = TraceMessageHeader &
  (
    | {
        readonly type: "RequestVoteRequest";
        readonly lastLogIndex: number;
        readonly lastLogTerm: number;
      }
    | { readonly type: "RequestVoteResponse"; readonly voteGranted: boolean }
    | {
        readonly type: "AppendEntriesRequest";
        readonly prevLogIndex: number;
        readonly prevLogTerm: number;
        readonly entries: readonly TraceEntry[];
        readonly leaderCommit: number;
      }
    | {
        readonly type: "AppendEntriesResponse";
        readonly success: true;
        readonly matchIndex: number;
      }
    | {
        readonly type: "AppendEntriesResponse";
        readonly success: false;
        readonly prevLogIndex: number;
        readonly lastLogIndex: number;
      }
    | {
        readonly type: "InstallSnapshotRequest";
        readonly lastIncludedIndex: number;
        readonly lastIncludedTerm: number;
      }
    | {
        readonly type: "ConfirmLeadershipRequest" | "ConfirmLeadershipResponse";
        readonly round: number;
      }
  );

/** `[fromIndex, newEntries]`: the log is cut before fromIndex, and newEntries follow. */
export type TraceLogChange = readonly [fromIndex: number, newEntries: readonly TraceEntry[]];

/**
 * The acting server's variables that changed; of nextIndex and matchIndex, the peers that
 * changed. votesGranted, nextIndex and matchIndex begin anew with their role, as in the spec:
 * in a new leader "unchanged" means a nextIndex of 1 and a matchIndex of 0.
 */
export interface TraceChanges {
  readonly currentTerm?: number;
  readonly votedFor?: string | null;
  readonly log?: TraceLogChange;
  readonly role?: "Follower" | "Candidate" | "Leader";
  readonly commitIndex?: number;
  readonly lastApplied?: number;
  /** All of them, each once, in any order; of meaning in a candidate only. */
  readonly votesGranted?: readonly string[];
  /** Of meaning in a leader only, like matchIndex. */
  readonly nextIndex?: Readonly<Record<string, number>>;
  readonly matchIndex?: Readonly<Record<string, number>>;
  readonly snapshotIndex?: number;
  /** Of meaning in a leader only, like confirmedRound; they begin anew with the role. */
  readonly round?: number;
  readonly confirmedRound?: Readonly<Record<string, number>>;
}

export interface TraceHeader {
  readonly format: typeof TRACE_FORMAT;
  readonly version: typeof TRACE_VERSION;
  /** The full cluster. */
  readonly servers: readonly string[];
  /** The variables that this trace logs: of those, absent means unchanged. */
  readonly variables: readonly TraceVariable[];
  readonly implementation: { readonly name: string; readonly version: string };
  /** The server whose events these are, where each server writes a file of its own ... */
  readonly server?: string;
  /** ... and the execution that joins such files. */
  readonly execution?: string;
  /** What made the trace, where a seed did. */
  readonly seed?: number;
  /** The command that makes the same trace again. */
  readonly replay?: string;
  /** For the reader of a report, a time or a version perhaps; never judged. */
  readonly note?: string;
}

export interface TraceEvent {
  readonly server: string;
  /** From 1, without a gap, for each server. */
  readonly seq: number;
  readonly action: TraceAction;
  /** The command of a ClientRequest. */
  readonly command?: string;
  /** The index of an AdvanceCommitIndex, an Apply or a CompactLog; or that a read waits for. */
  readonly index?: number;
  /** The round that a read waits for: of a ReadRequest or an AnswerRead. */
  readonly round?: number;
  /** The id of the message that a Handle... action handles. */
  readonly received?: string;
  /** The messages that the action sent; absent for none. */
  readonly sent?: readonly TraceMessage[];
  /** Absent where nothing changed. A Restart carries currentTerm, votedFor and all of log. */
  readonly changed?: TraceChanges;
  /** For the reader of a report, the time perhaps; never judged, and no order is taken from it. */
  readonly note?: string;
}
