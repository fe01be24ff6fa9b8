import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { StoreClient } from "../../../src/node/client/index.ts";
import { HttpDoor } from "../../../src/node/http/door.ts";
import type { TlsOptions } from "../../../src/node/tls-options.ts";
import { type Authority, makeAuthority, makeCertificate } from "../certificates.ts";
import { FakeCluster, openDoors } from "../client/fake-cluster.ts";
import { closeNodes, type Node, startNode, until, vote } from "./pair.ts";

let authority: Authority;
let stranger: Authority;
let s1: TlsOptions;
let s2: TlsOptions;
let client: TlsOptions;

beforeAll(async () => {
  [authority, stranger] = await Promise.all([makeAuthority(), makeAuthority("another")]);
  [s1, s2, client] = await Promise.all([
    makeCertificate(authority, { names: ["s1"] }),
    makeCertificate(authority, { names: ["s2"], addresses: ["127.0.0.1"] }),
    makeCertificate(authority, { commonName: "s1" }),
  ]);
});

afterEach(closeNodes);

/** s2 listens with its certificate, and s1 dials it with the one given. */
async function dialWith(tls: TlsOptions | null, dialled = "s2"): Promise<{ from: Node; to: Node }> {
  const to = await startNode({
    id: "s2",
    servers: { s1: "127.0.0.1:1" },
    tls: s2,
    limits: { handshakeMilliseconds: 500 },
  });
  const from = await startNode({ id: "s1", servers: { [dialled]: to.transport.address }, tls });
  return { from, to };
}

async function expectRefused({ from, to }: { from: Node; to: Node }, words: RegExp): Promise<void> {
  const said = () => [...from.logged, ...to.logged].map(({ message }) => message).join("\n");
  await until(
    () => words.test(said()),
    () => `${words} in: ${said()}`,
  );
  from.transport.send(vote(1));
  expect(from.transport.counters()).toMatchObject({ connectedTo: [], messagesSent: 0 });
  expect(to.received).toEqual([]);
}

describe("with TLS, messages", () => {
  test("arrive between servers that the authority has signed", async () => {
    const { from, to } = await dialWith(s1);
    await until(() => from.transport.counters().connectedTo.length === 1);
    from.transport.send(vote(1));
    await until(() => to.received.length === 1);
    expect(to.received).toEqual([vote(1)]);
  });

  test("do not arrive from whom another authority has signed", async () => {
    const tls = await makeCertificate(stranger, { names: ["s1"] });
    await expectRefused(await dialWith(tls), /self-signed|unable to|verify|certificate/);
    // Nor where it only believes ours, and is not believed.
    const half = { ...tls, authority: authority.certificate };
    await expectRefused(await dialWith(half), /no connection to s2/);
  });

  test("do not arrive under the id of another server, nor of a client", async () => {
    const tls = await makeCertificate(authority, { names: ["s3", "*.s1", "s1.example"] });
    await expectRefused(await dialWith(tls), /the certificate is not that of server s1/);
    await expectRefused(await dialWith(client), /the certificate is not that of server s1/);
  });

  test("do not arrive by a wildcard, or by a common name", async () => {
    const own = await makeCertificate(authority, { names: ["s2.demo.lan"] });
    const to = await startNode({
      id: "s2.demo.lan",
      servers: { "s1.demo.lan": "127.0.0.1:1" },
      tls: own,
    });
    const tls = await makeCertificate(authority, {
      names: ["*.demo.lan"],
      commonName: "s1.demo.lan",
    });
    const servers = { "s2.demo.lan": to.transport.address };
    const from = await startNode({ id: "s1.demo.lan", servers, tls });
    await expectRefused({ from, to }, /the certificate is not that of server s1.demo.lan/);
  });

  test("do not go to another server than was meant", async () => {
    await expectRefused(await dialWith(s1, "s9"), /no DNS:s9 among its names/);
  });

  test("do not arrive with a certificate that has expired", async () => {
    const tls = await makeCertificate(authority, { names: ["s1"], notAfter: new Date(2020, 1) });
    await expectRefused(
      await dialWith(tls),
      /a connection was refused: the certificate is not valid here \(CERT_HAS_EXPIRED\)/,
    );
  });

  test("do not arrive without TLS, and strangers disturb nobody", async () => {
    const { from, to } = await dialWith(s1);
    await until(() => from.transport.counters().connectedTo.length === 1);
    const [host = "", port] = to.transport.address.split(":");
    const plain = connect({ host, port: Number(port) });
    plain.on("error", () => {});
    plain.write("GET / HTTP/1.1\r\n\r\n");
    const anonymous = connectTls({ host, port: Number(port), rejectUnauthorized: false });
    anonymous.on("error", () => {});
    await Promise.all(
      [plain, anonymous].map((socket) => new Promise((end) => socket.on("close", end))),
    );
    expect(to.logged.map(({ message }) => message).join()).toMatch(/a connection was refused/);
    from.transport.send(vote(2));
    await until(() => to.received.length === 1);
  });
});

describe("with TLS, clients", () => {
  test("of the authority are served over TCP, others not", async () => {
    const cluster = new FakeCluster();
    cluster.leader = "s2";
    const { addresses } = await openDoors(cluster, ["s2"], {}, s2);
    const known = new StoreClient({ servers: addresses, tls: client });
    expect(await known.put("x", "1")).toBe(null);
    known.close();
    const unknown = new StoreClient({
      servers: addresses,
      tls: await makeCertificate(stranger, {}),
      timeoutMilliseconds: 300,
    });
    await expect(unknown.get("x")).rejects.toMatchObject({ mayHaveBeenExecuted: false });
    unknown.close();
  });

  test("of the authority are served over HTTPS, others not", async () => {
    const door = await HttpDoor.open({
      server: new FakeCluster().server("s2"),
      listen: "127.0.0.1:0",
      tls: s2,
      addresses: {},
      log: () => {},
    });
    expect(await getOverTls(door.address, client)).toMatch(/^HTTP\/1.1 200 OK/);
    expect(await getOverTls(door.address, await makeCertificate(stranger, {}))).not.toMatch(/200/);
    await door.close();
  });

  function getOverTls(address: string, tls: TlsOptions): Promise<string> {
    const [host = "", port] = address.split(":");
    return new Promise((resolve) => {
      const socket = connectTls({
        host,
        port: Number(port),
        ca: authority.certificate,
        cert: tls.certificate,
        key: tls.key,
      });
      let received = "";
      socket.on("data", (piece) => {
        received += piece;
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(received));
      socket.write("GET /status HTTP/1.1\r\nhost: s2\r\nconnection: close\r\n\r\n");
    });
  }
});

describe("settings that cannot be are refused", () => {
  test.each([
    ["an address beyond loopback without TLS", { listen: "0.0.0.0:0" }, /TLS is required/],
    ["a peer beyond loopback without TLS", { servers: { s2: "192.0.2.1:1" } }, /TLS is required/],
    ["an address without a port", { listen: "127.0.0.1" }, /HOST:PORT is expected/],
    ["an address of another machine", { listen: "127.0.0.1:70000" }, /HOST:PORT is expected/],
  ])("%s", async (_, options, words) => {
    await expect(startNode({ id: "s1", ...options })).rejects.toThrow(words);
  });

  test("what is no certificate, or another's key", async () => {
    const wrong = [
      { ...s1, certificate: "none" },
      { ...s1, authority: "none" },
      { ...s1, key: s2.key },
    ];
    for (const tls of wrong) {
      await expect(startNode({ id: "s1", tls })).rejects.toThrow(/cannot be used/);
    }
  });

  test("an id that cannot stand in a certificate", async () => {
    for (const id of ["a b", "127.0.0.1", "-a"]) {
      await expect(startNode({ id, tls: s1 })).rejects.toThrow(/must be able to stand in/);
    }
  });

  test("an address that is in use", async () => {
    const { transport } = await startNode({ id: "s1" });
    const again = startNode({ id: "s2", listen: transport.address });
    await expect(again).rejects.toThrow(/in use by another program/);
  });
});
