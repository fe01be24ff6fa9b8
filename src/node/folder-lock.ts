import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A folder is in use by another process. */
export class FolderInUse extends Error {
  constructor(folder: string, owner: string) {
    super(
      `${folder} is in use by ${owner}: two servers on one folder would destroy it. Stop that ` +
        "process first, or give this server a folder of its own.",
    );
    this.name = "FolderInUse";
  }
}

/** How long a process that took over a dead one's lock waits for another that did the same. */
const CONTEST_MS = 30;

/** The lock of a folder: nobody else may use it until it is released or this process ends. */
export class FolderLock {
  readonly #path: string;
  readonly #text: string;

  private constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  /**
   * Takes the lock of a folder, also one that a process left that is no more.
   *
   * @throws FolderInUse where a living process has it
   */
  static async acquire(folder: string): Promise<FolderLock> {
    const path = join(folder, "lock");
    const own = `${process.pid} ${startOf(process.pid) ?? "-"} ${randomBytes(8).toString("hex")}\n`;
    try {
      await writeFile(path, own, { flag: "wx" });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      await takeOver(folder, path, own);
    }
    return new FolderLock(path, own);
  }

  async release(): Promise<void> {
    if ((await readOrEmpty(this.#path)) === this.#text) await rm(this.#path, { force: true });
  }
}

async function takeOver(folder: string, path: string, own: string): Promise<void> {
  const owner = livingOwner(await readOrEmpty(path));
  if (owner !== null) throw new FolderInUse(folder, owner);
  const draft = `${path}.${own.trim().split(" ").at(-1)}`;
  await writeFile(draft, own);
  await rename(draft, path);
  await wait(CONTEST_MS);
  const after = await readOrEmpty(path);
  if (after !== own) throw new FolderInUse(folder, livingOwner(after) ?? "another process");
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}

/** The process that a lock names, in words; null where it is no more. */
function livingOwner(text: string): string | null {
  const [pid = "", start = ""] = text.trim().split(" ");
  if (!/^[1-9]\d*$/.test(pid) || !isAlive(Number(pid))) return null;
  const startNow = startOf(Number(pid));
  if (startNow !== null && start !== startNow) return null;
  return `process ${pid}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

const START_TIME_AFTER_NAME = 19;

/** When a process began, by which a number that is used again is told apart; null if unknown. */
function startOf(pid: number): string | null {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return null;
  try {
    const text = readFileSync(path, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[START_TIME_AFTER_NAME] ?? null;
  } catch {
    return null;
  }
}
