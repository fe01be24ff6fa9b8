import { afterEach, expect, test } from "vitest";
import { HeapWatch } from "../../src/node/heap-watch.ts";
import { LocalCluster, Register } from "./cluster.ts";
import { collectGarbage } from "./collect-garbage.ts";

const MIB = 1024 * 1024;

let watch = new HeapWatch();
let cluster: LocalCluster | null = null;
afterEach(async () => {
  watch.close();
  await cluster?.remove();
  cluster = null;
});

/** Full collections; observers are told in a turn of their own. */
async function collectAll(): Promise<void> {
  const before = watch.alive.fullCollections;
  for (let round = 0; round < 2; round++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(watch.alive.fullCollections).toBeGreaterThanOrEqual(before + 1);
}

/** Objects of about so many MiB. */
function objects(mebibytes: number): readonly (readonly number[])[] {
  return Array.from({ length: mebibytes * 1024 }, (_, at) => Array.from({ length: 128 }, () => at));
}

test("what is held counts as alive, and what was let go does not", async () => {
  watch = new HeapWatch();
  expect(watch.alive).toEqual({ heapBytes: 0, externalBytes: 0, fullCollections: 0 });
  await collectAll();
  const { heapBytes } = watch.alive;

  const held = [objects(40)];
  await collectAll();
  expect(watch.alive.heapBytes - heapBytes).toBeGreaterThan(30 * MIB);

  held.pop();
  objects(40);
  await collectAll();
  expect(watch.alive.heapBytes - heapBytes).toBeLessThan(10 * MIB);
});

test("who asks for it is told of each full collection", async () => {
  const told: unknown[] = [];
  watch = new HeapWatch((alive) => told.push(alive));
  await collectAll();
  expect(told.at(-1)).toEqual(watch.alive);
  expect(watch.alive.fullCollections).toBeGreaterThan(0);
});

test("buffers that are held count as alive outside the heap", async () => {
  watch = new HeapWatch();
  await collectAll();
  const { externalBytes } = watch.alive;
  const held = [Buffer.alloc(40 * MIB)];
  await collectAll();
  expect(watch.alive.externalBytes - externalBytes).toBeGreaterThan(39 * MIB);
  held.pop();
  await collectAll();
  expect(watch.alive.externalBytes - externalBytes).toBeLessThan(MIB);
});

/** Keeps nothing of what it is given. */
class Forgetful extends Register {
  override apply(): string {
    return "";
  }
}

test.each([
  ["grows by what a state machine keeps for ever", new Register(), true],
  ["does not grow by what only passes through", new Forgetful(), false],
])("what a server tells of itself %s", async (_, machine, grows) => {
  cluster = new LocalCluster(1, { limits: { snapshotBytes: 1024 * 1024 }, traceFile: null });
  const server = await cluster.start("s1", {}, machine);
  await cluster.leader();
  const alive = (): number =>
    server.metrics().find(({ name }) => name === "lockstep_heap_alive_bytes")?.samples[0]?.value ??
    Number.NaN;
  const run = async (): Promise<number> => {
    for (let batch = 0; batch < 40; batch++) {
      const texts = Array.from({ length: 64 }, (_, at) => `${batch}.${at} `.repeat(2000));
      await Promise.all(texts.map((text) => server.execute(text)));
    }
    collectGarbage();
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return alive();
  };
  const [first, second] = [await run(), await run()];
  const passed = 40 * 64 * 5 * 2000;
  // Of what is kept the last snapshot is another copy.
  if (grows) expect((second - first) / passed).toBeGreaterThan(0.7);
  else expect((second - first) / passed).toBeLessThan(0.3);
});

test("collections of the young generation alone tell nothing", async () => {
  watch = new HeapWatch();
  collectGarbage({ type: "minor" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(watch.alive.fullCollections).toBe(0);
});
