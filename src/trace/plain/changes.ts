/** The changes of an event, read from bytes in the plain form. */
import { ROLES } from "../event.ts";
import { type TraceChanges, type TraceLogChange, VARIABLES } from "../format.ts";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  type Cursor,
  NOT_PLAIN,
  OPEN_BRACE,
  OPEN_BRACKET,
} from "./cursor.ts";
import { bitsOf, keysOf, type Mutable, maskOf, newField } from "./fields.ts";
import { atLeastOne, readEntries } from "./message.ts";
import { Words } from "./words.ts";

const FIELD = bitsOf(VARIABLES);
const KEYS = keysOf(FIELD);
const ROLE_NAMES = new Words(ROLES.map((role) => [role, role]));

/** The fields that changes may have where a trace logs these variables. */
export function fieldsOfChanges(variables: Iterable<string>): number {
  return maskOf(FIELD, variables);
}

/**
 * The `changed` of an event of the server.
 *
 * @param logged the fields that it may have: see `fieldsOfChanges`
 */
export function readChanges(
  cursor: Cursor,
  servers: Words<string>,
  server: string,
  logged: number,
): TraceChanges {
  const changes: Mutable<TraceChanges> = {};
  let seen = 0;
  cursor.take(OPEN_BRACE);
  do {
    const field = newField(cursor, KEYS, seen);
    seen |= field;
    switch (field) {
      case FIELD.currentTerm:
        changes.currentTerm = cursor.integer();
        break;
      case FIELD.votedFor:
        changes.votedFor = cursor.takesNull() ? null : cursor.word(servers);
        break;
      case FIELD.log:
        changes.log = readLogChange(cursor);
        break;
      case FIELD.role:
        changes.role = cursor.word(ROLE_NAMES);
        break;
      case FIELD.commitIndex:
        changes.commitIndex = cursor.integer();
        break;
      case FIELD.lastApplied:
        changes.lastApplied = cursor.integer();
        break;
      case FIELD.votesGranted:
        changes.votesGranted = readVotes(cursor, servers);
        break;
      case FIELD.nextIndex:
        changes.nextIndex = readByPeer(cursor, servers, server, 1);
        break;
      case FIELD.matchIndex:
        changes.matchIndex = readByPeer(cursor, servers, server, 0);
        break;
      case FIELD.snapshotIndex:
        changes.snapshotIndex = cursor.integer();
        break;
      case FIELD.round:
        changes.round = cursor.integer();
        break;
      case FIELD.confirmedRound:
        changes.confirmedRound = readByPeer(cursor, servers, server, 0);
        break;
      default:
        throw NOT_PLAIN;
    }
  } while (cursor.goesOn(CLOSE_BRACE));
  if ((seen & ~logged) !== 0) throw NOT_PLAIN;
  return changes;
}

function readLogChange(cursor: Cursor): TraceLogChange {
  cursor.take(OPEN_BRACKET);
  const from = atLeastOne(cursor.integer());
  cursor.comma();
  const entries = readEntries(cursor);
  cursor.take(CLOSE_BRACKET);
  return [from, entries];
}

function readVotes(cursor: Cursor, servers: Words<string>): readonly string[] {
  const votes: string[] = [];
  cursor.take(OPEN_BRACKET);
  if (cursor.takes(CLOSE_BRACKET)) return votes;
  do {
    const voter = cursor.word(servers);
    if (votes.includes(voter)) throw NOT_PLAIN;
    votes.push(voter);
  } while (cursor.goesOn(CLOSE_BRACKET));
  return votes;
}

/** A number for some of the server's peers, each from `least`. */
function readByPeer(
  cursor: Cursor,
  servers: Words<string>,
  server: string,
  least: 0 | 1,
): Readonly<Record<string, number>> {
  const byPeer: Record<string, number> = {};
  cursor.take(OPEN_BRACE);
  do {
    const peer = cursor.key(servers);
    if (peer === server || Object.hasOwn(byPeer, peer)) throw NOT_PLAIN;
    const number = cursor.integer();
    byPeer[peer] = least === 1 ? atLeastOne(number) : number;
  } while (cursor.goesOn(CLOSE_BRACE));
  return byPeer;
}
