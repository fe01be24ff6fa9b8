import { makeFolder } from "../setup/folders.ts";
import { CommandError, EXIT } from "./command.ts";

/**
 * Makes the folder of a command's `--out`.
 *
 * @throws CommandError before anything has run for it
 */
export function outFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      EXIT.badInput,
      `--out ${folder} cannot be made (${reason}): name another folder.`,
    );
  }
}
