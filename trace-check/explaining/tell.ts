/** What an event did, and what a message says, as a colleague would tell it. */
import { counted } from "../../src/trace/counted.ts";
import type {
  TraceEntry,
  TraceEvent,
  TraceLogChange,
  TraceMessage,
} from "../../src/trace/format.ts";
import type { Value } from "../engine.ts";

const MOST_COMMAND = 40;
const MOST_VALUE = 120;

/**
 * What the event did, in one sentence without its full stop.
 *
 * @param received the message that it received; undefined where it received none, or one that was
 * never sent
 */
export function tellEvent(event: TraceEvent, received: TraceMessage | undefined): string {
  const { server: who, changed = {} } = event;
  switch (event.action) {
    case "Timeout":
      return `${who} began an election${changed.currentTerm === undefined ? "" : ` for term ${changed.currentTerm}`}`;
    case "HandleRequestVoteRequest":
      return `${who} ${tellVote(event, received)}`;
    case "HandleRequestVoteResponse":
      return `${who} heard ${tellReceived(received)}${tellAdopted(event)}`;
    case "BecomeLeader":
      return `${who} became leader`;
    case "ClientRequest":
      return `${who} took the command ${oneLine(event.command ?? "")}${tellOwnEntry(changed.log, event.command ?? null)}`;
    case "AppendNoOp":
      return `${who} appended an empty entry${tellOwnEntry(changed.log, null)}`;
    case "SendAppendEntries":
      return `${who} sent ${(event.sent ?? []).map((message) => `${message.to} ${tellMessage(message)}`).join(", ")}`;
    case "HandleAppendEntriesRequest":
      return `${who} ${tellAnswer(event, received)}${tellTaken(changed.log, received)}${tellAdopted(event)}`;
    case "HandleAppendEntriesResponse":
      return `${who} heard ${tellReceived(received)}${tellAdopted(event)}`;
    case "AdvanceCommitIndex":
      return `${who} committed up to index ${event.index}${tellReached("commitIndex", event)}`;
    case "Apply":
      return `${who} applied up to index ${event.index}${tellReached("lastApplied", event)}`;
    case "Restart":
      return `${who} came back after a crash${tellRecovered(event)}`;
    case "CompactLog":
      return `${who} compacted its log up to index ${event.index}${tellReached("snapshotIndex", event)}`;
    case "HandleInstallSnapshotRequest":
      return `${who} took in ${tellReceived(received)}${tellAdopted(event)}`;
    case "ReadRequest":
      return `${who} took a read at index ${event.index}`;
    case "SendInstallSnapshot":
    case "ConfirmLeadership":
      return `${who} sent ${(event.sent ?? []).map((message) => `${message.to} ${tellMessage(message)}`).join(", ")}`;
    case "HandleConfirmLeadershipRequest":
    case "HandleConfirmLeadershipResponse":
      return `${who} heard ${tellReceived(received)}${tellAdopted(event)}`;
    case "AnswerRead":
      return `${who} answered a read at index ${event.index}`;
  }
}

function tellVote(event: TraceEvent, received: TraceMessage | undefined): string {
  const answer = answerIn(event, "RequestVoteResponse", received);
  const candidate = received?.from ?? answer?.to ?? "the candidate";
  if (answer?.type !== "RequestVoteResponse")
    return `gave ${candidate} no answer to its request for a vote`;
  if (answer.to !== candidate) return tellWrongAnswer(answer, received);
  return answer.voteGranted
    ? `granted ${candidate} its vote in term ${answer.term}`
    : `refused ${candidate} its vote in term ${answer.term}`;
}

function tellAnswer(event: TraceEvent, received: TraceMessage | undefined): string {
  const answer = answerIn(event, "AppendEntriesResponse", received);
  const what = tellReceived(received);
  if (answer?.type !== "AppendEntriesResponse") return `did not answer ${what}`;
  if (received !== undefined && answer.to !== received.from) {
    return tellWrongAnswer(answer, received);
  }
  return answer.success ? `acknowledged index ${answer.matchIndex} to ${what}` : `refused ${what}`;
}

/** The answer to who has asked; where there is none, the one to somebody else. */
function answerIn(
  { sent = [] }: TraceEvent,
  type: TraceMessage["type"],
  received: TraceMessage | undefined,
): TraceMessage | undefined {
  const answers = sent.filter((message) => message.type === type);
  return answers.find(({ to }) => to === received?.from) ?? answers[0];
}

function tellWrongAnswer(answer: TraceMessage, received: TraceMessage | undefined): string {
  return `sent ${answer.to}, and not ${received?.from}, its ${tellMessage(answer)}, to ${tellReceived(received)}`;
}

function tellReceived(received: TraceMessage | undefined): string {
  if (received === undefined) return "a message that nobody sent";
  return `${received.from}'s ${tellMessage(received)}`;
}

/** A message as "request for a vote in term 2", after the name of its sender or receiver. */
export function tellMessage(message: TraceMessage): string {
  const { term } = message;
  switch (message.type) {
    case "RequestVoteRequest":
      return `request for a vote in term ${term}`;
    case "RequestVoteResponse":
      return message.voteGranted ? `vote in term ${term}` : `refusal of a vote in term ${term}`;
    case "AppendEntriesRequest": {
      const { entries, prevLogIndex } = message;
      if (entries.length === 0) return `heartbeat of term ${term} after index ${prevLogIndex}`;
      const last = prevLogIndex + entries.length;
      const which =
        entries.length === 1 ? `entry ${last}` : `entries ${prevLogIndex + 1} to ${last}`;
      const own = entries.at(-1)?.term;
      return own === term ? `${which} of term ${own}` : `${which} of term ${own}, in term ${term}`;
    }
    case "AppendEntriesResponse":
      return message.success
        ? `acknowledgement of index ${message.matchIndex} in term ${term}`
        : `refusal of entries after index ${message.prevLogIndex} in term ${term}`;
    case "InstallSnapshotRequest":
      return `snapshot up to index ${message.lastIncludedIndex} in term ${term}`;
    case "ConfirmLeadershipRequest":
      return `question whether it leads term ${term}, round ${message.round}`;
    case "ConfirmLeadershipResponse":
      return `confirmation that it leads term ${term}, round ${message.round}`;
  }
}

/** What became of a command, or of the empty entry, in the log of the leader that takes it. */
function tellOwnEntry(change: TraceLogChange | undefined, command: string | null): string {
  const [only, ...rest] = change?.[1] ?? [];
  const isTaken = only?.command === command && rest.length === 0;
  return tellLog(change, isTaken ? "as it came" : "otherwise");
}

/** What became of the entries of a message. */
function tellTaken(change: TraceLogChange | undefined, received: TraceMessage | undefined): string {
  const isUnknown = received?.type !== "AppendEntriesRequest" || change === undefined;
  if (isUnknown || change[0] <= received.prevLogIndex) return tellLog(change, "unknown");
  const brought = received.entries.slice(change[0] - 1 - received.prevLogIndex);
  const isAsCame = change[1].every((entry, place) => isSame(entry, brought[place]));
  if (!isAsCame) return tellLog(change, "otherwise");
  return tellLog(change, change[1].length === brought.length ? "as it came" : "in part");
}

function isSame(entry: TraceEntry, other: TraceEntry | undefined): boolean {
  return entry.term === other?.term && entry.command === other.command;
}

/** How what was written to a log is to what came; unknown where it begins before that. */
type Taken = "as it came" | "in part" | "otherwise" | "unknown";

function tellLog(change: TraceLogChange | undefined, taken: Taken): string {
  if (change === undefined) return "";
  const [from, entries] = change;
  if (entries.length === 0) return `, and cut its log before index ${from}`;
  const isOne = entries.length === 1;
  const which = isOne ? `entry ${from}` : `entries ${from} to ${from + entries.length - 1}`;
  switch (taken) {
    case "as it came":
      return `, now ${which} of its log`;
    case "in part":
      return `, and wrote no more than ${which} of its log`;
    case "otherwise":
      return `, and wrote ${which} of its log, not as ${isOne ? "it" : "they"} came`;
    case "unknown":
      return `, and wrote ${which} of its log`;
  }
}

/** Where the variable went elsewhere than the event is about. */
function tellReached(
  name: "commitIndex" | "lastApplied" | "snapshotIndex",
  { index, changed }: TraceEvent,
): string {
  const reached = changed?.[name];
  return reached === undefined || reached === index ? "" : `, and set ${name} to ${reached}`;
}

function tellAdopted({ changed }: TraceEvent): string {
  return changed?.currentTerm === undefined ? "" : `, and went on to term ${changed.currentTerm}`;
}

function tellRecovered({ changed = {} }: TraceEvent): string {
  const parts = [
    ...(changed.currentTerm === undefined ? [] : [`term ${changed.currentTerm}`]),
    ...(changed.votedFor === undefined
      ? []
      : [changed.votedFor === null ? "no vote" : `a vote for ${changed.votedFor}`]),
    ...(changed.log === undefined
      ? []
      : [`a log of ${counted(changed.log[0] - 1 + changed.log[1].length, "entry", "entries")}`]),
  ];
  return parts.length === 0 ? "" : ` with ${joined(parts, "and")}`;
}

/** "a, b and c". */
export function joined(parts: readonly string[], word: string): string {
  const last = parts.at(-1);
  if (last === undefined) return "";
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(", ")} ${word} ${last}`;
}

/** A value in words: servers bare, nobody for null, the rest as JSON, cut where it is long. */
export function tellValue(value: Value): string {
  if (value === null) return "nobody";
  if (typeof value === "string") return cut(value, MOST_VALUE);
  return cut(JSON.stringify(value), MOST_VALUE);
}

/** In one line, as it is: most commands bring quotes of their own. */
export function oneLine(command: string): string {
  return cut(command.replaceAll(/\s+/g, " "), MOST_COMMAND);
}

export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
