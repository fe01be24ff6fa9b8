import type { Dials } from "./dials.ts";
import type { EventQueue } from "./event-queue.ts";
import type { FaultCounts } from "./faults.ts";
import type { Happening } from "./happening.ts";
import type { Random } from "./random.ts";

/**
 * When clients ask, whom, and when they lose patience: each believes some server to lead, asks
 * it, goes where it is redirected, and after a while asks again, maybe somebody else.
 */
export class ClientBehaviour {
  readonly #dials: Dials;
  readonly #random: Random;
  readonly #faults: FaultCounts;
  readonly #queue: EventQueue<Happening>;
  readonly #drawDelay: () => number;
  /** By client: how often it has begun to wait. */
  readonly #attempts: number[];
  /** By client: whom it believes to be the leader. */
  readonly #favourites: number[];
  /** By server: clients whose request it has gathered and not proposed yet. */
  readonly #gathered: number[][];
  #patience: number;
  /** How long a client rests once it has had its answers. */
  #pause = 0;
  /** By client: how many answers it still wants. */
  readonly #answersLeft: number[];

  constructor(
    dials: Dials,
    random: Random,
    faults: FaultCounts,
    queue: EventQueue<Happening>,
    drawDelay: () => number,
  ) {
    this.#dials = dials;
    this.#random = random;
    this.#faults = faults;
    this.#queue = queue;
    this.#drawDelay = drawDelay;
    this.#patience = dials.patience;
    this.#attempts = new Array<number>(dials.clients).fill(0);
    this.#answersLeft = this.#attempts.map(() => Number.POSITIVE_INFINITY);
    this.#favourites = this.#attempts.map(() => random.below(dials.servers));
    this.#gathered = Array.from({ length: dials.servers }, () => []);
    for (let client = 0; client < dials.clients; client++) this.#planNextRequest(client, 0);
  }

  /**
   * From now on clients wait at least as long as an answer takes. Once they have been answered
   * so many times they ask for more only now and then: where leaders append no empty entry,
   * what an earlier leader left behind waits for a command of the new term (§5.4.2).
   */
  heal(roundTrip: number, answers: number): void {
    this.#patience = Math.max(this.#dials.patience, 3 * roundTrip);
    this.#answersLeft.fill(answers);
    this.#pause = 10 * roundTrip;
  }

  /** Whether every client has had its last answer. */
  areServed(): boolean {
    return this.#answersLeft.every((left) => left <= 0);
  }

  /** The client has been answered. */
  goOn(client: number): void {
    const left = (this.#answersLeft[client] ?? 0) - 1;
    this.#answersLeft[client] = left;
    this.#planNextRequest(client, left > 0 ? 0 : this.#pause);
  }

  #planNextRequest(client: number, pause: number): void {
    const delay = pause + 1 + this.#random.below(this.#dials.thinkTime + 1);
    this.#planAsk(client, this.#favourites[client] ?? 0, delay);
    this.#planImpatience(client, delay);
  }

  /** The client has waited for long enough: it asks again, maybe somebody else, unless it has been answered. */
  askAgain(client: number, attempt: number): void {
    if (this.#attempts[client] !== attempt) return;
    this.#faults.clientRetry++;
    // Many stay with whom they asked before, so that a leader who is cut off goes on taking
    // commands that it will have to give up.
    const stays = this.#random.happens(500);
    const place = stays ? (this.#favourites[client] ?? 0) : this.#random.below(this.#dials.servers);
    this.#favourites[client] = place;
    this.#planAsk(client, place, this.#drawDelay());
    this.#planImpatience(client, 0);
  }

  redirect(client: number, leader: number): void {
    this.#faults.clientRedirect++;
    this.#favourites[client] = leader;
    this.#planAsk(client, leader, 2 * this.#drawDelay());
  }

  /** A request comes to a server, which may gather several before it proposes them. */
  gather(client: number, place: number): void {
    const gathered = this.#gathered[place];
    if (gathered === undefined || gathered.includes(client)) return;
    gathered.push(client);
    if (gathered.length > 1) return;
    const { proposalDelay } = this.#dials;
    const delay = proposalDelay === 0 ? 0 : this.#random.between(1, proposalDelay);
    this.#queue.schedule(delay, { type: "propose", place });
  }

  /** Takes what a server has gathered. */
  takeGathered(place: number): readonly number[] {
    const gathered = this.#gathered[place] ?? [];
    if (gathered.length > 0) this.#gathered[place] = [];
    return gathered;
  }

  #planAsk(client: number, place: number, delay: number): void {
    this.#queue.schedule(delay, { type: "ask", client, place });
  }

  #planImpatience(client: number, after: number): void {
    const attempt = (this.#attempts[client] ?? 0) + 1;
    this.#attempts[client] = attempt;
    const delay = after + this.#patience + this.#random.below(20);
    this.#queue.schedule(delay, { type: "impatience", client, attempt });
  }
}
