import type { Socket } from "node:net";

export interface HandshakesOptions {
  /** The most at a time. */
  readonly most: number;
  readonly milliseconds: number;
  /** One was ended, for the reason given. */
  onEnded(socket: Socket, reason: string): void;
}

/**
 * Connections whose other end is not known yet: each for a bounded time, and only so many. Where one
 * comes that is too many, the oldest of the address that has most of them goes, so that who dials
 * without end puts off the others as little as can be.
 */
export class Handshakes {
  readonly #options: HandshakesOptions;
  /** By remote address and port, the oldest first. */
  readonly #open = new Map<string, { readonly socket: Socket; readonly timer: NodeJS.Timeout }>();

  constructor(options: HandshakesOptions) {
    this.#options = options;
  }

  /** Takes a connection, as it was accepted: below TLS, where there is TLS. */
  begin(socket: Socket): void {
    const { most, milliseconds } = this.#options;
    const timer = setTimeout(() => this.#drop(socket, "its handshake took too long"), milliseconds);
    this.#open.set(keyOf(socket), { socket, timer });
    socket.on("close", () => this.end(socket));
    if (this.#open.size > most) this.#dropOne();
  }

  /** The other end is known, or is gone. The socket may be the one of TLS over that which has begun. */
  end(socket: Socket): void {
    const key = keyOf(socket);
    clearTimeout(this.#open.get(key)?.timer);
    this.#open.delete(key);
  }

  /** Ends all that are open. */
  close(): void {
    for (const { socket, timer } of this.#open.values()) {
      clearTimeout(timer);
      socket.destroy();
    }
    this.#open.clear();
  }

  #dropOne(): void {
    const byAddress = new Map<string | undefined, Socket[]>();
    for (const { socket } of this.#open.values()) {
      const sockets = byAddress.get(socket.remoteAddress) ?? [];
      byAddress.set(socket.remoteAddress, [...sockets, socket]);
    }
    const [most = []] = [...byAddress.values()].sort((a, b) => b.length - a.length);
    const [oldest] = most;
    if (oldest !== undefined) this.#drop(oldest, "too many are in their handshake");
  }

  #drop(socket: Socket, reason: string): void {
    this.#options.onEnded(socket, reason);
    this.end(socket);
    socket.destroy();
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}
