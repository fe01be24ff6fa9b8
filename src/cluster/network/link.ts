import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type Passage, Pipe } from "./pipe.ts";

/** A connection that goes through a link. */
interface Connection {
  readonly sockets: readonly [Socket, Socket];
  readonly pipes: readonly [Pipe, Pipe];
}

/**
 * The way by which one server reaches another: a port that it dials in place of the other's. The
 * bytes of either direction can be held or delayed, and the connections cut, while both servers
 * run and know nothing of it.
 */
export class Link {
  /** From the one that dials to the other. */
  readonly forward: Passage = { isHeld: false, delayMilliseconds: 0 };
  /** The answers, on the same connections. */
  readonly backward: Passage = { isHeld: false, delayMilliseconds: 0 };
  readonly #listener: Server;
  readonly #connections = new Set<Connection>();
  readonly #target: number;

  private constructor(target: number) {
    this.#target = target;
    this.#listener = createServer((dialled) => this.#accept(dialled));
  }

  /** @param target the port of the other server, on loopback; nobody need listen there yet */
  static async open(target: number): Promise<Link> {
    const link = new Link(target);
    link.#listener.listen(0, "127.0.0.1");
    await once(link.#listener, "listening");
    return link;
  }

  /** The port to dial. */
  get port(): number {
    const address = this.#listener.address();
    if (address === null || typeof address === "string") throw new Error("the link is closed");
    return address.port;
  }

  /** The passages have changed: what waited may go. */
  update(): void {
    for (const { pipes } of this.#connections) for (const pipe of pipes) pipe.pump();
  }

  /** Ends all connections, as when a cable is pulled and the other side resets. */
  cut(): void {
    for (const connection of this.#connections) this.#end(connection);
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #accept(dialled: Socket): void {
    const onward = connect({ port: this.#target, host: "127.0.0.1", noDelay: true });
    dialled.setNoDelay(true);
    const connection: Connection = {
      sockets: [dialled, onward],
      pipes: [new Pipe(dialled, onward, this.forward), new Pipe(onward, dialled, this.backward)],
    };
    this.#connections.add(connection);
    for (const socket of connection.sockets) {
      socket.on("error", () => this.#end(connection));
      socket.on("close", () => this.#end(connection));
    }
  }

  #end(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    for (const pipe of connection.pipes) pipe.close();
    for (const socket of connection.sockets) socket.destroy();
  }
}
