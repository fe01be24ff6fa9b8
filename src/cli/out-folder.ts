import { mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../setup/folders.ts";
import { isExhaustion, reasonOf } from "../setup/system-error.ts";
import { CommandError, EXIT } from "./command.ts";

/**
 * Makes the folder of a command's `--out`, or of another option, and sees that something can be
 * written there.
 *
 * @throws CommandError before anything has run for it
 */
export function outFolder(folder: string, option = "--out"): void {
  refuseEmpty(option, folder);
  const place = `${option} ${folder}`;
  try {
    makeFolder(folder);
  } catch (error) {
    throw cannotBe("made", place, error, "name another folder");
  }
  try {
    rmdirSync(mkdtempSync(join(folder, ".lockstep-")));
  } catch (error) {
    throw cannotBe("written", place, error, "name another folder");
  }
}

/** A path that is empty is one that was forgotten, as by a variable of a shell that is not set. */
export function refuseEmpty(option: string, path: string | undefined): void {
  if (path !== "") return;
  throw new CommandError(EXIT.badInput, `${option} is empty: name a place, or leave it out.`);
}

/** The same of the paths that a command is to read. */
export function refuseEmptyPaths(paths: readonly string[]): void {
  if (!paths.includes("")) return;
  throw new CommandError(
    EXIT.badInput,
    "a path is empty: name a file or a folder, or leave it out.",
  );
}

/** That a file cannot be written, in one line: which, why, and what to do. */
export function cannotWrite(file: string, error: unknown, remedy: string): CommandError {
  return cannotBe("written", file, error, remedy);
}

/** A place that is wrong is bad input; a machine that has no room left is not. */
function cannotBe(what: string, place: string, error: unknown, remedy: string): CommandError {
  const isFull = isExhaustion(error);
  return new CommandError(
    isFull ? EXIT.environment : EXIT.badInput,
    `${place} cannot be ${what} (${reasonOf(error)}): ${isFull ? `make room, or ${remedy}` : remedy}.`,
  );
}
