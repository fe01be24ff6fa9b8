import type { Command, ServerId } from "../core/index.ts";
import type { Outcome, RunningServer, ServerStatus } from "./door.ts";
import type { Doors } from "./doors.ts";
import type { FolderLock } from "./folder-lock.ts";
import { HeapWatch } from "./heap-watch.ts";
import type { Host } from "./host.ts";
import type { Metric } from "./http/metrics.ts";
import type { Log } from "./log.ts";
import { serverMetrics } from "./server-metrics.ts";
import type { Storage } from "./storage.ts";
import type { TraceLog } from "./trace/trace-log.ts";
import { TcpTransport } from "./transport/tcp.ts";
import type { Transport } from "./transport.ts";
import { type WaitOptions, waitForLeader } from "./wait-for-leader.ts";

interface Parts {
  readonly host: Host;
  readonly transport: Transport;
  readonly doors: Doors;
  readonly storage: Storage;
  readonly trace: TraceLog | null;
  readonly lock: FolderLock;
  readonly log: Log;
}

/** How long a server that stops waits for commands that it has taken. */
const PATIENCE_MS = 1000;

/** A server that runs in this process: see `startServer`. */
export class NodeServer implements RunningServer {
  /** Ends when the server has stopped: with null if it was told to, else with why it could not go on. */
  readonly stopped: Promise<Error | null>;
  readonly #parts: Parts;
  readonly #heap = new HeapWatch();
  #resolveStopped: (error: Error | null) => void = () => {};
  #ending: Promise<void> | null = null;
  /** Why it ends; undefined while it runs. */
  #why: Error | null | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.stopped = new Promise((resolve) => {
      this.#resolveStopped = resolve;
    });
  }

  /**
   * For `startServer`. It is left out of the published types, which would reach every part of a server by
   * it, and types of Node that a program may not have.
   *
   * @internal
   */
  static of(parts: Parts): NodeServer {
    return new NodeServer(parts);
  }

  /**
   * Waits until this server knows who leads, itself perhaps, and says who. Another may lead a moment
   * later: then `execute` says so. Rejects with NoLeader when the time is over, or the server stops.
   */
  waitForLeader(options: WaitOptions = {}): Promise<ServerId> {
    const status = (): ServerStatus => this.status();
    return waitForLeader({ status, ending: () => this.#why }, options);
  }

  /** Has a command executed, where this server leads; what became of it is told, never thrown. */
  execute(command: Command): Promise<Outcome> {
    return new Promise((resolve) => this.propose(command, resolve));
  }

  /** Reads without a log entry (§8), where this server leads: linearizable all the same. */
  query(query: string): Promise<Outcome> {
    return new Promise((resolve) => this.read(query, resolve));
  }

  propose(command: Command, done: (outcome: Outcome) => void): void {
    this.#parts.host.propose(command, done);
  }

  read(query: string, done: (outcome: Outcome) => void): void {
    this.#parts.host.read(query, done);
  }

  status(): ServerStatus {
    return this.#parts.host.status();
  }

  /** Where it listens, for servers and clients; null where messages do not go over TCP. */
  get address(): string | null {
    const { transport } = this.#parts;
    return transport instanceof TcpTransport ? transport.address : null;
  }

  /** Where its HTTP door listens; null where there is none. */
  get httpAddress(): string | null {
    return this.#parts.doors.httpAddress;
  }

  /** What it measures of itself, as `/metrics` tells it. */
  metrics(): readonly Metric[] {
    const { host, storage, trace, transport, doors } = this.#parts;
    return serverMetrics({
      host,
      storage,
      trace,
      transport: transport instanceof TcpTransport ? transport.counters() : null,
      clients: doors.clientCounters(),
      alive: this.#heap.alive,
    });
  }

  /** Takes no more commands, answers those it has taken, and ends. May be called again. */
  async stop(): Promise<void> {
    await this.#end(null, PATIENCE_MS);
  }

  /** Ends because of an error that leaves nothing to go on from. */
  async fail(error: Error): Promise<void> {
    this.#parts.log("error", "the server cannot go on", { reason: error.message });
    await this.#end(error, 0);
  }

  #end(error: Error | null, patienceMs: number): Promise<void> {
    if (this.#ending === null) this.#why = error;
    this.#ending ??= this.#close(error, patienceMs);
    return this.#ending;
  }

  async #close(error: Error | null, patienceMs: number): Promise<void> {
    const { host, transport, doors, storage, trace, lock, log } = this.#parts;
    await host.stop(patienceMs);
    await quietly(() => doors.close());
    await quietly(() => transport.close());
    await quietly(() => storage.close());
    await quietly(async () => trace?.close());
    await quietly(() => lock.release());
    this.#heap.close();
    if (error === null) log("info", "stopped");
    this.#resolveStopped(error);
  }
}

/** What fails while a server ends can change nothing any more: what counts is durable already. */
async function quietly(act: () => Promise<void>): Promise<void> {
  await act().catch(() => {});
}
