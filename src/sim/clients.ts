import type { HistoryOperation } from "../history/index.ts";
import { encodeCommand, type Operation, type StoreAnswer } from "../state-machine/index.ts";
import type { Dials } from "./dials.ts";
import { scatter } from "./random.ts";

/** Tells the choice of reads without a log entry from the other choices of a workload. */
const READS = 7;

/** What a client wants now: to be registered, or an operation. */
interface Request {
  /** Counts up over all requests of the client. */
  readonly number: number;
  /** What goes into the log; null as long as the client only reads. */
  command: string | null;
  /** What a leader may answer without a log entry (§8); null where it may not, or not any more. */
  query: string | null;
  /** Its place in the history; null for a registration. */
  readonly operation: HistoryOperation | null;
}

interface Client {
  session: number | null;
  /** Of the session, or of the one that is asked for. Nobody in a simulation guesses. */
  secret: string;
  sequence: number;
  requests: number;
  operations: number;
  current: Request | null;
  /** The last answer that a server gave to the current request; it may get lost on its way. */
  mail: { readonly request: number; readonly answer: StoreAnswer } | null;
}

/**
 * Clients of the replicated store. Each has one request under way at a time and repeats it
 * until it is answered; whom to ask and when is decided by who drives them.
 */
export class Clients {
  /** All operations, in the order in which they were first asked for. */
  readonly history: HistoryOperation[] = [];
  readonly #clients: Client[];
  readonly #workload: number;
  readonly #keys: number;
  readonly #readRate: number;
  #moments = 0;

  constructor(count: number, { workload, keys, readRate }: Dials) {
    this.#workload = workload;
    this.#keys = keys;
    this.#readRate = readRate;
    this.#clients = Array.from({ length: count }, () => ({
      session: null,
      secret: "",
      sequence: 0,
      requests: 0,
      operations: 0,
      current: null,
      mail: null,
    }));
  }

  get count(): number {
    return this.#clients.length;
  }

  /** What the client asks for now: its current request again, or its next one. */
  ask(place: number): Request | null {
    const client = this.#clients[place];
    if (client === undefined) return null;
    client.current ??= this.#nextRequest(place, client);
    return client.current;
  }

  /** What the client's request puts into the log: from now on it is no read without an entry. */
  commandOf(place: number): string {
    const client = this.#clients[place];
    const request = client?.current ?? null;
    if (client === undefined || request === null)
      throw new RangeError(`c${place + 1} asks nothing`);
    request.query = null;
    request.command ??= encodeCommand({
      session: client.session ?? 0,
      secret: client.secret,
      sequence: ++client.sequence,
      operation: request.operation?.operation ?? { type: "get", key: "" },
    });
    return request.command;
  }

  isWaiting(place: number): boolean {
    return (this.#clients[place]?.current ?? null) !== null;
  }

  /** A server answers; the client may or may not get to see it. */
  post(place: number, request: number, answer: StoreAnswer): boolean {
    const client = this.#clients[place];
    if (client?.current?.number !== request) return false;
    client.mail = { request, answer };
    return true;
  }

  /** The answer reaches the client. @returns false where there is none for its request */
  receive(place: number): boolean {
    const client = this.#clients[place];
    if (client === undefined || client.mail === null || client.current === null) return false;
    if (client.mail.request !== client.current.number) return false;
    const { answer } = client.mail;
    const { operation } = client.current;
    client.mail = null;
    client.current = null;
    if (answer.status === "registered") {
      client.session = answer.session;
      client.sequence = 0;
    } else if (answer.status === "noSession") {
      // The operation may have run before the session was dropped: its fate stays open.
      client.session = null;
    } else if (operation !== null) {
      operation.answered = ++this.#moments;
      operation.answer = answer;
    }
    return true;
  }

  /** How many operations have been answered. */
  answeredCount(): number {
    let count = 0;
    for (const operation of this.history) if (operation.answered !== null) count++;
    return count;
  }

  #nextRequest(place: number, client: Client): Request {
    const number = ++client.requests;
    if (client.session === null) {
      client.secret = `c${place + 1}.${number}`;
      const command = encodeCommand({ type: "register", secret: client.secret });
      return { number, command, query: null, operation: null };
    }
    const operation = operationOf(this.#workload, this.#keys, place, ++client.operations);
    const isRead =
      operation.type === "get" &&
      scatter(this.#workload, place, client.operations, READS) % 1000 < this.#readRate;
    const entry: HistoryOperation = {
      client: place,
      operation,
      invoked: ++this.#moments,
      answered: null,
      answer: null,
    };
    this.history.push(entry);
    return {
      number,
      command: null,
      query: isRead ? JSON.stringify(operation) : null,
      operation: entry,
    };
  }
}

/**
 * The operation that a client wants as its n-th: it depends on nothing that happened before,
 * so that a schedule with moves left out still asks for the same things.
 */
function operationOf(workload: number, keys: number, client: number, n: number): Operation {
  const choice = scatter(workload, client, n);
  const key = `k${((choice >>> 8) % keys) + 1}`;
  const value = `${client + 1}.${n}`;
  const kind = choice % 10;
  if (kind < 3) return { type: "get", key };
  if (kind < 7) return { type: "put", key, value };
  if (kind < 8) return { type: "delete", key };
  const expected = guess(workload, choice >>> 16, n);
  return { type: "compareAndSet", key, expected, value };
}

/** A value that the key may well have: null, or one of an early operation. */
function guess(workload: number, choice: number, n: number): string | null {
  if (choice % 3 === 0) return null;
  return `${(scatter(workload, choice) % 4) + 1}.${Math.max(1, n - (choice % 4))}`;
}
