import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnvironmentError } from "./environment-error.ts";
import { reasonOf } from "./system-error.ts";

/** A folder for the time of one run. */
export interface ScratchFolder {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder among the system's temporary ones. It goes with `remove`, or at the latest
 * when the process exits: an interrupted run leaves nothing behind. So there is no moment at which
 * it is there and not yet, or no longer, to be removed at the exit.
 *
 * @param prefix what the folder's name begins with
 * @throws EnvironmentError where none can be made
 */
export function makeScratchFolder(prefix: string): ScratchFolder {
  const folder = made(prefix);
  const removeAtExit = (): void => removeAtLast(folder);
  process.once("exit", removeAtExit);
  return {
    folder,
    remove: async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      process.removeListener("exit", removeAtExit);
    },
  };
}

/**
 * Removes the folder although files are still being made in it: by a program that was killed a
 * moment ago, or by what this process has asked of the system and does not wait for any more.
 * What cannot be removed within half a second stays: an exit does not fail for that.
 */
function removeAtLast(folder: string): void {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function made(prefix: string): string {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (error) {
    throw new EnvironmentError(
      `No temporary folder can be made in ${tmpdir()} (${reasonOf(error)}): make room there, or set TMPDIR to a folder that can be written.`,
    );
  }
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Lets a signal end the process by way of its exit handlers, which stop the programs that it
 * has started and remove its scratch folders; by default it would end without them.
 *
 * @param say is told that the run was interrupted
 */
export function exitOnSignals(say: (text: string) => void): void {
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      say(`lockstep: stopped by ${signal}; what was not finished has no result\n`);
      process.exit(128 + number);
    });
  }
}
