import { isIP } from "node:net";
import type { Message, ServerId } from "../../core/index.ts";
import {
  type Address,
  addressText,
  parseAddress,
  requireTlsBeyondLoopback,
  SettingError,
} from "../address.ts";
import { type Hello, NO_CLIENTS_YET, serversDigest } from "../codec/index.ts";
import { inBrief, type Log, type QuietLog, quietLog } from "../log.ts";
import { isCertifiable, secureContextOf } from "../tls.ts";
import type { TlsOptions } from "../tls-options.ts";
import type { Transport } from "../transport.ts";
import { IncomingPeer } from "./incoming-peer.ts";
import { DEFAULT_LIMITS, type TransportLimits } from "./limits.ts";
import { type Accepted, Listener, type Refusal } from "./listener.ts";
import { PeerLink } from "./peer-link.ts";

export interface TcpTransportOptions {
  /** This server. */
  readonly id: ServerId;
  /** Told in every handshake: servers of another cluster are refused. */
  readonly clusterId: string;
  /** `HOST:PORT` to listen on, for servers and clients; port 0 takes any that is free. */
  readonly listen: string;
  /**
   * By id, `HOST:PORT` at which to dial every other server: where it listens, or a proxy before
   * it. An entry for this server itself is not used.
   */
  readonly servers: Readonly<Record<ServerId, string>>;
  /** Mutual TLS; null goes without, which is possible on loopback only. */
  readonly tls: TlsOptions | null;
  /** Takes each message, whole and unchanged, in the call that its bytes arrive in. */
  onMessage(message: Message): void;
  readonly log: Log;
  readonly limits?: Partial<TransportLimits>;
}

/** What the transport has done so far, for metrics. */
export interface TransportCounters {
  readonly messagesSent: number;
  readonly messagesReceived: number;
  /** Messages that found no connection, or a full queue. */
  readonly messagesDropped: number;
  /** The other servers that are connected. */
  readonly connectedTo: readonly ServerId[];
}

/**
 * Messages over TCP. Each server dials each other one, and sends on the connection that it has
 * dialled. Clients come to the same address: they are given to who has asked for them.
 *
 * `TcpTransport.open` listens and dials; `close` ends all.
 */
export class TcpTransport implements Transport {
  /** Where it listens, `HOST:PORT`. */
  readonly address: string;
  readonly #parts: Parts;
  readonly #timer: NodeJS.Timeout;

  private constructor(parts: Parts, address: string) {
    this.#parts = parts;
    this.address = address;
    // Where this process was busy for long, what has arrived meanwhile is read first.
    const sweep = (): void => parts.sweep(performance.now());
    this.#timer = setInterval(() => setImmediate(sweep), 1000).unref();
  }

  /** Begins to listen and to dial. Throws a SettingError for what cannot be: what, and what to do. */
  static async open(options: TcpTransportOptions): Promise<TcpTransport> {
    addressOf(options);
    const parts = new Parts(options);
    const address = addressText(await parts.listener.listen());
    parts.dial();
    return new TcpTransport(parts, address);
  }

  send(message: Message, texts?: readonly string[]): void {
    this.#parts.links.get(message.to)?.send(message, texts);
  }

  /** From now on clients are taken; before, they are refused. */
  acceptClients(take: (accepted: Accepted) => void): void {
    this.#parts.takeClient = take;
  }

  counters(): TransportCounters {
    return this.#parts.counters();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#parts.close();
  }
}

/** Where a server is to listen. Throws a SettingError for what cannot be: what, and what to do. */
export function addressOf({
  id,
  listen,
  servers,
  tls,
}: Pick<TcpTransportOptions, "id" | "listen" | "servers" | "tls">): Address {
  const address = parseAddress(listen);
  requireTlsBeyondLoopback(address, tls !== null);
  const byAddress = new Map<string, ServerId>();
  for (const [peer, text] of Object.entries(servers)) {
    const dialled = parseAddress(text);
    requireTlsBeyondLoopback(dialled, tls !== null);
    if (tls !== null) requireCertifiable(peer);
    if (peer !== id && dialled.port === 0) {
      throw new SettingError(`server ${peer} has port 0, at which it cannot be reached.`);
    }
    const reached = addressText(dialled);
    const other = byAddress.get(reached);
    if (other !== undefined) {
      throw new SettingError(`servers ${other} and ${peer} have the same address, ${text}.`);
    }
    byAddress.set(reached, peer);
  }
  if (tls !== null) {
    requireCertifiable(id);
    secureContextOf(tls);
  }
  return address;
}

function requireCertifiable(id: ServerId): void {
  if (isCertifiable(id) && isIP(id) === 0) return;
  throw new SettingError(
    `server ${id}: with TLS the id must be able to stand in a certificate as a DNS name: letters, digits, "-" and "." between them.`,
  );
}

/** The connections in either direction. */
class Parts {
  readonly listener: Listener;
  readonly links = new Map<ServerId, PeerLink>();
  takeClient: ((accepted: Accepted) => void) | null = null;
  readonly #options: TcpTransportOptions;
  readonly #limits: TransportLimits;
  readonly #log: QuietLog;
  /** The cluster's servers, this one among them, in order. */
  readonly #servers: readonly ServerId[];
  readonly #serversDigest: string;
  readonly #incoming = new Map<ServerId, IncomingPeer>();
  #received = 0;

  constructor(options: TcpTransportOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#log = quietLog(options.log);
    const { id, clusterId, tls } = options;
    this.#servers = [...new Set([id, ...Object.keys(options.servers)])].sort();
    this.#serversDigest = serversDigest(this.#servers);
    this.listener = new Listener({
      id,
      clusterId,
      tls,
      address: parseAddress(options.listen),
      limits: this.#limits,
      log: this.#log,
      refuses: (hello) => this.#refuses(hello),
      onAccepted: (accepted) => {
        if (accepted.hello.role === "server") this.#acceptPeer(accepted);
        else this.takeClient?.(accepted);
      },
    });
  }

  dial(): void {
    const { id, clusterId, tls } = this.#options;
    for (const [peer, text] of Object.entries(this.#options.servers)) {
      if (peer === id) continue;
      const address = parseAddress(text);
      const [limits, log, servers] = [this.#limits, this.#log, this.#serversDigest];
      const link = new PeerLink({ id, clusterId, peer, address, servers, tls, limits, log });
      this.links.set(peer, link);
    }
  }

  sweep(now: number): void {
    for (const link of this.links.values()) link.sweep(now);
    for (const peer of this.#incoming.values()) peer.sweep(now);
  }

  counters(): TransportCounters {
    const links = [...this.links];
    return {
      messagesSent: links.reduce((sum, [, link]) => sum + link.sent, 0),
      messagesReceived: this.#received,
      messagesDropped: links.reduce((sum, [, link]) => sum + link.dropped, 0),
      connectedTo: links.filter(([, link]) => link.isConnected).map(([peer]) => peer),
    };
  }

  async close(): Promise<void> {
    for (const link of this.links.values()) link.close();
    await this.listener.close();
  }

  #refuses({ role, from, servers }: Hello): Refusal | null {
    if (role === "client") {
      const isEarly = this.takeClient === null;
      return isEarly ? { kind: NO_CLIENTS_YET, reason: NO_CLIENTS_YET } : null;
    }
    if (from === this.#options.id || !Object.hasOwn(this.#options.servers, from)) {
      const reason = `server ${inBrief(from)} is not one of this cluster's others`;
      return { kind: "unknown server", reason };
    }
    if (servers === this.#serversDigest) return null;
    // Two ideas of what a majority is could elect two leaders for one term.
    const own = inBrief(this.#servers.join(", "));
    const reason = `server ${from} was given other servers than this one, which was given ${own}`;
    return { kind: "other servers", reason };
  }

  #acceptPeer(accepted: Accepted): void {
    const { from } = accepted.hello;
    this.#incoming.get(from)?.end("it has dialled anew");
    const peer = new IncomingPeer({
      accepted,
      id: this.#options.id,
      limits: this.#limits,
      onMessage: (message) => {
        this.#received++;
        this.#options.onMessage(message);
      },
      onEnd: (reason) => {
        if (this.#incoming.get(from) === peer) this.#incoming.delete(from);
        if (reason === null) return;
        this.#log("warn", `the connection of ${from} was ended: ${reason}`, from);
      },
    });
    this.#incoming.set(from, peer);
    peer.start();
    this.links.get(from)?.wake();
  }
}
