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
    case "ConfirmersOf":
      return tellMajority(circumstances);
    case "EntryIsOfThisTerm":
      return `Entry ${event.index} is of term ${state.logTerms[(event.index ?? 0) - 1] ?? 0}, ${who} ${tellTerm(state)}.`;
    case "MayApply":
      return `${who}'s commit index was ${state.commitIndex}, and it applied up to index ${event.index}.`;
    case "MayCompact":
      return `${who} had applied up to index ${state.lastApplied}, and compacted up to index ${event.index}.`;
    case "SnapshotIsNews":
    case "SnapshotMatchesLog":
      return received === undefined ? undefined : tellSnapshot(who, received, state);
    case "HasCommittedInTerm":
      return `${who} ${tellCommitted(state)}, and ${tellTerm(state)}.`;
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

/** The servers that count, and how many it takes. */
function tellMajority(circumstances: Circumstances): string {
  const { servers } = circumstances;
  const needed = Math.floor(servers.length / 2) + 1;
  const { there, what } = countedFor(circumstances);
  const who =
    there.length === 0
      ? "None"
      : there.length < needed
        ? `Only ${joined(there, "and")}`
        : joined(there, "and");
  return `${who} ${what}: ${there.length} of ${counted(servers.length, "server")}, and it takes ${needed}.`;
}

/** Those that hold an entry, that have confirmed a read's round, or that have voted. */
function countedFor({ event, servers, state }: Circumstances) {
  const { server: who, index = 0, round = 0 } = event;
  const reaching = (of: Readonly<Record<string, number>>, bound: number) =>
    servers.filter((server) => server === who || (of[server] ?? 0) >= bound);
  switch (event.action) {
    case "AdvanceCommitIndex": {
      const there = reaching(state.matchIndex, index);
      const verb = there.length < 2 ? "holds" : "hold";
      return { there, what: `${verb} entry ${index}, as far as ${who} knows` };
    }
    case "AnswerRead":
      return {
        there: reaching(state.confirmedRound, round),
        what: `confirmed round ${round}, or a later one`,
      };
    default:
      return { there: state.votesGranted, what: "voted for it" };
  }
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

function tellCommitted({ commitIndex, logTerms }: ServerState): string {
  if (commitIndex === 0) return "had committed nothing";
  return `had committed up to index ${commitIndex}, an entry of term ${logTerms[commitIndex - 1] ?? 0}`;
}

/** Only a leader leads: what is told may be of a server that is none. */
function tellTerm({ role, currentTerm }: ServerState): string {
  return `${role === "Leader" ? "leads" : "is in"} term ${currentTerm}`;
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
