/** Servers that only send and receive, for the tests of how messages get from one to the other. */
import type { Message } from "../../../src/core/index.ts";
import type { Log, LogFields } from "../../../src/node/log.ts";
import { TcpTransport, type TcpTransportOptions } from "../../../src/node/transport/tcp.ts";

export interface Node {
  readonly transport: TcpTransport;
  readonly received: Message[];
  readonly log: Log;
  readonly logged: { readonly message: string; readonly fields: LogFields }[];
}

const open: TcpTransport[] = [];

export async function startNode(
  options: Partial<TcpTransportOptions> & { readonly id: string },
): Promise<Node> {
  const received: Message[] = [];
  const logged: Node["logged"] = [];
  const log: Log = (_, message, fields = {}) => logged.push({ message, fields });
  const transport = await TcpTransport.open({
    clusterId: "test",
    listen: "127.0.0.1:0",
    servers: {},
    tls: null,
    log,
    onMessage: (message) => received.push(message),
    ...options,
  });
  open.push(transport);
  return { transport, received, log, logged };
}

export async function closeNodes(): Promise<void> {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
}

/** Waits until it holds. Throws after ten seconds, with what was waited for. */
export async function until(
  holds: () => boolean,
  what: () => string = () => holds.toString(),
): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 5) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`this did not come to hold within ten seconds: ${what()}`);
}

export function vote(term: number, from = "s1", to = "s2"): Message {
  return { type: "RequestVoteResponse", id: "", from, to, term, voteGranted: true };
}

/** Two servers; s1 is connected to s2, not the other way. `servers` are those that s2 knows. */
export async function startPair(
  options: Partial<TcpTransportOptions> = {},
): Promise<{ readonly from: Node; readonly to: Node }> {
  const { s1: _, ...others } = options.servers ?? {};
  const to = await startNode({ id: "s2", servers: { s1: "127.0.0.1:1" }, ...options });
  const from = await startNode({
    id: "s1",
    ...options,
    servers: { ...others, s2: to.transport.address },
  });
  await until(() => from.transport.counters().connectedTo.length === 1);
  return { from, to };
}
