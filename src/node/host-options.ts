import type { Server } from "../core/index.ts";
import type { Timing } from "./election-timer.ts";
import type { HostLimits } from "./host-limits.ts";
import type { Log } from "./log.ts";
import type { ReplicatedStateMachine } from "./state-machine.ts";
import type { Storage } from "./storage.ts";
import type { TraceLog } from "./trace/trace-log.ts";

/**
 * With a trace, no more commands are taken where the log and they would be longer than that: a line
 * has 16 MiB, and a leader before may have left in the log what nobody here has counted.
 */
export const MOST_TRACED_LOG_BYTES = 12 * 1024 * 1024;

export interface HostOptions {
  readonly clusterId: string;
  readonly core: Server;
  readonly storage: Storage;
  readonly machine: ReplicatedStateMachine;
  readonly trace: TraceLog | null;
  readonly timing: Timing;
  readonly limits: HostLimits;
  readonly log: Log;
  /** The server cannot go on: its disk, or its state machine, failed. Called once. */
  onFailure(error: Error): void;
}
