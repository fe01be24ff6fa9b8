import { TRACE_FORMAT, TRACE_VERSION, type TraceEvent, type TraceHeader } from "./format.ts";

/** What a header says beyond its format and version. */
export type HeaderFields = Omit<TraceHeader, "format" | "version">;

/** The first line of a trace, with its newline. */
export function headerLine(fields: HeaderFields): string {
  const header: TraceHeader = { format: TRACE_FORMAT, version: TRACE_VERSION, ...fields };
  return `${JSON.stringify(header)}\n`;
}

/** The line of an event, with its newline. */
export function eventLine(event: TraceEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** A whole trace as text. */
export function traceText(fields: HeaderFields, events: readonly TraceEvent[]): string {
  let text = headerLine(fields);
  for (const event of events) text += eventLine(event);
  return text;
}
