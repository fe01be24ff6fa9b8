import { setTimeout as wait } from "node:timers/promises";
import { Random } from "../../sim/random.ts";
import type { Operation, StoreAnswer } from "../../state-machine/index.ts";
import type { History } from "./history.ts";

/** What a cluster answered to an operation that was executed. */
export interface Executed {
  readonly answer: StoreAnswer;
  /** The index of its log entry. */
  readonly index: number;
}

/** A client of a cluster, with a session: what it asks runs once, however often it has to ask. */
export interface WorkloadClient {
  /** Rejects where the outcome cannot be known, or nobody answers in time. */
  execute(operation: Operation): Promise<Executed>;
  /** A read without an entry in the log (§8). Rejects where nobody answers in time. */
  read(key: string): Promise<StoreAnswer>;
  close(): void;
}

export interface WorkloadOptions {
  readonly clients: number;
  readonly seed: number;
  /** A new client of the cluster, under that name. */
  connect(name: string): WorkloadClient;
  readonly history: History;
  /** The mean of the pause of a client between two operations. */
  readonly pauseMilliseconds: number;
  /** An operation was answered that has an entry in the log, at that index. */
  onExecuted(operation: Operation, index: number): void;
}

/** How many of a thousand gets are reads without an entry in the log. */
const RATE_OF_READS = 700;

/** How many keys are in use at a time, and how many operations each has before another takes over. */
const KEYS = 16;
const OPERATIONS_OF_KEY = 300;

interface Key {
  name: string;
  generation: number;
  operations: number;
  /** Values that were written lately, for a compareAndSet that succeeds now and then. */
  recent: string;
}

/** Clients that ask a cluster for one operation after the other until they are told to stop. */
export class Workload {
  /** Operations that failed with the outcome unknown, by why. */
  readonly failures = new Map<string, number>();
  readonly #options: WorkloadOptions;
  readonly #keys: Key[];
  /** The names of keys that others have replaced. */
  readonly #retired: string[] = [];
  readonly #connected = new Set<WorkloadClient>();
  #isStopped = false;
  #running: readonly Promise<void>[] = [];

  constructor(options: WorkloadOptions) {
    this.#options = options;
    this.#keys = Array.from({ length: KEYS }, (_, slot) => ({
      name: `k${slot + 1}.1`,
      generation: 1,
      operations: 0,
      recent: "",
    }));
  }

  /** All keys that were ever in use. */
  get keys(): readonly string[] {
    return [...this.#retired, ...this.#keys.map(({ name }) => name)];
  }

  start(): void {
    this.#running = Array.from({ length: this.#options.clients }, (_, place) => this.#run(place));
  }

  /** Has the clients give up on what is under way. */
  abandon(): void {
    this.#isStopped = true;
    for (const client of this.#connected) client.close();
  }

  /** Ends when every client has had its last answer, or has given up on it. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#running);
  }

  async #run(place: number): Promise<void> {
    const random = new Random(this.#options.seed + place);
    // A client that gives up begins anew under another name: its last operation is still under way.
    for (let life = 1; !this.#isStopped; life++) {
      const client = this.#options.connect(`client${place + 1}.${life}`);
      this.#connected.add(client);
      try {
        await this.#runOne(client, place, life, random);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
      } finally {
        this.#connected.delete(client);
        client.close();
      }
    }
  }

  async #runOne(
    client: WorkloadClient,
    place: number,
    life: number,
    random: Random,
  ): Promise<void> {
    const { history, pauseMilliseconds, onExecuted } = this.#options;
    for (let number = 1; !this.#isStopped; number++) {
      const operation = this.#next(random, `${place + 1}.${life}.${number}`);
      const entry = history.invoke(place + 1, operation);
      try {
        if (operation.type === "get" && random.happens(RATE_OF_READS)) {
          history.answer(entry, await client.read(operation.key));
        } else {
          const executed = await client.execute(operation);
          history.answer(entry, executed.answer);
          onExecuted(operation, executed.index);
        }
      } catch (error) {
        history.giveUp(entry);
        throw error;
      }
      if (pauseMilliseconds > 0) await wait(random.below(2 * pauseMilliseconds + 1));
    }
  }

  #next(random: Random, value: string): Operation {
    const key = random.pick(this.#keys);
    if (++key.operations > OPERATIONS_OF_KEY) this.#replace(key);
    const { name } = key;
    const expected = random.happens(800) && key.recent !== "" ? key.recent : null;
    const kind = random.below(10);
    if (kind < 3) return { type: "get", key: name };
    if (kind === 3) return { type: "delete", key: name };
    if (kind === 4) {
      return { type: "compareAndSet", key: name, expected, value };
    }
    key.recent = value;
    return { type: "put", key: name, value };
  }

  /** Takes another key in its place, so that the history of none grows long. It is read once more at the end. */
  #replace(key: Key): void {
    this.#retired.push(key.name);
    this.#options.history.closeKey(key.name);
    const [slot = ""] = key.name.split(".");
    key.generation++;
    key.name = `${slot}.${key.generation}`;
    key.operations = 1;
    key.recent = "";
  }
}
