import {
  type Action,
  ActionNotEnabled,
  advanceCommitIndex,
  answerRead,
  appendNoOp,
  apply,
  becomeLeader,
  type Command,
  clientRequest,
  compactLog,
  confirmLeadership,
  handleAppendEntriesRequest,
  handleAppendEntriesResponse,
  handleConfirmLeadershipRequest,
  handleConfirmLeadershipResponse,
  handleInstallSnapshotRequest,
  handleRequestVoteRequest,
  handleRequestVoteResponse,
  type Index,
  type Message,
  type Round,
  readRequest,
  type Server,
  type ServerId,
  sendAppendEntries,
  sendInstallSnapshot,
  timeout,
} from "../core/index.ts";
import { withArticle } from "../trace/counted.ts";
import type { MessageContent } from "./server-state.ts";

/** One step of one server: an action of the spec with its parameters. */
export interface ReplayStep {
  readonly action: Action;
  readonly server: ServerId;
  /** The message that a Handle... action handles. */
  readonly received: MessageContent | null;
  /** The command of a ClientRequest. */
  readonly command: Command | null;
  /** The index of an AdvanceCommitIndex, an Apply, a CompactLog or a read; 0 in the others. */
  readonly index: Index;
  /** The round of a read; 0 in the other actions. */
  readonly round: Round;
  /** What a SendAppendEntries sends. */
  readonly slice: Slice | null;
  /** To whom a SendInstallSnapshot is. */
  readonly peer: ServerId | null;
}

export interface Slice {
  readonly peer: ServerId;
  readonly prevLogIndex: Index;
  readonly count: number;
}

/**
 * Takes the step, which is no Restart, through the core's function of that action.
 * @returns null where the core takes it; else why it does not
 */
export function takeStep(server: Server, step: ReplayStep): string | null {
  try {
    return step.received === null
      ? takeOwnStep(server, step)
      : handle(server, step.action, messageOf(step.received));
  } catch (error) {
    if (error instanceof ActionNotEnabled) return error.message;
    throw error;
  }
}

function takeOwnStep(server: Server, step: ReplayStep): string | null {
  switch (step.action) {
    case "Timeout":
      timeout(server);
      return null;
    case "BecomeLeader":
      becomeLeader(server);
      return null;
    case "ClientRequest":
      if (step.command === null) return "a ClientRequest has a command";
      clientRequest(server, step.command);
      return null;
    case "AppendNoOp":
      appendNoOp(server);
      return null;
    case "AdvanceCommitIndex":
      advanceCommitIndex(server, step.index);
      return null;
    case "Apply":
      apply(server, step.index);
      return null;
    case "SendAppendEntries":
      return step.slice === null
        ? "a SendAppendEntries sends a slice of the log to a peer"
        : send(server, step.slice);
    case "CompactLog":
      compactLog(server, step.index, UNKNOWN_DATA);
      return null;
    case "SendInstallSnapshot":
      if (step.peer === null || !server.peers.includes(step.peer)) {
        return `${step.peer} is no peer of ${server.id}`;
      }
      sendInstallSnapshot(server, step.peer);
      return null;
    case "ReadRequest":
      readRequest(server);
      return null;
    case "ConfirmLeadership":
      confirmLeadership(server);
      return null;
    case "AnswerRead":
      return answer(server, step);
    case "HandleRequestVoteRequest":
    case "HandleRequestVoteResponse":
    case "HandleAppendEntriesRequest":
    case "HandleAppendEntriesResponse":
    case "HandleInstallSnapshotRequest":
    case "HandleConfirmLeadershipRequest":
    case "HandleConfirmLeadershipResponse":
      return `${step.action} handles a message, and there is none`;
    case "Restart":
      throw new RangeError("a Restart makes a new server: the cluster takes it");
  }
}

/** What a snapshot holds is in no behaviour and in no trace. */
const UNKNOWN_DATA = "";

/** A message of the core that says this. */
export function messageOf(content: MessageContent): Message {
  return content.type === "InstallSnapshotRequest"
    ? { ...content, id: "", data: UNKNOWN_DATA }
    : { ...content, id: "" };
}

function answer(server: Server, { round, index }: ReplayStep): string | null {
  const waiting = server.reads.find((read) => read.round === round && read.index === index);
  if (waiting === undefined) return `no read waits for round ${round} and index ${index}`;
  answerRead(server, waiting);
  return null;
}

function send(server: Server, { peer, prevLogIndex, count }: Slice): string | null {
  if (!server.peers.includes(peer)) return `${peer} is no peer of ${server.id}`;
  if (prevLogIndex + count > server.log.lastIndex) {
    return `its log ends at ${server.log.lastIndex}, before ${prevLogIndex} + ${count}`;
  }
  sendAppendEntries(server, peer, prevLogIndex, count);
  return null;
}

function handle(server: Server, action: Action, message: Message): string | null {
  if (message.to !== server.id) return `the message is for ${message.to}`;
  if (action !== `Handle${message.type}`) return `the message is ${withArticle(message.type)}`;
  switch (message.type) {
    case "RequestVoteRequest":
      handleRequestVoteRequest(server, message);
      return null;
    case "RequestVoteResponse":
      handleRequestVoteResponse(server, message);
      return null;
    case "AppendEntriesRequest":
      handleAppendEntriesRequest(server, message);
      return null;
    case "AppendEntriesResponse":
      handleAppendEntriesResponse(server, message);
      return null;
    case "InstallSnapshotRequest":
      handleInstallSnapshotRequest(server, message);
      return null;
    case "ConfirmLeadershipRequest":
      handleConfirmLeadershipRequest(server, message);
      return null;
    case "ConfirmLeadershipResponse":
      handleConfirmLeadershipResponse(server, message);
      return null;
  }
}
