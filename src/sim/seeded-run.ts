import type { Message, Rules } from "../core/index.ts";
import type { TraceEvent } from "../trace/format.ts";
import { Clock } from "./clock.ts";
import { placeOf } from "./cluster.ts";
import type { Dials } from "./dials.ts";
import { EventQueue } from "./event-queue.ts";
import { type FaultCounts, noFaults } from "./faults.ts";
import { Links } from "./links.ts";
import type { Move } from "./moves.ts";
import { Random } from "./random.ts";
import { World } from "./world.ts";

export interface RunOptions {
  readonly dials: Dials;
  readonly seed: number;
  readonly rules?: Rules | undefined;
  readonly trace?: ((event: TraceEvent) => void) | undefined;
  /** Takes every move made, so that the run can be repeated without the seed. */
  readonly record?: ((move: Move) => void) | undefined;
}

/** What is to happen at some tick. */
type Happening =
  | { readonly type: "deliver"; readonly message: Message; readonly order: number }
  | { readonly type: "timer"; readonly place: number; readonly at: number }
  | { readonly type: "persist"; readonly place: number }
  | { readonly type: "propose"; readonly place: number }
  | { readonly type: "ask"; readonly client: number; readonly place: number }
  | { readonly type: "impatience"; readonly client: number; readonly attempt: number }
  | { readonly type: "answer"; readonly client: number }
  | { readonly type: "restart"; readonly place: number }
  | { readonly type: "crash" | "partition" | "heal" | "clockJump" };

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
  readonly #links: Links;
  readonly #clocks: readonly Clock[];
  readonly #record: ((move: Move) => void) | null;
  /** Servers that are about to crash in the middle of their next step. */
  readonly #doomed: boolean[];
  readonly #isPersistPlanned: boolean[];
  /** Clients whose request has come to a server that gathers several before it proposes. */
  readonly #gathered: number[][];
  readonly #leads: boolean[];
  /** By client: how often it has begun to wait. */
  readonly #attempts: number[];
  /** By client: whom it believes to be the leader. */
  readonly #favourites: number[];
  /** By link: the order of the latest message delivered, to see what it overtook. */
  readonly #latest: Int32Array;
  #order = 0;
  #isHealed = false;
  #areClientsStopped = false;

  constructor(options: RunOptions) {
    const { dials } = options;
    this.#dials = dials;
    this.#random = new Random(options.seed);
    this.#record = options.record ?? null;
    this.world = new World({
      dials,
      trace: options.trace,
      keepsMessages: this.#record !== null,
      ...(options.rules === undefined ? {} : { rules: options.rules }),
    });
    const places = this.world.hosts.map((host) => host.place);
    this.#links = new Links(dials.servers);
    this.#clocks = places.map(() => new Clock(this.#drawRate()));
    this.#doomed = places.map(() => false);
    this.#isPersistPlanned = places.map(() => false);
    this.#gathered = places.map(() => []);
    this.#leads = places.map(() => false);
    this.#latest = new Int32Array(dials.servers * dials.servers);
    this.#attempts = new Array<number>(dials.clients).fill(0);
    this.#favourites = Array.from({ length: dials.clients }, () =>
      this.#random.below(dials.servers),
    );
    for (const place of places) this.#startElectionTimer(place);
    for (let client = 0; client < dials.clients; client++) this.#planNextRequest(client);
    this.#plan("crash", dials.crashEvery);
    if (dials.servers > 1) this.#plan("partition", dials.partitionEvery);
    this.#plan("clockJump", dials.clockJumpEvery);
  }

  /** The tick of virtual time. */
  get now(): number {
    return this.#queue.now;
  }

  /** Lets the next thing happen. @returns false where nothing is left, or all stands still */
  step(): boolean {
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
    this.#links.heal();
    for (const clock of this.#clocks) clock.repair();
    this.#doomed.fill(false);
    const down = this.#random.below(this.#dials.servers);
    for (const host of this.world.hosts) {
      const distance = (host.place - down + this.#dials.servers) % this.#dials.servers;
      if (distance < this.#dials.downForGood) this.#crash(host.place, host.pending.length);
      else if (host.server === null) this.#restart(host.place);
    }
  }

  /** From now on clients ask for nothing new. */
  stopClients(): void {
    this.#areClientsStopped = true;
  }

  /** The longest that a message and its answer take once the faults have healed. */
  get roundTrip(): number {
    const { delayMin, delaySpread, persistDelay, proposalDelay } = this.#dials;
    return 2 * (delayMin + delaySpread + persistDelay + proposalDelay + 1);
  }

  /** The longest election timeout once the faults have healed. */
  get calmElectionTimeout(): number {
    return 2 * this.#electionTimeoutBase();
  }

  #happen(happening: Happening): void {
    switch (happening.type) {
      case "deliver":
        this.#arrive(happening.message, happening.order);
        break;
      case "timer":
        this.#lookAtTimer(happening.place, happening.at);
        break;
      case "persist":
        this.#persist(happening.place);
        break;
      case "propose":
        this.#propose(happening.place);
        break;
      case "ask":
        this.#ask(happening.client, happening.place);
        break;
      case "impatience":
        this.#askAgain(happening.client, happening.attempt);
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
      case "heal":
        this.#links.heal();
        break;
      case "clockJump":
        this.#jumpClock();
        break;
    }
  }

  // The network

  #send(message: Message): void {
    const { delayMin, delaySpread, lossRate, duplicateRate, detourRate } = this.#dials;
    const random = this.#random;
    const order = ++this.#order;
    let delay = delayMin + random.below(delaySpread + 1);
    if (!this.#isHealed) {
      if (random.happens(lossRate)) {
        this.faults.messageLost++;
        return;
      }
      if (random.happens(detourRate)) {
        this.faults.messageDelayed++;
        delay += random.between(1, 5 * (this.#dials.electionTimeout + delaySpread));
      }
      if (random.happens(duplicateRate)) {
        this.faults.messageDuplicated++;
        const later = delay + random.below(4 * (delaySpread + 5));
        this.#queue.schedule(later, { type: "deliver", message, order });
      }
    }
    this.#queue.schedule(delay, { type: "deliver", message, order });
  }

  #arrive(message: Message, order: number): void {
    const from = placeOf(message.from);
    const to = placeOf(message.to);
    if (this.#links.isCut(from, to)) {
      this.faults.messageLost++;
      return;
    }
    const link = from * this.#dials.servers + to;
    if (order < (this.#latest[link] ?? 0)) this.faults.messageReordered++;
    else this.#latest[link] = order;
    const age = this.#record === null ? 0 : (this.world.messages?.ageOf(message) ?? 0);
    const held = this.#holds(to);
    if (!this.world.deliver(message, held)) return;
    this.#record?.({ type: "deliver", from, to, message: message.type, age, held });
    this.#follow(to, held);
  }

  // Servers

  /** Whether the server's next step waits for a group, or for a crash. */
  #holds(place: number): boolean {
    return this.#dials.persistDelay > 0 || this.#doomed[place] === true;
  }

  /** What follows of a step: messages, answers, timers, and a crash that was waiting. */
  #follow(place: number, held: boolean): void {
    if (this.#doomed[place] === true) {
      const pending = this.world.hosts[place]?.pending.length ?? 0;
      this.#crash(place, this.#random.below(pending + 1));
      return;
    }
    if (held) this.#planPersist(place);
    this.#takeEffects();
    this.#followTimer(place);
  }

  #takeEffects(): void {
    for (const message of this.world.takeSent()) this.#send(message);
    for (const client of this.world.takeAnswered()) {
      if (!this.#isHealed && this.#random.happens(this.#dials.answerLossRate)) {
        this.faults.answerLost++;
        continue;
      }
      this.#queue.schedule(this.#drawDelay(), { type: "answer", client });
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
  }

  #restart(place: number): void {
    if (this.world.hosts[place]?.server !== null || !this.world.restart(place)) return;
    this.#record?.({ type: "restart", server: place });
    this.faults.restart++;
    this.#leads[place] = false;
    this.#startElectionTimer(place);
  }

  // Timers

  #lookAtTimer(place: number, at: number): void {
    const clock = this.#clocks[place];
    if (clock === undefined || clock.lookAt !== at) return;
    clock.lookAt = Number.POSITIVE_INFINITY;
    if (clock.deadline > this.now) {
      this.#planLook(place, clock);
      return;
    }
    this.#elapse(place);
  }

  #elapse(place: number): void {
    const server = this.world.hosts[place]?.server ?? null;
    if (server === null) return;
    const held = this.#holds(place);
    if (server.role === "Leader") {
      this.#setTimer(place, this.#dials.heartbeatEvery);
      if (!this.world.heartbeat(place, held)) return;
      this.#record?.({ type: "heartbeat", server: place, held });
    } else {
      this.#startElectionTimer(place);
      if (!this.world.timeout(place, held)) return;
      this.#record?.({ type: "timeout", server: place, held });
    }
    this.#follow(place, held);
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
      if (leads) this.#setTimer(place, this.#dials.heartbeatEvery);
      else this.#startElectionTimer(place);
    } else if (isReset && !leads) {
      this.#startElectionTimer(place);
    }
  }

  #startElectionTimer(place: number): void {
    const base = this.#electionTimeoutBase();
    const spread = this.#isHealed ? base : this.#dials.electionSpread;
    this.#setTimer(place, base + this.#random.below(spread + 1));
  }

  /**
   * Once the faults have healed, an election timeout is an order of magnitude longer than a
   * message takes, without which there may be no leader (§5.6).
   */
  #electionTimeoutBase(): number {
    const { electionTimeout, heartbeatEvery } = this.#dials;
    if (!this.#isHealed) return electionTimeout;
    return Math.max(electionTimeout, 10 * this.roundTrip, 4 * heartbeatEvery);
  }

  #setTimer(place: number, ticks: number): void {
    const clock = this.#clocks[place];
    if (clock === undefined) return;
    clock.setTimer(this.now, ticks);
    // A look that comes too early finds the later deadline by itself.
    if (clock.lookAt > clock.deadline) this.#planLook(place, clock);
  }

  #planLook(place: number, clock: Clock): void {
    const at = clock.deadline;
    clock.lookAt = at;
    this.#queue.schedule(at - this.now, { type: "timer", place, at });
  }

  // Clients

  #planNextRequest(client: number): void {
    if (this.#areClientsStopped) return;
    const delay = 1 + this.#random.below(this.#dials.thinkTime);
    const place = this.#favourites[client] ?? 0;
    this.#queue.schedule(delay, { type: "ask", client, place });
    this.#planImpatience(client, delay);
  }

  #planImpatience(client: number, after: number): void {
    const attempt = (this.#attempts[client] ?? 0) + 1;
    this.#attempts[client] = attempt;
    const delay = after + this.#patience() + this.#random.below(20);
    this.#queue.schedule(delay, { type: "impatience", client, attempt });
  }

  /** Once the faults have healed, a client waits for long enough to be answered. */
  #patience(): number {
    return this.#isHealed
      ? Math.max(this.#dials.patience, 3 * this.roundTrip)
      : this.#dials.patience;
  }

  #askAgain(client: number, attempt: number): void {
    if (this.#attempts[client] !== attempt) return;
    this.faults.clientRetry++;
    const place = this.#random.below(this.#dials.servers);
    this.#favourites[client] = place;
    this.#queue.schedule(this.#drawDelay(), { type: "ask", client, place });
    this.#planImpatience(client, 0);
  }

  #ask(client: number, place: number): void {
    const gathered = this.#gathered[place];
    if (gathered === undefined || gathered.includes(client)) return;
    gathered.push(client);
    if (this.#dials.proposalDelay === 0) this.#propose(place);
    else if (gathered.length === 1) {
      const delay = this.#random.between(1, this.#dials.proposalDelay);
      this.#queue.schedule(delay, { type: "propose", place });
    }
  }

  #propose(place: number): void {
    const clients = this.#gathered[place] ?? [];
    if (clients.length === 0) return;
    this.#gathered[place] = [];
    const held = this.#holds(place);
    const reception = this.world.ask(clients, place, held);
    this.#record?.({ type: "ask", clients, server: place, held });
    if (reception.type === "taken") this.#follow(place, held);
    if (reception.type === "redirected" && reception.leader !== null) {
      for (const client of clients) this.#redirect(client, reception.leader);
    }
  }

  #redirect(client: number, leader: number): void {
    this.faults.clientRedirect++;
    this.#favourites[client] = leader;
    this.#queue.schedule(2 * this.#drawDelay(), { type: "ask", client, place: leader });
  }

  #answer(client: number): void {
    if (!this.world.apply({ type: "answer", client })) return;
    this.#record?.({ type: "answer", client });
    this.#planNextRequest(client);
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
    if (this.#random.happens(500)) this.#doomed[place] = true;
    else this.#crash(place, this.#random.below(pending + 1));
  }

  #crash(place: number, survive: number): void {
    const pending = this.world.hosts[place]?.pending.length ?? 0;
    this.#doomed[place] = false;
    if (!this.world.crash(place, survive)) return;
    this.#record?.({ type: "crash", server: place, survive });
    this.#countCrash(pending, survive);
    this.#clocks[place]?.stopTimer();
    this.#gathered[place] = [];
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

  #partition(): void {
    if (this.#isHealed) return;
    this.#plan("partition", this.#dials.partitionEvery);
    this.#links.heal();
    this.faults[this.#links.partition(this.#random)]++;
    const length = 1 + this.#random.below(2 * this.#dials.partitionLength);
    this.#queue.schedule(length, { type: "heal" });
  }

  #jumpClock(): void {
    if (this.#isHealed) return;
    this.#plan("clockJump", this.#dials.clockJumpEvery);
    const place = this.#chooseVictim();
    const clock = this.#clocks[place];
    if (clock === undefined || this.world.hosts[place]?.server === null) return;
    const reach = 2 * this.#dials.electionTimeout;
    this.faults.clockJump++;
    clock.jump(this.now, this.#random.between(-reach, reach));
    if (clock.lookAt > clock.deadline) this.#planLook(place, clock);
  }

  #drawRate(): number {
    const { clockDrift } = this.#dials;
    const rate = this.#random.between(1000 - clockDrift, 1000 + clockDrift);
    if (rate > 1000) this.faults.fastClock++;
    if (rate < 1000) this.faults.slowClock++;
    return rate;
  }

  #drawDelay(): number {
    return this.#dials.delayMin + this.#random.below(this.#dials.delaySpread + 1);
  }
}
