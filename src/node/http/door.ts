import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { ServerId } from "../../core/index.ts";
import { addressText, isLoopback, parseAddress, requireTlsBeyondLoopback } from "../address.ts";
import type { Outcome, RunningServer } from "../door.ts";
import { bindTo } from "../listen.ts";
import { inBrief, type Log, type QuietLog, quietLog } from "../log.ts";
import { certificateFault, serverTlsOf } from "../tls.ts";
import type { TlsOptions } from "../tls-options.ts";
import { Handshakes } from "../transport/handshakes.ts";
import { bodyBytes, commandTooLong, MAX_COMMAND_CHARACTERS } from "../transport/limits.ts";
import { Bodies, DEFAULT_ARRIVING_BYTES } from "./body.ts";
import { METRICS_CONTENT_TYPE, type Metric, metricsText } from "./metrics.ts";
import { errorReply, HttpError, type Reply, sendReply } from "./reply.ts";
import { askedFor, operationOf, STORE_METHODS, storeReply } from "./store-route.ts";

export interface HttpDoorOptions {
  readonly server: RunningServer;
  /** `HOST:PORT` to listen on; port 0 takes any that is free. */
  readonly listen: string;
  /** HTTPS for clients with a certificate; null: HTTP, on loopback only. */
  readonly tls: TlsOptions | null;
  /** By id, `HOST:PORT` of the servers' HTTP doors: where clients are redirected to. */
  readonly addresses: Readonly<Record<ServerId, string>>;
  /** What `/metrics` tells, asked for each time. */
  readonly metrics?: () => readonly Metric[];
  readonly log: Log;
  /** The most characters of a command; the longest body follows from it. */
  readonly maxCommandCharacters?: number;
  /** How much of bodies may have come of all requests that have not come whole. */
  readonly maxArrivingBytes?: number;
  /** How long a request may take to arrive, and how long it may then take to have an outcome. */
  readonly requestMilliseconds?: number;
}

const MAX_HEADER_BYTES = 16 * 1024;

/** Of TLS: how long one may take, and how many may be under way. */
const HANDSHAKE_MILLISECONDS = 5000;
const MAX_HANDSHAKES = 64;

/** The most requests of a connection that wait for their answers. */
const MAX_UNANSWERED = 64;

const ROUTES = "there is /kv/KEY (GET, PUT, DELETE, POST), /status and /metrics";

/**
 * A small HTTP door: the key-value store under `/kv/KEY`, `/status`, and `/metrics` for
 * Prometheus. Bodies and answers are JSON. Whoever asks a server that does not lead is redirected
 * to the leader (307, so that method and body stay).
 */
export class HttpDoor {
  /** Where it listens, `HOST:PORT`. */
  readonly address: string;
  readonly #server: Server;
  /** Of TLS, where there is any. */
  readonly #handshakes: Handshakes | null;

  private constructor(server: Server, handshakes: Handshakes | null, address: string) {
    this.#server = server;
    this.#handshakes = handshakes;
    this.address = address;
  }

  /** Begins to listen. Throws a SettingError for what cannot be: what, and what to do. */
  static async open(options: HttpDoorOptions): Promise<HttpDoor> {
    const address = parseAddress(options.listen);
    requireTlsBeyondLoopback(address, options.tls !== null);
    const requests = new Requests(options);
    const server = createHttpServer(options, (request, response) =>
      requests.take(request, response),
    );
    server.maxConnections = 1024;
    const handshakes = options.tls === null ? null : boundHandshakes(server, options);
    // Whoever neither asks nor reads for so long is disconnected.
    server.setTimeout(30_000);
    server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) =>
      refuseMalformed(error, socket),
    );
    const bound = await bindTo(server, address, options.tls !== null);
    return new HttpDoor(server, handshakes, addressText(bound));
  }

  /** Stops to listen and ends all connections. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#handshakes?.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

function createHttpServer(
  { tls, requestMilliseconds = 10_000 }: HttpDoorOptions,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const limits: ServerOptions = {
    headersTimeout: Math.min(5000, requestMilliseconds),
    requestTimeout: requestMilliseconds,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: 5000,
    maxHeaderSize: MAX_HEADER_BYTES,
    noDelay: true,
  };
  if (tls === null) return createServer(limits, onRequest);
  const server = createTlsServer(
    { ...limits, ...serverTlsOf(tls, HANDSHAKE_MILLISECONDS) },
    onRequest,
  );
  server.on("secureConnection", (socket) => {
    if (certificateFault(socket) !== null) socket.destroy();
  });
  return server;
}

/**
 * Has connections end that do not get through their TLS handshake: `node:https` knows of none before
 * it is through, and would keep each for ever.
 */
function boundHandshakes(
  server: Server,
  { log, requestMilliseconds = 10_000 }: HttpDoorOptions,
): Handshakes {
  const quiet = quietLog(log);
  const handshakes = new Handshakes({
    most: MAX_HANDSHAKES,
    milliseconds: Math.min(HANDSHAKE_MILLISECONDS, requestMilliseconds),
    onEnded: ({ remoteAddress: remote = "" }, reason) =>
      quiet("warn", `a connection over HTTPS was refused: ${reason}`, remote, { remote }),
  });
  server.on("connection", (socket: Socket) => handshakes.begin(socket));
  server.on("secureConnection", (socket: Socket) => handshakes.end(socket));
  server.on("tlsClientError", (_, socket: Socket) => socket.destroy());
  return handshakes;
}

/** Answers what is no HTTP, or too slow, and disconnects. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, what] = malformedStatus(error);
  const body = `${JSON.stringify(errorReply(status, what, false).body)}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "connection: close",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

/** The status for what the parser of HTTP does not take, and what is wrong. */
function malformedStatus({ code = "" }: NodeJS.ErrnoException): readonly [number, string] {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return [431, `the headers are longer than ${MAX_HEADER_BYTES} bytes`];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return [408, "the request did not arrive in time"];
    default:
      return [400, `this is no request of HTTP (${code})`];
  }
}

class Requests {
  readonly #options: HttpDoorOptions;
  readonly #log: QuietLog;
  readonly #maxCommandCharacters: number;
  readonly #bodies: Bodies;
  /** Requests that wait for their answer, by connection. */
  readonly #unanswered = new WeakMap<Socket, number>();

  constructor(options: HttpDoorOptions) {
    this.#options = options;
    this.#log = quietLog(options.log);
    this.#maxCommandCharacters = options.maxCommandCharacters ?? MAX_COMMAND_CHARACTERS;
    this.#bodies = new Bodies({
      maxBodyBytes: bodyBytes(this.#maxCommandCharacters),
      maxArrivingBytes: options.maxArrivingBytes ?? DEFAULT_ARRIVING_BYTES,
    });
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    // A client may go away at any moment: that is no error of ours.
    request.on("error", () => {});
    response.on("error", () => {});
    if (!this.#hasRoom(request.socket, response)) return;
    this.#replyTo(request).then(
      (reply) => sendReply(response, reply),
      (error) => sendReply(response, this.#replyToFault(error, response)),
    );
  }

  /**
   * Counts the requests of a connection that are not answered. Node takes all that come, whether the
   * answers are read or not; whoever sends so many on one connection is disconnected.
   */
  #hasRoom(socket: Socket, response: ServerResponse): boolean {
    // Of what came at once, the rest is given to us all the same.
    if (socket.destroyed) return false;
    const unanswered = (this.#unanswered.get(socket) ?? 0) + 1;
    if (unanswered > MAX_UNANSWERED) {
      const { remoteAddress: remote = "" } = socket;
      const fault = `more than ${MAX_UNANSWERED} requests wait on a connection`;
      this.#log("warn", `a client over HTTP was dropped: ${fault}`, remote, { remote });
      socket.destroy();
      return false;
    }
    this.#unanswered.set(socket, unanswered);
    response.on("close", () => {
      this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1);
    });
    return true;
  }

  #replyToFault(error: unknown, response: ServerResponse): Reply {
    // What the client still sends of its body is not waited for.
    response.shouldKeepAlive = false;
    if (error instanceof HttpError) return error.reply;
    const reason = error instanceof Error ? error.message : String(error);
    this.#log("error", `a request over HTTP failed: ${inBrief(reason)}`, "", {}, "failed");
    return errorReply(500, "a fault of the server", true);
  }

  async #replyTo(request: IncomingMessage): Promise<Reply> {
    this.#refuseBrowsers(request);
    const { path } = urlOf(request);
    if (path === "/status") {
      requireMethod(request, ["GET", "HEAD"]);
      return { status: 200, body: this.#options.server.status() };
    }
    if (path === "/metrics") {
      requireMethod(request, ["GET", "HEAD"]);
      const text = metricsText(this.#options.metrics?.() ?? []);
      return { status: 200, headers: { "content-type": METRICS_CONTENT_TYPE }, body: text };
    }
    if (path.startsWith("/kv/")) {
      requireMethod(request, STORE_METHODS);
      return await this.#storeReply(request, keyOf(path));
    }
    throw new HttpError(404, `there is nothing at this path: ${ROUTES}`);
  }

  /**
   * A page in a browser must not reach a server of the machine it is shown on: neither directly,
   * when it says where it comes from, nor under a name of its own that leads to loopback.
   */
  #refuseBrowsers({ headers }: IncomingMessage): void {
    if (headers.origin !== undefined) throw new HttpError(403, "pages of browsers are refused");
    if (this.#options.tls !== null) return;
    const host = /^\[?([^\]]*?)\]?(?::\d+)?$/.exec(headers.host ?? "")?.[1] ?? "";
    if (isLoopback(host)) return;
    throw new HttpError(403, "the Host header must be a loopback address, such as 127.0.0.1");
  }

  async #storeReply(request: IncomingMessage, key: string): Promise<Reply> {
    const body = await this.#bodies.read(request);
    const operation = operationOf(request.method ?? "GET", key, body);
    const { server, requestMilliseconds = 10_000 } = this.#options;
    const { kind, text } = askedFor(operation);
    const most = this.#maxCommandCharacters;
    if (text.length > most) throw new HttpError(413, commandTooLong(most));
    const outcome = await new Promise<Outcome>((resolve) => {
      const reason = `no outcome within ${requestMilliseconds} ms`;
      const timer = setTimeout(() => resolve({ status: "unknown", reason }), requestMilliseconds);
      server[kind](text, (known) => {
        clearTimeout(timer);
        resolve(known);
      });
    });
    switch (outcome.status) {
      case "executed":
        return storeReply(operation, JSON.parse(outcome.answer));
      case "notLeader":
        return this.#redirect(request, outcome.leader);
      case "refused":
        return errorReply(503, outcome.reason, false, { "retry-after": "1" });
      case "unknown":
        return errorReply(504, outcome.reason, operation.type !== "get");
    }
  }

  #redirect(request: IncomingMessage, leader: ServerId | null): Reply {
    const { addresses, tls } = this.#options;
    if (leader === null) {
      return errorReply(503, "no leader is known: ask again", false, { "retry-after": "1" });
    }
    const address = Object.hasOwn(addresses, leader) ? addresses[leader] : undefined;
    if (address === undefined) {
      const fault = `server ${leader} leads, and this one was not told where its HTTP door is: ask there, or start this server with --http ${leader}=HOST:PORT`;
      return errorReply(503, fault, false);
    }
    const { target } = urlOf(request);
    const location = `${tls === null ? "http" : "https"}://${address}${target}`;
    return { status: 307, headers: { location }, body: { leader } };
  }
}

/** The path, and path with query as they are to be repeated in a redirect. */
function urlOf(request: IncomingMessage): { readonly path: string; readonly target: string } {
  try {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    return { path: pathname, target: `${pathname}${search}` };
  } catch {
    throw new HttpError(400, "the path of the request makes no sense");
  }
}

function keyOf(path: string): string {
  try {
    return decodeURIComponent(path.slice("/kv/".length));
  } catch {
    throw new HttpError(400, "the key is not encoded as in a URL: write % as %25");
  }
}

function requireMethod({ method = "" }: IncomingMessage, allowed: readonly string[]): void {
  if (allowed.includes(method)) return;
  throw new HttpError(405, `${method} is not possible here`, { allow: allowed.join(", ") });
}
