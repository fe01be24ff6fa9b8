/** Long runs of TLC that may be stopped, and gone on with later. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { statsOf } from "../setup/folders.ts";

/** Where TLC keeps the states it has found. */
export interface Checkpoints {
  /** The folder in which each run makes one of its own, named after its begin. */
  readonly folder: string;
  /** They are saved every so many minutes. */
  readonly minutes: number;
  /** The folder of the run to go on with; null to begin anew. */
  readonly resume: string | null;
}

/**
 * With how many workers the run in the folder was saved: each has a file of its own for the states
 * that it found. TLC goes on rightly with as many only
 * (https://github.com/tlaplus/tlaplus/issues/1444).
 *
 * @param run a folder that `latestCheckpoint` found
 */
export function workersOfCheckpoint(run: string): number {
  return readdirSync(run).filter((name) => /-\d+\.chkpt$/.test(name)).length;
}

/** Whether what is saved in the folder is of the model's module. */
export function isCheckpointOf(run: string, module: string): boolean {
  return existsSync(join(run, `${module}.st.chkpt`));
}

/**
 * The folder of the run that was saved last. TLC writes `queue.chkpt` where it has saved its
 * queue, and then the states behind it.
 *
 * @returns null where nothing was saved
 */
export function latestCheckpoint(folder: string): string | null {
  if (statsOf(folder)?.isDirectory() !== true) return null;
  const runs = [folder, ...readdirSync(folder).map((name) => join(folder, name))];
  const saved = runs.flatMap((run) => {
    const file = join(run, "queue.chkpt");
    return existsSync(file) ? [{ run, at: statSync(file).mtimeMs }] : [];
  });
  saved.sort((one, other) => other.at - one.at);
  return saved[0]?.run ?? null;
}
