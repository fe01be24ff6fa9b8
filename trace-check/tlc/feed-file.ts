import { EVENT_FIELDS, type PreparedTrace } from "../prepare.ts";

/** The lines of the file that TraceData.java reads, each with its newline. */
export function* preparedLines(traces: readonly PreparedTrace[]): Generator<string> {
  yield `${JSON.stringify(EVENT_FIELDS)}\n`;
  for (const trace of traces) {
    const logged = trace.logged.map((variables, place) => [`s${place + 1}`, { set: variables }]);
    yield `${JSON.stringify({ logged: Object.fromEntries(logged) })}\n`;
    for (const event of trace.events) yield `${JSON.stringify(event)}\n`;
  }
}
