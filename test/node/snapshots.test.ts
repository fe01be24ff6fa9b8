import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { expectValid, LocalCluster, propose, until } from "./cluster.ts";

let cluster: LocalCluster;
afterEach(async () => {
  await cluster.remove();
});

/** Servers that compact their log after some hundred commands. */
async function startCompacting(): Promise<void> {
  cluster = new LocalCluster(3, {
    segmentBytes: 16 * 1024,
    limits: { snapshotBytes: 16 * 1024 },
  });
  await cluster.startAll();
}

async function executeMany(count: number): Promise<void> {
  const leader = await cluster.leader();
  for (let i = 0; i < count; i += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, j) => propose(leader, `command ${i + j}`)));
  }
}

/** Whether nearly all is in the snapshot, and what that made useless is gone. */
function isCompacted(id: string): boolean {
  const snapshots = readdirSync(join(cluster.folderOf(id), "snapshots"));
  const { snapshotIndex = 0 } = cluster.running.get(id)?.status() ?? {};
  return snapshotIndex > 2000 && segments(id) <= 12 && snapshots.length <= 2;
}

function segments(id: string): number {
  return readdirSync(join(cluster.folderOf(id), "wal")).filter((name) => name.endsWith(".wal"))
    .length;
}

describe("a log that grows", () => {
  test("is compacted: what lies on the disk does not grow with the commands", async () => {
    await startCompacting();
    await executeMany(3000);
    await cluster.settle();
    for (const id of cluster.names) {
      await until(() => (isCompacted(id) ? true : null));
    }
  });

  test("is gone on from, after a restart, with the state of the snapshot", async () => {
    await startCompacting();
    await executeMany(1000);
    await cluster.stopAll();
    await cluster.startAll();
    expect((await cluster.execute("after")).answer).toBe("1001");
    await cluster.settle();
    for (const machine of cluster.machines.values()) expect(machine.commands.length).toBe(1001);
    await cluster.stopAll();
    await expectValid(cluster.folder);
  });

  test("a follower that was away gets the snapshot, and then the entries", async () => {
    await startCompacting();
    const leader = await cluster.leader();
    const away = cluster.names.find((id) => id !== leader.status().id) ?? "";
    await cluster.stop(away);
    await executeMany(2000);
    const back = await cluster.start(away);
    await cluster.settle();
    expect(cluster.machines.get(away)?.commands.length).toBe(2000);
    expect(back.status().snapshotIndex).toBeGreaterThan(0);
    await cluster.stop(away);
    await cluster.start(away);
    await cluster.settle();
    expect(cluster.machines.get(away)?.commands.length).toBe(2000);
    await cluster.stopAll();
    await expectValid(cluster.folder);
  });
});
