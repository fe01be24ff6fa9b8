import { createHash } from "node:crypto";

/** A longer command stands in the trace by its hash, so that no line is too long. */
export const MOST_COMMAND_CHARACTERS = 1024;

/** The command as a trace tells of it: the same wherever it stands. */
export function shortCommand(command: string): string {
  if (command.length <= MOST_COMMAND_CHARACTERS) return command;
  return `sha256:${createHash("sha256").update(command).digest("hex")}`;
}

/** The JSON of a command as a trace tells of it; of the empty entry's, null. */
export function commandJson(command: string | null): string {
  return command === null ? "null" : JSON.stringify(shortCommand(command));
}

/** The JSON of an entry. @param json that of its command */
export function entryJson(term: number, json: string): string {
  return `{"term":${term},"command":${json}}`;
}
