import { expect, test, vi } from "vitest";
import type { AliveMemory } from "../../src/node/heap-watch.ts";

const seen = vi.hoisted(() => ({
  flags: [] as string[],
  onCollected: (_alive: AliveMemory): void => {},
}));
vi.mock("node:v8", () => ({ setFlagsFromString: (flag: string) => seen.flags.push(flag) }));
vi.mock("../../src/node/heap-watch.ts", () => ({
  HeapWatch: class {
    constructor(onCollected: (alive: AliveMemory) => void) {
      seen.onCollected = onCollected;
    }
  },
}));

const { boundHeap } = await import("../../src/cli/serving/bound-heap.ts");

const MIB = 1024 * 1024;

function percentAfter(heapBytes: number): string | undefined {
  seen.onCollected({ heapBytes, externalBytes: 0, fullCollections: 1 });
  return seen.flags.at(-1);
}

test("a heap may grow to twice what is alive, and to four times once a collection found it small", () => {
  boundHeap();
  expect(seen.flags).toEqual(["--heap-growing-percent=100"]);
  expect(percentAfter(32 * MIB - 1)).toBe("--heap-growing-percent=300");
  expect(percentAfter(32 * MIB)).toBe("--heap-growing-percent=100");
  expect(percentAfter(1)).toBe("--heap-growing-percent=300");
  expect(percentAfter(2000 * MIB)).toBe("--heap-growing-percent=100");
});
