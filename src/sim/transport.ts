import type { Message } from "../core/index.ts";
import { placeOf } from "./cluster.ts";
import type { Dials } from "./dials.ts";
import type { EventQueue } from "./event-queue.ts";
import type { FaultCounts } from "./faults.ts";
import type { Happening } from "./happening.ts";
import { Links } from "./links.ts";
import type { Random } from "./random.ts";

/**
 * The network between the servers, with its faults: it decides for each message whether, how
 * often and when it arrives. Once healed it loses, repeats and detains nothing.
 */
export class Transport {
  readonly #dials: Dials;
  readonly #random: Random;
  readonly #faults: FaultCounts;
  readonly #queue: EventQueue<Happening>;
  readonly #links: Links;
  /** Servers whose messages, in and out, always take longer. */
  readonly #isSlow: readonly boolean[];
  /** By link: the order of the latest message that arrived, to see which it overtook. */
  readonly #latest: Int32Array;
  #sent = 0;
  #isHealed = false;

  constructor(dials: Dials, random: Random, faults: FaultCounts, queue: EventQueue<Happening>) {
    this.#dials = dials;
    this.#random = random;
    this.#faults = faults;
    this.#queue = queue;
    this.#links = new Links(dials.servers);
    this.#latest = new Int32Array(dials.servers * dials.servers);
    const first = random.below(dials.servers);
    this.#isSlow = Array.from(
      { length: dials.servers },
      (_, place) => (place - first + dials.servers) % dials.servers < dials.slowServers,
    );
  }

  /** A message is sent: its arrivals are scheduled, none where it is lost. */
  send(message: Message): void {
    const { lossRate, duplicateRate, detourRate, delaySpread, electionTimeout } = this.#dials;
    const random = this.#random;
    const order = ++this.#sent;
    let delay = this.drawDelay();
    if (this.#isSlow[placeOf(message.from)] === true) delay += this.#dials.slowness;
    if (this.#isSlow[placeOf(message.to)] === true) delay += this.#dials.slowness;
    if (!this.#isHealed) {
      if (random.happens(lossRate)) {
        this.#faults.messageLost++;
        return;
      }
      if (random.happens(detourRate)) {
        this.#faults.messageDelayed++;
        delay += random.between(1, 5 * (electionTimeout + delaySpread));
      }
      if (random.happens(duplicateRate)) {
        this.#faults.messageDuplicated++;
        const later = delay + random.below(4 * (delaySpread + 5));
        this.#queue.schedule(later, { type: "deliver", message, order });
      }
    }
    this.#queue.schedule(delay, { type: "deliver", message, order });
  }

  /** Whether a message that is due gets through: not where a partition cuts its link. */
  getsThrough(message: Message, order: number): boolean {
    const from = placeOf(message.from);
    const to = placeOf(message.to);
    if (this.#links.isCut(from, to)) {
      this.#faults.messageLost++;
      return false;
    }
    const link = from * this.#dials.servers + to;
    if (order < (this.#latest[link] ?? 0)) this.#faults.messageReordered++;
    else this.#latest[link] = order;
    return true;
  }

  /** A new partition takes the place of the one before; `alone` may be cut off by itself. */
  partition(alone: number): void {
    this.#links.heal();
    this.#faults[this.#links.partition(this.#random, alone)]++;
  }

  healPartition(): void {
    this.#links.heal();
  }

  /** From now on every message arrives once. */
  heal(): void {
    this.#isHealed = true;
    this.#links.heal();
  }

  drawDelay(): number {
    return this.#dials.delayMin + this.#random.below(this.#dials.delaySpread + 1);
  }
}
