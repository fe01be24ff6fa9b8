/**
 * The events of a trace one after the other, as they are read. It holds the messages that are
 * still to be received, and nothing of what is over.
 */
import { equal } from "../../src/engine/runtime.ts";
import type { Value } from "../../src/engine/values.ts";
import type { TraceEvent, TraceMessage } from "../../src/trace/format.ts";
import type { Names } from "../prepare.ts";
import { EventRecords } from "./event-records.ts";
import { MANY_RECEIPTS, ReceiptCounts } from "./receipts.ts";

/** What is still to be received, of all messages that say the same. */
interface Content {
  readonly value: Value;
  /** The same for all messages that say the same. */
  readonly key: number;
  outstanding: number;
}

interface Live {
  readonly content: Content;
  outstanding: number;
}

const NOTHING: readonly Value[] = [];

export class EventStream {
  readonly #records: EventRecords;
  readonly #receipts: ReceiptCounts | null;
  readonly #byId = new Map<string, Live>();
  readonly #contents = new Map<number, Content[]>();
  #current: Value = false;

  /** `receipts` of the whole trace; null where they are not known: then nothing is forgotten. */
  constructor(names: Names, receipts: ReceiptCounts | null) {
    this.#records = new EventRecords(names);
    this.#receipts = receipts;
  }

  /** The event that `take` took last, as a record of the spec. */
  at(): Value {
    return this.#current;
  }

  take(event: TraceEvent): void {
    const { received, sent } = event;
    const live = received === undefined ? undefined : this.#byId.get(received);
    const isLast = received !== undefined && live !== undefined && this.#receive(received, live);
    let values = NOTHING;
    let kept = NOTHING;
    if (sent !== undefined && sent.length > 0) {
      const contents = sent.map((message, i) => this.#send(message, event, i + 1));
      values = contents.map(({ value }) => value);
      kept = contents.filter((each) => each.outstanding > 0).map(({ value }) => value);
    }
    const messages = { received: live?.content.value, isLast, sent: values, kept };
    this.#current = this.#records.event(event, messages);
  }

  /** Whether this was the last receipt of the content, which is forgotten then. */
  #receive(id: string, live: Live): boolean {
    const { content } = live;
    live.outstanding--;
    content.outstanding--;
    if (live.outstanding === 0) this.#byId.delete(id);
    if (content.outstanding > 0) return false;
    const alike = this.#contents.get(content.key);
    if (alike === undefined || alike.length === 1) this.#contents.delete(content.key);
    else alike.splice(alike.indexOf(content), 1);
    return true;
  }

  #send(message: TraceMessage, { server, seq }: TraceEvent, k: number): Content {
    const value = this.#records.message(message);
    const count = this.#receipts?.of(server, seq, k) ?? MANY_RECEIPTS;
    const outstanding = count === MANY_RECEIPTS ? Number.POSITIVE_INFINITY : count;
    const key = keyOf(message);
    if (outstanding === 0) return { value, key, outstanding };
    const content = this.#content(value, key);
    content.outstanding += outstanding;
    this.#byId.set(message.id, { content, outstanding });
    return content;
  }

  /** The content that is on its way already, or a new one. */
  #content(value: Value, key: number): Content {
    const alike = this.#contents.get(key);
    const known = alike?.find((content) => equal(content.value, value));
    if (known !== undefined) return known;
    const content = { value, key, outstanding: 0 };
    if (alike === undefined) this.#contents.set(key, [content]);
    else alike.push(content);
    return content;
  }
}

/** A number that messages which say the same have in common, and few others. */
function keyOf(message: TraceMessage): number {
  const { type, from, to, term } = message;
  let key = term * 31 + type.length * 7 + from.charCodeAt(from.length - 1);
  key = key * 31 + to.charCodeAt(to.length - 1);
  switch (type) {
    case "RequestVoteRequest":
      return key * 31 + message.lastLogIndex;
    case "AppendEntriesRequest":
      return (key * 31 + message.prevLogIndex) * 31 + message.entries.length + message.leaderCommit;
    case "AppendEntriesResponse":
      return key * 31 + (message.success ? message.matchIndex : -message.prevLogIndex);
    default:
      return key;
  }
}

/** The receipts of events that are all there. */
export function receiptsIn(events: readonly TraceEvent[]): ReceiptCounts {
  const counts = new ReceiptCounts(events.reduce((most, { seq }) => Math.max(most, seq), 0));
  for (const { received } of events) if (received !== undefined) counts.add(received);
  return counts;
}
