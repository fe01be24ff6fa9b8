/**
 * Events as `spec/TraceData.tla` describes them, made one at a time as they are checked: the
 * same as of `prepare`, without a form between.
 */

import { hashLane } from "../../src/engine/hash.ts";
import {
  equal,
  type RecordShape,
  record,
  recordShape,
  setOf,
  tuple,
} from "../../src/engine/runtime.ts";
import type { Value } from "../../src/engine/values.ts";
import type { TraceEntry, TraceEvent, TraceMessage } from "../../src/trace/format.ts";
import { BEYOND_ANY_LOG, EVENT_FIELDS, type Names, NIL } from "../prepare.ts";

const EVENT = recordShape([...EVENT_FIELDS]);
const ENTRY = recordShape(["command", "term"]);
const HEADER = ["type", "from", "to", "term"];
const VOTE_REQUEST = recordShape([...HEADER, "lastLogIndex", "lastLogTerm"]);
const VOTE_RESPONSE = recordShape([...HEADER, "voteGranted"]);
const APPEND_REQUEST = recordShape([
  ...HEADER,
  "prevLogIndex",
  "prevLogTerm",
  "entries",
  "leaderCommit",
]);
const ACCEPTED = recordShape([...HEADER, "success", "matchIndex"]);
const INSTALL_REQUEST = recordShape([
  ...HEADER,
  "lastIncludedIndex",
  "lastIncludedTerm",
  "included",
]);
const CONFIRMATION = recordShape([...HEADER, "round"]);
const REFUSED = recordShape([...HEADER, "success", "prevLogIndex", "lastLogIndex"]);

const NOTHING = tuple([]);
const NO_MESSAGES = setOf([]);
const NOBODY = "nobody";

/** A content that was sent: the one value that stands for it, and its last receipt. */
interface Content {
  readonly value: Value;
  /** The place of the event that receives it last; -1 where none does. */
  lastReceipt: number;
}

/** The events of one trace; `at` gives them in order. */
export class Events {
  readonly #events: readonly TraceEvent[];
  readonly #names: Names;
  readonly #byId = new Map<string, Content>();
  readonly #byHash = new Map<number, Content[]>();
  /** For each event what it receives; undefined where nobody sent that before. */
  readonly #received: (Content | undefined)[] = [];
  readonly #shapes = new Map<string, RecordShape>();
  readonly #entries = new WeakMap<TraceEntry, Value>();

  constructor(events: readonly TraceEvent[], names: Names) {
    this.#events = events;
    this.#names = names;
    for (let place = 0; place < events.length; place++) {
      const { received, sent } = events[place] as TraceEvent;
      const content = received === undefined ? undefined : this.#byId.get(received);
      if (content !== undefined) content.lastReceipt = place;
      this.#received.push(content);
      for (const message of sent ?? []) this.#byId.set(message.id, this.#content(message));
    }
  }

  get length(): number {
    return this.#events.length;
  }

  /** The event at a place from 0, as a record of the spec. */
  at(place: number): Value {
    const event = this.#events[place] as TraceEvent;
    const names = this.#names;
    const received = this.#received[place];
    const sent = (event.sent ?? []).map((message) => this.#byId.get(message.id) as Content);
    const kept = sent.filter(({ lastReceipt }) => lastReceipt > place);
    const first = event.sent?.[0];
    const isRequest =
      event.action === "SendAppendEntries" && first?.type === "AppendEntriesRequest";
    const changed = event.changed ?? {};
    return record(EVENT, [
      event.action,
      names.server(event.server),
      names.command(event.command ?? null),
      event.index ?? 0,
      isRequest ? names.server(first.to) : NOBODY,
      isRequest ? Math.min(first.prevLogIndex, BEYOND_ANY_LOG) : 0,
      isRequest ? first.entries.length : 0,
      received === undefined ? NOTHING : tuple([received.value]),
      received === undefined && event.action.startsWith("Handle"),
      received !== undefined && received.lastReceipt === place,
      sent.length === 0 ? NO_MESSAGES : setOf(sent.map(({ value }) => value)),
      kept.length === 0 ? NO_MESSAGES : setOf(kept.map(({ value }) => value)),
      optional(changed.currentTerm),
      changed.votedFor === undefined ? NOTHING : tuple([this.#vote(changed.votedFor)]),
      changed.log === undefined
        ? NOTHING
        : tuple([changed.log[0], this.#entriesOf(changed.log[1])]),
      optional(changed.role),
      optional(changed.commitIndex),
      optional(changed.lastApplied),
      changed.votesGranted === undefined
        ? NOTHING
        : tuple([setOf(changed.votesGranted.map((server) => names.server(server)))]),
      this.#indexes(changed.nextIndex),
      this.#indexes(changed.matchIndex),
    ]);
  }

  /** One content for all messages that say the same. */
  #content(message: TraceMessage): Content {
    const value = this.#message(message);
    const hash = hashLane(value);
    const alike = this.#byHash.get(hash);
    const known = alike?.find((content) => equal(content.value, value));
    if (known !== undefined) return known;
    const content: Content = { value, lastReceipt: -1 };
    if (alike === undefined) this.#byHash.set(hash, [content]);
    else alike.push(content);
    return content;
  }

  #vote(vote: string | null): string {
    return vote === null ? NIL : this.#names.server(vote);
  }

  #entriesOf(entries: readonly TraceEntry[]): Value {
    return entries.length === 0 ? NOTHING : tuple(entries.map((entry) => this.#entry(entry)));
  }

  #entry(entry: TraceEntry): Value {
    let value = this.#entries.get(entry);
    if (value === undefined) {
      value = record(ENTRY, [this.#names.command(entry.command), entry.term]);
      this.#entries.set(entry, value);
    }
    return value;
  }

  #indexes(indexes: Readonly<Record<string, number>> | undefined): Value {
    if (indexes === undefined) return NOTHING;
    const peers = Object.keys(indexes);
    if (peers.length === 0) return NOTHING;
    const key = peers.join();
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      shape = recordShape(peers.map((peer) => this.#names.server(peer)));
      this.#shapes.set(key, shape);
    }
    return tuple([record(shape, Object.values(indexes))]);
  }

  #message(message: TraceMessage): Value {
    const names = this.#names;
    const { type, term } = message;
    const header = [type, names.server(message.from), names.server(message.to), term];
    switch (type) {
      case "RequestVoteRequest":
        return record(VOTE_REQUEST, [...header, message.lastLogIndex, message.lastLogTerm]);
      case "RequestVoteResponse":
        return record(VOTE_RESPONSE, [...header, message.voteGranted]);
      case "AppendEntriesRequest": {
        const entries = this.#entriesOf(message.entries);
        const { prevLogIndex, prevLogTerm, leaderCommit } = message;
        return record(APPEND_REQUEST, [
          ...header,
          prevLogIndex,
          prevLogTerm,
          entries,
          leaderCommit,
        ]);
      }
      case "AppendEntriesResponse":
        return message.success
          ? record(ACCEPTED, [...header, true, message.matchIndex])
          : record(REFUSED, [...header, false, message.prevLogIndex, message.lastLogIndex]);
      case "InstallSnapshotRequest":
        return record(INSTALL_REQUEST, [
          ...header,
          message.lastIncludedIndex,
          message.lastIncludedTerm,
          NOTHING,
        ]);
      case "ConfirmLeadershipRequest":
      case "ConfirmLeadershipResponse":
        return record(CONFIRMATION, [...header, message.round]);
    }
  }
}

function optional(value: string | number | undefined): Value {
  return value === undefined ? NOTHING : tuple([value]);
}
