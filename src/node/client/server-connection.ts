import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { parseAddress } from "../address.ts";
import {
  ByteReader,
  DecodeError,
  FRAME,
  FrameReader,
  MAX_HANDSHAKE_BYTES,
  NO_CLIENTS_YET,
  PROTOCOL_VERSION,
  type RequestKind,
  type ResponseOutcome,
  readHelloAnswer,
  readResponse,
  TOO_MANY_CLIENTS,
  writeHello,
  writeRequest,
} from "../codec/index.ts";
import { checkDialled, connectionFault, secureContextOf } from "../tls.ts";
import type { TlsOptions } from "../tls-options.ts";
import { FrameSender } from "../transport/frame-sender.ts";

export interface ServerConnectionOptions {
  /** The server that is meant: another is not spoken to, and with TLS the certificate must say it. */
  readonly id: string;
  /** `HOST:PORT` */
  readonly address: string;
  /** The cluster that is meant; null for any. */
  readonly clusterId: string | null;
  /** Told to the server, for its log. */
  readonly name: string;
  readonly tls: TlsOptions | null;
  /** How long the connection may take to come about. */
  readonly connectMilliseconds: number;
}

/** The longest frame that a server sends: a value of the longest, and what is around it. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** Whoever is there is not the server that is meant: to ask again would change nothing. */
export class Refusal extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "Refusal";
  }
}

/** What becomes of requests when their connection ends, or they take too long. */
export type Answer = ResponseOutcome | { readonly status: "lost"; readonly reason: string };

/** A connection to one server, on which any number of requests are under way. */
export class ServerConnection {
  readonly #socket: Socket;
  readonly #sender: FrameSender;
  readonly #reader = new FrameReader(MAX_HANDSHAKE_BYTES);
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastNumber = 0;
  #isOpen = false;
  #isRefused = false;
  #endReason: string | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#sender = new FrameSender(socket, Number.POSITIVE_INFINITY);
  }

  /** Connects. Rejects with a Refusal, or another Error, whose message says why it cannot. */
  static async open(options: ServerConnectionOptions): Promise<ServerConnection> {
    const socket = dial(options);
    const connection = new ServerConnection(socket);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => connection.end("it does not answer"),
        options.connectMilliseconds,
      );
      socket.on(options.tls === null ? "connect" : "secureConnect", () =>
        connection.#sayHello(options),
      );
      socket.on("data", (piece) => connection.#receive(piece, resolve));
      socket.on("error", (error) => connection.end(connectionFault(error)));
      socket.on("close", () => {
        clearTimeout(timer);
        connection.end(`the server ended the connection${connection.#hint(options)}`);
        const reason = connection.#endReason ?? "it ended";
        reject(connection.#isRefused ? new Refusal(reason) : new Error(reason));
      });
      connection.#onOpen = () => clearTimeout(timer);
    });
    return connection;
  }

  get isEnded(): boolean {
    return this.#endReason !== null;
  }

  /** Asks, and gives the answer; `lost` where none comes in time or the connection ends. */
  request(kind: RequestKind, text: string, milliseconds: number): Promise<Answer> {
    if (this.#endReason !== null) {
      return Promise.resolve({ status: "lost", reason: this.#endReason });
    }
    const number = ++this.#lastNumber;
    return new Promise((resolve) => {
      const onTimeout = (): void => {
        if (!this.#waiting.delete(number)) return;
        const reason = `no answer within ${Math.round(milliseconds)} ms`;
        resolve({ status: "lost", reason });
      };
      // An answer that has arrived and was not read yet, since this process was busy, still counts.
      const timer = setTimeout(() => setImmediate(onTimeout), milliseconds);
      this.#waiting.set(number, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      writeRequest(this.#sender.begin(), { number, kind, text });
      this.#sender.end();
    });
  }

  /** Ends the connection; the requests under way are lost. */
  end(reason: string): void {
    if (this.#endReason !== null) return;
    this.#endReason = reason;
    this.#socket.destroy();
    for (const resolve of this.#waiting.values()) resolve({ status: "lost", reason });
    this.#waiting.clear();
  }

  #onOpen: () => void = () => {};

  /** What may be wrong where the server has ended the connection before it was open. */
  #hint({ tls }: ServerConnectionOptions): string {
    if (this.#isOpen) return "";
    return tls === null ? ": does it require TLS?" : ": does it accept the certificate?";
  }

  #sayHello({ id, clusterId, name }: ServerConnectionOptions): void {
    writeHello(this.#sender.begin(), {
      version: PROTOCOL_VERSION,
      role: "client",
      clusterId: clusterId ?? "",
      from: name,
      to: id,
      servers: "",
    });
    this.#sender.end();
  }

  #receive(piece: Buffer, onOpen: () => void): void {
    try {
      this.#reader.push(piece);
      while (this.#endReason === null) {
        const body = this.#reader.next();
        if (body === null) return;
        if (this.#isOpen) this.#answer(body);
        else this.#open(body, onOpen);
      }
    } catch (error) {
      this.#isRefused = !this.#isOpen;
      this.end(error instanceof Error ? error.message : String(error));
    }
  }

  #open(body: Buffer, onOpen: () => void): void {
    const answer = readHelloAnswer(body);
    if (answer.status === "refused") {
      this.#isRefused = ![NO_CLIENTS_YET, TOO_MANY_CLIENTS].includes(answer.reason);
      this.end(`the server refuses: ${answer.reason}`);
      return;
    }
    this.#isOpen = true;
    this.#reader.maxFrameBytes = MAX_FRAME_BYTES;
    this.#onOpen();
    onOpen();
  }

  #answer(body: Buffer): void {
    const reader = new ByteReader(body);
    if (reader.byte() !== FRAME.response) throw new DecodeError("it does not answer as a server");
    const { number, outcome } = readResponse(reader);
    const resolve = this.#waiting.get(number);
    this.#waiting.delete(number);
    resolve?.(outcome);
  }
}

function dial({ address, id, tls }: ServerConnectionOptions): Socket {
  const where = { ...parseAddress(address), noDelay: true, keepAlive: true };
  if (tls === null) return connect(where);
  const socket = connectTls({
    ...where,
    ...secureContextOf(tls),
    servername: id,
    checkServerIdentity: checkDialled(id),
  });
  return socket.setNoDelay(true);
}
