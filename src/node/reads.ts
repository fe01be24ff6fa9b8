import { type Index, type Read, requestRead, type Server, type ServerId } from "../core/index.ts";
import { answerOf } from "./machine-calls.ts";
import type { Done } from "./proposals.ts";
import type { ReplicatedStateMachine } from "./state-machine.ts";
import type { TurnBudget } from "./turn-budget.ts";

interface Query {
  readonly query: string;
  readonly done: Done;
}

/**
 * The reads that clients wait for: first in a queue, until the core can take them, all as one; then
 * with what the core says they wait for, until it is confirmed and executed.
 */
export class Reads {
  readonly #core: Server;
  readonly #most: number;
  #queue: Query[] = [];
  readonly #waiting = new Map<Read, Query[]>();
  /** Those that were confirmed, and not answered yet. */
  #answerable: Read[] = [];
  /** Those whose state is executed: they wait for their turn. */
  #ready: Query[] = [];
  #count = 0;

  constructor(core: Server, most: number) {
    this.#core = core;
    this.#most = most;
  }

  /** Whether there are reads that were confirmed. */
  get areAnswerable(): boolean {
    return this.#answerable.length > 0 || this.#ready.length > 0;
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

  /** Lets the core take the reads of the queue, all as one; what it may not take yet waits on. */
  request(): void {
    if (this.#queue.length === 0) return;
    const core = this.#core;
    if (core.role !== "Leader") {
      redirect(this.#takeQueue(), core.knownLeader);
      return;
    }
    const read = requestRead(core);
    if (read === null) return;
    this.#enter(read);
    this.takeOutput();
  }

  /** Takes what has become of reads from the core's output. */
  takeOutput(): void {
    const { output, knownLeader } = this.#core;
    const { answeredReads, droppedReads } = output;
    if (answeredReads.length > 0) {
      output.answeredReads = [];
      for (const read of answeredReads) this.#answerable.push(read);
    }
    if (droppedReads.length === 0) return;
    output.droppedReads = [];
    // This server no longer leads: a read changes nothing, so that it can be asked for elsewhere.
    for (const read of droppedReads) redirect(this.#take(read), knownLeader);
  }

  /**
   * Answers the reads that were confirmed, once the state machine has what they are to see. A read
   * waits for nothing to become durable: what it sees is executed, and so durable. Those for which the
   * budget does not suffice wait for another turn, and see a later state then.
   *
   * @param executed the last index that the state machine has
   * @returns whether some wait for another turn
   */
  answer(executed: Index, machine: ReplicatedStateMachine, budget: TurnBudget): boolean {
    this.#makeReady(executed);
    const ready = this.#ready;
    let taken = 0;
    try {
      for (const { query, done } of ready) {
        if (budget.isSpent) break;
        taken++;
        const answer = answerOf(machine, query, executed);
        if (typeof answer === "string") {
          budget.spend(query.length + answer.length);
          done({ status: "executed", index: executed, answer });
        } else {
          budget.spend(query.length);
          done({ status: "refused", reason: answer.message });
        }
      }
    } finally {
      // Where a callback throws, too: it is not to be called again.
      this.#ready = ready.slice(taken);
      this.#count -= taken;
    }
    return this.#ready.length > 0;
  }

  /** None is answered any more. */
  abandon(reason: string): void {
    const left = [...this.#waiting.keys()].flatMap((read) => this.#take(read));
    const ready = this.#ready;
    this.#ready = [];
    this.#count -= ready.length;
    for (const { done } of [...ready, ...left, ...this.#takeQueue()]) {
      done({ status: "refused", reason });
    }
  }

  #makeReady(executed: Index): void {
    if (this.#answerable.length === 0) return;
    const reads = this.#answerable.filter(({ index }) => index <= executed);
    this.#answerable = this.#answerable.filter(({ index }) => index > executed);
    const ready = reads.flatMap((read) => this.#waiting.get(read) ?? []);
    for (const read of reads) this.#waiting.delete(read);
    this.#ready = this.#ready.concat(ready);
  }

  /** The core has taken all of the queue: they wait for `read`, which others may wait for too. */
  #enter(read: Read): void {
    const queries = this.#waiting.get(read) ?? [];
    this.#waiting.set(read, queries.concat(this.#queue));
    this.#queue = [];
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

function redirect(queries: readonly Query[], leader: ServerId | null): void {
  for (const { done } of queries) done({ status: "notLeader", leader });
}
