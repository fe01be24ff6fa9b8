/** An event as if it named another action, as far as it tells what that action needs. */
import type {
  TraceAction,
  TraceChanges,
  TraceEvent,
  TraceMessage,
} from "../../src/trace/format.ts";
import type { Difference } from "./differences.ts";
import { oneLine } from "./tell.ts";

/** An event under another name. */
export interface Renamed {
  readonly event: TraceEvent;
  /** What it says that has no place in an event of that name. */
  readonly surplus: readonly Difference[];
}

/** The action that handles a message. */
const HANDLES: Readonly<Record<TraceMessage["type"], TraceAction>> = {
  RequestVoteRequest: "HandleRequestVoteRequest",
  RequestVoteResponse: "HandleRequestVoteResponse",
  AppendEntriesRequest: "HandleAppendEntriesRequest",
  AppendEntriesResponse: "HandleAppendEntriesResponse",
  InstallSnapshotRequest: "HandleInstallSnapshotRequest",
  ConfirmLeadershipRequest: "HandleConfirmLeadershipRequest",
  ConfirmLeadershipResponse: "HandleConfirmLeadershipResponse",
};

/** The fields of an event that tell the parameters of an action. */
type Parameters = Pick<TraceEvent, "command" | "index" | "round" | "received">;

/**
 * The event under the name of another action; null where it does not tell what that action is about.
 *
 * @param received the message that it received, where one was sent
 */
export function asAction(
  event: TraceEvent,
  action: TraceAction,
  received: TraceMessage | undefined,
): Renamed | null {
  const own = parametersOf(event, action, received);
  if (own === null) return null;
  const { command: _, index: __, round: ___, received: ____, ...rest } = event;
  return { event: { ...rest, ...own, action }, surplus: surplusOf(event, own, action) };
}

function parametersOf(
  event: TraceEvent,
  action: TraceAction,
  received: TraceMessage | undefined,
): Parameters | null {
  const { changed = {}, sent } = event;
  switch (action) {
    case "Timeout":
    case "BecomeLeader":
    case "AppendNoOp":
    case "ConfirmLeadership":
      return {};
    case "Restart":
      // It would say what was found on stable storage; any server that says nothing may have crashed.
      return isRecovery(changed) && event.received === undefined ? {} : null;
    case "ClientRequest": {
      const command = event.command ?? changed.log?.[1].at(-1)?.command ?? null;
      return command === null ? null : { command };
    }
    case "SendAppendEntries":
      return sent?.[0]?.type === "AppendEntriesRequest" ? {} : null;
    case "SendInstallSnapshot":
      return sent?.[0]?.type === "InstallSnapshotRequest" ? {} : null;
    case "AdvanceCommitIndex":
      return indexOr(event.index ?? changed.commitIndex);
    case "Apply":
      return indexOr(event.index ?? changed.lastApplied);
    case "CompactLog":
      return indexOr(event.index ?? changed.snapshotIndex);
    case "ReadRequest":
    case "AnswerRead": {
      const { index, round } = event;
      return index === undefined || round === undefined ? null : { index, round };
    }
    case "HandleRequestVoteRequest":
    case "HandleRequestVoteResponse":
    case "HandleAppendEntriesRequest":
    case "HandleAppendEntriesResponse":
    case "HandleInstallSnapshotRequest":
    case "HandleConfirmLeadershipRequest":
    case "HandleConfirmLeadershipResponse": {
      const isItsOwn = received !== undefined && HANDLES[received.type] === action;
      return isItsOwn && event.received !== undefined ? { received: event.received } : null;
    }
  }
}

function isRecovery({ currentTerm, votedFor, log }: TraceChanges): boolean {
  return currentTerm !== undefined || votedFor !== undefined || log !== undefined;
}

function indexOr(index: number | undefined): Parameters | null {
  return index === undefined ? null : { index };
}

/** How many things an event tells of itself: its parameters, its changes, the fields of its messages. */
export function thingsTold(event: TraceEvent): number {
  const parameters = PARAMETERS.filter((name) => event[name] !== undefined);
  const fields = (event.sent ?? []).flatMap(({ id: _, ...message }) => Object.keys(message));
  return parameters.length + Object.keys(event.changed ?? {}).length + fields.length;
}

const PARAMETERS = ["received", "command", "index", "round"] as const;

function surplusOf(event: TraceEvent, own: Parameters, action: TraceAction): readonly Difference[] {
  return PARAMETERS.filter((name) => event[name] !== undefined && own[name] === undefined).map(
    (name) => {
      const text = `The event has ${name} ${oneLine(String(event[name]))}, and ${action} has none.`;
      return { name, part: "", text, weight: 1 };
    },
  );
}
