/** What a restart traces, which is the whole log in one line, fits into a line. */
import { statSync } from "node:fs";
import { open } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Outcome } from "../../../src/node/door.ts";
import { openStorage } from "../../../src/node/storage.ts";
import { MAX_LINE_BYTES } from "../../../src/trace/format.ts";
import { expectValid, LocalCluster, propose, until } from "../cluster.ts";

/** A thousand characters that take six thousand bytes in JSON. */
const COMMAND = "\u0001".repeat(1000);

let cluster: LocalCluster;
beforeEach(async () => {
  cluster = new LocalCluster(3, { segmentBytes: 16 * 1024 * 1024 });
  await cluster.startAll();
});
afterEach(() => cluster.remove());

/** The length of the longest line of a file, in bytes. */
async function longestLine(path: string): Promise<number> {
  let longest = 0;
  const file = await open(path);
  for await (const line of file.readLines()) longest = Math.max(longest, Buffer.byteLength(line));
  return longest;
}

test("also where the commands under way are of characters that take six bytes each", async () => {
  const leader = await cluster.leader();
  const { id } = leader.status();
  // Nobody hears of these commands, so that none is committed and no snapshot takes their place.
  cluster.passes = () => false;
  const before = leader.status().lastIndex;
  const outcomes: Outcome[] = [];
  for (let number = 0; number < 2900; number++) {
    void propose(leader, COMMAND).then((outcome) => outcomes.push(outcome));
  }
  await until(() => (leader.status().lastIndex > before ? true : null));
  await until(() => (statSync(cluster.traceOf(id)).size > 2_000_000 ? true : null));
  expect(outcomes.some(({ status }) => status === "refused")).toBe(true);
  await cluster.stopAll();
  cluster.passes = () => true;
  for (let times = 0; times < 2; times++) {
    await cluster.startAll();
    await cluster.leader();
    await cluster.settle();
    await cluster.stopAll();
  }
  expect(await longestLine(cluster.traceOf(id))).toBeLessThan(MAX_LINE_BYTES);
  await expectValid(cluster.folder);
}, 120_000);

test("also where a snapshot takes long to write: until then no more commands are taken", async () => {
  let isLate = true;
  let save = () => {};
  const single = new LocalCluster(1, {
    segmentBytes: 16 * 1024 * 1024,
    openStorage: async (options) => {
      const opened = await openStorage(options);
      const { storage } = opened;
      const saveSnapshot = storage.saveSnapshot.bind(storage);
      storage.saveSnapshot = async (snapshot) => {
        if (isLate) await new Promise<void>((resolve) => (save = resolve));
        await saveSnapshot(snapshot);
      };
      return opened;
    },
  });
  try {
    await single.startAll();
    const leader = await single.leader();
    let refusal: string | null = null;
    for (let batch = 0; batch < 60 && refusal === null; batch++) {
      const all = Array.from({ length: 100 }, () => propose(leader, COMMAND));
      for (const outcome of await Promise.all(all)) {
        if (outcome.status === "refused") refusal = outcome.reason;
      }
    }
    expect(refusal).toContain("a snapshot is being written");
    isLate = false;
    save();
    await until(() => (leader.status().snapshotIndex > 0 ? true : null));
    expect((await propose(leader, COMMAND)).status).toBe("executed");
    await single.stopAll();
    await single.startAll();
    await single.leader();
    await single.stopAll();
    expect(await longestLine(single.traceOf("s1"))).toBeLessThan(MAX_LINE_BYTES);
  } finally {
    save();
    await single.remove();
  }
}, 120_000);
