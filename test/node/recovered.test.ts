import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeFiles } from "../../src/node/files/node-files.ts";
import { FolderInUse } from "../../src/node/folder-lock.ts";
import { TraceNotResumable } from "../../src/node/trace/trace-file.ts";
import { openLog } from "../../src/node/wal/write-ahead-log.ts";
import { lockstep } from "../cli/program.ts";
import { LocalCluster } from "./cluster.ts";

/** One server alone, so that nobody else keeps what it loses. */
let cluster: LocalCluster;
beforeEach(async () => {
  cluster = new LocalCluster(1);
  await cluster.startAll();
  await cluster.execute("first");
});
afterEach(async () => {
  await cluster.remove();
});

async function check() {
  return await lockstep(["check", cluster.folder, "--engine", "compiled"]);
}

const WAL = "wal";

describe("the checker holds what a server has recovered against its trace", () => {
  test("what was durable is what is recovered", async () => {
    await cluster.stopAll();
    await cluster.startAll();
    await cluster.execute("second");
    await cluster.stopAll();
    expect((await check()).exitCode).toBe(0);
  });

  test("state that is lost at a restart is a divergence", async () => {
    await cluster.stopAll();
    const wal = join(cluster.folderOf("s1"), WAL);
    cpSync(wal, join(cluster.folder, "earlier"), { recursive: true });
    await cluster.startAll();
    await cluster.execute("lost");
    await cluster.stopAll();
    rmSync(wal, { recursive: true });
    cpSync(join(cluster.folder, "earlier"), wal, { recursive: true });
    await cluster.startAll();
    await cluster.execute("after");
    await cluster.stopAll();
    const { exitCode, stdout } = await check();
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toContain("Restart");
  });

  test("state that is invented at a restart is a divergence", async () => {
    await cluster.stopAll();
    const folder = join(cluster.folderOf("s1"), WAL);
    const { log, state } = await openLog({
      files: nodeFiles,
      folder,
      segmentBytes: 64 * 1024,
      onTrace: () => {},
    });
    await log.append({
      currentTerm: state.currentTerm,
      votedFor: state.votedFor,
      base: null,
      logChangedFrom: state.entries.length + 1,
      entries: [{ term: state.currentTerm, command: "invented" }],
      trace: { firstSeq: 1, lastSeq: 0, lines: Buffer.alloc(0) },
    });
    await log.close();
    await cluster.startAll();
    await cluster.execute("after");
    await cluster.stopAll();
    const { exitCode, stdout } = await check();
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toContain("Restart");
  });
});

describe("a server does not start", () => {
  test("in a folder that another one uses", async () => {
    const second = cluster.start("s1");
    await expect(second).rejects.toBeInstanceOf(FolderInUse);
  });

  test("in the folder of another server, or of another cluster", async () => {
    await cluster.stopAll();
    await expect(cluster.start("s1", { clusterId: "other", traceFile: null })).rejects.toThrow(
      /clusterId is "test", and this server's "other"/,
    );
  });

  test("with a trace, where it has run without one", async () => {
    await cluster.stopAll();
    const server = await cluster.start("s1", { traceFile: null });
    await server.stop();
    await expect(cluster.start("s1")).rejects.toBeInstanceOf(TraceNotResumable);
  });

  test("with a trace that is another server's", async () => {
    await cluster.stopAll();
    const options = { servers: { s2: "127.0.0.1:2" }, folder: join(cluster.folder, "s2") };
    const start = cluster.start("s2", { ...options, traceFile: cluster.traceOf("s1") });
    await expect(start).rejects.toThrow(/its header has the server "s1"/);
  });
});

describe("a disk that fails under a server", () => {
  test("ends it: it answers nothing that may not be durable, and says why", async () => {
    await cluster.stopAll();
    let fails = false;
    const server = await cluster.start("s1", {
      traceFile: null,
      files: {
        ...nodeFiles,
        async open(path, mode) {
          const file = await nodeFiles.open(path, mode);
          const sync = file.sync.bind(file);
          file.sync = async () => {
            if (fails) throw Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" });
            await sync();
          };
          return file;
        },
      },
    });
    await cluster.execute("durable");
    fails = true;
    const outcome = await server.execute("in doubt");
    expect(outcome).toMatchObject({ status: "unknown" });
    expect((await server.stopped)?.message).toContain("EIO");
    expect(await server.execute("more")).toMatchObject({ status: "refused" });
    cluster.running.delete("s1");
    await cluster.start("s1", { traceFile: null });
    const { commands } = cluster.machines.get("s1") ?? { commands: [] };
    await cluster.execute("again");
    expect(commands.slice(0, 2)).toEqual(["first", "durable"]);
  });
});
