import type { ProposalLimits } from "./proposals.ts";

/** What a server takes, and keeps, at the most. */
export interface HostLimits extends ProposalLimits {
  /** The most characters of one command. */
  readonly maxCommandCharacters: number;
  /**
   * How much the log holds before a snapshot takes its place. Nothing is set aside for it, so that it has no
   * upper bound: with more than there is memory for, no snapshot is taken in time.
   */
  readonly snapshotBytes: number;
}
