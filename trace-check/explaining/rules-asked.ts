/**
 * The rules that each action of the spec asks, itself or in what it calls, or where it forgets one
 * of them.
 */
import type { TraceAction } from "../../src/trace/format.ts";

const LARGER_TERM = ["TermIsLarger", "RoleInLargerTerm", "VoteInLargerTerm"];
const LEADER = [...LARGER_TERM, "TermIsStale", "RoleUnderLeader", "MayBeOverwritten"];

/** In the order of the spec. */
export const RULES_ASKED: Readonly<Record<TraceAction, readonly string[]>> = {
  Timeout: ["TermOfElection"],
  HandleRequestVoteRequest: [
    ...LARGER_TERM,
    "TermIsStale",
    "VoteIsFree",
    "LogIsUpToDate",
    "LastTermsDiffer",
    "LogIsAtLeastAsLong",
  ],
  HandleRequestVoteResponse: [...LARGER_TERM, "VoteIsOfThisTerm", "VoteIsGranted"],
  BecomeLeader: ["IsMajority"],
  ClientRequest: ["TakesCommands"],
  AppendNoOp: [],
  SendAppendEntries: ["NextIndexChoices"],
  HandleAppendEntriesRequest: [
    ...LEADER,
    "PreviousEntryExists",
    "PreviousTermMatches",
    "EntriesAgree",
    "LogBeforeConflict",
    "AcknowledgedIndex",
    "CommitIndexWithin",
    "CommitIndexAfter",
  ],
  HandleAppendEntriesResponse: [
    ...LARGER_TERM,
    "ResponseIsOfThisTerm",
    "IsAcknowledgement",
    "MatchIndexAfter",
    "NextIndexChoices",
  ],
  AdvanceCommitIndex: ["IsMajority", "HoldersOf", "EntryIsOfThisTerm"],
  Apply: ["MayApply"],
  Restart: ["RecoveredCurrentTerm", "RecoveredVotedFor", "RecoveredLog", "RecoveredSnapshotIndex"],
  CompactLog: ["MayCompact"],
  SendInstallSnapshot: ["NextIndexChoices"],
  HandleInstallSnapshotRequest: [...LEADER, "SnapshotIsNews", "SnapshotMatchesLog"],
  ReadRequest: ["HasCommittedInTerm", "RoundOfRead", "IndexOfRead"],
  ConfirmLeadership: [],
  HandleConfirmLeadershipRequest: LEADER,
  HandleConfirmLeadershipResponse: [...LARGER_TERM, "ConfirmationIsOfThisTerm"],
  AnswerRead: ["IsMajority", "ConfirmersOf", "MayAnswer"],
};
