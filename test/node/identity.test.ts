import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KeyValueMachine, type NodeServer, nodeFiles, startServer } from "../../src/index.ts";
import { openStorage } from "../../src/node/storage.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-identity-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function start(clusterId = "test"): Promise<NodeServer> {
  return startServer({
    id: "s1",
    clusterId,
    servers: { s1: "127.0.0.1:7001" },
    listen: "127.0.0.1:0",
    folder,
    machine: new KeyValueMachine(),
    timing: { heartbeatMs: 20, electionTimeoutMs: 50 },
  });
}

/** A server that has been elected, and so has voted, was here. */
async function serveOnce(): Promise<void> {
  const server = await start();
  while (server.status().role !== "Leader") {
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

  test("nor in the folder of another cluster", async () => {
    await serveOnce();
    await expect(start("other")).rejects.toThrow(/folder of another server: its clusterId/);
  });
});

test("a server that was killed at its very first start, before it had claimed its folder, starts", async () => {
  const files = nodeFiles;
  const opened = await openStorage({ files, folder, segmentBytes: 65_536, onTrace: () => {} });
  await opened.storage.close();
  await serveOnce();
});
