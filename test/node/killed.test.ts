import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StoreClient } from "../../src/node/client/index.ts";
import { lockstep } from "../cli/program.ts";

const PROGRAM = join(import.meta.dirname, "killed-server.mjs");
const NAMES = ["s1", "s2", "s3"] as const;

let folder: string;
let running: Map<string, ChildProcess>;
let kills: number;
let isEnding: boolean;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-killed-"));
  running = new Map();
  kills = 0;
  isEnding = false;
});

afterEach(() => {
  for (const child of running.values()) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** Starts a server, and again whenever it has killed itself. */
function run(id: string, servers: Readonly<Record<string, string>>, forgetsTrace: boolean): void {
  const options = {
    id,
    clusterId: "killed",
    servers,
    folder: join(folder, id),
    traceFile: join(folder, `${id}.ndjson`),
    timing: { heartbeatMs: 50, electionTimeoutMs: 300 },
    segmentBytes: 32 * 1024,
    limits: { snapshotBytes: 2 * 1024 },
    killsOneIn: isEnding ? 1e9 : 60,
    forgetsTrace,
  };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  running.set(id, child);
  child.on("exit", (_, signal) => {
    running.delete(id);
    if (signal !== "SIGKILL") return;
    kills++;
    run(id, servers, forgetsTrace);
  });
}

/** Writes to three servers until so many were killed, stops them, and checks their traces. */
async function checkAfterKills(wanted: number, forgetsTrace: boolean) {
  const servers: Record<string, string> = {};
  for (const id of NAMES) servers[id] = `127.0.0.1:${await freePort()}`;
  for (const id of NAMES) run(id, servers, forgetsTrace);
  const client = new StoreClient({ servers, clusterId: "killed", timeoutMilliseconds: 60_000 });
  let puts = 0;
  for (; kills < wanted; puts++) await client.put(`key ${puts % 7}`, String(puts));
  isEnding = true;
  expect(await client.get(`key ${(puts - 1) % 7}`)).toBe(String(puts - 1));
  client.close();
  while (running.size > 0) {
    const ended = [...running.values()].map((child) => once(child, "exit"));
    for (const child of running.values()) child.kill("SIGTERM");
    await Promise.all(ended);
  }
  return await lockstep(["check", folder, "--engine", "compiled"]);
}

describe("servers that are killed between making a batch durable and tracing it", () => {
  test("leave a trace that holds: the log's records make up for it", async () => {
    const { exitCode, stdout, stderr } = await checkAfterKills(6, false);
    expect(exitCode, stdout + stderr).toBe(0);
    for (const action of ["Restart", "CompactLog", "AnswerRead"]) {
      expect(stdout).toMatch(new RegExp(`${action} +[1-9]`));
    }
  });

  test("are accused where the records' events are not taken: the test can fail", async () => {
    const { exitCode, stdout } = await checkAfterKills(3, true);
    expect(exitCode, stdout).toBe(1);
  });
});
