import { afterEach, describe, expect, test } from "vitest";
import { expectValid, LocalCluster, propose, read } from "./cluster.ts";

let cluster: LocalCluster;
afterEach(async () => {
  await cluster.remove();
});

describe("a cluster of three", () => {
  test("elects a leader, replicates, persists, and leaves a trace that holds", async () => {
    cluster = new LocalCluster(3);
    await cluster.startAll();
    const commands = Array.from({ length: 100 }, (_, i) => `command ${i}`);
    const leader = await cluster.leader();
    const outcomes = await Promise.all(commands.map((command) => propose(leader, command)));
    expect(outcomes).toMatchObject(commands.map((_, i) => ({ answer: String(i + 1) })));
    await cluster.settle();
    for (const machine of cluster.machines.values()) expect(machine.commands).toEqual(commands);
    await cluster.stopAll();
    await expectValid(cluster.folder);
  });

  test("goes on from its folders after all have stopped", async () => {
    cluster = new LocalCluster(3);
    await cluster.startAll();
    for (let i = 0; i < 20; i++) await cluster.execute(`before ${i}`);
    await cluster.stopAll();
    await cluster.startAll();
    const { answer } = await cluster.execute("after");
    expect(answer).toBe("21");
    await cluster.stopAll();
    await expectValid(cluster.folder);
  });

  test("reads what was written before, without an entry in the log", async () => {
    cluster = new LocalCluster(3);
    await cluster.startAll();
    const leader = await cluster.leader();
    for (let i = 0; i < 20; i++) {
      await propose(leader, `command ${i}`);
      expect(await read(leader, String(i))).toMatchObject({ answer: `command ${i}` });
    }
    const { lastIndex } = leader.status();
    const reads = Array.from({ length: 100 }, (_, i) => read(leader, String(i)));
    expect((await Promise.all(reads)).every(({ status }) => status === "executed")).toBe(true);
    expect(leader.status().lastIndex).toBe(lastIndex);
  });

  test("serves with one server down, which catches up when it is back", async () => {
    cluster = new LocalCluster(3);
    await cluster.startAll();
    await cluster.execute("with all");
    const follower = cluster.names.find(
      (id) => cluster.running.get(id)?.status().role !== "Leader",
    );
    await cluster.stop(follower ?? "");
    const commands = Array.from({ length: 1000 }, (_, i) => String(i));
    for (let i = 0; i < 1000; i += 100) {
      await Promise.all(commands.slice(i, i + 100).map((command) => cluster.execute(command)));
    }
    await cluster.start(follower ?? "");
    await cluster.settle();
    const executed = new Set(cluster.machines.get(follower ?? "")?.commands);
    expect(executed).toEqual(new Set(["with all", ...commands]));
    await cluster.stopAll();
    await expectValid(cluster.folder);
  });
});

describe("a cluster of one", () => {
  test("leads itself", async () => {
    cluster = new LocalCluster(1);
    await cluster.startAll();
    expect((await cluster.execute("alone")).answer).toBe("1");
    expect(await propose(await cluster.leader(), "again")).toMatchObject({ answer: "2" });
    await cluster.stopAll();
    await expectValid(cluster.folder);
  });
});
