import type { Outcome } from "./door.ts";
import { Histogram } from "./http/metrics.ts";

/** Seconds, from a tenth of a millisecond to some seconds: what an fsync takes. */
const SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
] as const;

/** How many commands there are at once. */
const COUNTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096] as const;

/** What a server has done so far, for metrics. */
export class HostCounters {
  elections = 0;
  leaderships = 0;
  /** Snapshots of a leader that took the place of this server's log. */
  snapshotsInstalled = 0;
  /** What became of commands and reads. */
  readonly outcomes: Record<Outcome["status"], number> = {
    executed: 0,
    notLeader: 0,
    refused: 0,
    unknown: 0,
  };
  /** How long it took to make a batch durable: a write and an fsync. */
  readonly persistSeconds = new Histogram(SECONDS);
  /** How many commands were taken into the log at once. */
  readonly batchCommands = new Histogram(COUNTS);
}
