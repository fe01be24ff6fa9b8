import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { InstallSnapshotRequest, Message, ServerId } from "../../core/index.ts";
import type { Address } from "../address.ts";
import {
  FRAME,
  FrameReader,
  longSnapshot,
  MAX_HANDSHAKE_BYTES,
  PROTOCOL_VERSION,
  readHelloAnswer,
  writeHello,
  writeMessage,
} from "../codec/index.ts";
import { inBrief, type QuietLog } from "../log.ts";
import { checkDialled, connectionFault, secureContextOf } from "../tls.ts";
import type { TlsOptions } from "../tls-options.ts";
import { OutgoingFragments } from "./fragments.ts";
import { FrameSender } from "./frame-sender.ts";
import type { TransportLimits } from "./limits.ts";
import { SnapshotPacing } from "./snapshot-pacing.ts";

export interface PeerLinkOptions {
  readonly id: ServerId;
  readonly clusterId: string;
  readonly peer: ServerId;
  readonly address: Address;
  /** Which servers the cluster has, by `serversDigest`. */
  readonly servers: string;
  readonly tls: TlsOptions | null;
  readonly limits: TransportLimits;
  readonly log: QuietLog;
}

interface Connection {
  readonly socket: Socket;
  readonly sender: FrameSender;
  readonly fragments: OutgoingFragments;
  readonly pacing: SnapshotPacing;
  readonly reader: FrameReader;
  readonly timer: NodeJS.Timeout;
  isOpen: boolean;
  /** When the peer last gave a sign of life. */
  heardAt: number;
}

/**
 * The way to one peer: a connection that this server dials, and dials again with growing and
 * random delay when it fails. Messages go one way on it; the other way come only signs of life.
 * While there is no connection, and while too much waits, messages are dropped.
 */
export class PeerLink {
  sent = 0;
  dropped = 0;
  readonly #options: PeerLinkOptions;
  #connection: Connection | null = null;
  #failures = 0;
  #redial: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    this.#dial();
  }

  get isConnected(): boolean {
    return this.#connection?.isOpen === true;
  }

  /** @param texts of a snapshot's message: its data, in parts where they are at hand */
  send(message: Message, texts?: readonly string[]): void {
    const connection = this.#connection;
    const isOpen = connection?.isOpen === true && !connection.sender.isFull;
    if (isOpen && this.#write(connection, message, texts)) this.sent++;
    else this.dropped++;
  }

  /** @returns false where there is no room for it, or no need */
  #write(
    { sender, fragments, pacing }: Connection,
    message: Message,
    texts: readonly string[] | undefined,
  ): boolean {
    const { maxFrameBytes } = this.#options.limits;
    if (message.type === "InstallSnapshotRequest" && message.data.length > maxFrameBytes) {
      return this.#writeSnapshot(sender, fragments, pacing, message, texts);
    }
    const writer = sender.begin();
    writer.byte(FRAME.message);
    writeMessage(writer, message);
    if (sender.bodyLength <= maxFrameBytes) {
      sender.end();
      return true;
    }
    const body = sender.takeBack();
    const isTaken = fragments.add({ length: body.length, pieces: [body].values() });
    sender.schedule();
    return isTaken;
  }

  /** It is known to be long before its bytes are: most of the time nothing is to be done. */
  #writeSnapshot(
    sender: FrameSender,
    fragments: OutgoingFragments,
    pacing: SnapshotPacing,
    message: InstallSnapshotRequest,
    texts: readonly string[] | undefined,
  ): boolean {
    const now = performance.now();
    const { lastIncludedIndex } = message;
    if (fragments.isBusy || pacing.hasJustArrived(lastIncludedIndex, now)) return false;
    pacing.begin(lastIncludedIndex, now);
    const isTaken = fragments.add(longSnapshot(message, texts));
    sender.schedule();
    return isTaken;
  }

  /** The peer has been heard: if it could not be reached, it is dialled at once. */
  wake(): void {
    if (this.#redial === null) return;
    clearTimeout(this.#redial);
    this.#redial = null;
    this.#failures = 0;
    this.#dial();
  }

  /** Called about once a second: asks for a sign of life, and ends a connection without any. */
  sweep(now: number): void {
    const connection = this.#connection;
    if (connection === null || !connection.isOpen) return;
    if (now - connection.heardAt > this.#options.limits.silenceMilliseconds) {
      this.#end(connection, "it gives no sign of life");
      return;
    }
    if (connection.sender.isFull) return;
    connection.sender.begin().byte(FRAME.ping);
    connection.sender.end();
  }

  close(): void {
    this.#isClosed = true;
    if (this.#redial !== null) clearTimeout(this.#redial);
    this.#redial = null;
    if (this.#connection !== null) this.#end(this.#connection, "closed");
  }

  #dial(): void {
    const { address, tls, peer, limits } = this.#options;
    const where = { ...address, noDelay: true, keepAlive: true };
    const socket =
      tls === null
        ? connect(where)
        : connectTls({
            ...where,
            ...secureContextOf(tls),
            servername: peer,
            checkServerIdentity: checkDialled(peer),
          });
    if (tls !== null) socket.setNoDelay(true);
    const fragments = new OutgoingFragments(limits.maxMessageBytes);
    const connection: Connection = {
      socket,
      fragments,
      pacing: new SnapshotPacing(),
      sender: new FrameSender(socket, limits.maxQueueBytes, fragments),
      reader: new FrameReader(MAX_HANDSHAKE_BYTES),
      timer: setTimeout(
        () => this.#end(connection, "the handshake took too long"),
        limits.handshakeMilliseconds,
      ),
      isOpen: false,
      heardAt: 0,
    };
    this.#connection = connection;
    socket.on(tls === null ? "connect" : "secureConnect", () => this.#sayHello(connection));
    socket.on("data", (piece) => this.#receive(connection, piece));
    socket.on("error", (error) => this.#end(connection, connectionFault(error)));
    socket.on("close", () => {
      // A certificate that does not hold is told in the log of who refuses it alone.
      const isInDoubt = tls !== null && !connection.isOpen;
      const hint = isInDoubt ? ": does it accept this server's certificate?" : "";
      this.#end(connection, `the other side ended it${hint}`);
    });
  }

  #sayHello({ sender }: Connection): void {
    const { id, clusterId, peer, servers } = this.#options;
    writeHello(sender.begin(), {
      version: PROTOCOL_VERSION,
      role: "server",
      clusterId,
      from: id,
      to: peer,
      servers,
    });
    sender.end();
  }

  #receive(connection: Connection, piece: Buffer): void {
    try {
      connection.reader.push(piece);
      for (;;) {
        const body = this.#connection === connection ? connection.reader.next() : null;
        if (body === null) return;
        if (connection.isOpen) this.#hear(connection, body);
        else this.#open(connection, body);
      }
    } catch (error) {
      this.#end(connection, error instanceof Error ? error.message : String(error));
    }
  }

  #open(connection: Connection, body: Buffer): void {
    const { peer, clusterId, log } = this.#options;
    const answer = readHelloAnswer(body);
    if (answer.status === "refused") {
      this.#end(connection, `it refuses: ${inBrief(answer.reason)}`, "it refuses");
      return;
    }
    if (answer.id !== peer || answer.clusterId !== clusterId) {
      const [other, cluster] = [inBrief(answer.id), inBrief(answer.clusterId)];
      this.#end(connection, `there is server ${other} of cluster ${cluster}`, "another server");
      return;
    }
    clearTimeout(connection.timer);
    connection.isOpen = true;
    connection.heardAt = performance.now();
    this.#failures = 0;
    log("info", `connected to ${peer}`, peer);
  }

  #hear(connection: Connection, body: Buffer): void {
    connection.heardAt = performance.now();
    if (body[0] !== FRAME.fragmentTaken) return;
    connection.fragments.taken();
    if (!connection.fragments.isBusy) connection.pacing.arrived(connection.heardAt);
    connection.sender.schedule();
  }

  /** @param kind the reason, without words that the other side has chosen */
  #end(connection: Connection, reason: string, kind = reason): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    clearTimeout(connection.timer);
    connection.socket.destroy();
    if (this.#isClosed) return;
    const { peer, log } = this.#options;
    log("warn", `no connection to ${peer}: ${reason}`, peer, {}, `no connection: ${kind}`);
    this.#redial = setTimeout(() => {
      this.#redial = null;
      this.#dial();
    }, this.#nextDelay());
  }

  /** Doubles with each failure, and is random, so that servers do not dial in step. */
  #nextDelay(): number {
    const [first, most] = this.#options.limits.redialMilliseconds;
    const delay = Math.min(most, first * 2 ** this.#failures++);
    return delay * (0.5 + Math.random() / 2);
  }
}
