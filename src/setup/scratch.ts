import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the time of one run. */
export interface ScratchFolder {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder among the system's temporary ones. It goes with `remove`, or at the latest
 * when the process exits: an interrupted run leaves nothing behind.
 *
 * @param prefix what the folder's name begins with
 */
export async function makeScratchFolder(prefix: string): Promise<ScratchFolder> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  const removeAtExit = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", removeAtExit);
  return {
    folder,
    remove: async () => {
      process.removeListener("exit", removeAtExit);
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
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
