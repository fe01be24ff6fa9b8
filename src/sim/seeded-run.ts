import type { Message, Rules } from "../core/index.ts";
import type { TraceEvent } from "../trace/format.ts";
import { ClientBehaviour } from "./client-behaviour.ts";
import { placeOf } from "./cluster.ts";
import type { Dials } from "./dials.ts";
import { EventQueue } from "./event-queue.ts";
import { type FaultCounts, noFaults } from "./faults.ts";
import type { Happening } from "./happening.ts";
import type { Move } from "./moves.ts";
import { Random } from "./random.ts";
import { roundTripOf, Timers } from "./timers.ts";
import { Transport } from "./transport.ts";
import { World } from "./world.ts";

export interface RunOptions {
  readonly dials: Dials;
  readonly seed: number;
  readonly rules?: Rules | undefined;
  readonly trace?: ((event: TraceEvent) => void) | undefined;
  /** Asked before each happening: true ends the run where it is. */
  readonly isStopped?: (() => boolean) | undefined;
  /** Takes every move made, so that the run can be repeated without the seed. */
  readonly record?: ((move: Move) => void) | undefined;
}

/** The first of them may be to what the client asked for before the faults healed. */
const ANSWERS_AFTER_HEALING = 2;

/**
 * One execution from its dials and a seed: virtual time, and chance at every turn, decide
 * which move of the world comes next. The same dials and seed give the same moves.
 *
 * First comes a safety phase with all the faults that the dials ask for; then `heal` ends
 * them, and the run goes on for as long as whoever drives it calls `step`.
 */
export class SeededRun {
  readonly world: World;
  readonly faults: FaultCounts = noFaults();
  readonly #dials: Dials;
  readonly #random: Random;
  readonly #queue = new EventQueue<Happening>();
  readonly #transport: Transport;
  readonly #timers: Timers;
  readonly #clients: ClientBehaviour;
  readonly #record: ((move: Move) => void) | null;
  readonly #isStopped: () => boolean;
  /** Servers that are about to crash in the middle of their next step. */
  readonly #isDoomed: boolean[];
  readonly #isPersistPlanned: boolean[];
  /** Servers that led when their timer was last set. */
  readonly #leads: boolean[];
  #isHealed = false;
  /** Servers that are down for good. */
  readonly #staysDown: boolean[];

  constructor(options: RunOptions) {
    const { dials } = options;
    const { faults } = this;
    const random = new Random(options.seed);
    const queue = this.#queue;
    this.#dials = dials;
    this.#random = random;
    this.#record = options.record ?? null;
    this.#isStopped = options.isStopped ?? (() => false);
    this.world = new World({
      dials,
      trace: options.trace,
      keepsMessages: this.#record !== null,
      ...(options.rules === undefined ? {} : { rules: options.rules }),
    });
    const transport = new Transport(dials, random, faults, queue);
    this.#transport = transport;
    this.#timers = new Timers(dials, random, faults, queue);
    this.#clients = new ClientBehaviour(dials, random, faults, queue, () => transport.drawDelay());
    this.#isDoomed = this.world.hosts.map(() => false);
    this.#isPersistPlanned = this.world.hosts.map(() => false);
    this.#leads = this.world.hosts.map(() => false);
    this.#staysDown = this.world.hosts.map(() => false);
    this.#plan("crash", dials.crashEvery);
    if (dials.servers > 1) this.#plan("partition", dials.partitionEvery);
    this.#plan("clockJump", dials.clockJumpEvery);
  }

  /** Whether whoever looks on has seen enough. */
  get isStopped(): boolean {
    return this.#isStopped();
  }

  /** The tick of virtual time. */
  get now(): number {
    return this.#queue.now;
  }

  /** The longest that a server waits for a leader. */
  get longestElectionTimeout(): number {
    return this.#timers.longestElectionTimeout;
  }

  /** Lets the next thing happen. @returns false where nothing is left, or all stands still */
  step(): boolean {
    if (this.isStopped) return false;
    const happening = this.#queue.take();
    if (happening === null || this.world.violation !== null) return false;
    this.#happen(happening);
    return true;
  }

  /**
   * Ends all faults: links and clocks are right from now on, messages arrive, and all servers
   * are up but a minority that stays down.
   */
  heal(): void {
    this.#isHealed = true;
    this.#transport.heal();
    this.#timers.heal();
    this.#clients.heal(roundTripOf(this.#dials), ANSWERS_AFTER_HEALING);
    this.#isDoomed.fill(false);
    const { servers, downForGood } = this.#dials;
    const first = this.#random.below(servers);
    for (const { place, pending } of this.world.hosts) {
      const staysDown = (place - first + servers) % servers < downForGood;
      this.#staysDown[place] = staysDown;
      if (staysDown) this.#crash(place, pending.length);
      else this.#restart(place);
    }
  }

  /** Whether every client has been answered as often as it was to be since the faults healed. */
  areClientsServed(): boolean {
    return this.#clients.areServed();
  }

  #happen(happening: Happening): void {
    switch (happening.type) {
      case "deliver":
        this.#arrive(happening.message, happening.order);
        break;
      case "timer":
        if (this.#timers.hasElapsed(happening.place, happening.at)) this.#elapse(happening.place);
        break;
      case "persist":
        this.#persist(happening.place);
        break;
      case "ask":
        this.#clients.gather(happening.client, happening.place);
        break;
      case "propose":
        this.#propose(happening.place);
        break;
      case "impatience":
        this.#clients.askAgain(happening.client, happening.attempt);
        break;
      case "answer":
        this.#answer(happening.client);
        break;
      case "restart":
        this.#restart(happening.place);
        break;
      case "crash":
        this.#chooseCrash();
        break;
      case "partition":
        this.#partition();
        break;
      case "healPartition":
        this.#transport.healPartition();
        break;
      case "clockJump":
        this.#jumpClock();
        break;
    }
  }

  // What comes to servers

  #arrive(message: Message, order: number): void {
    if (!this.#transport.getsThrough(message, order)) return;
    const from = placeOf(message.from);
    const to = placeOf(message.to);
    const age = this.#record === null ? 0 : (this.world.messages?.ageOf(message) ?? 0);
    const held = this.#holds(to);
    if (!this.world.deliver(message, held)) return;
    this.#record?.({ type: "deliver", from, to, message: message.type, age, held });
    this.#follow(to, held);
  }

  #elapse(place: number): void {
    const server = this.world.hosts[place]?.server ?? null;
    if (server === null) return;
    const held = this.#holds(place);
    if (server.role === "Leader") {
      this.#timers.startHeartbeat(place);
      if (!this.world.heartbeat(place, held)) return;
      this.#record?.({ type: "heartbeat", server: place, held });
    } else {
      this.#timers.startElection(place);
      if (!this.world.timeout(place, held)) return;
      this.#record?.({ type: "timeout", server: place, held });
    }
    this.#follow(place, held);
  }

  #propose(place: number): void {
    const clients = this.#clients.takeGathered(place);
    if (clients.length === 0) return;
    const held = this.#holds(place);
    const reception = this.world.ask(clients, place, held);
    this.#record?.({ type: "ask", clients, server: place, held });
    if (reception.type === "taken") this.#follow(place, held);
    if (reception.type === "redirected" && reception.leader !== null) {
      for (const client of clients) this.#clients.redirect(client, reception.leader);
    }
  }

  #answer(client: number): void {
    if (!this.world.apply({ type: "answer", client })) return;
    this.#record?.({ type: "answer", client });
    this.#clients.goOn(client);
  }

  // What follows of it

  /** Whether the server's next step waits for a group, or for a crash. */
  #holds(place: number): boolean {
    return this.#dials.persistDelay > 0 || this.#isDoomed[place] === true;
  }

  /** What follows of a step: messages, answers, timers, or a crash that was waiting. */
  #follow(place: number, held: boolean): void {
    if (this.#isDoomed[place] === true) {
      const pending = this.world.hosts[place]?.pending.length ?? 0;
      this.#crash(place, this.#random.below(pending + 1));
      return;
    }
    if (held) this.#planPersist(place);
    this.#takeEffects();
    this.#followTimer(place);
    this.#compact(place);
  }

  /** A server that has applied enough since its last snapshot takes one. */
  #compact(place: number): void {
    const { compactEvery } = this.#dials;
    const host = this.world.hosts[place];
    const server = host?.server ?? null;
    if (compactEvery === 0 || host === undefined || server === null) return;
    if (host.executed - server.snapshotIndex < compactEvery) return;
    const held = this.#holds(place);
    if (!this.world.compact(place, held)) return;
    this.#record?.({ type: "compact", server: place, held });
    if (held) this.#planPersist(place);
  }

  #takeEffects(): void {
    for (const message of this.world.takeSent()) this.#transport.send(message);
    for (const client of this.world.takeAnswered()) {
      if (!this.#isHealed && this.#random.happens(this.#dials.answerLossRate)) {
        this.faults.answerLost++;
        continue;
      }
      this.#queue.schedule(this.#transport.drawDelay(), { type: "answer", client });
    }
  }

  #planPersist(place: number): void {
    if (this.#isPersistPlanned[place] === true) return;
    this.#isPersistPlanned[place] = true;
    const delay = this.#random.between(1, Math.max(1, this.#dials.persistDelay));
    this.#queue.schedule(delay, { type: "persist", place });
  }

  #persist(place: number): void {
    this.#isPersistPlanned[place] = false;
    const pending = this.world.hosts[place]?.pending.length ?? 0;
    if (!this.world.persist(place)) return;
    this.#record?.({ type: "persist", server: place });
    if (pending > 1) this.faults.groupCommit++;
    this.#takeEffects();
    this.#followTimer(place);
    this.#compact(place);
  }

  /** A server that won or lost its lead, or heard of a leader, starts its timer anew. */
  #followTimer(place: number): void {
    const server = this.world.hosts[place]?.server ?? null;
    if (server === null) return;
    const leads = server.role === "Leader";
    const isReset = this.world.timerReset[place] === true;
    if (isReset) this.world.timerReset[place] = false;
    if (leads !== this.#leads[place]) {
      this.#leads[place] = leads;
      if (leads) this.#timers.startHeartbeat(place);
      else this.#timers.startElection(place);
    } else if (isReset && !leads) {
      this.#timers.startElection(place);
    }
  }

  // Faults

  #plan(type: "crash" | "partition" | "clockJump", every: number): void {
    if (every === 0 || this.#isHealed) return;
    this.#queue.schedule(1 + this.#random.below(2 * every), { type });
  }

  /** Leaders are hit as often as all others together: their faults are the telling ones. */
  #chooseVictim(): number {
    const leaders = this.world.hosts.filter((host) => host.server?.role === "Leader");
    if (leaders.length > 0 && this.#random.happens(500)) return this.#random.pick(leaders).place;
    return this.#random.below(this.#dials.servers);
  }

  #chooseCrash(): void {
    if (this.#isHealed) return;
    this.#plan("crash", this.#dials.crashEvery);
    const place = this.#chooseVictim();
    const pending = this.world.hosts[place]?.pending.length ?? 0;
    if (this.#random.happens(500)) this.#isDoomed[place] = true;
    else this.#crash(place, this.#random.below(pending + 1));
  }

  #crash(place: number, survive: number): void {
    const pending = this.world.hosts[place]?.pending.length ?? 0;
    this.#isDoomed[place] = false;
    if (!this.world.crash(place, survive)) return;
    this.#record?.({ type: "crash", server: place, survive });
    this.#countCrash(pending, survive);
    this.#timers.stop(place);
    this.#clients.takeGathered(place);
    if (this.#isHealed) return;
    const downtime = 1 + this.#random.below(2 * this.#dials.downtime);
    this.#queue.schedule(downtime, { type: "restart", place });
  }

  #countCrash(pending: number, survive: number): void {
    this.faults.crash++;
    if (pending === 0) return;
    if (survive === 0) this.faults.crashBeforePersisting++;
    else if (survive < pending) this.faults.crashWhilePersisting++;
    else this.faults.crashBeforeSending++;
  }

  #restart(place: number): void {
    const isDown = this.world.hosts[place]?.server === null;
    if (!isDown || this.#staysDown[place] === true || !this.world.restart(place)) return;
    this.#record?.({ type: "restart", server: place });
    this.faults.restart++;
    this.#leads[place] = false;
    this.#timers.startElection(place);
  }

  #partition(): void {
    if (this.#isHealed) return;
    this.#plan("partition", this.#dials.partitionEvery);
    this.#transport.partition(this.#chooseVictim());
    const length = 1 + this.#random.below(2 * this.#dials.partitionLength);
    this.#queue.schedule(length, { type: "healPartition" });
  }

  #jumpClock(): void {
    if (this.#isHealed) return;
    this.#plan("clockJump", this.#dials.clockJumpEvery);
    const place = this.#chooseVictim();
    if (this.world.hosts[place]?.server !== null) this.#timers.jump(place);
  }
}
