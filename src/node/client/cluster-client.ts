import type { Index } from "../../core/index.ts";
import { parseAddress, requireTlsBeyondLoopback, SettingError } from "../address.ts";
import type { RequestKind } from "../codec/index.ts";
import type { ServerStatus } from "../door.ts";
import { ADDRESSES, TLS } from "../server-settings.ts";
import {
  BOOLEAN,
  faultOf,
  MILLISECONDS,
  POSITIVE_INTEGER,
  required,
  type SettingsOf,
  TEXT,
  told,
} from "../settings.ts";
import { secureContextOf } from "../tls.ts";
import type { TlsOptions } from "../tls-options.ts";
import { MAX_COMMAND_CHARACTERS } from "../transport/limits.ts";
import { ClientError, type ClientErrorCode } from "./client-error.ts";
import { Faults, type NoConnection } from "./faults.ts";
import { type Answer, Refusal, ServerConnection } from "./server-connection.ts";

export interface ClusterClientOptions {
  /** By id, `HOST:PORT` of the servers; one is enough if it is up, and leads on to the leader. */
  readonly servers: Readonly<Record<string, string>>;
  /** The cluster that is meant: a server of another is not spoken to. Absent: any. */
  readonly clusterId?: string;
  /** Mutual TLS, required beyond loopback. */
  readonly tls?: TlsOptions | null;
  /** How long a command or read may take in all, retries included. */
  readonly timeoutMilliseconds?: number;
  /** How long to wait for one server's answer before another is asked. */
  readonly attemptMilliseconds?: number;
  /** The most characters of a command or query that the servers take: longer ones are not sent. */
  readonly maxCommandCharacters?: number;
  /** Told to the servers, for their logs. */
  readonly name?: string;
}

export const CLUSTER_SETTINGS: SettingsOf<ClusterClientOptions> = {
  servers: required(ADDRESSES),
  clusterId: TEXT,
  tls: TLS,
  timeoutMilliseconds: MILLISECONDS,
  attemptMilliseconds: MILLISECONDS,
  maxCommandCharacters: POSITIVE_INTEGER,
  name: TEXT,
};

/** What a command's execution gave. */
export interface Executed {
  readonly index: Index;
  /** The state machine's answer. */
  readonly answer: string;
  /** Whether it was sent before with an unknown outcome: that, too, may have been executed. */
  readonly wasRepeated: boolean;
}

export interface SendOptions {
  /** Whether it may be sent again when its outcome is not known: it is a read, or runs once anyhow. */
  readonly mayRepeat: boolean;
}

/** Looked at for each command, which takes a tenth of a microsecond. */
const SEND_SETTINGS: SettingsOf<SendOptions> = { mayRepeat: required(BOOLEAN) };

/** How long to wait before asking again while there is no leader: at first, and at the most. */
const PAUSES = [10, 200] as const;

/** No server is asked with less time left: what it then does not answer would be in doubt. */
const LEAST_ATTEMPT = 100;

/** How long a server that did not answer is not turned to, whoever names it the leader. */
const AVOIDED_MILLISECONDS = 500;

/** Redirects that are followed without a pause: two servers may each believe the other to lead. */
const QUICK_REDIRECTS = 2;

/**
 * A client of a cluster: brings commands and reads to its leader, whom it finds by the servers'
 * redirects, and asks again where a server is gone, is no leader, or does not answer. Any number
 * of requests may be under way, all on one connection to each server.
 *
 * It knows nothing of the state machine: see StoreClient for the key-value store.
 */
export class ClusterClient {
  readonly #options: ClusterClientOptions;
  readonly #timeout: number;
  readonly #attempt: number;
  /** Where the servers are; redirects may add to it. */
  readonly #addresses: Map<string, string>;
  readonly #connections = new Map<string, Promise<ServerConnection>>();
  /** By server that could not be reached or did not answer: until when it is not turned to. */
  readonly #avoided = new Map<string, number>();
  /** The server that is asked next: the leader, as far as is known. */
  #favourite: string;
  #isClosed = false;

  /** Connects to nobody yet. Throws a SettingError for options that cannot be. */
  constructor(options: ClusterClientOptions) {
    const fault = faultOf(CLUSTER_SETTINGS, options);
    if (fault !== null) throw new SettingError(`${fault}.`);
    const addresses = new Map(Object.entries(options.servers));
    const [first] = addresses.keys();
    if (first === undefined) throw new SettingError("no server is named: give at least one.");
    const { tls = null } = options;
    for (const address of addresses.values()) {
      requireTlsBeyondLoopback(parseAddress(address), tls !== null);
    }
    // No connection could ever be made with it: that would look like servers that do not answer.
    if (tls !== null) secureContextOf(tls);
    this.#options = options;
    this.#addresses = addresses;
    this.#favourite = first;
    this.#timeout = options.timeoutMilliseconds ?? 10_000;
    this.#attempt = options.attemptMilliseconds ?? 2000;
  }

  /**
   * Has a command executed. Rejects with a ClientError, which says whether it may have been
   * executed: without `mayRepeat` as soon as one attempt has an unknown outcome. And with a SettingError
   * for options that cannot be; nothing was sent then.
   */
  propose(command: string, options: SendOptions = { mayRepeat: false }): Promise<Executed> {
    const fault = faultOf(SEND_SETTINGS, options);
    if (fault !== null) return Promise.reject(new SettingError(`${fault}.`));
    return this.#send("propose", command, options.mayRepeat);
  }

  /** A linearizable read without an entry in the log (§8). Rejects with a ClientError. */
  async read(query: string): Promise<string> {
    const { answer } = await this.#send("read", query, true);
    return answer;
  }

  /** What one server tells of itself. Rejects with a ClientError. */
  async status(server: string): Promise<ServerStatus> {
    const answer = await this.#ask(server, "status", "", this.#attempt);
    if (answer.status === "executed") return JSON.parse(answer.answer);
    const reason = "reason" in answer ? answer.reason : answer.status;
    throw new ClientError("timeout", `${this.#nameOf(server)}: ${reason}`, false);
  }

  /** Ends all connections; what is under way is rejected. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections.values()) {
      connection.then(
        (open) => open.end("the client was closed"),
        () => {},
      );
    }
    this.#connections.clear();
  }

  async #send(kind: RequestKind, text: string, mayRepeat: boolean): Promise<Executed> {
    this.#refuseUnsendable(text);
    const deadline = performance.now() + this.#timeout;
    const faults = new Faults();
    let mayHaveRun = false;
    for (let pauses = 0, redirects = 0; ; ) {
      const left = deadline - performance.now();
      if (this.#isClosed) throw new ClientError("closed", "the client was closed", mayHaveRun);
      if (left < Math.min(LEAST_ATTEMPT, this.#timeout / 4))
        throw timeout(this.#timeout, faults, mayHaveRun);
      const server = this.#favourite;
      const answer = await this.#ask(server, kind, text, Math.min(left, this.#attempt));
      if (answer.status === "executed") {
        return { index: answer.index, answer: answer.answer, wasRepeated: mayHaveRun };
      }
      const fault = faults.note(server, this.#nameOf(server), answer);
      switch (answer.status) {
        case "notLeader":
          if (this.#follow(server, answer) && ++redirects % (QUICK_REDIRECTS + 1) !== 0) continue;
          break;
        case "refused":
          this.#turnFrom(server);
          break;
        case "misdirected":
          if (faults.areAllMisdirected([...this.#addresses.keys()]))
            throw failure("misdirected", `${faults}`, mayHaveRun);
          this.#avoid(server);
          break;
        case "unreachable":
          this.#avoid(server);
          break;
        case "unknown":
        case "lost":
          if (answer.status === "lost") this.#avoid(server);
          else this.#turnFrom(server);
          if (kind === "read") break;
          mayHaveRun = true;
          if (!mayRepeat) throw failure("unknown", fault, true);
      }
      await pause(Math.min(left, pauseAfter(pauses++)));
    }
  }

  /** To be refused by one server after the other would take all of the time, and much sending. */
  #refuseUnsendable(text: string): void {
    const most = this.#options.maxCommandCharacters ?? MAX_COMMAND_CHARACTERS;
    if (typeof text === "string" && text.length <= most) return;
    const fault =
      typeof text !== "string"
        ? `it is ${told(text)}, and a text is expected`
        : `it has ${text.length} characters, and the servers take ${most} at the most`;
    throw new ClientError("refused", fault, false);
  }

  /** Asks one server, over the connection to it, which is made where there is none. */
  async #ask(
    server: string,
    kind: RequestKind,
    text: string,
    milliseconds: number,
  ): Promise<Answer | NoConnection> {
    let connection: ServerConnection;
    try {
      connection = await this.#connectionTo(server, milliseconds);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { status: error instanceof Refusal ? "misdirected" : "unreachable", reason };
    }
    return await connection.request(kind, text, milliseconds);
  }

  async #connectionTo(server: string, milliseconds: number): Promise<ServerConnection> {
    const known = this.#connections.get(server);
    if (known !== undefined) {
      const connection = await known;
      if (!connection.isEnded) return connection;
      if (this.#connections.get(server) !== known) return this.#connectionTo(server, milliseconds);
    }
    if (this.#isClosed) throw new Error("the client was closed");
    const opening = ServerConnection.open({
      id: server,
      address: this.#addresses.get(server) ?? "",
      clusterId: this.#options.clusterId ?? null,
      name: this.#options.name ?? "client",
      tls: this.#options.tls ?? null,
      connectMilliseconds: milliseconds,
    });
    this.#connections.set(server, opening);
    opening.catch(() => {
      if (this.#connections.get(server) === opening) this.#connections.delete(server);
    });
    return await opening;
  }

  /** Turns to the leader that a server has named. @returns whether it has named one */
  #follow(
    server: string,
    { leader, address }: { readonly leader: string | null; readonly address: string | null },
  ): boolean {
    if (leader !== null && address !== null && !this.#addresses.has(leader)) {
      this.#addresses.set(leader, address);
    }
    // A server that is cut off may go on naming a leader that is gone.
    if (leader === null || !this.#addresses.has(leader) || this.#isAvoided(leader)) {
      this.#turnFrom(server);
      return false;
    }
    if (this.#favourite === server) this.#favourite = leader;
    return true;
  }

  /** The others are asked first. */
  #avoid(server: string): void {
    this.#avoided.set(server, performance.now() + AVOIDED_MILLISECONDS);
    this.#turnFrom(server);
  }

  #isAvoided(server: string): boolean {
    return (this.#avoided.get(server) ?? 0) > performance.now();
  }

  /** The next server in turn is asked, unless another request has turned elsewhere already. */
  #turnFrom(server: string): void {
    if (this.#favourite !== server) return;
    const ids = [...this.#addresses.keys()];
    const at = ids.indexOf(server) + 1;
    const inTurn = [...ids.slice(at), ...ids.slice(0, at)];
    this.#favourite = inTurn.find((id) => !this.#isAvoided(id)) ?? inTurn[0] ?? server;
  }

  #nameOf(server: string): string {
    return `${server} (${this.#addresses.get(server)})`;
  }
}

function timeout(milliseconds: number, faults: Faults, mayHaveRun: boolean): ClientError {
  const text = `no answer within ${milliseconds} ms: ${faults}`;
  return failure("timeout", text, mayHaveRun);
}

function failure(code: ClientErrorCode, reason: string, mayHaveRun: boolean): ClientError {
  const message = mayHaveRun ? `${reason}: it may have been executed, and may yet be` : reason;
  return new ClientError(code, message, mayHaveRun, reason);
}

/** Doubles, and is random, so that many clients do not ask in step. */
function pauseAfter(pauses: number): number {
  const [first, most] = PAUSES;
  return Math.min(most, first * 2 ** pauses) * (0.5 + Math.random() / 2);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
