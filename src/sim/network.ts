import type { Message } from "../core/index.ts";
import { placeOf } from "./cluster.ts";

/**
 * Every message that was ever sent, as in `spec/Network.tla`, so that a schedule can name
 * any of them. Kept only where a schedule is recorded or replayed: a seeded run knows the
 * messages that are under way, and needs no others.
 */
export class SentMessages {
  readonly #servers: number;
  readonly #byLinkAndType = new Map<string, Message[]>();

  constructor(servers: number) {
    this.#servers = servers;
  }

  add(message: Message): void {
    const key = this.#keyOf(placeOf(message.from), placeOf(message.to), message.type);
    const sent = this.#byLinkAndType.get(key);
    if (sent === undefined) this.#byLinkAndType.set(key, [message]);
    else sent.push(message);
  }

  /** The message of this type on this link that `age` others were sent after; null for none. */
  find(from: number, to: number, type: Message["type"], age: number): Message | null {
    const sent = this.#byLinkAndType.get(this.#keyOf(from, to, type)) ?? [];
    return sent[sent.length - 1 - age] ?? null;
  }

  /** How many of its type were sent after the message on its link. */
  ageOf(message: Message): number {
    const key = this.#keyOf(placeOf(message.from), placeOf(message.to), message.type);
    const sent = this.#byLinkAndType.get(key) ?? [];
    return sent.length - 1 - sent.lastIndexOf(message);
  }

  #keyOf(from: number, to: number, type: Message["type"]): string {
    return `${from * this.#servers + to} ${type}`;
  }
}
