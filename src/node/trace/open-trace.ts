import type { ServerId } from "../../core/index.ts";
import { VARIABLES } from "../../trace/format.ts";
import type { OpenedStorage } from "../storage.ts";
import type { TraceLines } from "../wal/batch-types.ts";
import { TraceFile, TraceNotResumable } from "./trace-file.ts";
import { TraceLog } from "./trace-log.ts";

export interface TraceOptions {
  readonly path: string;
  readonly id: ServerId;
  readonly servers: readonly ServerId[];
  /** Joins the files of all servers: they name it as their execution. */
  readonly clusterId: string;
}

/** A trace that was opened, before the log is read that it may lack events of. */
export interface OpenedTrace {
  /** Takes the events that the log's records carry, in order, and keeps those that are missing. */
  onTrace(lines: TraceLines): void;
  /** Appends what is missing. @throws TraceNotResumable where log and trace do not go together */
  begin(opened: OpenedStorage): Promise<TraceLog>;
}

/** Opens the trace of a server, or begins it. Throws TraceNotResumable. */
export function openTrace(options: TraceOptions): OpenedTrace {
  const { path, id, servers, clusterId } = options;
  const file = TraceFile.open(path, {
    servers,
    variables: VARIABLES,
    implementation: { name: "lockstep-raft server", version: "1" },
    server: id,
    execution: clusterId,
  });
  const missing: TraceLines[] = [];
  return {
    onTrace(lines) {
      const { firstSeq, lastSeq } = lines;
      if (lastSeq <= file.lastSeq) return;
      missing.push({ firstSeq, lastSeq, lines: Buffer.from(lines.lines) });
    },
    async begin({ isNew, state }) {
      if (isNew && file.lastSeq > 0) {
        throw new TraceNotResumable(path, "the server's folder is empty, and the trace is not");
      }
      if (!state.isTraced) {
        throw new TraceNotResumable(path, "the server has run without a trace");
      }
      if (hasGap(file.lastSeq, missing)) {
        if (file.lastSeq === 0) file.discard();
        throw new TraceNotResumable(
          path,
          "the server has run before, and the trace lacks its events",
        );
      }
      for (const lines of missing) await file.append(lines);
      return new TraceLog(file, id, servers);
    },
  };
}

/** Whether events lie between those that the trace has and those that the log still carries. */
function hasGap(lastSeq: number, missing: readonly TraceLines[]): boolean {
  let known = lastSeq;
  for (const lines of missing) {
    if (lines.firstSeq > known + 1) return true;
    known = Math.max(known, lines.lastSeq);
  }
  return false;
}
