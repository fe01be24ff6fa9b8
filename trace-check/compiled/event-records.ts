/** Events and messages of a trace as the records of `spec/TraceData.tla`. */
import {
  EMPTY_TUPLE,
  type RecordShape,
  record,
  recordShape,
  setOf,
  tuple,
} from "../../src/engine/runtime.ts";
import type { Value } from "../../src/engine/values.ts";
import type { TraceEntry, TraceEvent, TraceMessage } from "../../src/trace/format.ts";
import { BEYOND_ANY_LOG, EVENT_FIELDS, type Names, NIL, peerOf } from "../prepare.ts";

/** The fields of an event in the order in which a record has them, so that none has to be moved. */
const EVENT = recordShape([
  "action",
  "command",
  "commitIndex",
  "confirmedRound",
  "count",
  "currentTerm",
  "index",
  "isLast",
  "kept",
  "lastApplied",
  "log",
  "matchIndex",
  "nextIndex",
  "notSent",
  "prevLogIndex",
  "readRound",
  "received",
  "role",
  "round",
  "sent",
  "server",
  "snapshotIndex",
  "to",
  "votedFor",
  "votesGranted",
]);
if (!EVENT.inOrder || EVENT.domain !== recordShape(EVENT_FIELDS).domain) {
  throw new RangeError("the fields of an event are not those of EVENT_FIELDS, in order");
}
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

const NOTHING = EMPTY_TUPLE;
const NO_MESSAGES = setOf([]);
const NOBODY = "nobody";

/** What an event means beyond its line: the messages, as the one value of each content. */
export interface MessagesOfEvent {
  /** Undefined where it receives nothing, or what nobody sent. */
  readonly received: Value | undefined;
  /** Whether nobody receives that content again. */
  readonly isLast: boolean;
  readonly sent: readonly Value[];
  /** Those of them that somebody receives later. */
  readonly kept: readonly Value[];
}

/** Makes the records of one trace. */
export class EventRecords {
  readonly #names: Names;
  readonly #shapes = new Map<string, RecordShape>();

  constructor(names: Names) {
    this.#names = names;
  }

  event(event: TraceEvent, { received, isLast, sent, kept }: MessagesOfEvent): Value {
    const names = this.#names;
    const first = event.sent?.[0];
    const isRequest =
      event.action === "SendAppendEntries" && first?.type === "AppendEntriesRequest";
    const peer = peerOf(event);
    const changed = event.changed ?? {};
    return record(EVENT, [
      event.action,
      names.command(event.command ?? null),
      optional(changed.commitIndex),
      this.#indexes(changed.confirmedRound),
      isRequest ? first.entries.length : 0,
      optional(changed.currentTerm),
      event.index ?? 0,
      isLast,
      kept.length === 0 ? NO_MESSAGES : setOf(kept),
      optional(changed.lastApplied),
      changed.log === undefined ? NOTHING : tuple([changed.log[0], this.#entries(changed.log[1])]),
      this.#indexes(changed.matchIndex),
      this.#indexes(changed.nextIndex),
      received === undefined && event.action.startsWith("Handle"),
      isRequest ? Math.min(first.prevLogIndex, BEYOND_ANY_LOG) : 0,
      event.round ?? 0,
      received === undefined ? NOTHING : tuple([received]),
      optional(changed.role),
      optional(changed.round),
      sent.length === 0 ? NO_MESSAGES : setOf(sent),
      names.server(event.server),
      optional(changed.snapshotIndex),
      peer === null ? NOBODY : names.server(peer),
      changed.votedFor === undefined ? NOTHING : tuple([this.#vote(changed.votedFor)]),
      changed.votesGranted === undefined
        ? NOTHING
        : tuple([setOf(changed.votesGranted.map((server) => names.server(server)))]),
    ]);
  }

  /** A message as the spec has it: without the id, which is a trace's own. */
  message(message: TraceMessage): Value {
    const names = this.#names;
    const { type, term } = message;
    const from = names.server(message.from);
    const to = names.server(message.to);
    switch (type) {
      case "RequestVoteRequest": {
        const { lastLogIndex, lastLogTerm } = message;
        return record(VOTE_REQUEST, [type, from, to, term, lastLogIndex, lastLogTerm]);
      }
      case "RequestVoteResponse":
        return record(VOTE_RESPONSE, [type, from, to, term, message.voteGranted]);
      case "AppendEntriesRequest": {
        const entries = this.#entries(message.entries);
        const { prevLogIndex, prevLogTerm, leaderCommit } = message;
        const position = [prevLogIndex, prevLogTerm, entries, leaderCommit];
        return record(APPEND_REQUEST, [type, from, to, term, ...position]);
      }
      case "AppendEntriesResponse": {
        if (message.success) {
          return record(ACCEPTED, [type, from, to, term, true, message.matchIndex]);
        }
        const { prevLogIndex, lastLogIndex } = message;
        return record(REFUSED, [type, from, to, term, false, prevLogIndex, lastLogIndex]);
      }
      case "InstallSnapshotRequest": {
        const { lastIncludedIndex, lastIncludedTerm } = message;
        const included = [lastIncludedIndex, lastIncludedTerm, NOTHING];
        return record(INSTALL_REQUEST, [type, from, to, term, ...included]);
      }
      case "ConfirmLeadershipRequest":
      case "ConfirmLeadershipResponse":
        return record(CONFIRMATION, [type, from, to, term, message.round]);
    }
  }

  #vote(vote: string | null): string {
    return vote === null ? NIL : this.#names.server(vote);
  }

  #entries(entries: readonly TraceEntry[]): Value {
    return entries.length === 0 ? NOTHING : tuple(entries.map((entry) => this.#entry(entry)));
  }

  #entry({ command, term }: TraceEntry): Value {
    return record(ENTRY, [this.#names.command(command), term]);
  }

  #indexes(indexes: Readonly<Record<string, number>> | undefined): Value {
    if (indexes === undefined) return NOTHING;
    const peers = Object.keys(indexes);
    if (peers.length === 0) return NOTHING;
    const key = peers.length === 1 ? (peers[0] ?? "") : peers.join();
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      shape = recordShape(peers.map((peer) => this.#names.server(peer)));
      this.#shapes.set(key, shape);
    }
    return tuple([record(shape, Object.values(indexes))]);
  }
}

function optional(value: string | number | undefined): Value {
  return value === undefined ? NOTHING : tuple([value]);
}
