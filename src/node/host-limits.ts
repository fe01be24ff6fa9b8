import type { ProposalLimits } from "./proposals.ts";

/** What a server takes, and keeps, at the most. */
export interface HostLimits extends ProposalLimits {
  /** The most characters of one command. */
  readonly maxCommandCharacters: number;
  /** How much the log holds before a snapshot takes its place. */
  readonly snapshotBytes: number;
}
