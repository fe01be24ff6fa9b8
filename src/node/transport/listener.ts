import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import type { Address } from "../address.ts";
import {
  ByteWriter,
  beginFrame,
  endFrame,
  FrameReader,
  type Hello,
  MAX_HANDSHAKE_BYTES,
  PROTOCOL_VERSION,
  readHello,
  TOO_MANY_CLIENTS,
  writeHelloAnswer,
} from "../codec/index.ts";
import { bindTo } from "../listen.ts";
import { inBrief, type LogFields, type QuietLog } from "../log.ts";
import { certificateFault, connectionFault, isCertificateOf, serverTlsOf } from "../tls.ts";
import type { TlsOptions } from "../tls-options.ts";
import { Handshakes } from "./handshakes.ts";
import { MAX_REFUSED_BYTES, type TransportLimits } from "./limits.ts";

/** A connection whose other end has said who it is, and may be who it says. */
export interface Accepted {
  readonly socket: Socket;
  readonly hello: Hello;
  /** Has what came after the handshake; `data` is not listened to any more. */
  readonly reader: FrameReader;
}

/** Why a connection is refused. */
export interface Refusal {
  /** One of a few, whatever the other side says: for the log, which tells each kind once in a while. */
  readonly kind: string;
  /** In words for the other side. */
  readonly reason: string;
}

export interface ListenerOptions {
  readonly id: string;
  readonly clusterId: string;
  readonly address: Address;
  readonly tls: TlsOptions | null;
  readonly limits: TransportLimits;
  readonly log: QuietLog;
  /** Says why a connection is not wanted; null to take it. It is asked after all else is well. */
  refuses(hello: Hello): Refusal | null;
  /** Takes a connection that has been welcomed. */
  onAccepted(accepted: Accepted): void;
}

/** After so long without a byte a connection is probed, so that one whose other end is gone goes too. */
const KEEP_ALIVE_MILLISECONDS = 30_000;

/**
 * Accepts connections. Whoever does not say in time, and in few bytes, that it belongs to this
 * cluster, and by its certificate that it is who it says, is refused and told in one line.
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #handshakes: Handshakes;
  #clients = 0;
  /** TLS, where there is any: takes the connections that `#server` accepts. */
  readonly #tlsServer: Server | null;

  constructor(options: ListenerOptions) {
    this.#options = options;
    const { limits } = options;
    this.#handshakes = new Handshakes({
      most: limits.maxHandshakes,
      milliseconds: limits.handshakeMilliseconds,
      onEnded: (socket, reason) =>
        this.#warn(`a connection was refused: ${reason}`, remoteOf(socket)),
    });
    this.#server = createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MILLISECONDS },
      (socket) => this.#connection(socket),
    );
    this.#server.maxConnections = limits.maxConnections;
    this.#server.on("drop", (data) =>
      this.#warn("a connection was refused: there are too many", data?.remoteAddress ?? ""),
    );
    this.#tlsServer = options.tls === null ? null : this.#createTls(options.tls);
  }

  /** Begins to listen. @returns where. Throws a SettingError where it cannot. */
  async listen(): Promise<Address> {
    const { address, tls } = this.#options;
    const bound = await bindTo(this.#server, address, tls !== null);
    this.#server.on("error", (error) => this.#warn(`accepting failed: ${error.message}`, ""));
    return bound;
  }

  /** Ends all connections and stops to listen. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#handshakes.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #createTls(tls: TlsOptions): Server {
    const server = createTlsServer(serverTlsOf(tls, this.#options.limits.handshakeMilliseconds));
    server.on("secureConnection", (socket) => this.#handshake(socket));
    server.on("tlsClientError", (error, socket) => {
      // Who showed a certificate that does not hold is cut off by Node without a word of why.
      const fault = socket.authorizationError ? certificateFault(socket) : connectionFault(error);
      this.#warn(`a connection was refused: ${fault}`, socket.remoteAddress ?? "");
      socket.destroy();
    });
    return server;
  }

  #connection(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    this.#handshakes.begin(socket);
    if (this.#tlsServer === null) this.#handshake(socket);
    else this.#tlsServer.emit("connection", socket);
  }

  #handshake(socket: Socket): void {
    const reader = new FrameReader(MAX_HANDSHAKE_BYTES);
    const onData = (piece: Buffer): void => {
      let hello: Hello | null;
      try {
        reader.push(piece);
        const body = reader.next();
        hello = body === null ? null : readHello(body);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#refuse(socket, { kind: reason.replaceAll(/\d+/g, "#"), reason }, null);
        return;
      }
      if (hello === null) return;
      socket.off("data", onData);
      this.#answer({ socket, hello, reader });
    };
    socket.on("error", () => socket.destroy());
    socket.on("data", onData);
  }

  #answer(accepted: Accepted): void {
    const { socket, hello, reader } = accepted;
    const fault = this.#faultOf(socket, hello);
    if (fault !== null) {
      this.#refuse(socket, fault, hello);
      return;
    }
    this.#handshakes.end(socket);
    const { id, clusterId, limits } = this.#options;
    if (hello.role === "server") {
      reader.maxFrameBytes = limits.maxFrameBytes;
    } else {
      reader.maxFrameBytes = limits.maxRequestBytes;
      reader.maxPassedOverBytes = MAX_REFUSED_BYTES;
      this.#clients++;
      socket.on("close", () => this.#clients--);
    }
    socket.write(answerFrame({ status: "welcome", clusterId, id }));
    this.#options.onAccepted(accepted);
  }

  /** What is wrong with who has dialled. */
  #faultOf(socket: Socket, hello: Hello): Refusal | null {
    const { id, clusterId, tls } = this.#options;
    const isServer = hello.role === "server";
    const fault = tls === null ? null : certificateFault(socket as TLSSocket);
    if (fault !== null) return { kind: fault, reason: fault };
    if (hello.version !== PROTOCOL_VERSION) {
      const reason = `version ${hello.version} of the protocol: this server speaks ${PROTOCOL_VERSION}`;
      return { kind: "version", reason };
    }
    if (hello.clusterId !== clusterId && (isServer || hello.clusterId !== "")) {
      const reason = `cluster ${inBrief(hello.clusterId)}: this is cluster ${clusterId}`;
      return { kind: "cluster", reason };
    }
    if (hello.to !== id && (isServer || hello.to !== "")) {
      return { kind: "to", reason: `server ${inBrief(hello.to)} is meant: this is server ${id}` };
    }
    if (tls !== null && isServer) {
      const certificate = (socket as TLSSocket).getPeerX509Certificate();
      if (!isCertificateOf(certificate, hello.from)) {
        const reason = `the certificate is not that of server ${inBrief(hello.from)}`;
        return { kind: "certificate", reason };
      }
    }
    if (!isServer && this.#clients >= this.#options.limits.maxClients) {
      return { kind: TOO_MANY_CLIENTS, reason: TOO_MANY_CLIENTS };
    }
    return this.#options.refuses(hello);
  }

  #refuse(socket: Socket, { kind, reason }: Refusal, hello: Hello | null): void {
    const from = hello === null ? {} : { from: inBrief(hello.from) };
    this.#warn(`a connection was refused: ${reason}`, remoteOf(socket), from, kind);
    socket.removeAllListeners("data");
    // Whoever spoke our language is told; a stranger is not.
    if (hello === null) socket.destroy();
    else socket.end(answerFrame({ status: "refused", reason }), () => socket.destroy());
  }

  #warn(message: string, remote: string, fields: LogFields = {}, kind?: string): void {
    this.#options.log("warn", message, remote, { remote, ...fields }, kind);
  }
}

function answerFrame(answer: Parameters<typeof writeHelloAnswer>[1]): Buffer {
  const writer = new ByteWriter(256);
  const start = beginFrame(writer);
  writeHelloAnswer(writer, answer);
  endFrame(writer, start);
  return writer.written();
}

function remoteOf(socket: Socket): string {
  return socket.remoteAddress ?? "";
}
