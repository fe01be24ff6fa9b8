/** How the page says things, in a line. */
import { counted } from "../../trace/counted.ts";
import type { TraceMessage } from "../../trace/format.ts";
import type { Choice, Move } from "../model/move.ts";

/** A message in few letters, for its place on a line between two servers. */
export function messageLabel(message: TraceMessage): string {
  switch (message.type) {
    case "RequestVoteRequest":
      return "vote?";
    case "RequestVoteResponse":
      return message.voteGranted ? "vote ✓" : "vote ✗";
    case "AppendEntriesRequest":
      return message.entries.length === 0 ? "beat" : `+${message.entries.length}`;
    case "AppendEntriesResponse":
      return message.success ? `✓ ${message.matchIndex}` : "✗";
    case "InstallSnapshotRequest":
      return "snap";
    case "ConfirmLeadershipRequest":
      return `lead? ${message.round}`;
    case "ConfirmLeadershipResponse":
      return message.round === 0 ? "lead ✗" : `lead ✓ ${message.round}`;
  }
}

/** What a message says, in words. */
export function messageWords(message: TraceMessage): string {
  const { from, to, term } = message;
  switch (message.type) {
    case "RequestVoteRequest":
      return `${from} asks ${to} for its vote in term ${term}; its log ends at ${message.lastLogIndex}, of term ${message.lastLogTerm}`;
    case "RequestVoteResponse":
      return `${from} ${message.voteGranted ? "gives" : "refuses"} ${to} its vote in term ${term}`;
    case "AppendEntriesRequest":
      return message.entries.length === 0
        ? `${from} tells ${to} that it leads term ${term}; previous entry ${message.prevLogIndex}, committed ${message.leaderCommit}`
        : `${from} sends ${to} ${counted(message.entries.length, "entry", "entries")} after index ${message.prevLogIndex}, in term ${term}; committed ${message.leaderCommit}`;
    case "AppendEntriesResponse":
      return message.success
        ? `${from} tells ${to} that its log matches up to ${message.matchIndex}, in term ${term}`
        : `${from} refuses ${to}: its log does not match at ${message.prevLogIndex}; it ends at ${message.lastLogIndex}; term ${term}`;
    case "InstallSnapshotRequest":
      return `${from} sends ${to} its snapshot, which ends at ${message.lastIncludedIndex}, of term ${message.lastIncludedTerm}; term ${term}`;
    case "ConfirmLeadershipRequest":
      return `${from} asks ${to} whether it still leads term ${term}: round ${message.round}`;
    case "ConfirmLeadershipResponse":
      return message.round === 0
        ? `${from} tells ${to} of term ${term}, and confirms nothing`
        : `${from} tells ${to} that it knows no later leader than of term ${term}: round ${message.round}`;
  }
}

/** LeaderCompleteness as Leader Completeness, as the paper has it. */
export function spaced(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/\bA([A-Z])/g, "A $1");
}

/** A step in the words of its button. */
export function choiceWords(choice: Choice, message: TraceMessage | null): string {
  const { action, server, slice } = choice;
  switch (action) {
    case "ClientRequest":
      return `${choice.command}`;
    case "AdvanceCommitIndex":
    case "Apply":
    case "CompactLog":
      return `up to ${choice.index}`;
    case "SendInstallSnapshot":
      return `to ${choice.peer}`;
    case "ReadRequest":
    case "AnswerRead":
      return `that waits for round ${choice.round} and index ${choice.index}`;
    case "SendAppendEntries":
      if (slice === null) return "";
      return slice.count === 0
        ? `to ${slice.peer}, a heartbeat`
        : `to ${slice.peer}, ${counted(slice.count, "entry", "entries")} after ${slice.prevLogIndex}`;
    default:
      return message === null ? "" : `from ${message.from}, for ${server}`;
  }
}

/** What a move was, for the list of moments and a screen reader. */
export function moveWords(move: Move | null, message: TraceMessage | null): string {
  if (move === null) return "the beginning";
  switch (move.kind) {
    case "step": {
      const { action, server } = move.choice;
      const rest = choiceWords(move.choice, message);
      return `${server} ${action}${rest === "" ? "" : ` ${rest}`}`;
    }
    case "drop":
      return `the message ${move.message} is lost`;
    case "duplicate":
      return `the message ${move.message} is there twice`;
    case "hold":
      return `the message ${move.message} is held back`;
    case "release":
      return `the message ${move.message} goes on`;
    case "crash":
      return `${move.server} goes down`;
    case "partition":
      return `a partition: ${move.groups.map((group) => group.join(" ")).join(" | ")}`;
    case "heal":
      return "the partition heals";
    case "forget":
      return move.forgotten === null
        ? "no rule is forgotten"
        : `${move.forgotten.rule} is forgotten${move.forgotten.where === "code" ? " by the code alone" : ""}`;
  }
}
