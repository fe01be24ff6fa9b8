import { ClientError, StoreClient } from "../../node/client/index.ts";

export interface SteadyLoadOptions {
  /** By name, `HOST:PORT` of the servers. */
  readonly servers: Readonly<Record<string, string>>;
  readonly commands: number;
  /** How long it takes where the cluster keeps up: so many commands are spread evenly over it. */
  readonly seconds: number;
}

const CLIENTS = 8;
const KEYS = 10_000;
const VALUE = "v".repeat(100);

/** How often it is seen what is due. */
const TICK_MILLISECONDS = 10;

/** The most commands under way: a cluster that does not keep up has the rest come later. */
const MOST_UNDER_WAY = 512;

/**
 * Has a cluster execute commands at a steady rate: clients with sessions put values of 100 bytes under
 * keys in turn.
 */
export class SteadyLoad {
  /** How many commands were answered, and how many gave up. */
  executed = 0;
  failed = 0;
  /** Why the last one gave up that did. */
  lastFailure = "";
  readonly #options: SteadyLoadOptions;
  readonly #clients: readonly StoreClient[];
  #begun = 0;

  constructor(options: SteadyLoadOptions) {
    this.#options = options;
    const { servers } = options;
    this.#clients = Array.from(
      { length: CLIENTS },
      () => new StoreClient({ servers, timeoutMilliseconds: 60_000 }),
    );
  }

  /** Ends when every command was answered or has given up. @returns how many seconds it took */
  async run(): Promise<number> {
    const { commands, seconds } = this.#options;
    const begin = performance.now();
    const elapsed = (): number => (performance.now() - begin) / 1000;
    while (this.executed + this.failed < commands) {
      this.#beginUpTo(Math.min(commands, Math.ceil((elapsed() / seconds) * commands)));
      await new Promise((resolve) => setTimeout(resolve, TICK_MILLISECONDS));
    }
    return elapsed();
  }

  /** A linearizable read: it is answered once the cluster serves. */
  async read(): Promise<void> {
    await this.#clients[0]?.get(keyOf(0));
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #beginUpTo(due: number): void {
    while (this.#begun < due && this.#begun - this.executed - this.failed < MOST_UNDER_WAY) {
      const number = this.#begun++;
      this.#clients[number % CLIENTS]?.put(keyOf(number), VALUE).then(
        () => {
          this.executed++;
        },
        (error: unknown) => {
          if (!(error instanceof ClientError)) throw error;
          this.failed++;
          this.lastFailure = error.message;
        },
      );
    }
  }
}

function keyOf(number: number): string {
  return `key${number % KEYS}`;
}
