/** One walk at random from where a search begins, until something falls or it has gone on enough. */
import {
  applicableIndex,
  canAnswerRead,
  canBecomeLeader,
  canCompactLog,
  canRead,
  committableIndex,
  type Server,
  type ServerId,
} from "../../../core/index.ts";
import type { Random } from "../../../sim/random.ts";
import type { TraceMessage } from "../../../trace/format.ts";
import { type Choice, choice } from "../move.ts";
import type { Dials } from "./dials.ts";
import { Mail } from "./mail.ts";
import { missingFrom, Reigns } from "./reigns.ts";
import type { Trial } from "./trial.ts";

/** A step of a trial; a message is named by how many of its type were sent later on its link. */
export interface TrialStep {
  readonly choice: Choice;
  readonly message: TraceMessage | null;
  readonly age: number;
}

/** Something that may be done next, how likely it is, and how a step of it is chosen. */
interface Kind {
  readonly weight: number;
  readonly pick: () => Planned | null;
}

export interface Planned {
  readonly choice: Choice;
  readonly message: TraceMessage | null;
}

export class Walk {
  readonly steps: TrialStep[] = [];
  /** After how many steps the forgotten rule first made a difference; 0 where it never did. */
  firstMistake = 0;
  /** After how many steps a property fell that is not looked for; 0 where none did. */
  firstLesserFall = 0;
  /** After how many steps a leader first counted what is not so; 0 where none did. */
  firstDeception = 0;
  readonly #trial: Trial;
  readonly #dials: Dials;
  readonly #random: Random;
  readonly #mail: Mail;
  readonly #highestTerm: number;
  readonly #longestLog: number;
  readonly #kinds: readonly Kind[];
  #commands = 0;

  constructor(trial: Trial, dials: Dials, random: Random, before: readonly TrialStep[]) {
    this.#trial = trial;
    this.#dials = dials;
    this.#random = random;
    this.#mail = new Mail(trial.start, dials, random);
    const { running } = trial;
    this.#highestTerm = Math.max(...running.map(({ currentTerm }) => currentTerm)) + dials.terms;
    this.#longestLog = Math.max(...running.map(({ log }) => log.lastIndex)) + dials.entries;
    this.#kinds = this.#allKinds();
    for (const { choice, message, age } of before) {
      if (trial.fallen !== null || trial.hasBroken) break;
      const again = message === null ? null : this.#mail.named(message, age);
      if (message === null || again !== null) this.#step({ choice, message: again });
    }
  }

  /** Goes on. @returns whether what was looked for has fallen */
  run(): boolean {
    const { steps, byReigns } = this.#dials;
    const last = this.steps.length + steps;
    if (byReigns) {
      this.#byReigns(last);
      return this.#trial.fallen !== null;
    }
    for (let tries = 0; tries < 8 * steps && this.steps.length < last; tries++) {
      if (this.#trial.fallen !== null) return true;
      if (this.#trial.hasBroken) return false;
      const planned = this.#plan();
      if (planned !== null) this.#take(planned);
    }
    return this.#trial.fallen !== null;
  }

  #byReigns(lastStep: number): void {
    new Reigns({
      trial: this.#trial,
      dials: this.#dials,
      random: this.#random,
      mail: this.#mail,
      highestTerm: this.#highestTerm,
      longestLog: this.#longestLog,
      take: (planned) => this.#take(planned),
      nextCommand: () => `c${++this.#commands}`,
      isOver: () =>
        this.#trial.fallen !== null || this.#trial.hasBroken || this.steps.length >= lastStep,
    }).run();
  }

  #plan(): Planned | null {
    let left = this.#random.below(this.#kinds.reduce((sum, { weight }) => sum + weight, 0));
    for (const { weight, pick } of this.#kinds) {
      left -= weight;
      if (left < 0) return this.#attempt(pick);
    }
    return null;
  }

  /** Without the rule a predicate of the core, too, may read what is not there. */
  #attempt(pick: () => Planned | null): Planned | null {
    try {
      return pick();
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  #take(planned: Planned): void {
    this.#step(planned);
    this.#leadIfElected(planned.choice.server);
  }

  #step({ choice: chosen, message }: Planned): void {
    if (message !== null && !this.#mail.canArrive(message)) return;
    const age = message === null ? 0 : this.#mail.ageOf(message);
    const sent = this.#trial.take(chosen, message);
    if (sent === null) return;
    this.steps.push({ choice: chosen, message, age });
    if (message !== null) this.#mail.received(message);
    this.#mail.sent(sent);
    const { mistakes, lesserFalls, deceptions } = this.#trial;
    if (mistakes > 0 && this.firstMistake === 0) this.firstMistake = this.steps.length;
    if (lesserFalls > 0 && this.firstLesserFall === 0) this.firstLesserFall = this.steps.length;
    if (deceptions > 0 && this.firstDeception === 0) this.firstDeception = this.steps.length;
  }

  /** Who has the votes leads at once: to wait with it makes hardly another outcome. */
  #leadIfElected(id: ServerId): void {
    const server = this.#trial.server(id);
    if (this.#trial.hasBroken || server.role !== "Candidate" || !canBecomeLeader(server)) return;
    this.#step({ choice: choice("BecomeLeader", id), message: null });
  }

  #allKinds(): readonly Kind[] {
    const dials = this.#dials;
    const kinds: readonly Kind[] = [
      { weight: dials.timeout, pick: () => this.#timeout() },
      { weight: dials.deliver, pick: () => this.#deliver(this.#mail.fresh) },
      { weight: dials.deliverLate, pick: () => this.#deliver(this.#mail.late) },
      { weight: dials.deliverAgain, pick: () => this.#deliver(this.#mail.opened) },
      { weight: dials.request, pick: () => this.#request() },
      { weight: dials.send, pick: () => this.#send() },
      { weight: dials.commit, pick: () => this.#commit() },
      { weight: dials.apply, pick: () => this.#apply() },
      { weight: dials.restart, pick: () => this.#own(choice("Restart", this.#anyone().id)) },
      { weight: dials.compact, pick: () => this.#compact() },
      { weight: dials.installSnapshot, pick: () => this.#installSnapshot() },
      { weight: dials.read, pick: () => this.#read() },
      { weight: dials.confirm, pick: () => this.#confirm() },
      { weight: dials.answer, pick: () => this.#answer() },
    ];
    return kinds.filter(({ weight }) => weight > 0);
  }

  #own(chosen: Choice): Planned {
    return { choice: chosen, message: null };
  }

  #anyone(): Server {
    return this.#random.pick(this.#trial.running);
  }

  /** A leader, of the newest term mostly. */
  #leader(): Server | null {
    const leaders = this.#trial.running.filter(({ role }) => role === "Leader");
    if (leaders.length === 0) return null;
    const any = this.#random.pick(leaders);
    if (this.#random.happens(300)) return any;
    return leaders.reduce((best, each) => (each.currentTerm > best.currentTerm ? each : best), any);
  }

  #timeout(): Planned | null {
    const { id, role, currentTerm, rules } = this.#anyone();
    const server = this.#trial.server(id);
    if (role === "Leader" || rules.termOfElection(server) > this.#highestTerm) return null;
    // While votes are on their way, or a leader is at work, it is seldom time for another.
    const isBusy = this.#mail.fresh.some(({ term }) => term >= currentTerm);
    if (isBusy && this.#random.happens(this.#dials.patience)) return null;
    return this.#own(choice("Timeout", id));
  }

  #deliver(messages: TraceMessage[]): Planned | null {
    if (messages.length === 0) return null;
    const message = this.#random.pick(messages);
    if (messages === this.#mail.fresh && this.#isOutOfDate(message)) {
      this.#mail.delay(message);
      return null;
    }
    return { choice: choice(`Handle${message.type}`, message.to), message };
  }

  /** Whether receiving it changes nothing, unless what is out of date is counted all the same. */
  #isOutOfDate({ type, term, to }: TraceMessage): boolean {
    const { role, currentTerm } = this.#trial.server(to);
    if (term < currentTerm) return true;
    if (term > currentTerm) return false;
    if (type === "RequestVoteResponse") return role !== "Candidate";
    return type.endsWith("Response") && role !== "Leader";
  }

  #request(): Planned | null {
    const leader = this.#leader();
    const server = leader !== null && this.#random.happens(800) ? leader : this.#anyone();
    const { rules, currentTerm, log, id } = server;
    if (!rules.takesCommands(server) || currentTerm === 0) return null;
    if (log.lastIndex >= this.#longestLog) return null;
    return this.#own(choice("ClientRequest", id, { command: `c${++this.#commands}` }));
  }

  #send(): Planned | null {
    const leader = this.#leader();
    if (leader === null || leader.peers.length === 0) return null;
    const { log, id, currentTerm } = leader;
    const peer = this.#random.pick(leader.peers);
    if (!this.#mail.isConnected(id, peer, currentTerm) && !this.#random.happens(100)) return null;
    const { prevLogIndex, count } = this.#slice(leader, peer);
    if (count === 0 && (log.lastIndex === 0 || this.#random.happens(600))) return null;
    return this.#own(choice("SendAppendEntries", id, { slice: { peer, prevLogIndex, count } }));
  }

  #slice(leader: Server, peer: ServerId) {
    const { sendsMissing, sendsWhole } = this.#dials;
    const { log, snapshotIndex } = leader;
    const { lastIndex } = log;
    if (this.#random.happens(sendsMissing)) {
      const prevLogIndex = missingFrom(leader, peer);
      return { prevLogIndex, count: lastIndex - prevLogIndex };
    }
    if (this.#random.happens(sendsWhole)) {
      return { prevLogIndex: snapshotIndex, count: lastIndex - snapshotIndex };
    }
    const prevLogIndex = this.#random.between(snapshotIndex, lastIndex);
    return { prevLogIndex, count: this.#random.between(0, lastIndex - prevLogIndex) };
  }

  #commit(): Planned | null {
    const leader = this.#leader();
    const index = leader === null ? 0 : committableIndex(leader);
    if (leader === null || index === 0) return null;
    return this.#own(choice("AdvanceCommitIndex", leader.id, { index }));
  }

  #apply(): Planned | null {
    const server = this.#anyone();
    const index = Math.min(applicableIndex(server), server.log.lastIndex);
    if (index <= server.lastApplied) return null;
    return this.#own(choice("Apply", server.id, { index }));
  }

  #compact(): Planned | null {
    const server = this.#anyone();
    const { snapshotIndex, log } = server;
    if (log.lastIndex <= snapshotIndex) return null;
    const index = this.#random.between(snapshotIndex + 1, log.lastIndex);
    if (!canCompactLog(server, index)) return null;
    return this.#own(choice("CompactLog", server.id, { index }));
  }

  #installSnapshot(): Planned | null {
    const leader = this.#leader();
    if (leader === null || leader.snapshotIndex === 0 || leader.peers.length === 0) return null;
    const peer = this.#random.pick(leader.peers);
    return this.#own(choice("SendInstallSnapshot", leader.id, { peer }));
  }

  #read(): Planned | null {
    const leader = this.#leader();
    if (leader === null || leader.reads.length > 1 || !canRead(leader)) return null;
    const round = leader.rules.roundOfRead(leader);
    const index = leader.rules.indexOfRead(leader);
    return this.#own(choice("ReadRequest", leader.id, { round, index }));
  }

  #confirm(): Planned | null {
    const leader = this.#leader();
    if (leader === null || leader.round > 3) return null;
    return this.#own(choice("ConfirmLeadership", leader.id));
  }

  #answer(): Planned | null {
    const leaders = this.#trial.running.filter(({ reads }) => reads.length > 0);
    if (leaders.length === 0) return null;
    const leader = this.#random.pick(leaders);
    const read = leader.reads.find((each) => canAnswerRead(leader, each));
    return read === undefined ? null : this.#own(choice("AnswerRead", leader.id, read));
  }
}
