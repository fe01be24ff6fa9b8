/** Messages and entries of an event, read from bytes in the plain form. */
import type { TraceEntry, TraceMessage } from "../format.ts";
import { MESSAGE_TYPES, shapeOfMessage } from "../message.ts";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  type Cursor,
  NOT_PLAIN,
  OPEN_BRACE,
  OPEN_BRACKET,
} from "./cursor.ts";
import { bitsOf, keysOf, maskOf, newField } from "./fields.ts";
import { Words } from "./words.ts";

const FIELD = bitsOf([
  "id",
  "type",
  "from",
  "to",
  "term",
  "voteGranted",
  "success",
  "entries",
  "lastLogIndex",
  "lastLogTerm",
  "prevLogIndex",
  "prevLogTerm",
  "leaderCommit",
  "matchIndex",
  "lastIncludedIndex",
  "lastIncludedTerm",
  "round",
]);
const KEYS = keysOf(FIELD);
const TYPES = new Words(MESSAGE_TYPES.map((type) => [type, type]));

/** The fields that a message of a type has: all of them, and no others. */
const FIELDS = Object.fromEntries(
  MESSAGE_TYPES.map((type) => [type, fieldsOf(type, true)]),
) as Readonly<Record<TraceMessage["type"], number>>;
const FIELDS_OF_REFUSAL = fieldsOf("AppendEntriesResponse", false);

function fieldsOf(type: TraceMessage["type"], success: boolean): number {
  return maskOf(FIELD, shapeOfMessage(type, success).fields.keys());
}

const ENTRY_FIELD = bitsOf(["term", "command"]);
const ENTRY_KEYS = keysOf(ENTRY_FIELD);
const ENTRY_FIELDS = ENTRY_FIELD.term | ENTRY_FIELD.command;

/** The `sent` of an event: what its server sent in its event `seq`. */
export function readSent(
  cursor: Cursor,
  servers: Words<string>,
  server: string,
  seq: number,
): readonly TraceMessage[] {
  const messages: TraceMessage[] = [];
  cursor.take(OPEN_BRACKET);
  if (cursor.takes(CLOSE_BRACKET)) return messages;
  do {
    const message = readMessage(cursor, servers);
    const { from, to } = message;
    if (from !== server || to === from) throw NOT_PLAIN;
    messages.push(message);
    if (message.id !== `${server}:${seq}:${messages.length}`) throw NOT_PLAIN;
  } while (cursor.goesOn(CLOSE_BRACKET));
  return messages;
}

function readMessage(cursor: Cursor, servers: Words<string>): TraceMessage {
  let seen = 0;
  let id = "";
  let type: TraceMessage["type"] = "RequestVoteRequest";
  let from = "";
  let to = "";
  let term = 0;
  let voteGranted = false;
  let success = true;
  let entries: readonly TraceEntry[] = [];
  let lastLogIndex = 0;
  let lastLogTerm = 0;
  let prevLogIndex = 0;
  let prevLogTerm = 0;
  let leaderCommit = 0;
  let matchIndex = 0;
  let lastIncludedIndex = 0;
  let lastIncludedTerm = 0;
  let round = 0;
  cursor.take(OPEN_BRACE);
  do {
    const field = newField(cursor, KEYS, seen);
    seen |= field;
    switch (field) {
      case FIELD.id:
        id = cursor.text();
        break;
      case FIELD.type:
        type = cursor.word(TYPES);
        break;
      case FIELD.from:
        from = cursor.word(servers);
        break;
      case FIELD.to:
        to = cursor.word(servers);
        break;
      case FIELD.term:
        term = cursor.integer();
        break;
      case FIELD.voteGranted:
        voteGranted = cursor.boolean();
        break;
      case FIELD.success:
        success = cursor.boolean();
        break;
      case FIELD.entries:
        entries = readEntries(cursor);
        break;
      case FIELD.lastLogIndex:
        lastLogIndex = cursor.integer();
        break;
      case FIELD.lastLogTerm:
        lastLogTerm = cursor.integer();
        break;
      case FIELD.prevLogIndex:
        prevLogIndex = cursor.integer();
        break;
      case FIELD.prevLogTerm:
        prevLogTerm = cursor.integer();
        break;
      case FIELD.leaderCommit:
        leaderCommit = cursor.integer();
        break;
      case FIELD.matchIndex:
        matchIndex = cursor.integer();
        break;
      case FIELD.lastIncludedIndex:
        lastIncludedIndex = atLeastOne(cursor.integer());
        break;
      case FIELD.lastIncludedTerm:
        lastIncludedTerm = cursor.integer();
        break;
      case FIELD.round:
        round = cursor.integer();
        break;
      default:
        throw NOT_PLAIN;
    }
  } while (cursor.goesOn(CLOSE_BRACE));
  const isRefusal = type === "AppendEntriesResponse" && !success;
  if (seen !== (isRefusal ? FIELDS_OF_REFUSAL : FIELDS[type])) throw NOT_PLAIN;
  switch (type) {
    case "RequestVoteRequest":
      return { id, type, from, to, term, lastLogIndex, lastLogTerm };
    case "RequestVoteResponse":
      return { id, type, from, to, term, voteGranted };
    case "AppendEntriesRequest":
      return { id, type, from, to, term, prevLogIndex, prevLogTerm, entries, leaderCommit };
    case "AppendEntriesResponse":
      return success
        ? { id, type, from, to, term, success, matchIndex }
        : { id, type, from, to, term, success, prevLogIndex, lastLogIndex };
    case "InstallSnapshotRequest":
      return { id, type, from, to, term, lastIncludedIndex, lastIncludedTerm };
    case "ConfirmLeadershipRequest":
      return { id, type, from, to, term, round: atLeastOne(round) };
    case "ConfirmLeadershipResponse":
      return { id, type, from, to, term, round };
  }
}

/** Entries, as a message has them, or a change of the log. */
export function readEntries(cursor: Cursor): readonly TraceEntry[] {
  const entries: TraceEntry[] = [];
  cursor.take(OPEN_BRACKET);
  if (cursor.takes(CLOSE_BRACKET)) return entries;
  do entries.push(readEntry(cursor));
  while (cursor.goesOn(CLOSE_BRACKET));
  return entries;
}

function readEntry(cursor: Cursor): TraceEntry {
  let seen = 0;
  let term = 0;
  let command: string | null = null;
  cursor.take(OPEN_BRACE);
  do {
    const field = newField(cursor, ENTRY_KEYS, seen);
    seen |= field;
    if (field === ENTRY_FIELD.term) term = atLeastOne(cursor.integer());
    else command = cursor.takesNull() ? null : cursor.text();
  } while (cursor.goesOn(CLOSE_BRACE));
  if (seen !== ENTRY_FIELDS) throw NOT_PLAIN;
  return { term, command };
}

/** The number, which must not be 0. */
export function atLeastOne(number: number): number {
  if (number === 0) throw NOT_PLAIN;
  return number;
}
