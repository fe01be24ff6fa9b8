import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KeyValueMachine, type NodeServer, nodeFiles, startServer } from "../../src/index.ts";
import type { NodeServerOptions } from "../../src/node/options.ts";
import { openStorage } from "../../src/node/storage.ts";
import { makeAuthority, makeCertificate } from "./certificates.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-identity-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function start(options: Partial<NodeServerOptions> = {}): Promise<NodeServer> {
  return startServer({
    id: "s1",
    clusterId: "test",
    servers: { s1: "127.0.0.1:7001" },
    listen: "127.0.0.1:0",
    folder,
    machine: new KeyValueMachine(),
    timing: { heartbeatMs: 20, electionTimeoutMs: 50 },
    ...options,
  });
}

/** A server that has been elected, and so has voted, was here. */
async function serveOnce(options: Partial<NodeServerOptions> = {}): Promise<void> {
  const server = await start(options);
  // What it executes is durable, and so is the vote before it: to lead is known a moment earlier.
  while (server.status().lastApplied === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await server.stop();
}

describe("a server does not start as if it had never voted", () => {
  test.each(["wal", "server.json"])("where %s was lost", async (lost) => {
    await serveOnce();
    rmSync(join(folder, lost), { recursive: true });
    const reason = lost === "wal" ? /has lost its log/ : /no server\.json that says whose it is/;
    await expect(start()).rejects.toThrow(reason);
    // Nor at the second try, for what the first has left behind.
    await expect(start()).rejects.toThrow(reason);
  });

  test("but does where the servers of its cluster are named in another order, and goes on in its trace", async () => {
    const [one, two] = [{ s1: "127.0.0.1:7001" }, { s2: "127.0.0.1:7002" }];
    const traceFile = join(folder, "s1.ndjson");
    await (await start({ servers: { ...one, ...two }, traceFile })).stop();
    await (await start({ servers: { ...two, ...one }, traceFile })).stop();
    await expect(start({ servers: one, traceFile })).rejects.toThrow(
      /another server: its servers are \[/,
    );
  });

  test("nor in the folder of another cluster", async () => {
    await serveOnce();
    await expect(start({ clusterId: "other" })).rejects.toThrow(
      /folder of another server: its clusterId/,
    );
  });
});

test.each([
  [{ s2: "127.0.0.1:7001" }, /servers s1 and s2 have the same address, 127\.0\.0\.1:7001/],
  [{ s2: "127.0.0.1:0" }, /server s2 has port 0, at which it cannot be reached/],
  [{ s2: "here" }, /servers\.s2 is "here": HOST:PORT is expected/],
])("a server does not start where another could not be reached: %o", async (others, reason) => {
  const servers = { s1: "127.0.0.1:7001", ...others };
  await expect(start({ servers })).rejects.toThrow(reason);
  expect(readdirSync(folder)).toEqual([]);
});

test("a server does not start with a certificate that the others would not let in", async () => {
  const tls = await makeCertificate(await makeAuthority(), { names: ["s2"] });
  await expect(start({ tls })).rejects.toThrow(
    /the certificate is not that of server s1: it needs DNS:s1 among its names/,
  );
  await expect(start({ tls: { ...tls, key: "none" } })).rejects.toThrow(/cannot be used/);
  expect(readdirSync(folder)).toEqual([]);
});

test("a server does not start without a state machine, whole", async () => {
  for (const [method, machine] of [
    ["apply", undefined],
    ["query", { apply: () => "" }],
  ] as const) {
    const given = machine as unknown as KeyValueMachine;
    await expect(start({ machine: given })).rejects.toThrow(
      `the state machine (machine) has no method ${method}.`,
    );
  }
  expect(readdirSync(folder)).toEqual([]);
});

test("a start that fails at its end, for a log that throws, leaves nothing running", async () => {
  const log = (): void => {
    throw new Error("the log is broken");
  };
  await expect(start({ log })).rejects.toThrow("the log is broken");
  // Several election timeouts: a host that went on would stand, and tell the log that throws.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await serveOnce();
});

test("a server does not start in a folder that holds something else, and says what", async () => {
  for (const name of ["notes.txt", "photos", "a", "b"]) writeFileSync(join(folder, name), "");
  await expect(start()).rejects.toThrow(
    /is not a server's folder, and not empty: it holds "a", "b", "notes.txt" and 1 more\. A server's/,
  );
  expect(readdirSync(folder).sort()).toEqual(["a", "b", "notes.txt", "photos"]);
});

test("a server starts in a folder with its own trace, and in the root of a file system", async () => {
  mkdirSync(join(folder, "lost+found"));
  mkdirSync(join(folder, "trace"));
  await serveOnce({ traceFile: join(folder, "trace", "s1.ndjson") });
});

test("a server that was killed at its very first start, before it had claimed its folder, starts", async () => {
  const files = nodeFiles;
  const opened = await openStorage({ files, folder, segmentBytes: 65_536, onTrace: () => {} });
  await opened.storage.close();
  await serveOnce();
});
