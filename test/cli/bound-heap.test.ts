import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";

const flags = vi.hoisted(() => [] as string[]);
vi.mock("node:v8", async (importActual) => {
  const actual = await importActual<typeof import("node:v8")>();
  const setFlagsFromString = (flag: string) => {
    flags.push(flag);
    actual.setFlagsFromString(flag);
  };
  return { ...actual, setFlagsFromString };
});

const { boundHeap, growsPercent } = await import("../../src/cli/serving/bound-heap.ts");

const MIB = 1024 * 1024;

test("a small heap may grow to four times what is alive, another to twice", () => {
  expect([1, 32 * MIB - 1].map(growsPercent)).toEqual([300, 300]);
  expect([32 * MIB, 2000 * MIB].map(growsPercent)).toEqual([100, 100]);
});

test("V8 is told so first, and again after each full collection", async () => {
  (await import("node:v8")).setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  flags.length = 0;
  boundHeap();
  expect(flags).toEqual(["--heap-growing-percent=100"]);
  const held = Array.from({ length: 100_000 }, (_, at) => Array.from({ length: 64 }, () => at));
  collect();
  await vi.waitFor(() => expect(flags.length).toBeGreaterThan(1), { timeout: 10_000 });
  expect(held.length).toBe(100_000);
  const alive = process.memoryUsage().heapUsed;
  expect(flags.at(-1)).toBe(`--heap-growing-percent=${growsPercent(alive)}`);
});
