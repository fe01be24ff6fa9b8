import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockstep, MAIN, type ProgramResult } from "./program.ts";

let folder: string;
let running: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-serve-"));
  running = [];
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** Writes a configuration of one server alone, and says where. */
async function configure(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const path = join(folder, "s1.json");
  const configuration = {
    id: "s1",
    clusterId: "test",
    servers: { s1: `127.0.0.1:${await freePort()}` },
    folder: join(folder, "s1"),
    http: { s1: `127.0.0.1:${await freePort()}` },
    heartbeatMs: 20,
    electionTimeoutMs: 50,
    ...more,
  };
  writeFileSync(path, JSON.stringify(configuration));
  return path;
}

interface Serving {
  readonly child: ChildProcess;
  /** The document that --json prints once the server takes part. */
  readonly ready: Readonly<Record<string, unknown>>;
  stop(signal: NodeJS.Signals): Promise<ProgramResult>;
}

async function serve(config: string): Promise<Serving> {
  const child = spawn(process.execPath, [MAIN, "serve", "--config", config, "--json"]);
  running.push(child);
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      if (stdout.endsWith("}\n")) resolve(JSON.parse(stdout));
    });
    child.on("exit", () => reject(new Error(stderr)));
  });
  const exit = once(child, "exit");
  return {
    child,
    ready,
    stop: async (signal) => {
      child.kill(signal);
      const [exitCode] = await exit;
      return { exitCode, stdout, stderr };
    },
  };
}

/** Asks until the server leads. */
async function ask(url: string, options: RequestInit = {}): Promise<unknown> {
  for (;;) {
    const response = await fetch(url, options);
    if (response.status !== 503) return await response.json();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("lockstep serve", () => {
  test("serves by its configuration, tells of itself, and ends with 0 at SIGTERM", async () => {
    const { ready, stop } = await serve(await configure());
    expect(ready).toMatchObject({ id: "s1", clusterId: "test", currentTerm: 0 });
    const base = `http://${ready.httpAddress}`;
    const put = { method: "PUT", body: JSON.stringify({ value: "green" }) };
    await ask(`${base}/kv/colour`, put);
    expect(await ask(`${base}/kv/colour`)).toMatchObject({ value: "green" });
    expect(await ask(`${base}/status`)).toMatchObject({ role: "Leader", commitIndex: 2 });
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toContain('lockstep_role{role="Leader"} 1');
    expect(metrics).toMatch(/lockstep_persist_seconds_count [1-9]/);
    expect(metrics).toMatch(/lockstep_heap_used_bytes [1-9]\d{6,}\n/);
    expect(metrics).toMatch(/lockstep_heap_alive_bytes \d+\n/);
    const { exitCode, stderr } = await stop("SIGTERM");
    expect(exitCode).toBe(0);
    const lines = stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ message }) => message)).toEqual(["started", "role", "stopped"]);
    expect(lines[0]).toMatchObject({ level: "info", server: "s1", pid: expect.any(Number) });
  });

  test("comes back from kill -9 with all that it has acknowledged", async () => {
    const config = await configure({ trace: join(folder, "traces", "s1.ndjson") });
    const first = await serve(config);
    const put = { method: "PUT", body: JSON.stringify({ value: "kept" }) };
    await ask(`http://${first.ready.httpAddress}/kv/key`, put);
    await first.stop("SIGKILL");
    const second = await serve(config);
    expect(await ask(`http://${second.ready.httpAddress}/kv/key`)).toMatchObject({ value: "kept" });
    expect((await second.stop("SIGINT")).exitCode).toBe(0);
  });

  test("refuses a damaged log, with file and offset, and leaves it as it is", async () => {
    const config = await configure();
    const serving = await serve(config);
    const base = `http://${serving.ready.httpAddress}`;
    for (let i = 0; i < 3; i++) {
      await ask(`${base}/kv/key`, { method: "PUT", body: JSON.stringify({ value: String(i) }) });
    }
    await serving.stop("SIGTERM");
    const path = join(folder, "s1", "wal", "000000000001.wal");
    const bytes = readFileSync(path);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const { exitCode, stderr } = await lockstep(["serve", "--config", config]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/000000000001\.wal is damaged at offset \d+: .*a valid one follows/);
    expect(stderr.trim().split("\n").length).toBe(1);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test.each([
    ["no setting", {}, [], "id is missing: give --id NAME"],
    [
      "a misspelt one",
      { clusterID: "x" },
      [],
      'there is no setting clusterID (did you mean "clusterId"?)',
    ],
    ["a wrong value", { heartbeatMs: "soon" }, [], 'heartbeatMs is "soon": a positive integer'],
    ["a server that is none", { id: "s9" }, [], "server s9 is not one of the cluster: s1"],
    [
      "an HTTP door of a server that is none",
      { http: { S1: "127.0.0.1:1" } },
      [],
      "an HTTP door is named of server S1, which is not one of the cluster: s1",
    ],
    ["an address without TLS", { listen: "0.0.0.0:1" }, [], "TLS is required"],
    [
      "a part of TLS",
      { tls: { key: "k" } },
      [],
      "s1.json: tls.authority is missing: the path of a",
    ],
    ["a place of no server", { servers: { s1: "here" } }, [], 'servers.s1 is "here": HOST:PORT is'],
    ["segments too small", {}, ["--segment-bytes", "100"], "segmentBytes is 100: an integer is"],
    [
      "segments too large",
      {},
      ["--segment-bytes", "99999999999999"],
      "segmentBytes is 99999999999999: an integer is expected, 4096 at the least and 1073741824 at the most",
    ],
    [
      "a number that is none",
      {},
      ["--segment-bytes", "16MiB"],
      "--segment-bytes 16MiB is not a positive integer",
    ],
    [
      "several doors in one flag",
      {},
      ["--http", "s1=127.0.0.1:1,s2=127.0.0.1:2"],
      "once for each server: --http s1=127.0.0.1:1 --http s2=127.0.0.1:2.",
    ],
    ["an unknown level", {}, ["--log-level", "loud"], "info, warn, error is expected"],
    ["a timeout too short", { heartbeatMs: 40 }, [], "elects leaders all the time"],
  ])("%s is bad usage, told in a line", async (what, more, flags, message) => {
    const config = what === "no setting" ? [] : ["--config", await configure(more)];
    const { exitCode, stderr } = await lockstep(["serve", ...config, ...flags], {
      env: { PATH: process.env.PATH },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n").length).toBe(1);
  });

  test.each([
    ["folder", "a-file/s1", /folder \S+s1 cannot be: \S+a-file is a file\. Name a folder/],
    ["folder", "a-file", /folder \S+a-file cannot be: it is a file\. Name a folder/],
    ["trace", "a-file/s1.ndjson", /trace \S+ cannot be: \S+a-file is a file\. Name a file in a/],
    ["trace", "a-folder", /trace \S+a-folder cannot be: it is a folder\. Name a file/],
    ["trace", "not-there/", /trace \S+not-there\/ cannot be: it is a folder\. Name a file/],
  ])(
    "a %s that is of the wrong kind (%s) is bad input, told in a line",
    async (setting, place, words) => {
      writeFileSync(join(folder, "a-file"), "");
      mkdirSync(join(folder, "a-folder"));
      const config = await configure({ [setting]: `${folder}/${place}` });
      const before = readdirSync(folder);
      const { exitCode, stderr } = await lockstep(["serve", "--config", config]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(words) });
      expect(stderr.trim().split("\n").length).toBe(1);
      expect(readdirSync(folder)).toEqual(before);
    },
  );

  test.skipIf(process.platform !== "linux").each([
    ["folder", "/sys/s1"],
    ["trace", "/sys/traces/s1.ndjson"],
  ])("a %s that the machine refuses (%s) is for who runs the machine", async (setting, place) => {
    const { exitCode, stderr } = await lockstep([
      ...["serve", "--config", await configure({ [setting]: place })],
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(/^lockstep serve: E\w+: .*: .+\.\n$/),
    });
  });

  test("an address that is in use is told, and nothing is left locked", async () => {
    const config = await configure();
    const first = await serve(config);
    const other = join(folder, "other.json");
    const settings = JSON.parse(readFileSync(config, "utf8"));
    writeFileSync(other, JSON.stringify({ ...settings, folder: join(folder, "other") }));
    const { exitCode, stderr } = await lockstep(["serve", "--config", other]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("is in use by another program");
    expect(existsSync(join(folder, "other"))).toBe(false);
    const again = await lockstep(["serve", "--config", config]);
    expect(again.stderr).toContain(`is in use by process ${first.child.pid}`);
    await first.stop("SIGTERM");
    const free = await serve(other);
    expect((await free.stop("SIGTERM")).exitCode).toBe(0);
  });

  test.each(["servers", "http"] as const)(
    "a first start whose address (%s) is in use leaves nothing behind",
    async (setting) => {
      const taken = createServer().listen(0, "127.0.0.1");
      await once(taken, "listening");
      const address = taken.address();
      const port = typeof address === "object" ? address?.port : 0;
      const trace = join(folder, "traces", "s1.ndjson");
      const config = await configure({ trace, [setting]: { s1: `127.0.0.1:${port}` } });
      const { exitCode, stderr } = await lockstep(["serve", "--config", config]);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining("is in use by another program"),
      });
      expect(readdirSync(folder)).toEqual(["s1.json"]);
      taken.close();
      const served = await serve(config);
      expect((await served.stop("SIGTERM")).exitCode).toBe(0);
    },
  );
});
