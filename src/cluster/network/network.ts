import { Link } from "./link.ts";

/** A server's own port, by its id. */
export type Ports = ReadonlyMap<string, number>;

/** How it is with what one server sends to another. */
export interface Condition {
  readonly from: string;
  readonly to: string;
  readonly isHeld: boolean;
  readonly delayMilliseconds: number;
}

/** The links among all servers of a cluster on this machine: a link for each ordered pair. */
export class Network {
  readonly servers: readonly string[];
  readonly #links: ReadonlyMap<string, ReadonlyMap<string, Link>>;

  private constructor(links: ReadonlyMap<string, ReadonlyMap<string, Link>>) {
    this.#links = links;
    this.servers = [...links.keys()];
  }

  /** @param ports where the servers themselves listen */
  static async open(ports: Ports): Promise<Network> {
    const links = new Map<string, Map<string, Link>>();
    for (const from of ports.keys()) {
      const ofServer = new Map<string, Link>();
      for (const [to, port] of ports) {
        if (to !== from) ofServer.set(to, await Link.open(port));
      }
      links.set(from, ofServer);
    }
    return new Network(links);
  }

  /** Where `from` dials `to`. */
  port(from: string, to: string): number {
    return this.#link(from, to).port;
  }

  /** What goes through from now on: all that no condition holds or delays, and at once. */
  set(conditions: readonly Condition[]): void {
    for (const link of this.#all()) {
      for (const passage of [link.forward, link.backward]) {
        passage.isHeld = false;
        passage.delayMilliseconds = 0;
      }
    }
    for (const condition of conditions) this.#impose(condition);
    for (const link of this.#all()) link.update();
  }

  /** Ends the connections between the two. */
  cut(one: string, other: string): void {
    this.#link(one, other).cut();
    this.#link(other, one).cut();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all()].map((link) => link.close()));
  }

  /** What `from` sends to `to`, on the connections that either has dialled. */
  #impose({ from, to, isHeld, delayMilliseconds }: Condition): void {
    for (const passage of [this.#link(from, to).forward, this.#link(to, from).backward]) {
      passage.isHeld ||= isHeld;
      passage.delayMilliseconds += delayMilliseconds;
    }
  }

  *#all(): Iterable<Link> {
    for (const ofServer of this.#links.values()) yield* ofServer.values();
  }

  #link(from: string, to: string): Link {
    const link = this.#links.get(from)?.get(to);
    if (link === undefined) throw new RangeError(`there is no link from ${from} to ${to}`);
    return link;
  }
}
