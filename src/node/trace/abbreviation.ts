import type { Entry } from "../../core/index.ts";
import { ByteWriter, DecodeError } from "../codec/index.ts";
import { commandJson, entryJson } from "./command-text.ts";

/**
 * How lines of a trace refer to the entries of the record that carries them, which are numbered from
 * 0: `␁PLACE␃` for the JSON of one's command, `␂PLACE,COUNT␃` for that of entries in a row, with
 * commas between them. JSON has no such control characters.
 */
const COMMAND = 0x01;
const ENTRIES = 0x02;
const END = 0x03;

export function commandReference(place: number): string {
  return `\u0001${place}\u0003`;
}

export function entriesReference(place: number, count: number): string {
  return `\u0002${place},${count}\u0003`;
}

/**
 * The lines with the texts of the record's entries in place of the references to them.
 *
 * @throws DecodeError for a reference to what the record has not
 */
export function spellOut(lines: Uint8Array, entries: readonly Entry[]): Buffer {
  const writer = new ByteWriter(2 * lines.length);
  let copied = 0;
  for (let at = 0; at < lines.length; at++) {
    const marker = lines[at];
    if (marker !== COMMAND && marker !== ENTRIES) continue;
    writer.bytes(lines.subarray(copied, at));
    const end = lines.indexOf(END, at);
    if (end < 0) throw new DecodeError("a reference of the trace has no end");
    const numbers = Buffer.from(lines.subarray(at + 1, end)).toString("latin1");
    const text = marker === COMMAND ? commandOf(numbers, entries) : entriesOf(numbers, entries);
    writer.bytes(Buffer.from(text));
    at = end;
    copied = end + 1;
  }
  writer.bytes(lines.subarray(copied));
  return writer.written();
}

function commandOf(numbers: string, entries: readonly Entry[]): string {
  const entry = /^\d{1,9}$/.test(numbers) ? entries[Number(numbers)] : undefined;
  if (entry === undefined) throw new DecodeError(`the trace refers to entry ${numbers}`);
  return commandJson(entry.command);
}

function entriesOf(numbers: string, entries: readonly Entry[]): string {
  const [, place = "", count = ""] = /^(\d{1,9}),(\d{1,9})$/.exec(numbers) ?? [];
  const first = Number(place);
  const meant = entries.slice(first, first + Number(count));
  if (count === "" || meant.length === 0 || meant.length !== Number(count)) {
    throw new DecodeError(`the trace refers to entries ${numbers}`);
  }
  return meant.map(({ term, command }) => entryJson(term, commandJson(command))).join(",");
}
