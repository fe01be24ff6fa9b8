import {
  type Action,
  canCompactLog,
  canRead,
  compactLog,
  createServer,
  type Entry,
  electionTimeout,
  heartbeat,
  type Message,
  propose,
  type Read,
  type Rules,
  raftRules,
  receive,
  requestRead,
  type Server,
  type Snapshot,
  takeOutput,
} from "../core/index.ts";
import { noActions, type TraceEvent } from "../trace/format.ts";
import { Clients } from "./clients.ts";
import { placeOf, serverNames } from "./cluster.ts";
import type { Dials } from "./dials.ts";
import { Host, type WaitingReader } from "./host.ts";
import type { Move } from "./moves.ts";
import { SentMessages } from "./network.ts";
import { Acknowledged } from "./oracles/acknowledged.ts";
import { Invariants } from "./oracles/invariants.ts";
import { Replicas } from "./oracles/replicas.ts";
import { Verdict, type Violation } from "./oracles/violation.ts";
import type { StepRecord } from "./step-record.ts";

export interface WorldOptions {
  readonly dials: Dials;
  readonly rules?: Rules;
  /** Takes the events of the trace, in one order of all servers; absent: nothing is traced. */
  readonly trace?: ((event: TraceEvent) => void) | undefined;
  /** Whether every message sent is kept, so that moves can name it. */
  readonly keepsMessages?: boolean;
}

/** What became of a client's request to a server. */
export type Reception =
  | { readonly type: "taken" }
  /** The server does not lead; it names the leader it knows of, or null. */
  | { readonly type: "redirected"; readonly leader: number | null }
  | { readonly type: "unheard" };

/**
 * A simulated cluster with its clients, without time and without chance: it changes by moves
 * alone, and the same moves give the same world. Every step of a server is persisted, then
 * checked by the invariants, then traced; only then are its messages sent and its clients
 * answered.
 */
export class World {
  readonly hosts: readonly Host[];
  readonly clients: Clients;
  readonly invariants: Invariants;
  readonly acknowledged = new Acknowledged();
  readonly messages: SentMessages | null;
  /** Messages sent and clients answered since whoever drives the world last took them. */
  sent: Message[] = [];
  answered: number[] = [];
  /** Steps persisted so far: actions of the spec that were taken for good. */
  steps = 0;
  /** Of those, how many of each action. */
  readonly actions: Record<Action, number> = noActions();
  /** Servers whose election timer starts anew since it was last looked at. */
  readonly timerReset: boolean[];
  readonly #replicas = new Replicas();
  readonly #verdict = new Verdict();
  readonly #trace: ((event: TraceEvent) => void) | null;

  constructor(options: WorldOptions) {
    const { dials } = options;
    const servers = serverNames(dials.servers);
    this.#trace = options.trace ?? null;
    this.messages = options.keepsMessages === true ? new SentMessages(dials.servers) : null;
    this.hosts = servers.map(
      (id, place) =>
        new Host(
          {
            place,
            server: {
              id,
              servers,
              rules: options.rules ?? raftRules,
              maxEntriesPerRequest: dials.maxEntriesPerRequest,
              maxRequestsInFlight: dials.maxRequestsInFlight,
              appendsNoOp: dials.appendsNoOp,
              maxEntriesPerApply: dials.maxEntriesPerApply,
            },
            maxSessions: dials.maxSessions,
            isTraced: this.#trace !== null,
            entriesOf: (snapshot) => this.#entriesOf(snapshot),
          },
          createServer,
        ),
    );
    this.timerReset = servers.map(() => false);
    this.clients = new Clients(dials.clients, dials);
    const logs = this.hosts.map((host) => host.disk.log);
    this.invariants = new Invariants(servers, logs);
  }

  /** The first thing that must never be; after it nothing moves any more. */
  get violation(): Violation | null {
    return this.#verdict.violation;
  }

  /** Makes a move. @returns false where it does not apply, and then nothing has changed */
  apply(move: Move): boolean {
    switch (move.type) {
      case "timeout":
        return this.timeout(move.server, move.held);
      case "heartbeat":
        return this.heartbeat(move.server, move.held);
      case "deliver": {
        const message = this.messages?.find(move.from, move.to, move.message, move.age) ?? null;
        return message !== null && this.deliver(message, move.held);
      }
      case "ask":
        return this.ask(move.clients, move.server, move.held).type === "taken";
      case "compact":
        return this.compact(move.server, move.held);
      case "answer":
        return this.violation === null && this.clients.receive(move.client);
      case "persist":
        return this.persist(move.server);
      case "crash":
        return this.crash(move.server, move.survive);
      case "restart":
        return this.restart(move.server);
    }
  }

  timeout(place: number, held: boolean): boolean {
    const server = this.#running(place);
    if (server === null || server.role === "Leader") return false;
    return this.#drive(place, held, () => electionTimeout(server));
  }

  heartbeat(place: number, held: boolean): boolean {
    const server = this.#running(place);
    if (server === null || server.role !== "Leader") return false;
    return this.#drive(place, held, () => heartbeat(server));
  }

  /** A message arrives; whether it has arrived before makes no difference. */
  deliver(message: Message, held: boolean): boolean {
    const place = placeOf(message.to);
    const server = this.#running(place);
    if (server === null) return false;
    return this.#drive(place, held, () => receive(server, message));
  }

  /** Clients ask a server for what they want now, all in one proposal. */
  ask(clients: readonly number[], place: number, held: boolean): Reception {
    const requests = clients.map((client) => this.clients.ask(client));
    const host = this.hosts[place];
    const server = this.#running(place);
    if (host === undefined || server === null) return { type: "unheard" };
    if (!server.rules.takesCommands(server)) {
      const leader = server.knownLeader;
      return { type: "redirected", leader: leader === null ? null : placeOf(leader) };
    }
    const commands: string[] = [];
    const readers: WaitingReader[] = [];
    const first = server.log.lastIndex + 1;
    requests.forEach((request, at) => {
      const client = clients[at];
      if (request === null || client === undefined) return;
      if (request.query !== null && canRead(server)) {
        readers.push({ client, request: request.number, query: request.query });
        return;
      }
      const command = this.clients.commandOf(client);
      host.waiting.set(first + commands.length, { client, request: request.number, command });
      commands.push(command);
    });
    if (commands.length + readers.length === 0) return { type: "unheard" };
    this.#drive(place, held, () => {
      propose(server, commands);
      if (readers.length > 0) this.#read(host, server, readers);
    });
    return { type: "taken" };
  }

  /** One read of the core serves all that ask together. */
  #read(host: Host, server: Server, readers: readonly WaitingReader[]): void {
    const read = requestRead(server);
    if (read !== null) host.readers.set(read, [...(host.readers.get(read) ?? []), ...readers]);
  }

  /** The server compacts its log up to what its state machine has executed. */
  compact(place: number, held: boolean): boolean {
    const host = this.hosts[place];
    const server = this.#running(place);
    if (host === undefined || server === null) return false;
    const { lastIndex } = server.log;
    // What is applied and not executed yet, no snapshot of the state machine holds.
    const isAhead =
      host.executed === server.lastApplied && server.rules.mayCompact(server, lastIndex);
    const index = isAhead ? lastIndex : host.executed;
    if (!canCompactLog(server, index)) return false;
    const data = [...host.machine.snapshot()].join("");
    this.#checkSnapshot(host);
    return this.#drive(place, held, () => compactLog(server, index, data));
  }

  /** What the server has done since it last persisted becomes durable, and takes effect. */
  persist(place: number): boolean {
    const host = this.hosts[place];
    const server = this.#running(place);
    if (host === undefined || server === null || host.pending.length === 0) return false;
    const { pending } = host;
    host.pending = [];
    for (const record of pending) {
      if (!this.#makeDurable(host, record)) return true;
    }
    const output = takeOutput(server);
    if (output.snapshotInstalled && output.snapshot !== null) {
      host.install(output.snapshot.lastIncludedIndex, output.snapshot.data);
      this.#checkSnapshot(host);
    }
    for (const message of output.messages) {
      this.sent.push(message);
      this.messages?.add(message);
    }
    if (output.appliedFrom > 0) this.#execute(host, server, output.appliedFrom);
    for (const read of output.answeredReads) this.#answerReaders(host, read);
    for (const read of output.droppedReads) host.readers.delete(read);
    return true;
  }

  /** The server is killed; of its pending steps the first `survive` reach the disk. */
  crash(place: number, survive: number): boolean {
    const host = this.hosts[place];
    if (host === undefined || this.#running(place) === null) return false;
    for (const record of host.pending.slice(0, survive)) {
      if (!this.#makeDurable(host, record)) return true;
    }
    host.crash();
    return true;
  }

  /** The server starts again from its disk; one that is up is killed first. */
  restart(place: number): boolean {
    const host = this.hosts[place];
    if (host === undefined || this.violation !== null) return false;
    this.crash(place, 0);
    return this.#drive(place, false, () => {
      host.restart();
      this.#checkSnapshot(host);
    });
  }

  /** Takes the messages sent since the last call. */
  takeSent(): readonly Message[] {
    const { sent } = this;
    if (sent.length > 0) this.sent = [];
    return sent;
  }

  /** Takes the clients that were answered since the last call. */
  takeAnswered(): readonly number[] {
    const { answered } = this;
    if (answered.length > 0) this.answered = [];
    return answered;
  }

  /** Reports what an oracle outside of the world has seen. */
  fail(violation: Violation): void {
    this.#verdict.fail(violation.property, violation.explanation);
  }

  #running(place: number): Server | null {
    return this.violation === null ? (this.hosts[place]?.server ?? null) : null;
  }

  /** Lets the core take its steps; unless they are held for a group, they are persisted now. */
  #drive(place: number, held: boolean, step: () => unknown): boolean {
    const host = this.hosts[place];
    if (host === undefined) return false;
    const before = host.pending.length;
    try {
      step();
    } catch (error) {
      this.persist(place);
      this.#verdict.fail("CoreNeverThrows", error instanceof Error ? error.message : String(error));
      return true;
    }
    if (host.pending.length === before) return false;
    if (host.server?.output.electionTimerReset === true) {
      this.timerReset[place] = true;
      host.server.output.electionTimerReset = false;
    }
    if (!held) this.persist(place);
    return true;
  }

  /** @returns false where the step breaks an invariant */
  #makeDurable(host: Host, record: StepRecord): boolean {
    host.disk.write(record);
    this.steps++;
    this.actions[record.action]++;
    if (record.event !== null) {
      host.countTraced();
      this.#trace?.(record.event);
    }
    const violation = this.invariants.check(record);
    if (violation === null) return true;
    this.fail(violation);
    return false;
  }

  /** Clients that read are answered from the state machine as it is now. */
  #answerReaders(host: Host, read: Read): void {
    for (const { client, request, query } of host.readers.get(read) ?? []) {
      if (this.clients.post(client, request, host.machine.query(query))) this.answered.push(client);
    }
    host.readers.delete(read);
  }

  /** The entries that made a snapshot: whoever took it had applied them. */
  #entriesOf({ lastIncludedIndex }: Snapshot): readonly Entry[] {
    return this.invariants.committed.slice(0, lastIncludedIndex).map(({ entry }) => entry);
  }

  /** A state machine that is restored is what those that applied the same are. */
  #checkSnapshot(host: Host): void {
    const difference = this.#replicas.checkState(host.id, host.executed, host.machine.describe());
    if (difference !== null) this.fail(difference);
  }

  /** Gives what is applied to the state machine, and the clients their answers. */
  #execute(host: Host, server: Server, from: number): void {
    for (let index = from; index <= server.lastApplied; index++) {
      const entry = server.log.entryAt(index);
      const answer = host.machine.apply(index, entry.command);
      host.executed = index;
      const difference = this.#replicas.check(host.id, index, answer);
      if (difference !== null) this.fail(difference);
      const waiting = host.waiting.get(index);
      if (waiting === undefined) continue;
      host.waiting.delete(index);
      if (answer === null || waiting.command !== entry.command) continue;
      const contradiction = this.acknowledged.add(index, entry);
      if (contradiction !== null) this.fail(contradiction);
      if (this.clients.post(waiting.client, waiting.request, answer)) {
        this.answered.push(waiting.client);
      }
    }
  }
}
