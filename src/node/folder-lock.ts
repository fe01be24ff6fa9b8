import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { link, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { SettingError } from "./address.ts";
import { codeOf } from "./files/files.ts";

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

const LOCK = "lock";

/** After this a token follows: who takes over from the owner with that token is named there. */
const SUCCESSOR = "lock.after-";

/** So often the lock may change hands while a process is at it; then it gives up. */
const MOST_ATTEMPTS = 100;

/**
 * The lock of a folder: nobody else may use it until it is released or this process ends.
 *
 * A file gets the name `lock` by a hard link, which fails where the name is there: it is never seen
 * but whole, and of many processes one gets it. A lock with the token T whose owner is no more
 * belongs to whoever links `lock.after-T`, which again one alone can do. Where that one is no more
 * either, its successor is next, and so on. The last of this chain puts its own file in the place of
 * `lock`, and only then removes the links of the chain: so who links one of them late, and then finds
 * `lock` changed, knows that it came too late.
 */
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
   * @throws FolderInUse where a living process has it; SettingError where the lock names nobody, or
   *   the file system has no hard links
   */
  static async acquire(folder: string): Promise<FolderLock> {
    const token = randomBytes(8).toString("hex");
    const own = `${process.pid} ${startOf(process.pid) ?? "-"} ${token}\n`;
    const draft = join(folder, `${LOCK}.${token}.draft`);
    await writeThrough(draft, own);
    try {
      await new Attempt(folder, draft).untilTaken();
    } finally {
      await rm(draft, { force: true });
    }
    return new FolderLock(join(folder, LOCK), own);
  }

  async release(): Promise<void> {
    if ((await readIfThere(this.#path)) === this.#text) await rm(this.#path, { force: true });
  }
}

/** Who has, or had, the lock. */
interface Owner {
  readonly text: string;
  readonly pid: number;
  /** When the process began; `-` where that is not known. */
  readonly start: string;
  readonly token: string;
}

class Attempt {
  readonly #folder: string;
  readonly #path: string;
  /** The file with this process's name in it. */
  readonly #draft: string;

  constructor(folder: string, draft: string) {
    this.#folder = folder;
    this.#path = join(folder, LOCK);
    this.#draft = draft;
  }

  async untilTaken(): Promise<void> {
    for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts++) {
      if (await this.#link(this.#path)) return;
      const owner = await this.#ownerIn(this.#path);
      if (owner !== null && (await this.#takeOverFrom(owner))) return;
    }
    throw new FolderInUse(this.#folder, "one process after another");
  }

  /** @returns false where the lock has changed hands meanwhile */
  async #takeOverFrom(first: Owner): Promise<boolean> {
    for (let last = first; ; ) {
      if (isAlive(last)) throw new FolderInUse(this.#folder, `process ${last.pid}`);
      const successor = join(this.#folder, `${SUCCESSOR}${last.token}`);
      if (await this.#link(successor)) return await this.#putInPlaceOf(first, successor);
      const next = await this.#ownerIn(successor);
      if (next === null) return false;
      last = next;
    }
  }

  async #putInPlaceOf(first: Owner, successor: string): Promise<boolean> {
    if ((await readIfThere(this.#path)) !== first.text) {
      await rm(successor, { force: true });
      return false;
    }
    await rename(this.#draft, this.#path);
    const names = await readdir(this.#folder);
    for (const name of names.filter((found) => found.startsWith(SUCCESSOR))) {
      await rm(join(this.#folder, name), { force: true });
    }
    return true;
  }

  /** Gives the draft a second name. @returns false where there is a file of that name */
  async #link(path: string): Promise<boolean> {
    try {
      await link(this.#draft, path);
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === "EEXIST") return false;
      if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
      throw new SettingError(
        `${this.#folder} cannot be locked: its file system makes no hard links (${code}). Keep it on another.`,
      );
    }
  }

  /** null where there is no such file (any more). */
  async #ownerIn(path: string): Promise<Owner | null> {
    const text = await readIfThere(path);
    if (text === null) return null;
    const [, pid, start = "-", token = ""] = OWNER.exec(text) ?? [];
    if (pid !== undefined) return { text, pid: Number(pid), start, token };
    throw new SettingError(
      `${path} does not say which process uses the folder. If no server runs there, remove that file.`,
    );
  }
}

const OWNER = /^([1-9]\d*) (\S+) ([0-9a-f]+)\n$/;

/** Writes a new file, durably: it is not to be found empty after a loss of power. */
async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

function isAlive({ pid, start }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== "EPERM") return false;
  }
  const startNow = startOf(pid);
  return startNow === null || start === startNow;
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
