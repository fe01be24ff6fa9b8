/** Why a rule or guard says what it says on an event: the values that it looks at, in words. */
import { counted, withArticle } from "../../src/trace/counted.ts";
import type { TraceEvent, TraceMessage } from "../../src/trace/format.ts";
import type { ServerState } from "../compiled/server-state.ts";
import { joined } from "./tell.ts";

/** What there is to know of the diverging event. */
export interface Circumstances {
  readonly event: TraceEvent;
  readonly received: TraceMessage | undefined;
  /** The full cluster. */
  readonly servers: readonly string[];
  /** Its server before the event, by the spec. */
  readonly state: ServerState;
}

/** What the rule or guard looks at here, as a sentence; undefined where its own words say it all. */
export function factsOf(rule: string, circumstances: Circumstances): string | undefined {
  const { event, received, state } = circumstances;
  const who = event.server;
  switch (rule) {
    case "LogIsUpToDate":
    case "LastTermsDiffer":
    case "LogIsAtLeastAsLong":
      if (received?.type !== "RequestVoteRequest") return undefined;
      return `${received.from}'s log ${tellEnd(received.lastLogIndex, received.lastLogTerm)}, ${who}'s own ${tellOwnEnd(state)}.`;
    case "VoteIsFree":
      return state.votedFor === null
        ? `${who} had not voted in term ${state.currentTerm}.`
        : `${who} had voted for ${state.votedFor} in term ${state.currentTerm}.`;
    case "TermIsStale":
    case "TermIsLarger":
    case "ResponseIsOfThisTerm":
    case "VoteIsOfThisTerm":
    case "RoleInLargerTerm":
    case "VoteInLargerTerm":
      if (received === undefined) return undefined;
      return `The message is of term ${received.term}, ${who} was in term ${state.currentTerm}.`;
    case "VoteIsGranted":
      if (received?.type !== "RequestVoteResponse") return undefined;
      return `${received.from} ${received.voteGranted ? "granted" : "refused"} its vote.`;
    case "PreviousEntryExists":
    case "PreviousTermMatches":
    case "EntriesAgree":
    case "LogBeforeConflict":
    case "AcknowledgedIndex":
      return received === undefined ? undefined : tellPrevious(who, received, state);
    case "CommitIndexWithin":
    case "CommitIndexAfter":
      if (received?.type !== "AppendEntriesRequest") return undefined;
      return (
        `The leader's commit index is ${received.leaderCommit}, the request covers the log up to index ` +
        `${received.prevLogIndex + received.entries.length}, ${who}'s commit index was ${state.commitIndex}.`
      );
    case "IsMajority":
    case "HoldersOf":
      return tellMajority(circumstances);
    case "EntryIsOfThisTerm":
      return `Entry ${event.index} is of term ${state.logTerms[(event.index ?? 0) - 1] ?? 0}, ${who} leads term ${state.currentTerm}.`;
    case "MayApply":
      return `${who}'s commit index was ${state.commitIndex}, and it applied up to index ${event.index}.`;
    case "MayCompact":
      return `${who} had applied up to index ${state.lastApplied}, and compacted up to index ${event.index}.`;
    case "SnapshotIsNews":
    case "SnapshotMatchesLog":
      return received === undefined ? undefined : tellSnapshot(who, received, state);
    case "HasCommittedInTerm":
      return `${who}'s commit index was ${state.commitIndex}, an entry of term ${state.logTerms[state.commitIndex - 1] ?? 0}, and it leads term ${state.currentTerm}.`;
    case "MayAnswer":
      return `${who} had applied up to index ${state.lastApplied}, and the read is of index ${event.index}.`;
    case "index":
      return (
        `${who}'s log had ${counted(state.logTerms.length, "entry", "entries")}, its commit index was ` +
        `${state.commitIndex}, and it had applied up to index ${state.lastApplied}.`
      );
    case "role":
    case "TakesCommands":
      return `${who} was ${tellRole(state)}.`;
    case "LastTerm":
      return `The last entry of ${who}'s log was of term ${state.logTerms.at(-1) ?? 0} already.`;
    case "to":
      return received === undefined ? undefined : `The message went to ${received.to}.`;
    case "type":
      return received === undefined ? undefined : `The message is ${withArticle(received.type)}.`;
    case "prevLogIndex":
      return `${who}'s log had ${counted(state.logTerms.length, "entry", "entries")}.`;
    case "RecoveredCurrentTerm":
    case "RecoveredVotedFor":
    case "RecoveredLog":
      return `Before the crash ${who} was in term ${state.currentTerm}, had ${tellVote(state)}, and its log ${tellOwnEnd(state)}.`;
    default:
      return undefined;
  }
}

/** The votes, or the servers that hold an entry, and how many it takes. */
function tellMajority({ event, servers, state }: Circumstances): string {
  const needed = Math.floor(servers.length / 2) + 1;
  const isCommit = event.action === "AdvanceCommitIndex";
  const there = isCommit
    ? servers.filter(
        (server) =>
          server === event.server || (state.matchIndex[server] ?? 0) >= (event.index ?? 0),
      )
    : state.votesGranted;
  const what = isCommit
    ? `${there.length < 2 ? "holds" : "hold"} entry ${event.index}, as far as ${event.server} knows`
    : "voted for it";
  const who =
    there.length === 0
      ? "None"
      : there.length < needed
        ? `Only ${joined(there, "and")}`
        : joined(there, "and");
  return `${who} ${what}: ${there.length} of ${counted(servers.length, "server")}, and it takes ${needed}.`;
}

function tellPrevious(
  who: string,
  received: TraceMessage,
  { logTerms }: ServerState,
): string | undefined {
  if (received.type !== "AppendEntriesRequest") return undefined;
  const { prevLogIndex, prevLogTerm, entries } = received;
  const own = logTerms[prevLogIndex - 1];
  const before =
    prevLogIndex === 0
      ? "The request begins at the first entry"
      : `The request goes on after entry ${prevLogIndex} of term ${prevLogTerm}; ` +
        (own === undefined
          ? `${who}'s log has no entry there`
          : `${who}'s is of term ${own} there`);
  return `${before}. It brings ${counted(entries.length, "entry", "entries")}, and ${who} had ${logTerms.length}.`;
}

function tellSnapshot(
  who: string,
  received: TraceMessage,
  { logTerms, commitIndex }: ServerState,
): string | undefined {
  if (received.type !== "InstallSnapshotRequest") return undefined;
  const { lastIncludedIndex, lastIncludedTerm } = received;
  const own = logTerms[lastIncludedIndex - 1];
  const there = own === undefined ? "has no entry there" : `has one of term ${own} there`;
  return (
    `The snapshot ends with entry ${lastIncludedIndex} of term ${lastIncludedTerm}; ${who} had committed ` +
    `up to index ${commitIndex}, and its log ${there}.`
  );
}

function tellEnd(index: number, term: number): string {
  return index === 0 ? "is empty" : `ends with entry ${index} of term ${term}`;
}

function tellOwnEnd({ logTerms }: ServerState): string {
  return tellEnd(logTerms.length, logTerms.at(-1) ?? 0);
}

function tellVote({ votedFor }: ServerState): string {
  return votedFor === null ? "not voted" : `voted for ${votedFor}`;
}

function tellRole({ role, currentTerm }: ServerState): string {
  const article = role === "Leader" ? "the" : "a";
  return `${article} ${role.toLowerCase()} of term ${currentTerm}`;
}

/** A server in one line. */
export function tellState(who: string, state: ServerState): string {
  const { commitIndex, lastApplied } = state;
  return (
    `${who} was ${tellRole(state)}, had ${tellVote(state)}, its log ${tellOwnEnd(state)}, ` +
    `commitIndex ${commitIndex}, lastApplied ${lastApplied}`
  );
}
