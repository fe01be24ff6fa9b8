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

/** How many bytes the JSON of an entry takes in a trace. */
export function entryJsonBytes(term: number, command: string | null): number {
  return entryJson(term, "").length + commandJsonBytes(command);
}

const HASHED_BYTES = commandJson("x".repeat(MOST_COMMAND_CHARACTERS + 1)).length;

/** The same as the length of `commandJson`, which is not made for it. */
function commandJsonBytes(command: string | null): number {
  if (command === null) return "null".length;
  if (command.length > MOST_COMMAND_CHARACTERS) return HASHED_BYTES;
  let bytes = 2;
  for (let at = 0; at < command.length; at++) {
    const code = command.charCodeAt(at);
    if (code >= 0x80 || code < 0x20) return Buffer.byteLength(commandJson(command));
    bytes += code === QUOTE || code === BACKSLASH ? 2 : 1;
  }
  return bytes;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The JSON of an entry. @param json that of its command */
export function entryJson(term: number, json: string): string {
  return `{"term":${term},"command":${json}}`;
}

/**
 * What a command counts where it is traced: the bytes of its entry there, which of some characters are
 * six times as many. A long one stands there by its hash, and is held in memory.
 */
export function tracedSize(command: string): number {
  return Math.max(command.length, entryJsonBytes(Number.MAX_SAFE_INTEGER, command));
}
