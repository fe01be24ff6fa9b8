import type { Outcome } from "./door.ts";
import { COUNTS, Histogram, SECONDS } from "./histogram.ts";

/** What a server has done so far, for metrics. */
export class HostCounters {
  elections = 0;
  leaderships = 0;
  messagesSent = 0;
  messagesReceived = 0;
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
