import { withArticle } from "./counted.ts";
import { FormFault } from "./error.ts";
import {
  ACTIONS,
  MAX_INTEGER,
  type TraceAction,
  type TraceEvent,
  type TraceMessage,
  VARIABLES,
} from "./format.ts";
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

/** What a server writes that receives a message of one that does not trace. */
const UNTRACED_ID = /^(.+):untraced$/;

export const ROLES = ["Follower", "Candidate", "Leader"] as const;

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
    snapshotIndex: logged("snapshotIndex", index),
    round: logged("round", integer(0, "a round")),
    confirmedRound: logged("confirmedRound", byPeer(integer(0, "a round"))),
  },
  [],
  {
    snapshot:
      "Log snapshotIndex, the last index that the snapshot includes; its state is not traced",
    reads: "Waiting reads are told by the events ReadRequest and AnswerRead, and not logged",
    action: "It belongs to the event, not to changed",
    command: "It belongs to the event, not to changed",
    index: "It belongs to the event, not to changed",
  },
);

const checkChanged: Check<TraceForm> = (value, form) => checkShape(value, changesShape, form);

/** The fields of an event that depend on its action. */
type Parameters = Readonly<Record<string, Check<TraceForm>>>;

const nothing: Parameters = {};
const received: Parameters = { received: checkReceived };
const atIndex: Parameters = { index: integer(1, "the index of an entry") };
/** A read is known by what it waits for. */
const ofRead: Parameters = { index, round: integer(1, "a round") };

const parametersOf: Readonly<Record<TraceAction, Parameters>> = {
  Timeout: nothing,
  HandleRequestVoteRequest: received,
  HandleRequestVoteResponse: received,
  BecomeLeader: nothing,
  ClientRequest: { command: text("a command") },
  AppendNoOp: nothing,
  SendAppendEntries: nothing,
  HandleAppendEntriesRequest: received,
  HandleAppendEntriesResponse: received,
  AdvanceCommitIndex: atIndex,
  Apply: atIndex,
  Restart: nothing,
  CompactLog: atIndex,
  SendInstallSnapshot: nothing,
  HandleInstallSnapshotRequest: received,
  ReadRequest: ofRead,
  ConfirmLeadership: nothing,
  HandleConfirmLeadershipRequest: received,
  HandleConfirmLeadershipResponse: received,
  AnswerRead: ofRead,
};

/** What an action sends that is one message: its parameters are read from there. */
const SENDS_ONE: Readonly<Partial<Record<TraceAction, TraceMessage["type"]>>> = {
  SendAppendEntries: "AppendEntriesRequest",
  SendInstallSnapshot: "InstallSnapshotRequest",
};

const eventShapes: ReadonlyMap<unknown, Shape<TraceForm>> = new Map(
  ACTIONS.map((action) => [action, eventShape(action, parametersOf[action])]),
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
  checkShape(value, shapeOfEvent(fields.action), form);
  return checkTogether(value as TraceEvent, progress, form);
}

/** The same of an event whose fields were found right, each by itself, and its action's. */
export function checkReadEvent(event: TraceEvent, form: TraceForm): TraceEvent {
  return checkTogether(event, checkPlace(event, form), form);
}

/** What the fields of an event must be together, and beside the events before it. */
function checkTogether(event: TraceEvent, progress: ServerProgress, form: TraceForm): TraceEvent {
  if (event.action === "Restart") checkRestart(event, form);
  checkSentOne(event);
  const log = event.changed?.log;
  if (log !== undefined) {
    checkHole(event, log[0], progress.lastIndex);
    progress.lastIndex = log[0] - 1 + log[1].length;
  }
  progress.seq = form.seq;
  return event;
}

function eventShape(action: TraceAction, parameters: Parameters): Shape<TraceForm> {
  const misplaced: Record<string, string> = {};
  for (const variable of VARIABLES) misplaced[variable] = "Variables belong into changed";
  for (const other of ["command", "index", "round", "received"]) {
    const owners = ACTIONS.filter((owner) => other in parametersOf[owner]);
    misplaced[other] = `It belongs to ${owners.join(", ")} and to no other action`;
  }
  const isRestart = action === "Restart";
  const isSend = SENDS_ONE[action] !== undefined;
  return shape<TraceForm>(
    `an event ${action}`,
    {
      server: () => {},
      seq: () => {},
      action: () => {},
      ...parameters,
      ...(isRestart ? {} : { sent: checkSent }),
      changed: checkChanged,
      note: text("a note"),
    },
    ["server", "seq", "action", ...Object.keys(parameters), ...(isSend ? ["sent"] : [])],
    isRestart
      ? { ...misplaced, sent: "A server that restarts sends nothing in that step" }
      : misplaced,
  );
}

/** The fields of an event of an action. Throws a FormFault for what is no action. */
export function shapeOfEvent(action: unknown): Shape<TraceForm> {
  const expected = eventShapes.get(action);
  if (expected !== undefined) return expected;
  const guess = typeof action === "string" ? suggestion(action, ACTIONS) : "";
  throw new FormFault(
    "action",
    action === undefined ? "the field is missing" : `${told(action)} is not an action${guess}`,
    `Write one of ${ACTIONS.join(", ")}`,
  );
}

/** The server is of the cluster and this is its next event. */
function checkPlace(
  fields: { readonly [field in "server" | "seq" | "format"]?: unknown },
  form: TraceForm,
): ServerProgress {
  const { server, seq } = fields;
  const progress = typeof server === "string" ? form.progress.get(server) : undefined;
  if (typeof server !== "string" || progress === undefined) {
    const guess = typeof server === "string" ? suggestion(server, form.servers) : "";
    throw new FormFault(
      "server",
      fields.format !== undefined
        ? "a header comes in the middle of the file"
        : server === undefined
          ? "the field is missing"
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
}

/** A change begins in the log or at its end; or right behind a snapshot, which fills the hole. */
function checkHole({ server, changed }: TraceEvent, from: number, lastIndex: number): void {
  if (from <= lastIndex + 1 || from === (changed?.snapshotIndex ?? 0) + 1) return;
  throw new FormFault(
    "changed.log[0]",
    `${from} leaves a hole: the log of ${server} ends at ${lastIndex}`,
    "Write the first index that is new or different, counted from 1",
  );
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
    const [, untraced] = typeof value === "string" ? (UNTRACED_ID.exec(value) ?? []) : [];
    if (untraced !== undefined) throw notTraced(untraced);
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

function notTraced(sender: string): FormFault {
  return new FormFault(
    "",
    `the message came from ${sender}, which did not trace its steps, so that nothing can be said of what came of it`,
    "Trace every server of the cluster, each from its first start on: begin with empty folders",
  );
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
  const { log, snapshotIndex = 0 } = event.changed ?? {};
  if (log === undefined || log[0] === snapshotIndex + 1) return;
  throw new FormFault(
    "changed.log[0]",
    `${log[0]} is not ${snapshotIndex + 1}: a Restart has the whole log${snapshotIndex === 0 ? "" : " behind its snapshot"}`,
    snapshotIndex === 0
      ? "Write [1,[...]] with all entries; where a snapshot stands for the first of them, log its snapshotIndex too"
      : `Write [${snapshotIndex + 1},[...]] with all entries after snapshotIndex`,
  );
}

/** SendAppendEntries is the sending of one message, and so is SendInstallSnapshot. */
function checkSentOne({ action, sent = [] }: TraceEvent): void {
  const type = SENDS_ONE[action];
  if (type === undefined || (sent.length === 1 && sent[0]?.type === type)) return;
  throw new FormFault(
    "sent",
    `${action} sends one ${type}, not ${sent.length === 1 ? withArticle(String(sent[0]?.type)) : `${sent.length} messages`}`,
    `Log one event ${action} for each message`,
  );
}
