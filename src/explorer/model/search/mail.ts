/**
 * The messages of a walk. A term has its own links: in some terms only a part of the servers hears
 * of what goes on, so that logs part, and what is out of date arrives late.
 */
import type { ServerId } from "../../../core/index.ts";
import { placeOf } from "../../../sim/cluster.ts";
import { SentMessages } from "../../../sim/network.ts";
import type { Random } from "../../../sim/random.ts";
import type { TraceMessage } from "../../../trace/format.ts";
import type { Dials } from "./dials.ts";
import type { Start } from "./start.ts";

type MailDials = Pick<Dials, "connectedTerms" | "delayed" | "delayedType">;
type Sent = Parameters<SentMessages["add"]>[0];

export class Mail {
  /** To be received soon. */
  readonly fresh: TraceMessage[] = [];
  /** Out of date, or of a link that the term has not. */
  readonly late: TraceMessage[] = [];
  /** Received already: a duplicate may arrive at any time. */
  readonly opened: TraceMessage[] = [];
  readonly #start: Start;
  readonly #dials: MailDials;
  readonly #random: Random;
  readonly #all: SentMessages;
  /** For each term who hears of it. */
  readonly #connected = new Map<number, ReadonlySet<ServerId>>();

  constructor(start: Start, dials: MailDials, random: Random) {
    this.#start = start;
    this.#dials = dials;
    this.#random = random;
    this.#all = new SentMessages(start.servers.length);
    for (const message of start.inFlight) {
      this.#all.add(message as Sent);
      this.fresh.push(message);
    }
  }

  sent(messages: readonly TraceMessage[]): void {
    for (const message of messages) {
      this.#all.add(message as Sent);
      const { from, to, term } = message;
      if (this.isConnected(from, to, term) && !this.#isDelayed(message)) this.fresh.push(message);
      else this.late.push(message);
    }
  }

  #isDelayed({ type }: TraceMessage): boolean {
    const { delayed, delayedType } = this.#dials;
    return (delayedType ?? type) === type && this.#random.happens(delayed);
  }

  received(message: TraceMessage): void {
    leaveOut(this.fresh, message);
    leaveOut(this.late, message);
    if (!this.opened.includes(message)) this.opened.push(message);
  }

  delay(message: TraceMessage): void {
    leaveOut(this.fresh, message);
    this.late.push(message);
  }

  /** Whether no partition keeps it. */
  canArrive({ from, to }: TraceMessage): boolean {
    return !this.#start.isCut(from, to);
  }

  ageOf(message: TraceMessage): number {
    return this.#all.ageOf(message as Sent);
  }

  /** What goes by the same name now; null where nothing does. */
  named({ from, to, type }: TraceMessage, age: number): TraceMessage | null {
    return this.#all.find(placeOf(from), placeOf(to), type, age);
  }

  /** Whether what two servers send each other in a term arrives soon. */
  isConnected(from: ServerId, to: ServerId, term: number): boolean {
    let connected = this.#connected.get(term);
    if (connected === undefined) {
      connected = this.#drawConnected(from);
      this.#connected.set(term, connected);
    }
    return connected.has(from) && connected.has(to);
  }

  /** All, or a majority that a server belongs to. */
  #drawConnected(first: ServerId): ReadonlySet<ServerId> {
    const { servers } = this.#start;
    if (this.#random.happens(this.#dials.connectedTerms)) return new Set(servers);
    const connected = new Set([first]);
    const size = this.#random.between(Math.floor(servers.length / 2) + 1, servers.length);
    while (connected.size < size) connected.add(this.#random.pick(servers));
    return connected;
  }
}

function leaveOut(messages: TraceMessage[], message: TraceMessage): void {
  const place = messages.indexOf(message);
  if (place >= 0) messages.splice(place, 1);
}
