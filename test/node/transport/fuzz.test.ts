import { afterEach, expect, test } from "vitest";
import { FRAME } from "../../../src/node/codec/frame-kind.ts";
import { ByteReader, type Hello, readMessage } from "../../../src/node/codec/index.ts";
import { FakeCluster, openDoors } from "../client/fake-cluster.ts";
import { damage, framed, randomBelow, sampleBodies } from "../codec/fuzz.ts";
import { closeNodes, startPair, until, vote } from "./pair.ts";
import { closeRaw, dialRaw, hello } from "./raw.ts";

/** A tenth of the frames of test/node/codec/fuzz.test.ts, each stream on a connection of its own. */
const CASES = Number(process.env.LOCKSTEP_FUZZ_FRAMES ?? 3000) / 10;

const BODIES = sampleBodies(200, 2);

afterEach(async () => {
  closeRaw();
  await closeNodes();
});

/** A connection that begins well, or nearly, and goes on with damaged frames. */
function damagedConnection(seed: number, fields: Partial<Hello>): Buffer {
  const random = randomBelow(seed);
  const messages = Array.from({ length: 1 + random(4) }, () => {
    const kind = random(4) === 0 ? 1 + random(12) : FRAME.message;
    return Buffer.concat([Buffer.from([kind]), BODIES[random(BODIES.length)] ?? Buffer.alloc(1)]);
  });
  const greeting = hello(fields);
  const rest = framed(messages);
  if (random(4) === 0) return damage(Buffer.concat([greeting, rest]), random);
  return Buffer.concat([greeting, random(4) === 0 ? rest : damage(rest, random)]);
}

async function sendAll(address: string, fields: Partial<Hello>): Promise<void> {
  for (let seed = 1; seed <= CASES; seed++) {
    const raw = dialRaw(address, damagedConnection(seed, fields));
    raw.socket.end();
    await raw.ended;
  }
}

test(`${CASES} damaged connections of peers: what arrives was sent, and others are not disturbed`, async () => {
  const { from, to } = await startPair({ servers: { s1: "127.0.0.1:1", s3: "127.0.0.1:2" } });
  await sendAll(to.transport.address, { from: "s3" });
  const sent = new Set(
    BODIES.map((body) => JSON.stringify(readMessage(new ByteReader(body), "s3", "s2"))),
  );
  expect(to.received.length).toBeGreaterThan(CASES / 10);
  for (const message of to.received) expect(sent.has(JSON.stringify(message))).toBe(true);
  to.received.length = 0;
  from.transport.send(vote(5));
  await until(() => to.received.length === 1);
  expect(to.received).toEqual([vote(5)]);
});

test(`${CASES} damaged connections of clients: none is executed, and others are not disturbed`, async () => {
  const cluster = new FakeCluster();
  const { addresses } = await openDoors(cluster, ["s1"]);
  await sendAll(addresses.s1 ?? "", { role: "client", to: "s1" });
  expect(cluster.lastIndex).toBe(0);
});
