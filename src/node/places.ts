import { dirname, sep } from "node:path";
import { SettingError } from "./address.ts";
import { codeOf, type Files } from "./files/files.ts";
import { nodeFiles } from "./files/node-files.ts";
import type { NodeServerOptions } from "./options.ts";

/**
 * Before a start has touched anything: throws a SettingError where the folder is, or lies below, a
 * file, or the trace is a folder. What else the system refuses there, it tells by itself.
 */
export async function requirePlaces(files: Files, options: NodeServerOptions): Promise<void> {
  const { folder, traceFile = null } = options;
  const file = await fileOnTheWay(files, folder);
  if (file !== null) {
    throw new SettingError(
      `the folder ${folder} cannot be: ${wordsFor(file, folder)} is a file. Name a folder, or a new one.`,
    );
  }
  if (traceFile === null) return;
  if (traceFile.endsWith("/") || traceFile.endsWith(sep) || (await isFolder(traceFile))) {
    throw new SettingError(`the trace ${traceFile} cannot be: it is a folder. Name a file.`);
  }
  const above = await fileOnTheWay(nodeFiles, dirname(traceFile));
  if (above === null) return;
  throw new SettingError(
    `the trace ${traceFile} cannot be: ${above} is a file. Name a file in a folder.`,
  );
}

function wordsFor(file: string, folder: string): string {
  return file === folder ? "it" : file;
}

/** The part of a path that is a file where a folder is expected; null where there is none. */
async function fileOnTheWay(files: Files, path: string): Promise<string | null> {
  let file: string | null = null;
  for (let at = path; ; at = dirname(at)) {
    const code = await files.list(at).then(() => null, codeOf);
    if (code === "ENOTDIR") file = at;
    else if (code !== "ENOENT") return file;
    if (dirname(at) === at) return file;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await nodeFiles.list(path).then(
    () => true,
    () => false,
  );
}
