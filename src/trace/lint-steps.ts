import { withArticle } from "./counted.ts";
import type { TraceEvent, TraceHeader, TraceMessage } from "./format.ts";
import type { FirstSuspicion } from "./suspicion.ts";

/** What is suspicious about one event by itself: several steps in one, or half a step. */
export function stepSuspicions(event: TraceEvent, header: TraceHeader): readonly FirstSuspicion[] {
  return [...stepsInOne(event), ...incompleteStep(event, header)];
}

function* stepsInOne({ action, changed, sent = [] }: TraceEvent): Generator<FirstSuspicion> {
  const merged = (what: string, own: string): FirstSuspicion => ({
    rule: "stepsInOne",
    problem: `${action} ${what}`,
    remedy: `That is a step of its own: log an event ${own} right after this one`,
  });
  if (changed?.role === "Leader" && action !== "BecomeLeader") {
    yield merged("makes a leader", "BecomeLeader");
  }
  if (changed?.role === "Candidate" && action !== "Timeout") {
    yield merged("makes a candidate", "Timeout");
  }
  if (changed?.log !== undefined && !WRITES_LOG.has(action)) {
    yield merged("changes the log", action === "BecomeLeader" ? "AppendNoOp" : "ClientRequest");
  }
  if (changed?.commitIndex !== undefined && !MOVES_COMMIT_INDEX.has(action)) {
    yield merged("moves the commit index", "AdvanceCommitIndex");
  }
  if (changed?.lastApplied !== undefined && !MOVES_LAST_APPLIED.has(action)) {
    yield merged("applies entries", "Apply");
  }
  if (changed?.snapshotIndex !== undefined && !MOVES_SNAPSHOT_INDEX.has(action)) {
    yield merged("compacts the log", "CompactLog");
  }
  const isRequest = (message: TraceMessage) => message.type === "AppendEntriesRequest";
  if (action !== "SendAppendEntries" && sent.some(isRequest)) {
    yield merged("sends entries", "SendAppendEntries");
  }
}

/** These bring a state from elsewhere, and change several variables in one step. */
const BRINGS_STATE = ["HandleInstallSnapshotRequest", "Restart"] as const;

const WRITES_LOG: ReadonlySet<string> = new Set([
  "ClientRequest",
  "AppendNoOp",
  "HandleAppendEntriesRequest",
  ...BRINGS_STATE,
]);

const MOVES_COMMIT_INDEX: ReadonlySet<string> = new Set([
  "AdvanceCommitIndex",
  "HandleAppendEntriesRequest",
  ...BRINGS_STATE,
]);

const MOVES_LAST_APPLIED: ReadonlySet<string> = new Set(["Apply", ...BRINGS_STATE]);
const MOVES_SNAPSHOT_INDEX: ReadonlySet<string> = new Set(["CompactLog", ...BRINGS_STATE]);

/** A request that is handled is answered in the same step. */
const ANSWERS: ReadonlySet<string> = new Set([
  "HandleRequestVoteRequest",
  "HandleAppendEntriesRequest",
  "HandleInstallSnapshotRequest",
  "HandleConfirmLeadershipRequest",
]);

function* incompleteStep(event: TraceEvent, header: TraceHeader): Generator<FirstSuspicion> {
  const { action, sent = [] } = event;
  const others = header.servers.length - 1;
  if (action === "Timeout" && sent.length !== others) {
    yield {
      rule: "incompleteStep",
      problem: `a Timeout sends ${sent.length} of ${others} vote requests`,
      remedy: "Log the requests to all others in that event, also those that do not get through",
    };
  }
  const votes = event.changed?.votesGranted;
  if (action === "Timeout" && votes !== undefined && !votes.includes(event.server)) {
    yield {
      rule: "incompleteStep",
      problem: "votesGranted of a Timeout lacks the candidate itself",
      remedy: "A candidate votes for itself: its own vote is one of those granted",
    };
  }
  if (action === "ConfirmLeadership" && sent.length !== others) {
    yield {
      rule: "incompleteStep",
      problem: `a ConfirmLeadership sends ${sent.length} of ${others} questions`,
      remedy: "Log the questions to all others in that event, also those that do not get through",
    };
  }
  if (ANSWERS.has(action) && sent.length === 0) {
    yield {
      rule: "incompleteStep",
      problem: `${withArticle(action)} sends no answer`,
      remedy:
        "Log the answer in that event, also if it gets lost; a request that is dropped unread is not logged at all",
    };
  }
}
