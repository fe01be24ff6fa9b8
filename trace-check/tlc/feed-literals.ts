import { EVENT_FIELDS, type PreparedTrace, type PreparedValue } from "../prepare.ts";

/** SANY, the parser, needs about 0.5 kB of memory and 2 microseconds a byte. */
const MOST_BYTES_A_MODULE = 5_000_000;
/** A sequence is cut into pieces: one of a thousand events is a deep tree to SANY. */
const EVENTS_A_PIECE = 100;

/** A module of TLA+, and the file it goes into. */
export interface Module {
  readonly name: string;
  readonly text: string;
}

/**
 * The prepared traces as modules: one named TraceData, and those that it extends. It is the
 * way where Java can run but not be compiled; TraceData.java is the faster one.
 */
export function literalModules(traces: readonly PreparedTrace[]): readonly Module[] {
  const parts: Module[] = [];
  let definitions: string[] = [];
  let bytes = 0;
  const endModule = () => {
    if (definitions.length === 0) return;
    const name = `TraceLiterals${parts.length + 1}`;
    parts.push({ name, text: moduleText(name, ["TraceEvents"], definitions) });
    definitions = [];
    bytes = 0;
  };
  traces.forEach((trace, place) => {
    pieces(trace).forEach((piece, number) => {
      const definition = `Trace${place + 1}_${number + 1} == ${piece}`;
      if (bytes + definition.length > MOST_BYTES_A_MODULE) endModule();
      definitions.push(definition);
      bytes += definition.length;
    });
  });
  endModule();
  return [eventsModule(), ...parts, dataModule(traces, parts)];
}

function pieces(trace: PreparedTrace): readonly string[] {
  const texts: string[] = [];
  for (let start = 0; start < trace.events.length; start += EVENTS_A_PIECE) {
    const events = trace.events
      .slice(start, start + EVENTS_A_PIECE)
      .map((event) => `E(${event.map(literal).join(",")})`);
    texts.push(`<<${events.join(",\n")}>>`);
  }
  return texts;
}

/** The record of an event, of its values in order. */
function eventsModule(): Module {
  const parameters = EVENT_FIELDS.map((_, place) => `v${place}`);
  const fields = EVENT_FIELDS.map((field, place) => `${field} |-> v${place}`);
  const definition = `E(${parameters.join(", ")}) ==\n  [${fields.join(",\n   ")}]`;
  return { name: "TraceEvents", text: moduleText("TraceEvents", ["Sequences"], [definition]) };
}

function dataModule(traces: readonly PreparedTrace[], parts: readonly Module[]): Module {
  const names = traces.map((trace, place) =>
    Array.from(
      { length: Math.ceil(trace.events.length / EVENTS_A_PIECE) },
      (_, number) => `Trace${place + 1}_${number + 1}`,
    ).join(" \\o "),
  );
  const logged = traces.map((trace) => {
    const servers = trace.logged.map(
      (variables, k) => `s${k + 1} |-> ${literal({ set: variables })}`,
    );
    return `[${servers.join(", ")}]`;
  });
  const text = moduleText(
    "TraceData",
    ["Naturals", ...parts.map((part) => part.name)],
    [
      ...names.map((name, place) => `TraceOf${place + 1} == ${name}`),
      `TraceTable == <<${names.map((_, place) => `TraceOf${place + 1}`).join(", ")}>>`,
      `LoggedTable == <<${logged.join(", ")}>>`,
      `TraceCount == ${traces.length}`,
      "TraceLength(trace) == Len(TraceTable[trace])",
      "LoggedVariables(trace, s) == LoggedTable[trace][s]",
      "EventAt(trace, position) == TraceTable[trace][position]",
    ],
  );
  return { name: "TraceData", text };
}

function moduleText(
  name: string,
  extended: readonly string[],
  definitions: readonly string[],
): string {
  return [
    `---- MODULE ${name} ----`,
    `EXTENDS ${extended.join(", ")}`,
    ...definitions,
    "====",
    "",
  ].join("\n");
}

/** A prepared value in TLA+. */
export function literal(value: PreparedValue): string {
  if (typeof value === "string") return `"${value}"`;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (isList(value)) return `<<${value.map(literal).join(",")}>>`;
  const { set } = value;
  if (set !== undefined && isList(set)) return `{${set.map(literal).join(",")}}`;
  const fields = Object.entries(value).map(([name, field]) => `${name}|->${literal(field)}`);
  return `[${fields.join(",")}]`;
}

function isList(value: PreparedValue): value is readonly PreparedValue[] {
  return Array.isArray(value);
}
