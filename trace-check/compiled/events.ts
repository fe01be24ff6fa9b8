/** The events of a whole trace, to be had by their places in any order. */
import { hashLane } from "../../src/engine/hash.ts";
import { equal } from "../../src/engine/runtime.ts";
import type { Value } from "../../src/engine/values.ts";
import type { TraceEvent, TraceMessage } from "../../src/trace/format.ts";
import type { Names } from "../prepare.ts";
import { EventRecords } from "./event-records.ts";

/** A content that was sent: the one value that stands for it, and its last receipt. */
interface Content {
  readonly value: Value;
  /** The place of the event that receives it last; -1 where none does. */
  lastReceipt: number;
}

/** The events of one trace; `at` gives them by their places. */
export class Events {
  readonly #events: readonly TraceEvent[];
  readonly #records: EventRecords;
  readonly #byId = new Map<string, Content>();
  readonly #byHash = new Map<number, Content[]>();
  /** For each event what it receives; undefined where nobody sent that before. */
  readonly #received: (Content | undefined)[] = [];
  /** The last one that was asked for: each set of rules that is forgotten asks for the same again. */
  #last: { readonly place: number; readonly event: TraceEvent; readonly value: Value } | null =
    null;

  constructor(events: readonly TraceEvent[], names: Names) {
    this.#events = events;
    this.#records = new EventRecords(names);
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
    return this.as(place, this.#events[place] as TraceEvent);
  }

  /** The same as if the event were another one, with the same messages. */
  as(place: number, event: TraceEvent): Value {
    if (this.#last?.place === place && this.#last.event === event) return this.#last.value;
    const value = this.#record(place, event);
    this.#last = { place, event, value };
    return value;
  }

  #record(place: number, event: TraceEvent): Value {
    const received = this.#received[place];
    const sent = (event.sent ?? []).map((message) => this.#byId.get(message.id) as Content);
    const kept = sent.filter(({ lastReceipt }) => lastReceipt > place);
    return this.#records.event(event, {
      received: received?.value,
      isLast: received !== undefined && received.lastReceipt === place,
      sent: sent.map(({ value }) => value),
      kept: kept.map(({ value }) => value),
    });
  }

  /** One content for all messages that say the same. */
  #content(message: TraceMessage): Content {
    const value = this.#records.message(message);
    const hash = hashLane(value);
    const alike = this.#byHash.get(hash);
    const known = alike?.find((content) => equal(content.value, value));
    if (known !== undefined) return known;
    const content: Content = { value, lastReceipt: -1 };
    if (alike === undefined) this.#byHash.set(hash, [content]);
    else alike.push(content);
    return content;
  }
}
