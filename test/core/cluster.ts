import {
  createServer,
  type Message,
  receive,
  type Server,
  type ServerOptions,
  type Step,
  takeOutput,
} from "../../src/core/index.ts";

/** Servers and the messages between them, delivered when and where a test says. */
export interface Cluster {
  readonly servers: ReadonlyMap<string, Server>;
  /** Sent and neither delivered nor lost yet, oldest first. */
  inFlight: Message[];
  /** Every step taken, in order. */
  readonly steps: { readonly server: string; readonly step: Step }[];
}

export function createCluster(
  ids: readonly string[],
  options: Partial<ServerOptions> = {},
): Cluster {
  const steps: Cluster["steps"] = [];
  const servers = new Map(
    ids.map((id) => [
      id,
      createServer({
        id,
        servers: ids,
        observer: (server, step) => steps.push({ server: server.id, step }),
        ...options,
      }),
    ]),
  );
  return { servers, inFlight: [], steps };
}

export function serverOf(cluster: Cluster, id: string): Server {
  const server = cluster.servers.get(id);
  if (server === undefined) throw new Error(`no server ${id}`);
  return server;
}

/** Takes what the servers want to send into flight. */
export function collect(cluster: Cluster): void {
  for (const server of cluster.servers.values()) {
    cluster.inFlight.push(...takeOutput(server).messages);
  }
}

/** Delivers messages, and those they cause, until none is left; loses those the filter refuses. */
export function deliver(
  cluster: Cluster,
  isDelivered: (message: Message) => boolean = () => true,
): void {
  for (let rounds = 0; rounds < 10_000; rounds++) {
    collect(cluster);
    const message = cluster.inFlight.shift();
    if (message === undefined) return;
    if (isDelivered(message)) receive(serverOf(cluster, message.to), message);
  }
  throw new Error("the cluster does not come to rest");
}

/** A filter that cuts the given servers off from all others. */
export function without(...cutOff: readonly string[]): (message: Message) => boolean {
  return (message) => !cutOff.includes(message.from) && !cutOff.includes(message.to);
}

/** The log of a server as `term:command`, `term:` for a no-op. */
export function logOf(server: Server): string[] {
  return server.log
    .slice(1, server.log.lastIndex)
    .map((entry) => `${entry.term}:${entry.command ?? ""}`);
}
