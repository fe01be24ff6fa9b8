import { TRACE_FORMAT, TRACE_VERSION, type TraceHeader, VARIABLES } from "../trace/format.ts";
import { serverNames } from "./cluster.ts";
import type { Dials } from "./dials.ts";

/** Where an execution comes from. */
export interface Origin {
  readonly seed?: number;
  readonly forgotten: string | null;
  /** The command that makes the same trace again. */
  readonly replay?: string;
}

/** The header of a simulated execution's trace: every variable of every server is logged. */
export function executionHeader(dials: Dials, origin: Origin): TraceHeader {
  const { seed, forgotten, replay } = origin;
  const without = forgotten === null ? "" : ` without ${forgotten}`;
  return {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    servers: serverNames(dials.servers),
    variables: VARIABLES,
    implementation: { name: `lockstep-raft simulator${without}`, version: "1" },
    ...(seed === undefined ? {} : { seed }),
    ...(replay === undefined ? {} : { replay }),
  };
}
