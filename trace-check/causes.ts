/** The events that led to an event: of all that could have, those that made what it looked at. */
import {
  type TraceAction,
  type TraceEvent,
  type TraceVariable,
  VARIABLES,
} from "../src/trace/format.ts";

/** The variables that decide what an action does. */
const READS: Readonly<Record<TraceAction, readonly TraceVariable[]>> = {
  Timeout: ["currentTerm", "role", "log"],
  HandleRequestVoteRequest: ["currentTerm", "votedFor", "log"],
  HandleRequestVoteResponse: ["currentTerm", "role", "votesGranted"],
  BecomeLeader: ["role", "votesGranted"],
  ClientRequest: ["role", "log"],
  AppendNoOp: ["role", "log"],
  SendAppendEntries: ["role", "log", "commitIndex"],
  HandleAppendEntriesRequest: ["currentTerm", "role", "log", "commitIndex"],
  HandleAppendEntriesResponse: ["currentTerm", "role", "matchIndex"],
  AdvanceCommitIndex: ["role", "log", "matchIndex", "commitIndex"],
  Apply: ["log", "commitIndex", "lastApplied"],
  Restart: ["currentTerm", "votedFor", "log"],
  CompactLog: ["log", "lastApplied"],
  SendInstallSnapshot: ["role", "log"],
  HandleInstallSnapshotRequest: ["currentTerm", "role", "log", "commitIndex"],
  ReadRequest: ["role", "commitIndex"],
  ConfirmLeadership: ["role"],
  HandleConfirmLeadershipRequest: ["currentTerm", "role"],
  HandleConfirmLeadershipResponse: ["currentTerm", "role"],
  AnswerRead: ["role", "commitIndex", "lastApplied"],
};

/** The actions that can change a variable, for those that a trace does not show. */
const WRITERS: Readonly<Record<TraceVariable, readonly TraceAction[]>> = {
  currentTerm: [
    "Timeout",
    "HandleRequestVoteRequest",
    "HandleRequestVoteResponse",
    "HandleAppendEntriesRequest",
    "HandleAppendEntriesResponse",
    "HandleInstallSnapshotRequest",
    "HandleConfirmLeadershipRequest",
    "HandleConfirmLeadershipResponse",
  ],
  votedFor: ["Timeout", "HandleRequestVoteRequest"],
  log: [
    "ClientRequest",
    "AppendNoOp",
    "HandleAppendEntriesRequest",
    "HandleInstallSnapshotRequest",
  ],
  role: ["Timeout", "BecomeLeader", "HandleAppendEntriesRequest"],
  commitIndex: ["AdvanceCommitIndex", "HandleAppendEntriesRequest", "HandleInstallSnapshotRequest"],
  lastApplied: ["Apply", "HandleInstallSnapshotRequest"],
  votesGranted: ["Timeout", "HandleRequestVoteResponse"],
  nextIndex: ["SendAppendEntries", "HandleAppendEntriesResponse"],
  matchIndex: ["HandleAppendEntriesResponse"],
  snapshotIndex: ["CompactLog", "HandleInstallSnapshotRequest"],
  round: ["ConfirmLeadership"],
  confirmedRound: ["HandleConfirmLeadershipResponse"],
};

/** What is gathered from several events: these all count, back to the one that it began with. */
const GATHERED_SINCE: Readonly<Partial<Record<TraceVariable, TraceAction>>> = {
  votesGranted: "Timeout",
  matchIndex: "BecomeLeader",
};

/**
 * The places, in order, of at most `most` events that led to the one at `place`: the sending of what
 * it received, the last changes of the variables that it looks at, and in the same way what led to
 * those, the nearest causes first.
 */
export function causesOf(
  events: readonly TraceEvent[],
  place: number,
  most: number,
  variables: readonly TraceVariable[] = VARIABLES,
): readonly number[] {
  const causes = new Set<number>();
  let frontier = [place];
  while (frontier.length > 0 && causes.size < most) {
    const next: number[] = [];
    for (const effect of frontier) {
      for (const cause of directCauses(events, effect, variables)) {
        if (causes.has(cause) || causes.size >= most) continue;
        causes.add(cause);
        next.push(cause);
      }
    }
    frontier = next;
  }
  return [...causes].sort((a, b) => a - b);
}

/**
 * What an event itself rests on, latest first.
 *
 * @param wholeLogs every change of the log, back to the first, and not the last alone
 */
export function directCauses(
  events: readonly TraceEvent[],
  place: number,
  logged: readonly TraceVariable[],
  wholeLogs = false,
): readonly number[] {
  const event = events[place];
  if (event === undefined) return [];
  const open = new Set<TraceVariable>(READS[event.action]);
  let { received } = event;
  const causes: number[] = [];
  for (let before = place - 1; before >= 0 && (open.size > 0 || received !== undefined); before--) {
    const cause = events[before];
    if (cause === undefined) continue;
    const isSend = received !== undefined && cause.sent?.some(({ id }) => id === received);
    if (isSend) received = undefined;
    const isWrite = cause.server === event.server && closes(open, cause, logged, wholeLogs);
    if (isSend || isWrite) causes.push(before);
  }
  return causes;
}

/** Takes off what the event changed of what is still looked for; whether that was anything. */
function closes(
  open: Set<TraceVariable>,
  event: TraceEvent,
  logged: readonly TraceVariable[],
  wholeLogs: boolean,
): boolean {
  if (event.action === "Restart") {
    const wasOpen = open.size > 0;
    open.clear();
    return wasOpen;
  }
  let isCause = false;
  for (const variable of open) {
    const beginning = GATHERED_SINCE[variable];
    if (changes(event, variable, logged)) {
      isCause = true;
      const isGathered = beginning !== undefined || (wholeLogs && variable === "log");
      if (!isGathered) open.delete(variable);
    }
    if (event.action === beginning) open.delete(variable);
  }
  return isCause;
}

function changes(
  event: TraceEvent,
  variable: TraceVariable,
  logged: readonly TraceVariable[],
): boolean {
  if (logged.includes(variable)) return event.changed?.[variable] !== undefined;
  return WRITERS[variable].includes(event.action);
}
