import { statfsSync } from "node:fs";
import { EnvironmentError } from "../../setup/environment-error.ts";

/** What Linux calls a file system that is in memory. */
const TMPFS = 0x01021994;

/**
 * In memory an fsync costs nothing, so that nothing would be measured.
 *
 * @throws EnvironmentError where the folder is in memory
 */
export function requireDisk(folder: string): void {
  if (statfsSync(folder).type !== TMPFS) return;
  throw new EnvironmentError(
    `${folder} is in memory, where an fsync costs nothing: set TMPDIR to a folder on a disk.`,
  );
}
