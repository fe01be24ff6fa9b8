import type { Socket } from "node:net";
import type { ServerId } from "../core/index.ts";
import {
  ByteReader,
  DecodeError,
  FRAME,
  FrameTooLong,
  type Request,
  type ResponseOutcome,
  readRequest,
  writeResponse,
} from "./codec/index.ts";
import type { Outcome, RunningServer } from "./door.ts";
import { inBrief, type Log, type QuietLog, quietLog } from "./log.ts";
import { FrameSender } from "./transport/frame-sender.ts";
import type { Accepted } from "./transport/listener.ts";
import type { TcpTransport } from "./transport/tcp.ts";

export interface ClientDoorOptions {
  /** Has the address that clients come to: the one of the servers. */
  readonly transport: TcpTransport;
  readonly server: RunningServer;
  /** By id, `HOST:PORT` at which clients reach the others, told to who is sent on to the leader. */
  readonly addresses: Readonly<Record<ServerId, string>>;
  readonly log: Log;
  /** The most requests of one client that are under way; beyond, no more is read from it. */
  readonly maxUnderWay?: number;
  /** How much a client may leave unread before no more is read from it. */
  readonly maxUnreadBytes?: number;
  /** How many bytes of answers may gather for a client: beyond, it is told to ask again. */
  readonly maxGatheredBytes?: number;
  /** A client that reads nothing of its answers for so long is dropped. */
  readonly slowMilliseconds?: number;
}

/** What the door has done so far, for metrics. */
export interface ClientDoorCounters {
  readonly connections: number;
  readonly requests: number;
}

/**
 * Clients over TCP: each sends requests, as many at a time as it likes, and is answered as soon
 * as the outcome of each is known. Whoever asks a server that does not lead is told who does.
 */
export class ClientDoor {
  readonly #options: ClientDoorOptions;
  readonly #log: QuietLog;
  readonly #connections = new Set<ClientConnection>();
  readonly #timer: NodeJS.Timeout;
  #requests = 0;

  /** Opens the door: from now on the transport's clients are taken. */
  constructor(options: ClientDoorOptions) {
    this.#options = options;
    this.#log = quietLog(options.log);
    this.#timer = setInterval(() => this.#sweep(), 1000).unref();
    options.transport.acceptClients((accepted) => this.#accept(accepted));
  }

  counters(): ClientDoorCounters {
    return { connections: this.#connections.size, requests: this.#requests };
  }

  /** Ends all connections. What is under way has an outcome that its client does not learn. */
  close(): void {
    clearInterval(this.#timer);
    this.#options.transport.acceptClients(({ socket }) => socket.destroy());
    for (const connection of this.#connections) connection.end(null);
  }

  #accept(accepted: Accepted): void {
    const { server, addresses } = this.#options;
    const connection = new ClientConnection({
      accepted,
      server,
      addresses,
      maxUnderWay: this.#options.maxUnderWay ?? 1024,
      maxUnreadBytes: this.#options.maxUnreadBytes ?? 1024 * 1024,
      maxGatheredBytes: this.#options.maxGatheredBytes ?? 64 * 1024 * 1024,
      onRequest: () => {
        this.#requests++;
      },
      onEnd: (reason) => {
        this.#connections.delete(connection);
        if (reason === null) return;
        const remote = accepted.socket.remoteAddress ?? "";
        const from = inBrief(accepted.hello.from);
        this.#log("warn", `a client was dropped: ${reason}`, remote, { remote, from });
      },
    });
    this.#connections.add(connection);
    connection.start();
  }

  #sweep(): void {
    const sweeps = Math.ceil((this.#options.slowMilliseconds ?? 10_000) / 1000);
    for (const connection of this.#connections) connection.sweep(sweeps);
  }
}

interface ConnectionOptions {
  readonly accepted: Accepted;
  readonly server: RunningServer;
  readonly addresses: Readonly<Record<ServerId, string>>;
  readonly maxUnderWay: number;
  readonly maxUnreadBytes: number;
  readonly maxGatheredBytes: number;
  onRequest(): void;
  /** With a reason where the client is at fault. */
  onEnd(reason: string | null): void;
}

class ClientConnection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #sender: FrameSender;
  #underWay = 0;
  #isEnded = false;
  /** Since so many sweeps answers wait and none was read. */
  #sweepsWithoutReading = 0;
  #writesDoneBefore = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#socket = options.accepted.socket;
    this.#sender = new FrameSender(this.#socket, options.maxUnreadBytes);
    this.#sender.onWritten = () => this.#goOn();
  }

  /** Begins with what came together with the handshake. */
  start(): void {
    this.#socket.on("data", (piece) => {
      this.#options.accepted.reader.push(piece);
      this.#takeRequests();
    });
    this.#socket.on("close", () => this.end(null));
    this.#takeRequests();
  }

  /** Called once a second: drops a client that reads nothing for so many times. */
  sweep(mostSweeps: number): void {
    const { writesDone, isIdle } = this.#sender;
    const stands = !isIdle && writesDone === this.#writesDoneBefore;
    this.#writesDoneBefore = writesDone;
    this.#sweepsWithoutReading = stands ? this.#sweepsWithoutReading + 1 : 0;
    if (this.#sweepsWithoutReading >= mostSweeps) this.end("it does not read its answers");
    else this.#goOn();
  }

  end(reason: string | null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#socket.destroy();
    this.#options.onEnd(reason);
  }

  get #isBusy(): boolean {
    return this.#underWay >= this.#options.maxUnderWay || this.#sender.isFull;
  }

  #takeRequests(): void {
    while (!this.#isEnded) {
      if (this.#isBusy) {
        this.#socket.pause();
        return;
      }
      const request = this.#nextRequest();
      if (request === null) return;
      if (request === "tooLong") continue;
      this.#take(request);
    }
  }

  /** Reads on where reading was paused and there is room again. */
  #goOn(): void {
    if (this.#isEnded || this.#isBusy || !this.#socket.isPaused()) return;
    this.#socket.resume();
    this.#takeRequests();
  }

  #nextRequest(): Request | "tooLong" | null {
    try {
      const body = this.#options.accepted.reader.next();
      return body === null ? null : readRequest(afterKind(body));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (error instanceof FrameTooLong && this.#refuseTooLong(error)) return "tooLong";
      this.end(error.message);
      return null;
    }
  }

  /** @returns false where it was no request */
  #refuseTooLong({ beginning, message: reason }: FrameTooLong): boolean {
    try {
      this.#respond(afterKind(beginning).integer(), { status: "refused", reason });
      return true;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return false;
    }
  }

  #take({ number, kind, text }: Request): void {
    const { server, onRequest } = this.#options;
    onRequest();
    switch (kind) {
      case "status": {
        const answer = JSON.stringify(server.status());
        this.#respond(number, { status: "executed", index: 0, answer });
        return;
      }
      case "propose":
      case "read":
        this.#underWay++;
        server[kind](text, (outcome) => {
          this.#underWay--;
          this.#respond(number, this.#bounded(kind, this.#withAddress(outcome)));
          this.#goOn();
        });
    }
  }

  #withAddress(outcome: Outcome): ResponseOutcome {
    if (outcome.status !== "notLeader") return outcome;
    const { leader } = outcome;
    const { addresses } = this.#options;
    const isKnown = leader !== null && Object.hasOwn(addresses, leader);
    return { ...outcome, address: isKnown ? (addresses[leader] ?? null) : null };
  }

  /** What was asked for at once may have answers without bound, though each is short to ask for. */
  #bounded(kind: "propose" | "read", outcome: ResponseOutcome): ResponseOutcome {
    const isTooMuch = this.#sender.gatheredBytes > this.#options.maxGatheredBytes;
    if (!isTooMuch || outcome.status !== "executed") return outcome;
    const reason = "too many answers wait to be read: try again";
    return { status: kind === "read" ? "refused" : "unknown", reason };
  }

  #respond(number: number, outcome: ResponseOutcome): void {
    if (this.#isEnded) return;
    writeResponse(this.#sender.begin(), { number, outcome });
    this.#sender.end();
  }
}

/** Reads what follows the kind of a frame, which must be that of a request. */
function afterKind(body: Buffer): ByteReader {
  const reader = new ByteReader(body);
  const kind = reader.byte();
  if (kind === FRAME.request) return reader;
  throw new DecodeError(`a frame of kind ${kind} has no place between client and server`);
}
