import { createHash } from "node:crypto";
import type { TraceEntry, TraceEvent, TraceMessage } from "../../trace/format.ts";

/** A longer command stands in the trace by its hash, so that no line is too long. */
export const MOST_COMMAND_CHARACTERS = 1024;

/** The event with a hash in place of each long command: everywhere the same, as a trace demands. */
export function withShortCommands(event: TraceEvent): TraceEvent {
  if (!hasLongCommand(event)) return event;
  const { command, sent, changed } = event;
  return {
    ...event,
    ...(command === undefined ? {} : { command: shortCommand(command) }),
    ...(sent === undefined ? {} : { sent: sent.map(withShortEntries) }),
    ...(changed?.log === undefined
      ? {}
      : { changed: { ...changed, log: [changed.log[0], changed.log[1].map(shortEntry)] } }),
  };
}

function hasLongCommand({ command, sent, changed }: TraceEvent): boolean {
  return (
    isLong(command) ||
    hasLong(changed?.log?.[1]) ||
    (sent?.some((message) => "entries" in message && hasLong(message.entries)) ?? false)
  );
}

function hasLong(entries: readonly TraceEntry[] | undefined): boolean {
  return entries?.some(({ command }) => isLong(command)) ?? false;
}

function isLong(command: string | null | undefined): command is string {
  return typeof command === "string" && command.length > MOST_COMMAND_CHARACTERS;
}

function withShortEntries(message: TraceMessage): TraceMessage {
  return "entries" in message ? { ...message, entries: message.entries.map(shortEntry) } : message;
}

function shortEntry(entry: TraceEntry): TraceEntry {
  return isLong(entry.command) ? { ...entry, command: shortCommand(entry.command) } : entry;
}

function shortCommand(command: string): string {
  if (!isLong(command)) return command;
  return `sha256:${createHash("sha256").update(command).digest("hex")}`;
}
