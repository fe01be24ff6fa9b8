/**
 * Events in the plain form, which most programs write: JSON without escapes, `server` and `seq`
 * before what is to be checked against them. An event of this form is read and its fields are
 * checked in one pass over the bytes, several times as fast as by JSON.parse and a check. It
 * decides nothing: what is not of this form, or may be wrong in any way, is left to those.
 */
import { checkReadEvent, shapeOfEvent } from "../event.ts";
import {
  ACTIONS,
  type TraceAction,
  type TraceChanges,
  type TraceEvent,
  type TraceMessage,
} from "../format.ts";
import type { TraceForm } from "../trace-form.ts";
import { fieldsOfChanges, readChanges } from "./changes.ts";
import { CLOSE_BRACE, Cursor, NOT_PLAIN, OPEN_BRACE } from "./cursor.ts";
import { bitsOf, keysOf, type Mutable, maskOf, newField } from "./fields.ts";
import { atLeastOne, readSent } from "./message.ts";
import { Words } from "./words.ts";

const FIELD = bitsOf([
  "server",
  "seq",
  "action",
  "command",
  "index",
  "round",
  "note",
  // What is checked against the server and its `seq` comes last here, and stands behind them.
  "received",
  "sent",
  "changed",
]);
const KEYS = keysOf(FIELD);
const PLACE = FIELD.server | FIELD.seq;

/** An action, the fields that its events may have, and those that they must have. */
interface Action {
  readonly name: TraceAction;
  readonly allowed: number;
  readonly required: number;
  /** Whether its index may be 0. */
  readonly isOfRead: boolean;
}

const ACTION_NAMES = new Words(ACTIONS.map((name) => [name, actionOf(name)]));

function actionOf(name: TraceAction): Action {
  const { fields, required } = shapeOfEvent(name);
  return {
    name,
    allowed: maskOf(FIELD, fields.keys()),
    required: maskOf(FIELD, required),
    isOfRead: fields.has("round"),
  };
}

/** Reads the events of one trace. */
export class PlainEvents {
  readonly #form: TraceForm;
  readonly #servers: Words<string>;
  /** The fields of `changed` that the header lists. */
  readonly #logged: number;
  readonly #cursor = new Cursor();

  constructor(form: TraceForm) {
    this.#form = form;
    this.#logged = fieldsOfChanges(form.variables);
    this.#servers = new Words([...form.servers].map((server) => [server, server]));
  }

  /**
   * The event on the line from `start` to its newline at `end`, in UTF-8; null where it is not in
   * the plain form. Throws a FormFault where it does not fit the events before it.
   */
  read(bytes: Buffer, start: number, end: number): TraceEvent | null {
    this.#cursor.moveTo(bytes, start);
    try {
      const event = this.#readEvent();
      return this.#cursor.isAtEnd(end) ? checkReadEvent(event, this.#form) : null;
    } catch (error) {
      if (error === NOT_PLAIN) return null;
      throw error;
    }
  }

  #readEvent(): TraceEvent {
    const cursor = this.#cursor;
    const servers = this.#servers;
    let seen = 0;
    let server = "";
    let seq = 0;
    let action: Action | null = null;
    let command: string | undefined;
    let index: number | undefined;
    let round: number | undefined;
    let received: string | undefined;
    let sent: readonly TraceMessage[] | undefined;
    let changed: TraceChanges | undefined;
    let note: string | undefined;
    cursor.take(OPEN_BRACE);
    do {
      const field = newField(cursor, KEYS, seen);
      seen |= field;
      if (field >= FIELD.received && (seen & PLACE) !== PLACE) throw NOT_PLAIN;
      switch (field) {
        case FIELD.server:
          server = cursor.word(servers);
          break;
        case FIELD.seq:
          seq = cursor.integer();
          break;
        case FIELD.action:
          action = cursor.word(ACTION_NAMES);
          break;
        case FIELD.command:
          command = cursor.text();
          break;
        case FIELD.index:
          index = cursor.integer();
          break;
        case FIELD.round:
          round = atLeastOne(cursor.integer());
          break;
        case FIELD.received: {
          const id = cursor.id(servers);
          if (id.server === server) throw NOT_PLAIN;
          received = id.text;
          break;
        }
        case FIELD.sent:
          sent = readSent(cursor, servers, server, seq);
          break;
        case FIELD.changed:
          changed = readChanges(cursor, servers, server, this.#logged);
          break;
        default:
          note = cursor.text();
      }
    } while (cursor.goesOn(CLOSE_BRACE));
    if (action === null || (seen & action.required) !== action.required) throw NOT_PLAIN;
    if ((seen & ~action.allowed) !== 0) throw NOT_PLAIN;
    if (index === 0 && !action.isOfRead) throw NOT_PLAIN;
    const event: Mutable<TraceEvent> = { server, seq, action: action.name };
    if (command !== undefined) event.command = command;
    if (index !== undefined) event.index = index;
    if (round !== undefined) event.round = round;
    if (received !== undefined) event.received = received;
    if (sent !== undefined) event.sent = sent;
    if (changed !== undefined) event.changed = changed;
    if (note !== undefined) event.note = note;
    return event;
  }
}
