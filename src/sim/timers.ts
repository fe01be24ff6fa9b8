import { Clock } from "./clock.ts";
import type { Dials } from "./dials.ts";
import type { EventQueue } from "./event-queue.ts";
import type { FaultCounts } from "./faults.ts";
import type { Happening } from "./happening.ts";
import type { Random } from "./random.ts";

/** The longest that a message and its answer take where nothing goes wrong. */
export function roundTripOf(dials: Dials): number {
  const { delayMin, delaySpread, persistDelay, proposalDelay, slowness } = dials;
  return 2 * (delayMin + delaySpread + persistDelay + proposalDelay + 2 * slowness + 1);
}

/**
 * The servers' timers, each by the server's own clock: a leader's for heartbeats, everybody
 * else's for elections. Timeouts are drawn anew each time (§5.2).
 */
export class Timers {
  readonly #dials: Dials;
  readonly #random: Random;
  readonly #faults: FaultCounts;
  readonly #queue: EventQueue<Happening>;
  readonly #clocks: readonly Clock[];
  #electionTimeout: number;
  #electionSpread: number;
  #heartbeatEvery: number;

  constructor(dials: Dials, random: Random, faults: FaultCounts, queue: EventQueue<Happening>) {
    this.#dials = dials;
    this.#random = random;
    this.#faults = faults;
    this.#queue = queue;
    this.#electionTimeout = dials.electionTimeout;
    this.#electionSpread = dials.electionSpread;
    this.#heartbeatEvery = dials.heartbeatEvery;
    this.#clocks = Array.from({ length: dials.servers }, () => new Clock(this.#drawRate()));
    for (let place = 0; place < dials.servers; place++) this.startElection(place);
  }

  /**
   * From now on clocks are right, and an election timeout is an order of magnitude longer
   * than a message takes, without which there may be no leader (§5.6). A heartbeat is heard
   * before the next one is sent.
   */
  heal(): void {
    for (const clock of this.#clocks) clock.repair();
    const roundTrip = roundTripOf(this.#dials);
    this.#heartbeatEvery = Math.max(this.#heartbeatEvery, roundTrip);
    this.#electionTimeout = Math.max(this.#electionTimeout, 10 * roundTrip);
    this.#electionSpread = this.#electionTimeout;
  }

  /** The longest that a server waits for a leader. */
  get longestElectionTimeout(): number {
    return this.#electionTimeout + this.#electionSpread;
  }

  startElection(place: number): void {
    this.#set(place, this.#electionTimeout + this.#random.below(this.#electionSpread + 1));
  }

  startHeartbeat(place: number): void {
    this.#set(place, this.#heartbeatEvery);
  }

  stop(place: number): void {
    this.#clocks[place]?.stopTimer();
  }

  /** Looks at a timer. @returns whether it has elapsed */
  hasElapsed(place: number, at: number): boolean {
    const clock = this.#clocks[place];
    if (clock === undefined || clock.lookAt !== at) return false;
    clock.lookAt = Number.POSITIVE_INFINITY;
    if (clock.deadline <= this.#queue.now) return true;
    this.#planLook(place, clock);
    return false;
  }

  /** A server's clock jumps, forward or back, by up to two election timeouts. */
  jump(place: number): void {
    const clock = this.#clocks[place];
    if (clock === undefined) return;
    const reach = 2 * this.#dials.electionTimeout;
    this.#faults.clockJump++;
    clock.jump(this.#queue.now, this.#random.between(-reach, reach));
    this.#planEarlierLook(place, clock);
  }

  #set(place: number, ticks: number): void {
    const clock = this.#clocks[place];
    if (clock === undefined) return;
    clock.setTimer(this.#queue.now, ticks);
    this.#planEarlierLook(place, clock);
  }

  /** A look that comes too early finds the later deadline by itself. */
  #planEarlierLook(place: number, clock: Clock): void {
    if (clock.lookAt > clock.deadline) this.#planLook(place, clock);
  }

  #planLook(place: number, clock: Clock): void {
    const at = clock.deadline;
    if (at === Number.POSITIVE_INFINITY) return;
    clock.lookAt = at;
    this.#queue.schedule(at - this.#queue.now, { type: "timer", place, at });
  }

  #drawRate(): number {
    const { clockDrift } = this.#dials;
    const rate = this.#random.between(1000 - clockDrift, 1000 + clockDrift);
    if (rate > 1000) this.#faults.fastClock++;
    if (rate < 1000) this.#faults.slowClock++;
    return rate;
  }
}
