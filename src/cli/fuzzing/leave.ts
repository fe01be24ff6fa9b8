/** The files that a failure leaves behind: nothing that was found is lost, nor what lay there. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../setup/folders.ts";
import { codeOf, reasonOf } from "../../setup/system-error.ts";

/** The endings of files, and what is in each; a text may name the files by their common stem. */
export type FilesOf = (stem: string) => Readonly<Record<string, string>>;

/**
 * Writes files into a folder, or where that cannot be written into a new one among the system's
 * temporary ones. A file of another content is left alone: then the name gets a number.
 *
 * @param say is told where they are instead, or that they are nowhere
 * @returns the path that all of them begin with; null where nothing could be written
 */
export function leaveFiles(
  wanted: string,
  name: string,
  filesOf: FilesOf,
  say: (text: string) => void,
): string | null {
  try {
    makeFolder(wanted);
    return writeNew(wanted, name, filesOf);
  } catch (error) {
    const why = `${wanted} cannot be written (${reasonOf(error)})`;
    try {
      const stem = writeNew(mkdtempSync(join(tmpdir(), "lockstep-fuzz-")), name, filesOf);
      say(`${why}: what was found is in ${stem}.* instead\n`);
      return stem;
    } catch (other) {
      say(`${why}, nor ${tmpdir()} (${reasonOf(other)}): name a folder that can be with --out\n`);
      return null;
    }
  }
}

function writeNew(folder: string, name: string, filesOf: FilesOf): string {
  for (let number = 1; ; number++) {
    const stem = join(folder, number === 1 ? name : `${name}-${number}`);
    const files = Object.entries(filesOf(stem));
    if (files.every(([ending, text]) => isWritten(`${stem}${ending}`, text))) return stem;
  }
}

/** Writes the file; false where one of another content is there. */
function isWritten(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return readFileSync(file, "utf8") === text;
  }
}
