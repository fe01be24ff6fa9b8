import { open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ReplayInputError } from "./input-error.ts";

/** A file to replay: a trace in our own format, or what TLC wrote. */
export interface ReplayInput {
  readonly file: string;
  readonly kind: "trace" | "behaviours";
}

/** How much of a file shows what it is. */
const BEGINNING_BYTES = 4096;

/** What TLC writes: a behaviour of `-simulate file=...`, or what it prints, with -tool or without. */
const OF_TLC = /^STATE_1 ==|^@!@!@STARTMSG|^TLC2 Version|^State 1: </m;

/**
 * The files that paths lead to, each once: themselves, or every trace and every output of TLC
 * below a folder, by name. What leads nowhere is given as an error, and the rest goes on.
 */
export async function* listInputs(
  paths: readonly string[],
): AsyncGenerator<ReplayInput | ReplayInputError> {
  const seen = new Set<string>();
  for (const path of paths) {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      (error: unknown) => cannotLook(path, error),
    );
    if (typeof isFolder !== "boolean") {
      yield isFolder;
      continue;
    }
    let found = 0;
    for await (const file of isFolder ? filesBelow(path) : [path]) {
      if (file instanceof ReplayInputError) {
        found++;
        yield file;
        continue;
      }
      const input = await inputOf(file, !isFolder);
      if (input === null) continue;
      found++;
      if (seen.has(resolve(file))) continue;
      seen.add(resolve(file));
      yield input;
    }
    if (found === 0) {
      const what = "no trace (*.ndjson) and no behaviour of TLC is below this folder";
      yield new ReplayInputError(path, 0, `${what}. Name one that has some`);
    }
  }
}

/** Null for a file of a folder that is something else. */
async function inputOf(file: string, isNamed: boolean): Promise<ReplayInput | null> {
  if (file.endsWith(".ndjson")) return { file, kind: "trace" };
  const text = await beginningOf(file);
  if (OF_TLC.test(text)) return { file, kind: "behaviours" };
  if (!isNamed) return null;
  return { file, kind: text.startsWith("{") ? "trace" : "behaviours" };
}

async function beginningOf(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    // Reading it for good says why it cannot be read.
    return "";
  }
}

/** Why a path leads nowhere. */
function cannotLook(path: string, error: unknown): ReplayInputError {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "ENOENT"
    ? new ReplayInputError(path, 0, "there is no such file or folder. Check the path")
    : new ReplayInputError(path, 0, `it cannot be read (${code}). Check its permissions`);
}

/** TLC numbers the files of its behaviours: b_0_2 comes before b_0_10. */
async function* filesBelow(folder: string): AsyncGenerator<string | ReplayInputError> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) =>
    cannotLook(folder, error),
  );
  if (entries instanceof ReplayInputError) {
    yield entries;
    return;
  }
  entries.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}
