import { FormFault } from "./error.ts";
import type { TraceMessage } from "./format.ts";
import {
  asObject,
  boolean,
  type Check,
  checkElements,
  checkShape,
  integer,
  oneOf,
  type Shape,
  shape,
  told,
} from "./shape.ts";
import { suggestion } from "./suggest.ts";
import type { TraceForm } from "./trace-form.ts";

export const MESSAGE_TYPES = [
  "RequestVoteRequest",
  "RequestVoteResponse",
  "AppendEntriesRequest",
  "AppendEntriesResponse",
  "InstallSnapshotRequest",
  "ConfirmLeadershipRequest",
  "ConfirmLeadershipResponse",
] as const satisfies readonly TraceMessage["type"][];

const term = integer(0, "a term");
const index = integer(0, "an index");
const round = integer(1, "a round");
const ignored: Check<TraceForm> = () => {};

const entryShape: Shape<TraceForm> = shape<TraceForm>(
  "an entry",
  { term: integer(1, "the term of an entry"), command: checkCommand },
  ["term", "command"],
);

/** A command; null in a leader's empty entry. */
function checkCommand(value: unknown): void {
  if (typeof value === "string" || value === null) return;
  throw new FormFault(
    "",
    `${told(value)} is not a command`,
    "Write the command as a string (its JSON, its hash), or null for a leader's empty entry",
  );
}

/** A list of entries, as in a message or a change of the log. */
export const checkEntries: Check<TraceForm> = (value, form) => {
  checkElements(value, "the entries", checkEntry, form);
};

const checkEntry: Check<TraceForm> = (value, form) => checkShape(value, entryShape, form);

function messageShape(
  name: string,
  fields: Readonly<Record<string, Check<TraceForm>>>,
  misplaced: Readonly<Record<string, string>> = {},
): Shape<TraceForm> {
  const header = { id: ignored, type: ignored, from: ignored, to: ignored, term };
  const all = { ...header, ...fields };
  return shape<TraceForm>(name, all, Object.keys(all), misplaced);
}

const onlyInRefusal =
  'Only a refusal ("success":false) has it; an acknowledgement has matchIndex, the index up to which the logs are known to match';
const onlyInAcknowledgement =
  'Only an acknowledgement ("success":true) has it; a refusal has prevLogIndex and lastLogIndex';

const shapes = {
  RequestVoteRequest: messageShape("a RequestVoteRequest", {
    lastLogIndex: index,
    lastLogTerm: term,
  }),
  RequestVoteResponse: messageShape("a RequestVoteResponse", { voteGranted: boolean }),
  AppendEntriesRequest: messageShape("an AppendEntriesRequest", {
    prevLogIndex: index,
    prevLogTerm: term,
    entries: checkEntries,
    leaderCommit: index,
  }),
  acknowledgement: messageShape(
    "an acknowledgement (AppendEntriesResponse)",
    { success: boolean, matchIndex: index },
    { prevLogIndex: onlyInRefusal, lastLogIndex: onlyInRefusal },
  ),
  refusal: messageShape(
    "a refusal (AppendEntriesResponse)",
    { success: boolean, prevLogIndex: index, lastLogIndex: index },
    { matchIndex: onlyInAcknowledgement },
  ),
  InstallSnapshotRequest: messageShape(
    "an InstallSnapshotRequest",
    {
      lastIncludedIndex: integer(1, "the index of an entry"),
      lastIncludedTerm: term,
    },
    { data: "A snapshot's state is not traced: what it includes tells it" },
  ),
  ConfirmLeadershipRequest: messageShape("a ConfirmLeadershipRequest", { round }),
  ConfirmLeadershipResponse: messageShape("a ConfirmLeadershipResponse", { round: index }),
};

/** The fields of a message: of a response to entries, or to a snapshot, by its `success`. */
export function shapeOfMessage(type: TraceMessage["type"], success: unknown): Shape<TraceForm> {
  if (type !== "AppendEntriesResponse") return shapes[type];
  return success === false ? shapes.refusal : shapes.acknowledgement;
}

/** Checks the messages of an event's `sent`; their ids by their places. */
export const checkSent: Check<TraceForm> = (value, form) => {
  let k = 0;
  checkElements(
    value,
    "the messages sent",
    (message) => {
      k++;
      checkMessage(message, k, form);
    },
    form,
  );
};

function checkMessage(value: unknown, k: number, form: TraceForm): void {
  const message = asObject(value, "a message");
  checkType(message.type);
  checkShape(value, shapeOfMessage(message.type as TraceMessage["type"], message.success), form);
  checkPlaces(message, form);
  const id = `${form.server}:${form.seq}:${k}`;
  if (message.id !== id) {
    throw new FormFault(
      "id",
      `${told(message.id)} is not this message's id, ${told(id)}`,
      "An id is server:seq:k, for the k-th message, from 1, that the event seq of the server sent",
    );
  }
}

function checkType(type: unknown): void {
  if (type === undefined) {
    throw new FormFault(
      "type",
      "the field is missing from a message",
      `Write one of ${MESSAGE_TYPES.join(", ")}`,
    );
  }
  try {
    oneOf(type, MESSAGE_TYPES, "a type of message");
  } catch (error) {
    throw error instanceof FormFault ? error.inside("type") : error;
  }
}

function checkPlaces(message: Readonly<Record<string, unknown>>, form: TraceForm): void {
  const { from, to } = message;
  if (from !== form.server) {
    throw new FormFault(
      "from",
      `${told(from)} is not the server of this event, ${told(form.server)}`,
      "A server sends in its own name; log a message in the event of the server that sends it",
    );
  }
  if (typeof to !== "string" || !form.servers.has(to)) {
    const guess = typeof to === "string" ? suggestion(to, form.servers) : "";
    throw new FormFault(
      "to",
      `${told(to)} is not of the cluster${guess}`,
      `Name one of the header's servers: ${[...form.servers].join(", ")}`,
    );
  }
  if (to === from) {
    throw new FormFault(
      "to",
      "the message is to its own sender",
      "Log no messages of a server to itself: a candidate's vote for itself is part of Timeout, a leader counts itself",
    );
  }
}
