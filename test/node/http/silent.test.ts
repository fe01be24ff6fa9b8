/** Connections to the HTTP door that never become requests: they go, and the next is served. */
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { HttpDoor, type HttpDoorOptions } from "../../../src/node/http/door.ts";
import type { TlsOptions } from "../../../src/node/tls-options.ts";
import { makeAuthority, makeCertificate } from "../certificates.ts";
import { FakeCluster } from "../client/fake-cluster.ts";

let own: TlsOptions;
let client: TlsOptions;
beforeAll(async () => {
  const authority = await makeAuthority();
  own = await makeCertificate(authority, { names: ["s1"], addresses: ["127.0.0.1"] });
  client = await makeCertificate(authority, {});
});

const sockets = new Set<Socket>();
const doors: HttpDoor[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

async function openDoor(options: Partial<HttpDoorOptions>): Promise<HttpDoor> {
  const door = await HttpDoor.open({
    server: new FakeCluster().server("s1"),
    listen: "127.0.0.1:0",
    tls: own,
    addresses: {},
    log: () => {},
    requestMilliseconds: 1000,
    ...options,
  });
  doors.push(door);
  return door;
}

function dial({ address }: HttpDoor, bytes: Buffer | string = ""): Promise<number> {
  const [host = "", port] = address.split(":");
  const begin = performance.now();
  const socket = connect({ host, port: Number(port) });
  sockets.add(socket);
  socket.on("error", () => {});
  if (bytes.length > 0) socket.write(bytes);
  socket.resume();
  return new Promise((resolve) => socket.on("close", () => resolve(performance.now() - begin)));
}

/** What the door answers to a client that it knows. */
function ask({ address }: HttpDoor): Promise<string> {
  const [host = "", port] = address.split(":");
  const { certificate: cert, key, authority: ca } = client;
  return new Promise((resolve) => {
    const socket = connectTls({ host, port: Number(port), ca, cert, key });
    let received = "";
    socket.on("data", (piece) => {
      received += piece;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(received));
    socket.write("GET /status HTTP/1.1\r\nhost: s1\r\nconnection: close\r\n\r\n");
  });
}

/** The beginning of a TLS handshake: a record of 512 bytes that does not come. */
const BEGUN = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);

describe("over TLS", () => {
  test("many connections that say nothing do not keep others out, nor the door open", async () => {
    const door = await openDoor({ requestMilliseconds: 60_000 });
    const begin = performance.now();
    const ends = Array.from({ length: 200 }, () => dial(door));
    await Promise.all(ends.slice(0, 130));
    expect(await ask(door)).toMatch(/^HTTP\/1.1 200 /);
    await door.close();
    await Promise.all(ends);
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  test.each([
    ["says nothing", ""],
    ["begins a handshake and no more", BEGUN],
    ["does not speak TLS", "GET /status HTTP/1.1\r\nhost: s1\r\n\r\n"],
  ])("a connection that %s is ended", async (_, bytes) => {
    const door = await openDoor({});
    expect(await dial(door, bytes)).toBeLessThan(5000);
    expect(await ask(door)).toMatch(/^HTTP\/1.1 200 /);
  });
});

test("without TLS, a connection that says nothing is ended", async () => {
  const door = await openDoor({ tls: null });
  expect(await dial(door)).toBeLessThan(5000);
});
