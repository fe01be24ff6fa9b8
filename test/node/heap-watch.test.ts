import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test } from "vitest";
import { HeapWatch } from "../../src/node/heap-watch.ts";

const MIB = 1024 * 1024;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

let watch = new HeapWatch();
afterEach(() => watch.close());

/** Full collections; observers are told in a turn of their own. */
async function collectAll(): Promise<void> {
  const before = watch.alive.fullCollections;
  for (let round = 0; round < 2; round++) {
    collect();
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

test("collections of the young generation alone tell nothing", async () => {
  watch = new HeapWatch();
  const minor = runInNewContext("gc") as (options: { type: "minor" }) => void;
  minor({ type: "minor" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(watch.alive.fullCollections).toBe(0);
});
