/**
 * A cluster of the implementation alone, without its specification: fast to step, and watched by
 * the oracles of the simulator. What is found here is shown by both sides afterwards.
 */
import {
  createServer,
  type Entry,
  type Message,
  type Rules,
  raftRules,
  restart,
  type Server,
  type ServerId,
  type Step,
  takeOutput,
} from "../../../core/index.ts";
import { takeStep } from "../../../replay/take-step.ts";
import { placeOf } from "../../../sim/cluster.ts";
import { Disk } from "../../../sim/disk.ts";
import { forgetRule } from "../../../sim/forgotten-rules.ts";
import { Invariants } from "../../../sim/oracles/invariants.ts";
import { Verdict } from "../../../sim/oracles/violation.ts";
import { recordStep } from "../../../sim/step-record.ts";
import type { TraceMessage } from "../../../trace/format.ts";
import type { Choice } from "../move.ts";
import type { Start } from "./start.ts";

/** Whether a property that has fallen is what is looked for. */
export type IsWanted = (property: string) => boolean;

export class Trial {
  readonly start: Start;
  readonly running: Server[];
  /** Servers that are down, and take no step until they restart. */
  readonly down: Set<ServerId>;
  readonly #rules: Rules = { ...raftRules };
  readonly #disks: readonly Disk[];
  readonly #invariants: Invariants;
  readonly #verdict: Verdict;
  readonly #observer: (server: Server, step: Step) => void;
  #isTaking = false;
  #mistakes = 0;
  #fallsBefore = 0;
  #deceptions = 0;
  #hasBroken = false;

  /** Takes the steps of the start; then the rule is forgotten. */
  constructor(start: Start, rule: string, isWanted: IsWanted) {
    this.start = start;
    this.down = new Set();
    const { servers } = start;
    this.#verdict = new Verdict((property) => !isWanted(property));
    this.#disks = servers.map(
      () => new Disk(({ lastIncludedIndex }) => this.#committed(lastIncludedIndex)),
    );
    const logs = this.#disks.map(({ log }) => log);
    this.#invariants = new Invariants(servers, logs, this.#verdict);
    this.#observer = (server, step) => this.#observe(server, step);
    this.running = servers.map((id) =>
      createServer({ id, servers, rules: this.#rules, observer: this.#observer }),
    );
    for (const { choice, message, forgotten } of start.steps) {
      this.#forget(forgotten);
      this.take(choice, message);
    }
    this.#forget(rule);
    this.#mistakes = 0;
    this.#deceptions = 0;
    this.#fallsBefore = this.#verdict.lookedPast;
    for (const server of start.down) this.down.add(server);
  }

  /** The wanted property that has fallen; null for none. */
  get fallen(): string | null {
    return this.#verdict.violation?.property ?? null;
  }

  /** How often the forgotten rule made a difference. */
  get mistakes(): number {
    return this.#mistakes;
  }

  /** How often a property fell that is not looked for. */
  get lesserFalls(): number {
    return this.#verdict.lookedPast - this.#fallsBefore;
  }

  /** How often a leader counted what is not so, and what it may act on. */
  get deceptions(): number {
    return this.#deceptions;
  }

  /** Without the rule the implementation may read what is not there: then nothing goes on. */
  get hasBroken(): boolean {
    return this.#hasBroken;
  }

  server(id: ServerId): Server {
    const server = this.running[placeOf(id)];
    if (server === undefined) throw new RangeError(`there is no server ${id}`);
    return server;
  }

  /** Takes a step. @returns what it sent; null where it is not possible, and nothing happened */
  take(choice: Choice, message: TraceMessage | null): readonly Message[] | null {
    const { server: id, action } = choice;
    const isBlocked = this.down.has(id) && action !== "Restart";
    if (this.#hasBroken || isBlocked || !isThere(choice, this.start.servers)) return null;
    this.#isTaking = true;
    try {
      if (action === "Restart") this.#restart(id);
      else if (takeStep(this.server(id), { ...choice, received: message }) !== null) return null;
      return takeOutput(this.server(id)).messages;
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      this.#hasBroken = true;
      return null;
    } finally {
      this.#isTaking = false;
    }
  }

  #restart(id: ServerId): void {
    const place = placeOf(id);
    const { servers } = this.start;
    const stored = this.#disks[place]?.read();
    if (stored === undefined) return;
    const options = { id, servers, rules: this.#rules, observer: this.#observer };
    this.running[place] = restart(options, stored);
    this.down.delete(id);
  }

  #observe(server: Server, step: Step): void {
    const place = placeOf(server.id);
    const record = recordStep(place, server, step, null);
    this.#disks[place]?.write(record);
    this.#invariants.check(record);
    if (this.#isDeceived(server, step, record.peer)) this.#deceptions++;
  }

  #isDeceived(leader: Server, { action }: Step, peer: number): boolean {
    switch (action) {
      case "HandleAppendEntriesResponse":
        return this.#countsAnother(leader, peer);
      case "HandleConfirmLeadershipResponse":
        return this.#countsUnasked(leader, peer);
      default:
        return false;
    }
  }

  /** Whether a leader counts a confirmation of a round that it has not begun. */
  #countsUnasked(leader: Server, peer: number): boolean {
    const id = this.running[peer]?.id ?? leader.id;
    return (leader.confirmedRound.get(id) ?? 0) > leader.round;
  }

  /**
   * Whether a leader of the newest term counts an entry of its own, be it one that is still to
   * come, on a server that has another. While the server is in a smaller term no property says so;
   * harm is near all the same.
   */
  #countsAnother(leader: Server, peer: number): boolean {
    const other = this.running[peer];
    const match = other === undefined ? 0 : (leader.matchIndex.get(other.id) ?? 0);
    if (match === 0 || this.running.some(({ currentTerm }) => currentTerm > leader.currentTerm)) {
      return false;
    }
    const [own, its] = [placeOf(leader.id), peer].map((at) => this.#disks[at]?.log[match - 1]);
    if (own !== undefined && own.term !== leader.currentTerm) return false;
    return own?.term !== its?.term;
  }

  #committed(lastIndex: number): readonly Entry[] {
    return this.#invariants.committed.slice(0, lastIndex).map(({ entry }) => entry);
  }

  /** Raft's rules, but for one, which tells where it answers otherwise than Raft's own. */
  #forget(rule: string | null): void {
    const forgetful = rule === null ? null : forgetRule(rule);
    Object.assign(this.#rules, raftRules);
    if (rule === null || forgetful === null) return;
    const key = rule.charAt(0).toLowerCase() + rule.slice(1);
    const own: unknown = Reflect.get(forgetful, key);
    const right: unknown = Reflect.get(raftRules, key);
    if (typeof own !== "function" || typeof right !== "function") return;
    const listened = (...operands: readonly unknown[]): unknown => {
      const answer: unknown = Reflect.apply(own, forgetful, operands);
      if (this.#isTaking && differs(answer, () => Reflect.apply(right, raftRules, operands))) {
        this.#mistakes++;
      }
      return answer;
    };
    Reflect.set(this.#rules, key, listened);
  }
}

function isThere({ server, slice, peer }: Choice, servers: readonly ServerId[]): boolean {
  return [server, slice?.peer ?? server, peer ?? server].every((id) => servers.includes(id));
}

function differs(answer: unknown, right: () => unknown): boolean {
  try {
    const expected = right();
    if (Array.isArray(answer) && Array.isArray(expected)) return answer.length !== expected.length;
    return answer !== expected;
  } catch (error) {
    if (error instanceof RangeError) return true;
    throw error;
  }
}
