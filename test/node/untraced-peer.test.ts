import { afterEach, expect, test } from "vitest";
import { lockstep } from "../cli/program.ts";
import { LocalCluster, until } from "./cluster.ts";

let cluster: LocalCluster;
afterEach(async () => {
  await cluster.remove();
});

test("a server that does not trace among others that do is told of by all, and by the check", async () => {
  const logged: string[] = [];
  cluster = new LocalCluster(3);
  for (const id of cluster.names) {
    const log = (_: string, message: string): void => {
      if (message.includes("trace")) logged.push(`${id}: ${message}`);
    };
    // It leads, so that the others hear it.
    const isUntraced = id === "s2";
    const timing = { heartbeatMs: 30, electionTimeoutMs: isUntraced ? 100 : 5000 };
    await cluster.start(id, { log, timing, ...(isUntraced ? { traceFile: null } : {}) });
  }
  await cluster.execute("first");
  for (const id of ["s1", "s3"]) {
    const server = cluster.running.get(id);
    await until(() => (server?.status().untracedPeers?.length === 1 ? true : null));
    expect(server?.status().untracedPeers).toEqual(["s2"]);
    const metric = server?.metrics().find(({ name }) => name === "lockstep_untraced_peers");
    expect(metric?.samples).toEqual([{ value: 1 }]);
  }
  expect(cluster.running.get("s2")?.status().untracedPeers).toBeUndefined();
  await until(() => (logged.length === 4 ? true : null));
  expect(logged.sort()).toEqual([
    expect.stringMatching(/^s1: s2 does not trace its steps: what this server traces from now on/),
    expect.stringMatching(/^s2: s1 traces its steps and this server does not: what s1 traces/),
    expect.stringMatching(/^s2: s3 traces its steps and this server does not: what s3 traces/),
    expect.stringMatching(/^s3: s2 does not trace its steps: what this server traces from now on/),
  ]);
  await cluster.stopAll();
  for (const engine of ["compiled", "tlc"]) {
    const { exitCode, stdout } = await lockstep(["check", cluster.folder, "--engine", engine]);
    expect(exitCode, stdout).toBe(2);
    expect(stdout).toMatch(/s1.ndjson:\d+: received: the message came from s2, which did not/);
    expect(stdout).toMatch(/s3.ndjson:\d+: received: .* Trace every server of the cluster/);
  }
});

test("a cluster of which all servers trace, or none, tells nothing of it", async () => {
  for (const traceFile of [undefined, null]) {
    const logged: string[] = [];
    cluster = new LocalCluster(3);
    for (const id of cluster.names) {
      const log = (level: string, message: string): void => {
        if (level === "warn") logged.push(message);
      };
      await cluster.start(id, { log, ...(traceFile === null ? { traceFile } : {}) });
    }
    await cluster.execute("first");
    const statuses = [...cluster.running.values()].map((server) => server.status().untracedPeers);
    expect(statuses).toEqual(new Array(3).fill(traceFile === null ? undefined : []));
    expect(logged).toEqual([]);
    await cluster.remove();
  }
});
