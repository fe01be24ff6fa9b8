import { FormFault } from "./error.ts";
import { ACTIONS, MAX_INTEGER, type TraceAction, type TraceEvent, VARIABLES } from "./format.ts";
import { checkEntries, checkSent } from "./message.ts";
import {
  asArray,
  asObject,
  type Check,
  checkElements,
  checkShape,
  integer,
  oneOf,
  type Shape,
  shape,
  text,
  told,
} from "./shape.ts";
import { suggestion } from "./suggest.ts";
import type { ServerProgress, TraceForm } from "./trace-form.ts";

const RECEIVED_ID = /^(.+):([1-9][0-9]{0,9}):([1-9][0-9]{0,9})$/;

const ROLES = ["Follower", "Candidate", "Leader"] as const;

const index = integer(0, "an index");

const changesShape: Shape<TraceForm> = shape<TraceForm>(
  "changed",
  {
    currentTerm: logged("currentTerm", integer(0, "a term")),
    votedFor: logged("votedFor", checkVotedFor),
    log: logged("log", checkLogChange),
    role: logged("role", (value) => oneOf(value, ROLES, "a role")),
    commitIndex: logged("commitIndex", index),
    lastApplied: logged("lastApplied", index),
    votesGranted: logged("votesGranted", checkVotes),
    nextIndex: logged("nextIndex", byPeer(integer(1, "a nextIndex"))),
    matchIndex: logged("matchIndex", byPeer(integer(0, "a matchIndex"))),
  },
  [],
  {
    snapshot:
      "Snapshots are reserved in version 1 and not checked yet: log the whole log, from index 1",
    action: "It belongs to the event, not to changed",
    command: "It belongs to the event, not to changed",
    index: "It belongs to the event, not to changed",
  },
);

const checkChanged: Check<TraceForm> = (value, form) => checkShape(value, changesShape, form);

/** The fields of an event that depend on its action. */
const parameters: Readonly<Record<"command" | "index" | "received", Check<TraceForm>>> = {
  command: text("a command"),
  index: integer(1, "the index of an entry"),
  received: checkReceived,
};
type Parameter = keyof typeof parameters;

const parameterOf: Readonly<Record<TraceAction, Parameter | null>> = {
  Timeout: null,
  HandleRequestVoteRequest: "received",
  HandleRequestVoteResponse: "received",
  BecomeLeader: null,
  ClientRequest: "command",
  AppendNoOp: null,
  SendAppendEntries: null,
  HandleAppendEntriesRequest: "received",
  HandleAppendEntriesResponse: "received",
  AdvanceCommitIndex: "index",
  Apply: "index",
  Restart: null,
  CompactLog: "index",
  SendInstallSnapshot: null,
  HandleInstallSnapshotRequest: "received",
  ReadRequest: null,
  ConfirmLeadership: null,
  HandleConfirmLeadershipRequest: "received",
  HandleConfirmLeadershipResponse: "received",
  AnswerRead: null,
};

const eventShapes: ReadonlyMap<unknown, Shape<TraceForm>> = new Map(
  ACTIONS.map((action) => [action, eventShape(action, parameterOf[action])]),
);

/**
 * Checks one event, parsed, against the header and the events before it, and takes note of
 * it in `form`. Throws a FormFault.
 *
 * @returns the same value, known to be an event
 */
export function checkEvent(value: unknown, form: TraceForm): TraceEvent {
  const fields = asObject(value, "an event");
  const progress = checkPlace(fields, form);
  const expected = shapeOf(fields.action);
  checkShape(value, expected, form);
  const event = value as TraceEvent;
  if (event.action === "Restart") checkRestart(event, form);
  if (event.action === "SendAppendEntries") checkSentEntries(event);
  progress.seq = form.seq;
  const log = event.changed?.log;
  if (log !== undefined) progress.lastIndex = log[0] - 1 + log[1].length;
  return event;
}

function eventShape(action: TraceAction, parameter: Parameter | null): Shape<TraceForm> {
  const misplaced: Record<string, string> = {};
  for (const other of Object.keys(parameters)) {
    const owners = ACTIONS.filter((owner) => parameterOf[owner] === other);
    misplaced[other] = `It belongs to ${owners.join(", ")} and to no other action`;
  }
  for (const variable of VARIABLES) misplaced[variable] = "Variables belong into changed";
  const isRestart = action === "Restart";
  const isSend = action === "SendAppendEntries";
  return shape<TraceForm>(
    `an event ${action}`,
    {
      server: () => {},
      seq: () => {},
      action: () => {},
      ...(parameter === null ? {} : { [parameter]: parameters[parameter] }),
      ...(isRestart ? {} : { sent: checkSent }),
      changed: checkChanged,
      note: text("a note"),
    },
    [
      "server",
      "seq",
      "action",
      ...(parameter === null ? [] : [parameter]),
      ...(isSend ? ["sent"] : []),
    ],
    isRestart
      ? { ...misplaced, sent: "A server that restarts sends nothing in that step" }
      : misplaced,
  );
}

function shapeOf(action: unknown): Shape<TraceForm> {
  const expected = eventShapes.get(action);
  if (expected !== undefined) return expected;
  if (typeof action === "string" && /snapshot/i.test(action)) {
    throw new FormFault(
      "action",
      `${told(action)} is reserved in version 1 and not checked yet`,
      "Run the implementation without snapshots, or with a threshold that is never reached",
    );
  }
  const guess = typeof action === "string" ? suggestion(action, ACTIONS) : "";
  throw new FormFault(
    "action",
    action === undefined ? "the field is missing" : `${told(action)} is not an action${guess}`,
    `Write one of ${ACTIONS.join(", ")}`,
  );
}

/** The server is of the cluster and this is its next event. */
function checkPlace(fields: Readonly<Record<string, unknown>>, form: TraceForm): ServerProgress {
  const { server, seq } = fields;
  const progress = typeof server === "string" ? form.progress.get(server) : undefined;
  if (typeof server !== "string" || progress === undefined) {
    const guess = typeof server === "string" ? suggestion(server, form.servers) : "";
    throw new FormFault(
      "server",
      fields.format !== undefined
        ? "a header comes in the middle of the file"
        : `${told(server)} is not of the cluster${guess}`,
      fields.format !== undefined
        ? "One file is one trace: a restarted server goes on in its file with a Restart, without a new header"
        : `Name one of the header's servers: ${[...form.servers].join(", ")}`,
    );
  }
  if (form.onlyServer !== null && server !== form.onlyServer) {
    throw new FormFault(
      "server",
      `${told(server)} is not the server of this file, ${told(form.onlyServer)}`,
      "Leave server and execution out of the header where one file has the events of all servers",
    );
  }
  if (seq !== progress.seq + 1) throw wrongSeq(seq, server, progress.seq);
  form.server = server;
  form.seq = progress.seq + 1;
  return progress;
}

function wrongSeq(seq: unknown, server: string, last: number): FormFault {
  if (!Number.isInteger(seq) || Number(seq) < 1 || Number(seq) > MAX_INTEGER) {
    return new FormFault(
      "seq",
      seq === undefined ? "the field is missing" : `${told(seq)} is not the number of an event`,
      "Number the events of each server from 1, without a gap",
    );
  }
  const expected = `${last + 1} is due for server ${server}`;
  return Number(seq) > last
    ? new FormFault(
        "seq",
        `${seq} leaves a gap: ${expected}`,
        last === 0
          ? "Trace a server from its first start on: its first step is number 1"
          : "Log every step of every server, and go on counting after a Restart",
      )
    : new FormFault(
        "seq",
        `${seq} was there before: ${expected}`,
        "Log every step once, in the order of the steps, and go on counting after a Restart",
      );
}

/** Checks a variable, which must be one of those that the header lists. */
function logged(variable: (typeof VARIABLES)[number], check: Check<TraceForm>): Check<TraceForm> {
  return (value, form) => {
    if (!form.variables.has(variable)) {
      throw new FormFault(
        "",
        `the header does not list ${variable} among its variables`,
        "List it in the header and log it wherever it changes, or leave it out of every event",
      );
    }
    check(value, form);
  };
}

function checkVotedFor(value: unknown, form: TraceForm): void {
  if (value === null || (typeof value === "string" && form.servers.has(value))) return;
  const guess = typeof value === "string" ? suggestion(value, form.servers) : "";
  throw new FormFault(
    "",
    `${told(value)} is not of the cluster${guess}`,
    `Write null for nobody, or one of the header's servers: ${[...form.servers].join(", ")}`,
  );
}

function checkLogChange(value: unknown, form: TraceForm): void {
  const change = asArray(value, "a change of the log");
  if (change.length !== 2) {
    throw new FormFault(
      "",
      `a change of the log has 2 elements, not ${change.length}`,
      "Write [fromIndex, newEntries]: the log is cut before fromIndex, and newEntries follow",
    );
  }
  const [from, entries] = change;
  checkElements([from], "fromIndex", integer(1, "the index of an entry"), form);
  try {
    checkEntries(entries, form);
  } catch (error) {
    throw error instanceof FormFault ? error.inside("[1]") : error;
  }
  const lastIndex = form.progress.get(form.server)?.lastIndex ?? 0;
  if (Number(from) > lastIndex + 1) {
    throw new FormFault(
      "[0]",
      `${told(from)} leaves a hole: the log of ${form.server} ends at ${lastIndex}`,
      "Write the first index that is new or different, counted from 1",
    );
  }
}

function checkVotes(value: unknown, form: TraceForm): void {
  const seen = new Set<unknown>();
  const checkVoter: Check<TraceForm> = (voter) => {
    if (typeof voter !== "string" || !form.servers.has(voter)) {
      throw new FormFault(
        "",
        `${told(voter)} is not of the cluster`,
        `Name the header's servers that granted a vote: ${[...form.servers].join(", ")}`,
      );
    }
    if (seen.has(voter)) throw new FormFault("", `${told(voter)} is there twice`, "Name each once");
    seen.add(voter);
  };
  checkElements(value, "votesGranted", checkVoter, form);
}

/** An object with an index for some of the acting server's peers. */
function byPeer(check: Check<TraceForm>): Check<TraceForm> {
  return (value, form) => {
    const indexes = asObject(value, "the indexes by peer");
    for (const peer in indexes) {
      form.keys++;
      if (!form.servers.has(peer) || peer === form.server) {
        throw new FormFault(
          told(peer),
          peer === form.server ? "this is the server itself" : "this is not of the cluster",
          "Write an index for the peers whose index changed, without the server itself",
        );
      }
      try {
        check(indexes[peer], form);
      } catch (error) {
        throw error instanceof FormFault ? error.inside(peer) : error;
      }
    }
  };
}

/** The id of a message that another server may have sent. */
function checkReceived(value: unknown, form: TraceForm): void {
  const parts = typeof value === "string" ? RECEIVED_ID.exec(value) : null;
  if (parts === null) {
    throw new FormFault(
      "",
      `${told(value)} is not the id of a message`,
      "Write the id under which the message was sent: server:seq:k",
    );
  }
  const [, sender = ""] = parts;
  if (sender === form.server || !form.servers.has(sender)) {
    throw new FormFault(
      "",
      sender === form.server
        ? `${told(value)} is a message of this server itself`
        : `${told(value)} is of a sender that is not of the cluster`,
      "Write the id under which another server sent the message: server:seq:k",
    );
  }
}

/** A Restart says what the server recovered, whatever the trace said before. */
function checkRestart(event: TraceEvent, form: TraceForm): void {
  for (const variable of ["currentTerm", "votedFor", "log"] as const) {
    if (form.variables.has(variable) && event.changed?.[variable] === undefined) {
      throw new FormFault(
        `changed.${variable}`,
        "the field is missing from a Restart",
        "Write currentTerm, votedFor and the whole log [1,[...]] as they were read from stable storage",
      );
    }
  }
  const from = event.changed?.log?.[0] ?? 1;
  if (from !== 1) {
    throw new FormFault(
      "changed.log[0]",
      `${from} is not 1: a Restart has the whole log`,
      "Write [1,[...]] with all entries; a log that begins after a snapshot is reserved in version 1",
    );
  }
}

/** SendAppendEntries is the sending of one message: its parameters are read from there. */
function checkSentEntries(event: TraceEvent): void {
  const sent = event.sent ?? [];
  if (sent.length === 1 && sent[0]?.type === "AppendEntriesRequest") return;
  throw new FormFault(
    "sent",
    `SendAppendEntries sends one AppendEntriesRequest, not ${sent.length === 1 ? `a ${sent[0]?.type}` : `${sent.length} messages`}`,
    "Log one event SendAppendEntries for each message",
  );
}
