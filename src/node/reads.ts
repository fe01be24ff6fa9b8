import type { Index, Read, ServerId } from "../core/index.ts";
import type { Done } from "./proposals.ts";

interface Query {
  readonly query: string;
  readonly done: Done;
}

/**
 * The reads that clients wait for: first in a queue, until the core can take them, all as one; then
 * with what the core says they wait for.
 */
export class Reads {
  readonly #most: number;
  #queue: Query[] = [];
  readonly #waiting = new Map<Read, Query[]>();
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get queued(): number {
    return this.#queue.length;
  }

  get count(): number {
    return this.#count;
  }

  /** @returns false where there are too many already; then `done` is not kept */
  add(query: string, done: Done): boolean {
    if (this.#count >= this.#most) return false;
    this.#queue.push({ query, done });
    this.#count++;
    return true;
  }

  /** The core has taken all of the queue: they wait for `read`, which others may wait for too. */
  enter(read: Read): void {
    const queries = this.#waiting.get(read) ?? [];
    this.#waiting.set(read, queries.concat(this.#queue));
    this.#queue = [];
  }

  answer(read: Read, index: Index, answerOf: (query: string) => string): void {
    for (const { query, done } of this.#take(read)) {
      done({ status: "executed", index, answer: answerOf(query) });
    }
  }

  /** This server no longer leads: a read changes nothing, so that it can be asked for elsewhere. */
  redirect(read: Read, leader: ServerId | null): void {
    for (const { done } of this.#take(read)) done({ status: "notLeader", leader });
  }

  redirectQueue(leader: ServerId | null): void {
    for (const { done } of this.#takeQueue()) done({ status: "notLeader", leader });
  }

  /** None is answered any more. */
  abandon(reason: string): void {
    const left = [...this.#waiting.keys()].flatMap((read) => this.#take(read));
    for (const { done } of [...left, ...this.#takeQueue()]) done({ status: "refused", reason });
  }

  #take(read: Read): readonly Query[] {
    const queries = this.#waiting.get(read) ?? [];
    this.#waiting.delete(read);
    this.#count -= queries.length;
    return queries;
  }

  #takeQueue(): readonly Query[] {
    const queue = this.#queue;
    this.#queue = [];
    this.#count -= queue.length;
    return queue;
  }
}
