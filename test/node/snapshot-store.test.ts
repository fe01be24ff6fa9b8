import { describe, expect, test } from "vitest";
import { SnapshotStore } from "../../src/node/snapshot-store.ts";
import { LogDamage } from "../../src/node/wal/damage.ts";
import { Random } from "../../src/sim/random.ts";
import { MemoryFiles } from "./memory-files.ts";

const SNAPSHOT = { lastIncludedIndex: 7, lastIncludedTerm: 2, data: "state ☃ ".repeat(20) };
const BASE = { index: 7, term: 2 };
const FOLDER = "snapshots";

describe("a snapshot on the disk", () => {
  test("is read as it was saved", async () => {
    const store = new SnapshotStore(new MemoryFiles(), FOLDER);
    await store.save(SNAPSHOT);
    expect(await store.read(BASE)).toEqual(SNAPSHOT);
  });

  test("that is long is read as it was saved, and others get their turn meanwhile", async () => {
    const store = new SnapshotStore(new MemoryFiles(), FOLDER);
    const long = { ...SNAPSHOT, data: "state ☃ 😀".repeat(100_000) };
    let turns = 0;
    const count = (): void => {
      turns++;
      turning = setImmediate(count);
    };
    let turning = setImmediate(count);
    await store.save(long);
    clearImmediate(turning);
    expect(turns).toBeGreaterThan(10);
    expect(await store.read(BASE)).toEqual(long);
  });

  test("that is missing, or damaged anywhere, is refused and never guessed", async () => {
    const files = new MemoryFiles();
    const store = new SnapshotStore(files, FOLDER);
    await expect(store.read(BASE)).rejects.toBeInstanceOf(LogDamage);
    await store.save(SNAPSHOT);
    const [[path, whole]] = [...files.contents()] as [[string, Buffer]];
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const damaged = new SnapshotStore(MemoryFiles.of(new Map([[path, bytes]])), FOLDER);
      await expect(damaged.read(BASE)).rejects.toBeInstanceOf(LogDamage);
      const short = MemoryFiles.of(new Map([[path, whole.subarray(0, at)]]));
      await expect(new SnapshotStore(short, FOLDER).read(BASE)).rejects.toBeInstanceOf(LogDamage);
    }
  });

  test("is there as a whole or not at all after a loss of power", async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = new Random(seed);
      const files = new MemoryFiles();
      let callsLeft = random.below(11);
      files.beforeCall = () => {
        if (callsLeft-- <= 0) throw new Error("the power failed");
      };
      const isSaved = await new SnapshotStore(files, FOLDER).save(SNAPSHOT).then(
        () => true,
        () => false,
      );
      const store = new SnapshotStore(files.afterPowerLoss(random), FOLDER);
      const found = await store.read(BASE).catch((error) => {
        expect(error).toBeInstanceOf(LogDamage);
        expect(error.message).toContain("is missing");
        return null;
      });
      if (isSaved || found !== null) expect(found).toEqual(SNAPSHOT);
    }
  });
});
