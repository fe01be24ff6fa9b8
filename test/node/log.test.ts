import { afterEach, describe, expect, test } from "vitest";
import { inBrief, type LogFields, quietLog } from "../../src/node/log.ts";
import { FakeCluster, openDoors } from "./client/fake-cluster.ts";
import { closeNodes, startNode } from "./transport/pair.ts";
import { closeRaw, dialRaw, hello } from "./transport/raw.ts";

function listened() {
  const lines: { readonly message: string; readonly fields: LogFields }[] = [];
  const clock = { now: 0 };
  const log = quietLog(
    (_, message, fields = {}) => lines.push({ message, fields }),
    () => clock.now,
  );
  return { lines, clock, log };
}

describe("a quiet log", () => {
  test("tells a line once in ten seconds for each subject, and how many it left out", () => {
    const { lines, clock, log } = listened();
    for (let i = 0; i < 5; i++) log("warn", "refused", "a");
    log("warn", "refused", "b");
    clock.now = 10_000;
    log("warn", "refused", "a");
    expect(lines).toEqual([
      { message: "refused", fields: {} },
      { message: "refused", fields: {} },
      { message: "refused", fields: { leftOut: 4 } },
    ]);
  });

  test("takes lines that differ in numbers alone for the same, and those of a kind whatever they say", () => {
    const { lines, log } = listened();
    for (let i = 0; i < 50; i++) {
      log("warn", `a frame of ${i} bytes`, "a");
      log("warn", `cluster ${"x".repeat(i)} is meant`, "a", {}, "cluster");
    }
    expect(lines.map(({ message }) => message)).toEqual([
      "a frame of 0 bytes",
      "cluster  is meant",
    ]);
  });

  test("tells a hundred lines of a kind in ten seconds, however many subjects there are", () => {
    const { lines, clock, log } = listened();
    for (let i = 0; i < 100_000; i++) log("warn", "refused", `address ${i}`);
    expect(lines).toHaveLength(100);
    log("warn", "another", "address 1");
    expect(lines).toHaveLength(101);
    clock.now = 10_000;
    log("warn", "refused", "address 7");
    log("warn", "refused", "address 200000");
    expect(lines.slice(101)).toEqual([
      { message: "refused", fields: { leftOut: 99_900 } },
      { message: "refused", fields: {} },
    ]);
  });
});

test("words of a stranger are cut", () => {
  expect(inBrief("x".repeat(100))).toBe("x".repeat(100));
  expect(inBrief("x".repeat(4000))).toBe(`${"x".repeat(100)}...`);
});

describe("what strangers choose to say", () => {
  afterEach(async () => {
    closeRaw();
    await closeNodes();
  });

  const said = (i: number): string => `${i}-`.padEnd(1000, "x");

  test.each([
    ["the cluster", (i: number) => hello({ role: "client", clusterId: said(i) })],
    ["the receiver", (i: number) => hello({ role: "client", to: said(i) })],
    ["the sender", (i: number) => hello({ from: said(i) })],
    ["the version", (i: number) => hello({ version: 3 + i })],
    ["the length of a frame", (i: number) => Buffer.from([i, i, i, 1 + i, 0, 0, 0, 0])],
  ])("as %s makes one short line of the log", async (_, bytes) => {
    const { transport, logged } = await startNode({ id: "s2", servers: { s1: "127.0.0.1:1" } });
    transport.acceptClients(() => {});
    const lines = () => logged.filter(({ message }) => message.includes("was refused"));
    for (let i = 0; i < 30; i++) await dialRaw(transport.address, bytes(i)).ended;
    expect(lines()).toHaveLength(1);
    expect(JSON.stringify(lines()[0]).length).toBeLessThan(500);
  });

  test("in frames of a client makes one short line of the log", async () => {
    const { addresses, nodes } = await openDoors(new FakeCluster(), ["s1"]);
    const client = hello({ role: "client", clusterId: "", from: said(1), to: "" });
    for (let i = 0; i < 30; i++) {
      const frame = Buffer.from([i, i, i, 200 + i, 0, 0, 0, 0]);
      await dialRaw(addresses.s1 ?? "", client, frame).ended;
    }
    expect(nodes[0]?.logged).toHaveLength(1);
    expect(JSON.stringify(nodes[0]?.logged).length).toBeLessThan(500);
  });
});
