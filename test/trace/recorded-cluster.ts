import {
  canCompactLog,
  compactLog,
  createServer,
  electionTimeout,
  heartbeat,
  type Message,
  type PersistentState,
  propose,
  receive,
  requestRead,
  restart,
  type Server,
  type ServerOptions,
  takeOutput,
} from "../../src/core/index.ts";
import {
  createRecorder,
  type HeaderFields,
  type TraceEvent,
  VARIABLES,
} from "../../src/trace/index.ts";

/** What a step left behind, copied: to hold the deltas of a trace against. */
export interface StateAfter {
  readonly currentTerm: number;
  readonly votedFor: string | null;
  readonly log: readonly { readonly term: number; readonly command: string | null }[];
  readonly role: string;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly votesGranted: readonly string[];
  readonly nextIndex: Readonly<Record<string, number>>;
  readonly matchIndex: Readonly<Record<string, number>>;
  /** The log is what follows after snapshotIndex. */
  readonly snapshotIndex: number;
  readonly round: number;
  readonly confirmedRound: Readonly<Record<string, number>>;
}

export interface RecordedExecution {
  readonly header: HeaderFields;
  readonly events: readonly TraceEvent[];
  /** For each event the state of its server right after it. */
  readonly states: readonly StateAfter[];
}

/** Integers from a seed (xorshift): a test's execution is the same on every machine. */
export function randomFrom(seed: number): (below: number) => number {
  let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A cluster of the core in memory, whose steps are recorded; a test says what happens. */
export class RecordedCluster {
  readonly ids: readonly string[];
  readonly events: TraceEvent[] = [];
  readonly states: StateAfter[] = [];
  /** Sent and not delivered yet, in the order of sending. */
  readonly inFlight: Message[] = [];
  readonly #servers = new Map<string, Server>();
  readonly #options: (id: string) => ServerOptions;

  constructor(ids: readonly string[], options: Partial<ServerOptions> = {}) {
    this.ids = ids;
    const recorder = createRecorder({ servers: ids, write: (event) => this.events.push(event) });
    this.#options = (id) => ({
      ...options,
      id,
      servers: ids,
      observer: (server, step) => {
        recorder.observe(server, step);
        this.states.push(stateOf(server));
      },
    });
    for (const id of ids) this.#servers.set(id, createServer(this.#options(id)));
  }

  server(id: string): Server {
    const server = this.#servers.get(id);
    if (server === undefined) throw new RangeError(`no server ${id}`);
    return server;
  }

  timeout(id: string): void {
    electionTimeout(this.server(id));
    this.#collect(id);
  }

  heartbeat(id: string): void {
    heartbeat(this.server(id));
    this.#collect(id);
  }

  propose(id: string, ...commands: string[]): void {
    propose(this.server(id), commands);
    this.#collect(id);
  }

  /** Compacts the log up to an index, where it is applied. */
  compact(id: string, index: number): void {
    if (canCompactLog(this.server(id), index)) compactLog(this.server(id), index, "its state");
    this.#collect(id);
  }

  read(id: string): void {
    requestRead(this.server(id));
    this.#collect(id);
  }

  /** All steps are durable when a server crashes here. */
  crash(id: string): void {
    this.#servers.set(id, restart(this.#options(id), persistentStateOf(this.server(id))));
    this.#collect(id);
  }

  deliver(message: Message): void {
    receive(this.server(message.to), message);
    this.#collect(message.to);
  }

  /** Delivers the message at a place of `inFlight`, and takes it out. */
  deliverAt(place: number): void {
    const [message] = this.inFlight.splice(place, 1);
    if (message !== undefined) this.deliver(message);
  }

  /** Delivers everything, in order, until nothing is in flight, but what goes to `except`. */
  deliverAll(except: readonly string[] = []): void {
    for (;;) {
      const place = this.inFlight.findIndex(
        ({ from, to }) => !except.includes(to) && !except.includes(from),
      );
      if (place < 0) return;
      this.deliverAt(place);
    }
  }

  /** Delivers what one server has sent another, as far as it is in flight now. */
  deliverBetween(from: string, to: string): void {
    for (const message of this.#take((each) => each.from === from && each.to === to)) {
      this.deliver(message);
    }
  }

  /** Everything in flight to a server is lost. */
  loseTo(to: string): void {
    this.#take((message) => message.to === to);
  }

  /** Everything in flight from a server is lost. */
  loseFrom(from: string): void {
    this.#take((message) => message.from === from);
  }

  /** Everything in flight to a server will arrive twice. */
  repeatTo(to: string): void {
    this.inFlight.push(...this.inFlight.filter((message) => message.to === to));
  }

  #take(isTaken: (message: Message) => boolean): readonly Message[] {
    const taken = this.inFlight.filter(isTaken);
    const left = this.inFlight.filter((message) => !isTaken(message));
    this.inFlight.splice(0, this.inFlight.length, ...left);
    return taken;
  }

  #collect(id: string): void {
    this.inFlight.push(...takeOutput(this.server(id)).messages);
  }
}

function persistentStateOf(server: Server): PersistentState {
  const { snapshotIndex, log, snapshotData: data } = server;
  return {
    currentTerm: server.currentTerm,
    votedFor: server.votedFor,
    snapshot:
      data === null
        ? null
        : { lastIncludedIndex: snapshotIndex, lastIncludedTerm: log.snapshotTerm, data },
    log: log.slice(snapshotIndex + 1, log.lastIndex),
  };
}

function stateOf(server: Server): StateAfter {
  const { currentTerm, votedFor, log } = persistentStateOf(server);
  return {
    currentTerm,
    votedFor,
    log,
    role: server.role,
    commitIndex: server.commitIndex,
    lastApplied: server.lastApplied,
    votesGranted: [...server.votesGranted].sort(),
    nextIndex: Object.fromEntries(server.nextIndex),
    matchIndex: Object.fromEntries(server.matchIndex),
    snapshotIndex: server.snapshotIndex,
    round: server.round,
    confirmedRound: Object.fromEntries(server.confirmedRound),
  };
}

/**
 * A random execution: elections, commands, loss, duplication, reordering, crashes; snapshots and
 * reads where `extended` says so.
 */
export function recordRandomExecution(
  seed: number,
  steps: number,
  ids: readonly string[] = ["s1", "s2", "s3"],
  extended = false,
): RecordedExecution {
  const random = randomFrom(seed);
  const cluster = new RecordedCluster(ids, {
    maxEntriesPerRequest: 1 + random(3),
    maxRequestsInFlight: 1 + random(3),
    appendsNoOp: random(2) === 0,
  });
  const lossPercent = random(15);
  const duplicatePercent = random(15);
  let commands = 0;
  while (cluster.events.length < steps) {
    const id = ids[random(ids.length)] ?? "";
    const choice = random(100);
    if (choice < 2) cluster.crash(id);
    else if (choice < 6) cluster.timeout(id);
    else if (choice < 12) cluster.heartbeat(id);
    else if (choice < 22) {
      const batch = Array.from({ length: 1 + random(2) }, () => `set x ${++commands}`);
      cluster.propose(id, ...batch);
    } else if (extended && choice < 27) {
      const server = cluster.server(id);
      cluster.compact(id, server.snapshotIndex + 1 + random(2));
    } else if (extended && choice < 32) cluster.read(id);
    else if (cluster.inFlight.length > 0) {
      const place = random(3) === 0 ? random(cluster.inFlight.length) : 0;
      const message = cluster.inFlight[place];
      const luck = random(100);
      if (message !== undefined && luck < duplicatePercent) cluster.inFlight.push(message);
      if (luck >= 100 - lossPercent) cluster.inFlight.splice(place, 1);
      else cluster.deliverAt(place);
    }
  }
  return {
    header: {
      servers: ids,
      variables: VARIABLES,
      implementation: { name: "test", version: "0.0.0" },
      seed,
    },
    events: cluster.events,
    states: cluster.states,
  };
}
