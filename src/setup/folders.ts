/** Folders that are made where they are missing. */
import { mkdirSync, readdirSync, type Stats, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it. Node's own recursive mkdir does not come back where the system
 * says that a folder cannot be there, as in /proc.
 *
 * @throws the system's error, with its code
 */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been first.
    if (isFolder(path)) return;
    // Of a file in the way, that it is no folder says more than that it exists.
    if (statsOf(path) !== null) readdirSync(path);
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() ?? false;
}

/** What is at a path; null where nothing is, or nothing that this process may look at. */
export function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
