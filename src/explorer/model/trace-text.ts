/** The text of a trace file, line by line, as far as it is one: read as `lockstep check` reads it. */
import { FormFault, TraceFormatError } from "../../trace/error.ts";
import { checkEvent } from "../../trace/event.ts";
import { MAX_LINE_BYTES, type TraceEvent, type TraceHeader } from "../../trace/format.ts";
import { checkHeader } from "../../trace/header.ts";
import { notUtf8, tooLong } from "../../trace/lines.ts";
import { checkDuplicates, emptyFile, noEvents, parseLine } from "../../trace/parser.ts";
import type { KeyCount } from "../../trace/shape.ts";
import { type TraceForm, traceForm } from "../../trace/trace-form.ts";

export interface ReadText {
  /** Null where the first line is no header. */
  readonly header: TraceHeader | null;
  readonly events: readonly TraceEvent[];
  /** What is wrong with the first line that is not read; null where all are. */
  readonly fault: TraceFormatError | null;
}

/**
 * The bytes of a trace file as text, with a byte order mark where one is there: that is a fault.
 *
 * @throws TraceFormatError where they are no text
 */
export function textOfTrace(file: string, bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) throw new TraceFormatError(file, 0, tooLarge());
  const text = decode(bytes);
  if (text !== null) return text;
  let start = 0;
  for (let line = 1; ; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const piece = bytes.subarray(start, end);
    if (decode(piece) === null) throw new TraceFormatError(file, line, notUtf8(piece));
    if (newline < 0) throw new RangeError("each line is UTF-8, and all of them are not");
    start = end + 1;
  }
}

const NEWLINE = 0x0a;

/** A text cannot be longer, in Node and in most browsers. */
const MOST_BYTES = 2 ** 29 - 24;

function tooLarge(): FormFault {
  return new FormFault(
    "",
    `the file is longer than ${MOST_BYTES} bytes, more than the page can hold`,
    "Check it with lockstep check --minimise, which leaves a few events of one that diverges",
  );
}

/** Null where the bytes are not UTF-8. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Reads a trace up to its end or to the first line that is malformed. */
export function readTraceText(file: string, text: string): ReadText {
  const lines = text.split("\n");
  const isWhole = lines.at(-1) === "";
  if (isWhole) lines.pop();
  const events: TraceEvent[] = [];
  let header: TraceHeader | null = null;
  let form: TraceForm | null = null;
  for (const [place, line] of lines.entries()) {
    try {
      if (isTooLong(line)) throw tooLong();
      const value = parseLine(line, isWhole || place < lines.length - 1);
      if (form === null) {
        const keys: KeyCount = { keys: 0 };
        header = checkHeader(value, keys);
        checkDuplicates(line, keys.keys);
        form = traceForm(header);
        continue;
      }
      form.keys = 0;
      const event = checkEvent(value, form);
      checkDuplicates(line, form.keys);
      events.push(event);
    } catch (error) {
      if (!(error instanceof FormFault)) throw error;
      const isHeader = events.length === 0 && form === null;
      const fault = new TraceFormatError(file, place + 1, error);
      return { header: isHeader ? null : header, events, fault };
    }
  }
  return { header, events, fault: missing(file, header, events) };
}

/** A server that never took a step has a file too, beside those of the others. */
function missing(
  file: string,
  header: TraceHeader | null,
  events: readonly TraceEvent[],
): TraceFormatError | null {
  if (header === null) return new TraceFormatError(file, 1, emptyFile());
  if (events.length > 0 || header.server !== undefined) return null;
  return new TraceFormatError(file, 1, noEvents());
}

/** A character is three bytes of UTF-8 at most, for each of its units. */
function isTooLong(line: string): boolean {
  if (line.length * 3 <= MAX_LINE_BYTES) return false;
  return new TextEncoder().encode(line).length > MAX_LINE_BYTES;
}
