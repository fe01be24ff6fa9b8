/** Malformed traces, each with the place and the words in which it must be refused. */
import { malformedChanges } from "./malformed/changes.ts";
import { malformedEvents } from "./malformed/events.ts";
import { malformedFiles } from "./malformed/files.ts";
import { malformedHeaders } from "./malformed/headers.ts";
import { malformedMessages } from "./malformed/messages.ts";
import type { Malformed } from "./malformed/parts.ts";

export { header, timeout } from "./malformed/parts.ts";

export const malformed: readonly Malformed[] = [
  ...malformedHeaders,
  ...malformedEvents,
  ...malformedMessages,
  ...malformedChanges,
  ...malformedFiles,
];

/** The bytes of a malformed trace. */
export function bytesOf({ lines }: Malformed): Uint8Array {
  if (lines instanceof Uint8Array) return lines;
  if (typeof lines === "string") return Buffer.from(lines);
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}
