import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { StoreClient } from "../../../src/node/client/index.ts";
import { ClientDoor } from "../../../src/node/client-door.ts";
import { FRAME } from "../../../src/node/codec/frame-kind.ts";
import {
  ByteReader,
  FrameReader,
  type Response,
  readResponse,
  serversDigest,
  writeRequest,
} from "../../../src/node/codec/index.ts";
import type { LogFields } from "../../../src/node/log.ts";
import { FakeCluster, openDoors } from "../client/fake-cluster.ts";
import { closeNodes, type Node, startNode, startPair, until, vote } from "./pair.ts";
import { closeRaw, dialRaw, frame, hello, startWelcoming, voteFrame } from "./raw.ts";

afterEach(async () => {
  closeRaw();
  await closeNodes();
});

/** A server with a good connection from s1, which goes on delivering whatever others do. */
async function disturbed(limits = {}): Promise<{ readonly from: Node; readonly to: Node }> {
  return await startPair({ servers: { s1: "127.0.0.1:1", s3: "127.0.0.1:2" }, limits });
}

async function expectUndisturbed({ from, to }: { readonly from: Node; readonly to: Node }) {
  const before = to.received.length;
  from.transport.send(vote(99));
  await until(() => to.received.length === before + 1);
  expect(to.received.at(-1)).toEqual(vote(99));
}

function told({ logged }: Node): readonly string[] {
  return logged
    .map(({ message }) => message)
    .filter((message) => !message.includes("ECONNREFUSED"));
}

describe("a connection that is not one of ours is refused, and told in one line", () => {
  test.each([
    ["HTTP", "GET / HTTP/1.1\r\n\r\n", /it is a request over HTTP, and this is not the HTTP door/],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01", /it begins as TLS does/],
    ["too much", Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]), /a frame of \d+ bytes is longer than 4096/],
    ["nothing but zeros", Buffer.alloc(100), /a frame is empty/],
    ["another checksum", corrupted(hello()), /checksum/],
    ["another language", frame((writer) => writer.text("hello")), /does not begin as/],
    ["another version", hello({ version: 1 }), /version 1 of the protocol: this server speaks 2/],
    ["another cluster", hello({ clusterId: "other" }), /cluster other: this is cluster test/],
    ["another receiver", hello({ to: "s9" }), /server s9 is meant: this is server s2/],
    ["a sender of no cluster", hello({ from: "s9" }), /server s9 is not one of this cluster's/],
    ["a name that every object has", hello({ from: "constructor" }), /server constructor is not/],
    ["the receiver itself", hello({ from: "s2" }), /server s2 is not one of this cluster's/],
    [
      "a server of a cluster of others",
      hello({ servers: serversDigest(["s1", "s2"]) }),
      /server s1 was given other servers than this one, which was given s1, s2, s3$/,
    ],
    ["a client where none is taken", hello({ role: "client" }), /no clients are taken yet/],
  ])("%s", async (_, bytes, words) => {
    const pair = await disturbed();
    for (let count = 0; count < 20; count++) await dialRaw(pair.to.transport.address, bytes).ended;
    const lines = told(pair.to);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(words);
    await expectUndisturbed(pair);
  });

  test("one that says nothing, or too slowly, is not waited for", async () => {
    const pair = await disturbed({ handshakeMilliseconds: 200 });
    const silent = dialRaw(pair.to.transport.address);
    const slow = dialRaw(pair.to.transport.address);
    const bytes = hello({ from: "s3" });
    let sent = 0;
    const timer = setInterval(() => slow.socket.write(bytes.subarray(sent, ++sent)), 20);
    await Promise.all([silent.ended, slow.ended]);
    clearInterval(timer);
    expect(sent).toBeLessThan(bytes.length);
    expect(told(pair.to)).toEqual(["a connection was refused: its handshake took too long"]);
    await expectUndisturbed(pair);
  });

  test("too many in their handshake are as many fewer, the oldest first", async () => {
    const pair = await disturbed({ maxHandshakes: 10 });
    const raws = Array.from({ length: 15 }, () => dialRaw(pair.to.transport.address));
    await Promise.all(raws.slice(0, 5).map(({ ended }) => ended));
    expect(raws.map(({ socket }) => socket.destroyed)).toEqual(raws.map((_, at) => at < 5));
    await expectUndisturbed(pair);
  });

  test.runIf(process.platform === "linux")(
    "of too many in their handshake those of the busiest address go",
    async () => {
      const pair = await disturbed({ maxHandshakes: 10 });
      const [host = "", port] = pair.to.transport.address.split(":");
      const own = { host, port: Number(port), localAddress: "127.0.0.2" };
      const other = connect(own).on("error", () => {});
      await new Promise((resolve) => other.on("connect", resolve));
      const raws = Array.from({ length: 30 }, () => dialRaw(pair.to.transport.address));
      await Promise.all(raws.slice(0, 20).map(({ ended }) => ended));
      expect(other.destroyed).toBe(false);
      other.destroy();
      await expectUndisturbed(pair);
    },
  );

  test("too many clients leave room for servers", async () => {
    const pair = await disturbed({ maxClients: 5 });
    pair.to.transport.acceptClients(() => {});
    const client = hello({ role: "client", from: "test" });
    const raws = Array.from({ length: 8 }, () => dialRaw(pair.to.transport.address, client));
    await until(() => raws.filter(({ socket }) => socket.destroyed).length === 3);
    expect(told(pair.to)).toEqual(["a connection was refused: there are too many clients"]);
    const server = dialRaw(pair.to.transport.address, hello({ from: "s3" }), voteFrame(1));
    await until(() => pair.to.received.length === 1);
    server.socket.destroy();
    raws.find(({ socket }) => !socket.destroyed)?.socket.destroy();
    await until(() => {
      const next = dialRaw(pair.to.transport.address, client);
      raws.push(next);
      return raws.some(({ received }, at) => at >= 8 && received.includes("test"));
    });
    await expectUndisturbed(pair);
  });

  test("a client that is one too many asks again, until there is room", async () => {
    const cluster = new FakeCluster();
    const { transport, log } = await startNode({ id: "s1", limits: { maxClients: 1 } });
    new ClientDoor({ transport, server: cluster.server("s1"), addresses: {}, log });
    const first = dialRaw(transport.address, hello({ role: "client", to: "s1" }));
    await until(() => first.received.length > 0);
    const client = new StoreClient({ servers: { s1: transport.address } });
    const put = client.put("x", "1");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(cluster.lastIndex).toBe(0);
    first.socket.destroy();
    expect(await put).toBe(null);
    client.close();
  });

  test("too many at all are as many fewer", async () => {
    const pair = await disturbed({ maxConnections: 5, maxHandshakes: 100 });
    const raws = Array.from({ length: 10 }, () => dialRaw(pair.to.transport.address));
    await until(() => raws.filter(({ socket }) => socket.destroyed).length === 6);
    await expectUndisturbed(pair);
  });
});

describe("a peer that goes wrong is cut off, and told in one line", () => {
  test.each([
    ["a checksum that is wrong", corrupted(voteFrame(1)), /checksum is wrong/],
    ["a frame that is too long", Buffer.from([0, 0, 0, 127, 0, 0, 0, 0]), /longer than/],
    ["a message that makes no sense", frame((w) => w.text("!")), /no place between servers/],
    [
      "a message with a byte too many",
      frame((writer) => {
        writer.bytes(voteFrame(1).subarray(8));
        writer.byte(0);
      }),
      /1 bytes are too many/,
    ],
    ["a fragment from nowhere", fragment(5, 10, 1), /does not follow/],
    ["an empty fragment", fragment(0, 10, 0), /does not follow/],
    ["a message too long in fragments", fragment(0, 2 ** 40, 1), /too long/],
    ["fragments longer than the message", fragment(0, 2, 3), /too long/],
    [
      "fragments of no message",
      frame((writer) => {
        writer.byte(FRAME.fragment);
        writer.integer(0);
        writer.integer(1);
        writer.byte(FRAME.ping);
      }),
      /no message in fragments/,
    ],
  ])("%s", async (_, bytes, words) => {
    const pair = await disturbed();
    const raw = dialRaw(pair.to.transport.address, hello({ from: "s3" }), voteFrame(1), bytes);
    raw.socket.write(voteFrame(2));
    await raw.ended;
    // What came before the fault has arrived, what came after has not.
    expect(pair.to.received).toEqual([vote(1, "s3")]);
    expect(told(pair.to)).toHaveLength(1);
    expect(told(pair.to)[0]).toMatch(words);
    await expectUndisturbed(pair);
  });

  test("one that dials anew takes the place of its older connection", async () => {
    const { to } = await disturbed();
    const older = dialRaw(to.transport.address, hello({ from: "s3" }), voteFrame(1));
    await until(() => to.received.length === 1);
    dialRaw(to.transport.address, hello({ from: "s3" }), voteFrame(2));
    await older.ended;
    await until(() => to.received.length === 2);
  });

  test("one that asks and does not read the answers", async () => {
    const pair = await disturbed();
    const raw = dialRaw(pair.to.transport.address, hello({ from: "s3" }));
    raw.socket.pause();
    const pings = Buffer.concat(new Array(10_000).fill(frame((w) => w.byte(FRAME.ping))));
    const more = setInterval(() => raw.socket.write(pings), 5);
    await until(() => told(pair.to).some((line) => line.includes("does not read")));
    clearInterval(more);
    await expectUndisturbed(pair);
  });

  test("one byte at a time is as good as all at once", async () => {
    const { to } = await disturbed();
    const raw = dialRaw(to.transport.address);
    for (const byte of Buffer.concat([hello({ from: "s3" }), voteFrame(1), voteFrame(2)])) {
      raw.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => to.received.length === 2);
    expect(to.received).toEqual([vote(1, "s3"), vote(2, "s3")]);
  });
});

describe("a receiver that does not read", () => {
  test("costs bounded memory, then its connection; and loses messages, not their form", async () => {
    const limits = { maxQueueBytes: 100_000, silenceMilliseconds: 1500 };
    const stuck = await startWelcoming((socket) => socket.pause());
    const from = await startNode({ id: "s1", servers: { s2: stuck.address }, limits });
    await until(() => from.transport.counters().connectedTo.length === 1);
    for (let count = 0; count < 1_000_000; count++) from.transport.send(vote(count));
    const { messagesSent, messagesDropped } = from.transport.counters();
    expect(messagesSent).toBeLessThan(20_000);
    expect(messagesSent + messagesDropped).toBe(1_000_000);
    await until(() => told(from).some((line) => line.includes("no sign of life")));
    stuck.close();
  });
});

describe("a client that goes wrong is dropped, and told in one line", () => {
  const client = { role: "client", from: "test", to: "" } as const;

  test("with frames that have no place, or make no sense", async () => {
    const { addresses, nodes } = await openDoors(new FakeCluster(), ["s1"]);
    for (const bytes of [voteFrame(1), frame((writer) => writer.byte(FRAME.request))]) {
      await dialRaw(addresses.s1 ?? "", hello({ ...client, clusterId: "" }), bytes).ended;
    }
    expect(nodes[0]?.logged.map(({ message }) => message)).toEqual([
      "a client was dropped: a frame of kind 3 has no place between client and server",
      "a client was dropped: it ends too early",
    ]);
  });

  test("that asks for more than may gather is told so, and answered up to there", async () => {
    const cluster = new FakeCluster();
    cluster.apply(`{"operation":{"type":"put","key":"x","value":"${"y".repeat(10_000)}"}}`);
    const { addresses } = await openDoors(cluster, ["s1"], {
      maxUnreadBytes: 10_000,
      maxGatheredBytes: 100_000,
    });
    const raw = dialRaw(addresses.s1 ?? "", hello({ ...client, clusterId: "" }));
    const text = '{"type":"get","key":"x"}';
    const put = '{"operation":{"type":"put","key":"x","value":"z"}}';
    const reads = Array.from({ length: 500 }, (_, at) =>
      frame((writer) => writeRequest(writer, { number: at, kind: "read", text })),
    );
    const last = frame((writer) =>
      writeRequest(writer, { number: 500, kind: "propose", text: put }),
    );
    raw.socket.write(Buffer.concat([...reads, last]));
    const responses: Response[] = [];
    await until(() => {
      const reader = new FrameReader(20_000);
      reader.push(raw.received);
      const bodies: Buffer[] = [];
      for (let body = reader.next(); body !== null; body = reader.next()) bodies.push(body);
      responses.splice(0);
      for (const body of bodies.slice(1)) responses.push(readResponse(new ByteReader(body, 1)));
      return responses.length === 501;
    });
    const count = (status: string) =>
      responses.filter((one) => one.outcome.status === status).length;
    expect(count("executed")).toBeGreaterThanOrEqual(10);
    expect(count("refused")).toBeGreaterThanOrEqual(10);
    // The command is executed: it must not be said that it was not.
    const outcome = responses.find(({ number }) => number === 500)?.outcome.status;
    expect(["executed", "unknown"]).toContain(outcome);
  });

  test("that asks without end and reads nothing is not read from, then dropped", async () => {
    const cluster = new FakeCluster();
    cluster.apply(`{"operation":{"type":"put","key":"x","value":"${"y".repeat(10_000)}"}}`);
    const { addresses, nodes, doors } = await openDoors(cluster, ["s1"], {
      maxUnderWay: 10,
      maxUnreadBytes: 100_000,
      slowMilliseconds: 1000,
    });
    const raw = dialRaw(addresses.s1 ?? "", hello({ ...client, clusterId: "" }));
    raw.socket.pause();
    const text = '{"type":"get","key":"x"}';
    const read = frame((writer) => writeRequest(writer, { number: 1, kind: "read", text }));
    const more = setInterval(() => raw.socket.write(Buffer.concat(new Array(1000).fill(read))), 5);
    const logged = (): readonly { message: string; fields: LogFields }[] => nodes[0]?.logged ?? [];
    await until(() =>
      logged().some(({ message }) => message.includes("does not read its answers")),
    );
    clearInterval(more);
    expect(doors[0]?.counters()).toMatchObject({ connections: 0 });
    expect(doors[0]?.counters().requests).toBeLessThan(3000);
  });
});

function corrupted(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

function fragment(offset: number, total: number, length: number): Buffer {
  return frame((writer) => {
    writer.byte(FRAME.fragment);
    writer.integer(offset);
    writer.integer(total);
    writer.bytes(Buffer.alloc(length));
  });
}
