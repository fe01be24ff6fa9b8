import type { TraceHeader, TraceVariable } from "./format.ts";
import type { KeyCount } from "./shape.ts";

/**
 * What the form of an event depends on beyond its line: the header, and what each server
 * has logged before. It holds a few numbers a server, however long the trace.
 */
export interface TraceForm extends KeyCount {
  readonly servers: ReadonlySet<string>;
  readonly variables: ReadonlySet<TraceVariable>;
  /** The server whose file this is, where each writes its own. */
  readonly onlyServer: string | null;
  readonly progress: ReadonlyMap<string, ServerProgress>;

  // The event being checked
  server: string;
  seq: number;
}

export interface ServerProgress {
  /** The `seq` of its last event; 0 before its first. */
  seq: number;
  /** The length of its log, as far as the trace logs it. */
  lastIndex: number;
}

/** The form of a trace at its beginning: no events yet, all logs empty. */
export function traceForm(header: TraceHeader): TraceForm {
  return {
    servers: new Set(header.servers),
    variables: new Set(header.variables),
    onlyServer: header.server ?? null,
    progress: new Map(header.servers.map((server) => [server, { seq: 0, lastIndex: 0 }])),
    server: "",
    seq: 0,
    keys: 0,
  };
}
