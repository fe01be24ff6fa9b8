/**
 * The events of a trace one after the other, as they are read. It holds the messages that are
 * still to be received, and nothing of what is over.
 */
import { equal } from "../../src/engine/runtime.ts";
import type { Value } from "../../src/engine/values.ts";
import type { TraceEvent, TraceMessage } from "../../src/trace/format.ts";
import type { Names } from "../prepare.ts";
import { EventRecords } from "./event-records.ts";
import { HashLists, type Linked } from "./hash-lists.ts";
import { MANY_RECEIPTS, ReceiptCounts } from "./receipts.ts";

/** What is still to be received, of all messages that say the same. */
interface Content extends Linked<Content> {
  readonly value: Value;
  outstanding: number;
}

/** A message that is still to be received. */
interface Live extends Linked<Live> {
  readonly id: string;
  readonly content: Content;
  outstanding: number;
}

const NOTHING: readonly Value[] = [];

export class EventStream {
  readonly #records: EventRecords;
  readonly #receipts: ReceiptCounts | null;
  readonly #messages = new HashLists<Live>();
  readonly #contents = new HashLists<Content>();
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
    const live = received === undefined ? null : this.#message(received);
    const isLast = live !== null && this.#receive(live);
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

  /** The message with this id; null where nobody receives it any more, or nobody sent it. */
  #message(id: string): Live | null {
    let live = this.#messages.listOf(hashOf(id));
    while (live !== null && live.id !== id) live = live.next;
    return live;
  }

  /** Whether this was the last receipt of the content, which is forgotten then. */
  #receive(live: Live): boolean {
    const { content } = live;
    live.outstanding--;
    content.outstanding--;
    if (live.outstanding === 0) this.#messages.remove(live);
    if (content.outstanding > 0) return false;
    this.#contents.remove(content);
    return true;
  }

  #send(message: TraceMessage, { server, seq }: TraceEvent, k: number): Content {
    const value = this.#records.message(message);
    const count = this.#receipts?.of(server, seq, k) ?? MANY_RECEIPTS;
    const outstanding = count === MANY_RECEIPTS ? Number.POSITIVE_INFINITY : count;
    const hash = hashOfContent(message);
    if (outstanding === 0) return { value, hash, next: null, outstanding };
    const content = this.#content(value, hash);
    content.outstanding += outstanding;
    const { id } = message;
    this.#messages.add({ id, hash: hashOf(id), next: null, content, outstanding });
    return content;
  }

  /** The content that is on its way already, or a new one. */
  #content(value: Value, hash: number): Content {
    let known = this.#contents.listOf(hash);
    while (known !== null && !(known.hash === hash && equal(known.value, value))) {
      known = known.next;
    }
    if (known !== null) return known;
    const content: Content = { value, hash, next: null, outstanding: 0 };
    this.#contents.add(content);
    return content;
  }
}

function hashOf(id: string): number {
  let hash = 0;
  for (let at = 0; at < id.length; at++) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) | 0;
  return hash;
}

/** A number that messages which say the same have in common, and few others. */
function hashOfContent(message: TraceMessage): number {
  const { type, from, to, term } = message;
  let hash = term * 31 + type.length * 7 + from.charCodeAt(from.length - 1);
  hash = hash * 31 + to.charCodeAt(to.length - 1);
  switch (type) {
    case "RequestVoteRequest":
      return (hash * 31 + message.lastLogIndex) | 0;
    case "AppendEntriesRequest": {
      const { prevLogIndex, entries, leaderCommit } = message;
      return ((hash * 31 + prevLogIndex) * 31 + entries.length + leaderCommit) | 0;
    }
    case "AppendEntriesResponse":
      return (hash * 31 + (message.success ? message.matchIndex : -message.prevLogIndex)) | 0;
    default:
      return hash | 0;
  }
}

/** The receipts of events that are all there. */
export function receiptsIn(events: readonly TraceEvent[]): ReceiptCounts {
  const counts = new ReceiptCounts(events.reduce((most, { seq }) => Math.max(most, seq), 0));
  for (const { received } of events) if (received !== undefined) counts.add(received);
  return counts;
}
