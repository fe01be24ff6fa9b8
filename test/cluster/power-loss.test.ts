import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FailingDisk } from "../../src/cluster/disk/failing-disk.ts";
import { losePower } from "../../src/cluster/disk/lose-power.ts";
import { RecordedFiles } from "../../src/cluster/disk/recorded-files.ts";
import { nodeFiles } from "../../src/node/files/node-files.ts";
import { Random } from "../../src/sim/random.ts";

let folder: string;
let disk: string;
let notes: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-power-loss-"));
  disk = join(folder, "disk");
  notes = join(folder, "notes");
  mkdirSync(disk);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string): string => join(disk, name);
const text = (name: string): string => readFileSync(path(name), "utf8");

/** A seed with which all that is not durable is lost, and one with which some is. */
const ALL = 1;
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

async function writtenAndSynced(name: string, bytes: string): Promise<RecordedFiles> {
  const files = new RecordedFiles(nodeFiles, notes);
  const file = await files.open(path(name), "new");
  await file.write(Buffer.from(bytes), 0);
  await file.sync();
  await files.syncFolder(disk);
  return files;
}

describe("a simulated loss of power", () => {
  it("keeps what was fsynced", async () => {
    for (const seed of SEEDS) {
      await writtenAndSynced(`a${seed}`, "durable");
      losePower(notes, new Random(seed));
      expect(text(`a${seed}`)).toBe("durable");
    }
  });

  it("may lose, and may keep, what was written and not fsynced", async () => {
    const seen = new Set<string>();
    for (const seed of SEEDS) {
      const files = await writtenAndSynced(`a${seed}`, "durable");
      const file = await files.open(path(`a${seed}`), "existing");
      await file.write(Buffer.from("DUR"), 0);
      await file.write(Buffer.from("+more"), 7);
      losePower(notes, new Random(seed));
      seen.add(text(`a${seed}`));
    }
    expect(seen).toContain("durable");
    expect(seen).toContain("DURable+more");
    expect(seen.size).toBeGreaterThan(4);
    for (const found of seen) expect("DURable+more".startsWith(`DUR${found.slice(3)}`)).toBe(true);
  });

  it("tears a long write at the borders of sectors", async () => {
    const files = await writtenAndSynced("a", "-".repeat(4096));
    const file = await files.open(path("a"), "existing");
    await file.write(Buffer.from("x".repeat(4096)), 0);
    const seed = SEEDS.find((candidate) => !new Random(candidate).happens(500)) ?? ALL;
    losePower(notes, new Random(seed));
    const sectors = text("a").match(/.{512}/g) ?? [];
    expect(new Set(sectors)).toEqual(new Set(["x".repeat(512), "-".repeat(512)]));
  });

  it("remembers what an earlier process wrote, which was killed", async () => {
    const first = await writtenAndSynced("a", "durable");
    await (await first.open(path("a"), "existing")).write(Buffer.from("DUR"), 0);
    const second = new RecordedFiles(nodeFiles, notes);
    const other = await second.open(path("b"), "new");
    await other.sync();
    await second.syncFolder(disk);
    const found = SEEDS.map((seed) => new Random(seed).happens(500)).indexOf(true);
    losePower(notes, new Random(found));
    expect(text("a")).toBe("durable");
  });

  describe("after an fsync that failed", () => {
    const all = SEEDS.find((seed) => new Random(seed).happens(500)) ?? ALL;

    /** Writes within a durable file, and has the fsync fail. */
    async function writtenInVain(name: string, bytes: string, position: number) {
      await writtenAndSynced(name, "0123456789");
      const disk = new FailingDisk(nodeFiles);
      const files = new RecordedFiles(disk, notes);
      const file = await files.open(path(name), "existing");
      await file.write(Buffer.from(bytes), position);
      disk.failure = "fsync";
      await expect(file.sync()).rejects.toThrow("EIO");
      disk.failure = null;
      return file;
    }

    it("loses what that did not write, though a later one succeeds", async () => {
      const file = await writtenInVain("a", "ab", 4);
      await file.write(Buffer.from("z"), 9);
      await file.sync();
      expect(text("a")).toBe("0123ab678z");
      losePower(notes, new Random(all));
      expect(text("a")).toBe("012345678z");
    });

    it("keeps what of it was written again", async () => {
      for (const [name, again, position, kept] of [
        ["all", "ab", 4, "0123ab6789"],
        ["more", "3ab6", 3, "0123ab6789"],
        ["its-begin", "a", 4, "0123a56789"],
        ["its-end", "b6", 5, "01234b6789"],
        ["nothing", "67", 6, "0123456789"],
      ] as const) {
        const file = await writtenInVain(name, "ab", 4);
        await file.write(Buffer.from(again), position);
        await file.sync();
        losePower(notes, new Random(all));
        expect([name, text(name)]).toEqual([name, kept]);
      }
    });

    it("loses what was written again, and not fsynced again", async () => {
      const file = await writtenInVain("a", "ab", 4);
      await file.write(Buffer.from("ab"), 4);
      losePower(notes, new Random(all));
      expect(text("a")).toBe("0123456789");
    });
  });

  it("undoes what was made, renamed and removed, until the folder is fsynced", async () => {
    const all = SEEDS.find((seed) => new Random(seed).happens(500)) ?? ALL;
    const files = await writtenAndSynced("a", "one");
    await (await files.open(path("b"), "new")).sync();
    await files.rename(path("a"), path("c"));
    await files.remove(path("c"));
    losePower(notes, new Random(all));
    expect(readdirSync(disk)).toEqual(["a"]);
    expect(text("a")).toBe("one");
  });

  it("gives a replaced file back", async () => {
    const all = SEEDS.find((seed) => new Random(seed).happens(500)) ?? ALL;
    const files = await writtenAndSynced("a", "one");
    const draft = await files.open(path("a.draft"), "new");
    await draft.write(Buffer.from("two"), 0);
    await draft.sync();
    await files.rename(path("a.draft"), path("a"));
    losePower(notes, new Random(all));
    expect(text("a")).toBe("one");
  });

  it("leaves what follows a sync of the folder", async () => {
    const files = await writtenAndSynced("a", "one");
    await files.rename(path("a"), path("b"));
    await files.syncFolder(disk);
    losePower(notes, new Random(ALL));
    expect(readdirSync(disk)).toEqual(["b"]);
  });
});
