/** Where things lie on this machine: the package, the cache folder, programs on the PATH. */
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EnvironmentError } from "./environment-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const PACKAGE_NAME = "lockstep-raft";

/** The folder of package.json, with `spec/` below it: of the clone, or of the installed package. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isOwnPackage(folder)) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new EnvironmentError("lockstep's own package.json is missing: install lockstep again.");
    }
    folder = parent;
  }
  return folder;
}

function isOwnPackage(folder: string): boolean {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return false;
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  return (
    typeof parsed === "object" &&
    parsed !== null &&
    "name" in parsed &&
    parsed.name === PACKAGE_NAME
  );
}

/** The user's home folder; HOME wins, so that a test can move it. */
export function homeFolder(env: Environment = process.env): string {
  return nonEmpty(env.HOME) ?? homedir();
}

/**
 * The folder for what was fetched or compiled and can be had again. LOCKSTEP_CACHE names it;
 * else it lies where the operating system keeps such things. It may not exist yet.
 */
export function cacheFolder(env: Environment = process.env): string {
  const own = nonEmpty(env.LOCKSTEP_CACHE);
  if (own !== undefined) return own;
  const xdg = nonEmpty(env.XDG_CACHE_HOME);
  if (xdg !== undefined) return join(xdg, "lockstep");
  if (process.platform === "darwin") return join(homeFolder(env), "Library", "Caches", "lockstep");
  const local = nonEmpty(env.LOCALAPPDATA);
  if (process.platform === "win32" && local !== undefined) return join(local, "lockstep", "Cache");
  return join(homeFolder(env), ".cache", "lockstep");
}

/** The path of a program on the PATH, or undefined. */
export function findProgram(name: string, env: Environment = process.env): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder === "") continue;
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** Whether the file is there and may be run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The value of an environment variable, where it says something. */
export function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}
