import { mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError } from "./environment-error.ts";
import { makeFolder } from "./folders.ts";
import { reasonOf } from "./system-error.ts";

/**
 * Makes the cache folder, and sees that it can be written.
 *
 * @throws EnvironmentError where it cannot, with what to do
 */
export function makeCacheFolder(folder: string): void {
  try {
    makeFolder(folder);
    rmdirSync(mkdtempSync(join(folder, "probe-")));
  } catch (error) {
    throw new EnvironmentError(
      `The cache folder ${folder} cannot be written (${reasonOf(error)}): permit it, or set ` +
        "LOCKSTEP_CACHE to a folder that can be.",
    );
  }
}
