/** The text of a trace file, line by line, as far as it is one. */
import { FormFault, TraceFormatError } from "../../trace/error.ts";
import { checkEvent } from "../../trace/event.ts";
import type { TraceEvent, TraceHeader } from "../../trace/format.ts";
import { checkHeader } from "../../trace/header.ts";
import { checkDuplicates, parseLine } from "../../trace/parser.ts";
import type { KeyCount } from "../../trace/shape.ts";
import { type TraceForm, traceForm } from "../../trace/trace-form.ts";

export interface ReadText {
  /** Null where the first line is no header. */
  readonly header: TraceHeader | null;
  readonly events: readonly TraceEvent[];
  /** What is wrong with the first line that is not read; null where all are. */
  readonly fault: TraceFormatError | null;
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
      return { header, events, fault: new TraceFormatError(file, place + 1, error) };
    }
  }
  return { header, events, fault: header === null || events.length === 0 ? empty(file) : null };
}

function empty(file: string): TraceFormatError {
  const remedy = "A trace is a header line and then a line for each step of each server";
  return new TraceFormatError(file, 0, new FormFault("", "there are no events in it", remedy));
}
