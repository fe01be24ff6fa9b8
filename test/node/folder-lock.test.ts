import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FolderInUse, FolderLock } from "../../src/node/folder-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder has one user at a time, and is free again once it is released", async () => {
  const lock = await FolderLock.acquire(folder);
  await expect(FolderLock.acquire(folder)).rejects.toThrow(FolderInUse);
  await lock.release();
  expect(existsSync(join(folder, "lock"))).toBe(false);
  await (await FolderLock.acquire(folder)).release();
});

test("the lock of a process that is no more is taken over", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  writeFileSync(join(folder, "lock"), `${pid} 123 abc\n`);
  const lock = await FolderLock.acquire(folder);
  expect(readFileSync(join(folder, "lock"), "utf8")).toMatch(new RegExp(`^${process.pid} `));
  await lock.release();
});

test.runIf(existsSync("/proc/self/stat"))(
  "another process that has got the number of a dead one is told apart",
  async () => {
    writeFileSync(join(folder, "lock"), `${process.pid} 1 abc\n`);
    await (await FolderLock.acquire(folder)).release();
  },
);

test("of many that take over a dead one's lock at once, one gets it", async () => {
  writeFileSync(join(folder, "lock"), "torn");
  const attempts = await Promise.allSettled(
    Array.from({ length: 20 }, () => FolderLock.acquire(folder)),
  );
  expect(attempts.filter(({ status }) => status === "fulfilled").length).toBe(1);
});
