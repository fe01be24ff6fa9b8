import { afterEach, expect, test } from "vitest";
import { NoLeader, SettingError } from "../../src/index.ts";
import { LocalCluster } from "./cluster.ts";

let cluster: LocalCluster;
afterEach(async () => {
  await cluster.remove();
});

test("every server names the leader as soon as it knows of it", async () => {
  cluster = new LocalCluster(3);
  await cluster.startAll();
  const named = await Promise.all(
    [...cluster.running.values()].map((server) => server.waitForLeader()),
  );
  const { id } = (await cluster.leader()).status();
  expect(named).toEqual([id, id, id]);
});

test("a server alone can have a command executed at once", async () => {
  cluster = new LocalCluster(1);
  const server = await cluster.start("s1");
  expect(await server.waitForLeader()).toBe("s1");
  expect(await server.execute("x")).toMatchObject({ status: "executed", answer: "1" });
});

test("where a majority is not there, the wait ends in time and says why", async () => {
  cluster = new LocalCluster(3);
  const server = await cluster.start("s1");
  const begin = performance.now();
  const error = await server.waitForLeader({ timeoutMilliseconds: 200 }).catch((given) => given);
  expect(error).toBeInstanceOf(NoLeader);
  expect(String(error)).toMatch(
    /^NoLeader: server s1 knew of no leader within 200 ms \(term \d+\): more than half of the servers/,
  );
  expect(performance.now() - begin).toBeGreaterThanOrEqual(200);
});

test("a server that stops or fails meanwhile ends the wait", async () => {
  cluster = new LocalCluster(3);
  const server = await cluster.start("s1");
  const waiting = expect(server.waitForLeader()).rejects.toThrow("server s1 was stopped");
  await server.stop();
  await waiting;
  const failing = await cluster.start("s2");
  const waitingToo = expect(failing.waitForLeader()).rejects.toThrow(
    "server s2 has ended: the disk is gone",
  );
  await failing.fail(new Error("the disk is gone"));
  await waitingToo;
});

test("a time that cannot be is refused", async () => {
  cluster = new LocalCluster(1);
  const server = await cluster.start("s1");
  const wait = server.waitForLeader({ timeoutMilliseconds: -1 });
  await expect(wait).rejects.toThrow(SettingError);
  await expect(wait).rejects.toThrow("timeoutMilliseconds is -1: a number of milliseconds");
});
