/** TLS sessions that are taken up again: without a certificate nobody gets in by them. */
import { connect as connectTls, type SecureVersion, type TLSSocket } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  FrameReader,
  type Hello,
  type HelloAnswer,
  readHelloAnswer,
} from "../../../src/node/codec/index.ts";
import { HttpDoor } from "../../../src/node/http/door.ts";
import { certificateFault } from "../../../src/node/tls.ts";
import type { TlsOptions } from "../../../src/node/tls-options.ts";
import { makeAuthority, makeCertificate } from "../certificates.ts";
import { FakeCluster, openDoors } from "../client/fake-cluster.ts";
import { closeNodes, startNode } from "./pair.ts";
import { hello } from "./raw.ts";

let s1: TlsOptions;
let s2: TlsOptions;
let client: TlsOptions;
/** Signed by another authority. */
let stranger: TlsOptions;

beforeAll(async () => {
  const [authority, another] = await Promise.all([makeAuthority(), makeAuthority("another")]);
  [s1, s2, client, stranger] = await Promise.all([
    makeCertificate(authority, { names: ["s1"] }),
    makeCertificate(authority, { names: ["s2"] }),
    makeCertificate(authority, {}),
    makeCertificate(another, { names: ["s1"] }),
  ]);
});

afterEach(closeNodes);

interface Visit {
  readonly received: Buffer;
  /** The session that the server gave, to be taken up again. */
  readonly session: Buffer | null;
  readonly isTakenUpAgain: boolean;
}

/** Connects with a certificate or none, says something, and gives what comes back in a moment. */
function visit(
  address: string,
  tls: TlsOptions | null,
  session: Buffer | null,
  bytes: Buffer | string,
  maxVersion: SecureVersion = "TLSv1.3",
): Promise<Visit> {
  const [host = "", port] = address.split(":");
  return new Promise((resolve) => {
    const socket: TLSSocket = connectTls({
      host,
      port: Number(port),
      rejectUnauthorized: false,
      maxVersion,
      ...(tls === null ? {} : { cert: tls.certificate, key: tls.key }),
      ...(session === null ? {} : { session }),
    });
    let received = Buffer.alloc(0);
    let given: Buffer | null = null;
    let isTakenUpAgain = false;
    socket.on("secureConnect", () => {
      isTakenUpAgain = socket.isSessionReused();
      socket.write(bytes);
    });
    socket.on("session", (last: Buffer) => {
      given = last;
    });
    socket.on("data", (piece) => {
      received = Buffer.concat([received, piece]);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve({ received, session: given, isTakenUpAgain });
    });
    const timer = setTimeout(() => socket.destroy(), 500);
  });
}

/** Visits, and then again with the session of the first visit, if there was one. */
async function visitTwice(address: string, tls: TlsOptions | null, bytes: Buffer | string) {
  const first = await visit(address, tls, null, bytes);
  const second = await visit(address, tls, first.session, bytes);
  return { first, second };
}

function answerIn({ received }: Visit): HelloAnswer | null {
  const reader = new FrameReader(4096);
  reader.push(received);
  const body = reader.next();
  return body === null ? null : readHelloAnswer(body);
}

const ROLES: readonly [string, Partial<Hello>][] = [
  ["a client", { role: "client", clusterId: "", from: "mallory", to: "" }],
  ["a server", { role: "server", from: "s1" }],
];

describe.each(ROLES)("as %s", (_, fields) => {
  test.each(["no", "another authority's"])(
    "nobody with %s certificate is welcomed, nor with the session of an earlier visit",
    async (which) => {
      const { addresses } = await openDoors(new FakeCluster(), ["s2"], {}, s2);
      const tls = which === "no" ? null : stranger;
      const { first, second } = await visitTwice(addresses.s2 ?? "", tls, hello(fields));
      expect([answerIn(first), answerIn(second)]).toEqual([null, null]);
    },
  );

  test("whoever shows a certificate shows it each time", async () => {
    const to = await startNode({
      id: "s2",
      servers: { s1: "127.0.0.1:1", s3: "127.0.0.1:2" },
      tls: s2,
    });
    to.transport.acceptClients(() => {});
    const own = fields.role === "server" ? s1 : client;
    const { first, second } = await visitTwice(to.transport.address, own, hello(fields));
    expect([answerIn(first)?.status, answerIn(second)?.status]).toEqual(["welcome", "welcome"]);
    expect(second.isTakenUpAgain).toBe(false);
  });
});

test("at the HTTPS door nobody is served without a certificate, nor with an earlier session", async () => {
  const door = await HttpDoor.open({
    server: new FakeCluster().server("s2"),
    listen: "127.0.0.1:0",
    tls: s2,
    addresses: {},
    log: () => {},
  });
  const request = "GET /status HTTP/1.1\r\nhost: s2\r\nconnection: close\r\n\r\n";
  for (const tls of [null, stranger]) {
    const { first, second } = await visitTwice(door.address, tls, request);
    expect([String(first.received), String(second.received)]).toEqual(["", ""]);
  }
  const { first, second } = await visitTwice(door.address, client, request);
  expect(String(first.received)).toMatch(/^HTTP\/1.1 200 /);
  expect(String(second.received)).toMatch(/^HTTP\/1.1 200 /);
  expect(second.isTakenUpAgain).toBe(false);
  await door.close();
});

test("at neither door is an older TLS spoken, which could be negotiated anew", async () => {
  const { addresses } = await openDoors(new FakeCluster(), ["s2"], {}, s2);
  const server = new FakeCluster().server("s2");
  const listen = "127.0.0.1:0";
  const door = await HttpDoor.open({ server, listen, tls: s2, addresses: {}, log: () => {} });
  for (const address of [addresses.s2 ?? "", door.address]) {
    const { received } = await visit(address, client, null, hello(), "TLSv1.2");
    expect(received.length).toBe(0);
  }
  await door.close();
});

test("to be authorized is not enough where no certificate was shown", () => {
  const shown = { authorized: true, authorizationError: new Error("none") } as const;
  const none = { ...shown, getPeerX509Certificate: () => undefined };
  expect(certificateFault(none)).toBe("no certificate was shown");
});
