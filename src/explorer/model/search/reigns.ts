/**
 * A walk by reigns: a majority elects a server, it leads those that it reaches for a while, and
 * then the next one is elected, or the same again. What was late of the reigns before arrives at
 * the end of one. A walk that takes one step at random after the other comes seldom to the third
 * leadership, and there is harm that only comes with it.
 */
import {
  applicableIndex,
  canAnswerRead,
  canRead,
  committableIndex,
  type Server,
  type ServerId,
} from "../../../core/index.ts";
import type { Random } from "../../../sim/random.ts";
import type { TraceMessage } from "../../../trace/format.ts";
import { choice } from "../move.ts";
import type { Dials } from "./dials.ts";
import type { Mail } from "./mail.ts";
import type { Trial } from "./trial.ts";
import type { Planned } from "./walk.ts";

/** The walk that reigns are a part of. */
export interface Walking {
  readonly trial: Trial;
  readonly dials: Dials;
  readonly random: Random;
  readonly mail: Mail;
  readonly highestTerm: number;
  readonly longestLog: number;
  /** Takes a step, where it is possible. */
  take(planned: Planned): void;
  nextCommand(): string;
  isOver(): boolean;
}

/** In thousandths: how often the next leader is the last one, and else one that led before it. */
const STAYS = 200;
const RETURNS = 600;

/** So many elections a server begins in a row to come to a term that the others have not. */
const MOST_TIMEOUTS = 3;

export class Reigns {
  readonly #walking: Walking;
  readonly #led: ServerId[] = [];

  constructor(walking: Walking) {
    this.#walking = walking;
  }

  /** One reign after the other, until the walk is over or its terms are used up. */
  run(): void {
    const { dials, random } = this.#walking;
    this.#goOn();
    for (let left = dials.terms + 1; left > 0 && !this.#walking.isOver(); left--) {
      const leader = this.#nextLeader();
      const reached = this.#majorityWith(leader);
      if (!this.#elect(leader, reached)) continue;
      this.#led.push(leader);
      for (let round = random.between(1, 3); round > 0; round--) this.#lead(leader, reached);
      this.#hearLate();
    }
  }

  /** Who leads already, as on a beginning that another walk was lucky with, goes on for a while. */
  #goOn(): void {
    const { random, trial } = this.#walking;
    const leaders = trial.running.filter(({ role }) => role === "Leader").map(({ id }) => id);
    for (const leader of leaders) {
      this.#led.push(leader);
      if (random.happens(600)) this.#lead(leader, this.#majorityWith(leader));
    }
  }

  #nextLeader(): ServerId {
    const { random, trial } = this.#walking;
    const last = this.#led.at(-1);
    if (last !== undefined && random.happens(STAYS)) return last;
    const earlier = this.#led.filter((id) => id !== last);
    if (earlier.length > 0 && random.happens(RETURNS)) return random.pick(earlier);
    return random.pick(trial.start.servers);
  }

  /** Those that hear of a reign, in the order in which they do; the leader is not among them. */
  #majorityWith(leader: ServerId): readonly ServerId[] {
    const { random, trial } = this.#walking;
    const { servers } = trial.start;
    const others = servers.filter((id) => id !== leader);
    const size = random.between(Math.floor(servers.length / 2), others.length);
    const reached: ServerId[] = [];
    while (reached.length < size) {
      const peer = random.pick(others);
      if (!reached.includes(peer)) reached.push(peer);
    }
    return reached;
  }

  /** @returns whether the server leads then */
  #elect(id: ServerId, electors: readonly ServerId[]): boolean {
    const { trial, highestTerm } = this.#walking;
    if (trial.server(id).role === "Leader") this.#own(choice("Restart", id));
    const last = Math.max(...electors.map((each) => trial.server(each).currentTerm));
    for (let tries = 0; tries < MOST_TIMEOUTS; tries++) {
      const { rules, currentTerm } = trial.server(id);
      if (currentTerm > last && tries > 0) break;
      if (rules.termOfElection(trial.server(id)) > highestTerm) return false;
      this.#own(choice("Timeout", id));
    }
    for (const elector of electors) {
      if (trial.server(id).role === "Leader") break;
      if (this.#deliver("RequestVoteRequest", id, elector)) {
        this.#deliver("RequestVoteResponse", elector, id);
      }
    }
    return !trial.hasBroken && trial.server(id).role === "Leader";
  }

  #lead(id: ServerId, reached: readonly ServerId[]): void {
    const { random, dials } = this.#walking;
    for (let commands = random.between(0, 2); commands > 0; commands--) this.#request(id);
    for (const peer of reached) if (random.happens(dials.replicates)) this.#replicate(id, peer);
    this.#commit(id);
    if (dials.confirm > 0) this.#read(id, reached);
  }

  #request(id: ServerId): void {
    const { trial, longestLog } = this.#walking;
    if (trial.server(id).log.lastIndex >= longestLog) return;
    this.#own(choice("ClientRequest", id, { command: this.#walking.nextCommand() }));
  }

  #replicate(id: ServerId, peer: ServerId): void {
    const { trial, dials, random } = this.#walking;
    const leader = trial.server(id);
    if (leader.role !== "Leader") return;
    const { snapshotIndex, log } = leader;
    const isWhole = random.happens(500);
    const before = isWhole ? snapshotIndex : missingFrom(leader, peer);
    const count = log.lastIndex - before;
    if (count <= 0) return;
    this.#own(choice("SendAppendEntries", id, { slice: { peer, prevLogIndex: before, count } }));
    if (!this.#deliver("AppendEntriesRequest", id, peer)) return;
    if (!random.happens(dials.acknowledgesLate)) this.#deliver("AppendEntriesResponse", peer, id);
  }

  #commit(id: ServerId): void {
    const { trial } = this.#walking;
    if (trial.hasBroken) return;
    const leader = trial.server(id);
    const index = committableIndex(leader);
    if (leader.role === "Leader" && index > 0) {
      this.#own(choice("AdvanceCommitIndex", id, { index }));
    }
  }

  #read(id: ServerId, reached: readonly ServerId[]): void {
    const { trial, dials, random } = this.#walking;
    this.#ask(id);
    if (trial.hasBroken) return;
    const leader = trial.server(id);
    if (random.happens(500) && leader.round < 3) {
      this.#own(choice("ConfirmLeadership", id));
      for (const peer of reached) {
        if (!this.#deliver("ConfirmLeadershipRequest", id, peer)) continue;
        if (random.happens(dials.confirmsLate)) continue;
        this.#deliver("ConfirmLeadershipResponse", peer, id);
      }
    }
    this.#answer(id);
  }

  #ask(id: ServerId): void {
    const { trial, random, dials } = this.#walking;
    if (dials.read === 0 || trial.hasBroken || random.happens(500)) return;
    const leader = trial.server(id);
    if (leader.reads.length > 0 || !canRead(leader)) return;
    const round = leader.rules.roundOfRead(leader);
    const index = leader.rules.indexOfRead(leader);
    this.#own(choice("ReadRequest", id, { round, index }));
  }

  #answer(id: ServerId): void {
    const { trial } = this.#walking;
    if (trial.hasBroken) return;
    const server = trial.server(id);
    if (server.reads.length === 0) return;
    const index = Math.min(applicableIndex(server), server.log.lastIndex);
    if (index > server.lastApplied) this.#own(choice("Apply", id, { index }));
    const read = server.reads.find((each) => canAnswerRead(server, each));
    if (read !== undefined) this.#own(choice("AnswerRead", id, read));
  }

  /** What was kept back arrives at those that lead, or think so. */
  #hearLate(): void {
    const { trial, mail, random } = this.#walking;
    const leaders = trial.running.filter(({ role }) => role === "Leader").map(({ id }) => id);
    for (const id of leaders) {
      this.#ask(id);
      const late = [...mail.late, ...mail.fresh].filter(
        ({ to, type }) => to === id && type.endsWith("Response"),
      );
      for (const message of late) {
        if (random.happens(300)) this.#receive(message);
      }
      this.#commit(id);
      this.#answer(id);
    }
  }

  /** The newest message of a type from one to the other. @returns whether there is one */
  #deliver(type: TraceMessage["type"], from: ServerId, to: ServerId): boolean {
    const { mail } = this.#walking;
    const isIt = (each: TraceMessage) => each.type === type && each.from === from && each.to === to;
    const message = mail.fresh.findLast(isIt) ?? mail.late.findLast(isIt);
    if (message === undefined) return false;
    this.#receive(message);
    return true;
  }

  #receive(message: TraceMessage): void {
    const chosen = choice(`Handle${message.type}`, message.to);
    if (!this.#walking.isOver()) this.#walking.take({ choice: chosen, message });
  }

  #own(chosen: Planned["choice"]): void {
    if (!this.#walking.isOver()) this.#walking.take({ choice: chosen, message: null });
  }
}

/** The index before what a peer lacks, for all the leader knows. */
export function missingFrom({ log, nextIndex, snapshotIndex }: Server, peer: ServerId): number {
  return Math.max(Math.min((nextIndex.get(peer) ?? 1) - 1, log.lastIndex), snapshotIndex);
}
