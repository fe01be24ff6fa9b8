import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SettingError } from "../../src/node/address.ts";
import { FolderInUse, FolderLock } from "../../src/node/folder-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a lock says whose owner is no more. */
function deadOwner(token: string): string {
  return `${spawnSync(process.execPath, ["--version"]).pid} 123 ${token}\n`;
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

test("a folder has one user at a time, and is free again once it is released", async () => {
  const lock = await FolderLock.acquire(folder);
  await expect(FolderLock.acquire(folder)).rejects.toThrow(FolderInUse);
  expect(readdirSync(folder)).toEqual(["lock"]);
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
  await (await FolderLock.acquire(folder)).release();
});

test("a lock that names nobody is nobody's to take: it may be another's that is not written yet", async () => {
  for (const text of ["", "torn", "12 34"]) {
    write("lock", text);
    await expect(FolderLock.acquire(folder)).rejects.toThrow(SettingError);
    expect(readFileSync(join(folder, "lock"), "utf8")).toBe(text);
  }
});

describe("the lock of a process that is no more", () => {
  test("is taken over", async () => {
    write("lock", deadOwner("abc"));
    const lock = await FolderLock.acquire(folder);
    expect(readFileSync(join(folder, "lock"), "utf8")).toMatch(new RegExp(`^${process.pid} `));
    expect(readdirSync(folder)).toEqual(["lock"]);
    await lock.release();
  });

  test("is that of whoever takes it over, also of one that has only begun to", async () => {
    write("lock", deadOwner("abc"));
    const other = mkdtempSync(join(tmpdir(), "lockstep-lock-"));
    await FolderLock.acquire(other);
    write("lock.after-abc", readFileSync(join(other, "lock"), "utf8"));
    rmSync(other, { recursive: true });
    await expect(FolderLock.acquire(folder)).rejects.toThrow(`in use by process ${process.pid}`);
  });

  test("is taken over after others that died while they took it over", async () => {
    write("lock", deadOwner("aaa"));
    write("lock.after-aaa", deadOwner("bbb"));
    write("lock.after-bbb", deadOwner("ccc"));
    write("lock.after-eee", deadOwner("fff"));
    await FolderLock.acquire(folder);
    expect(readFileSync(join(folder, "lock"), "utf8")).toMatch(new RegExp(`^${process.pid} `));
    expect(readdirSync(folder)).toEqual(["lock"]);
    await expect(FolderLock.acquire(folder)).rejects.toThrow(FolderInUse);
  });

  test("is had by one of many that take it over at once", async () => {
    write("lock", deadOwner("abc"));
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, () => FolderLock.acquire(folder)),
    );
    expect(attempts.filter(({ status }) => status === "fulfilled").length).toBe(1);
  });
});

test.runIf(existsSync("/proc/self/stat"))(
  "another process that has got the number of a dead one is told apart",
  async () => {
    write("lock", `${process.pid} 1 abc\n`);
    await (await FolderLock.acquire(folder)).release();
  },
);

describe("of three processes that start at the same moment", () => {
  const ROUNDS = 150;
  let racers: readonly ChildProcess[];
  beforeEach(async () => {
    const program = join(import.meta.dirname, "lock-racer.mjs");
    racers = [1, 2, 3].map(() => fork(program));
    await Promise.all(racers.map((racer) => once(racer, "spawn")));
  });
  afterEach(() => {
    for (const racer of racers) racer.kill("SIGKILL");
  });

  async function ask(message: { folder: string; at: number } | "release"): Promise<unknown[]> {
    return await Promise.all(
      racers.map(async (racer) => {
        const answer = once(racer, "message");
        racer.send(message);
        return (await answer)[0];
      }),
    );
  }

  test.each([
    ["an empty folder", null],
    ["a folder that a dead one has left", deadOwner("abc")],
  ])("one has %s", async (_, left) => {
    for (let round = 0; round < ROUNDS; round++) {
      if (left !== null) write("lock", left);
      const answers = await ask({ folder, at: Date.now() + 3 });
      expect([...answers].sort()).toEqual(["FolderInUse", "FolderInUse", "has it"]);
      await ask("release");
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});
