import type { Command, Index, Role, ServerId, Term } from "../core/index.ts";

/** What became of a command or a read that a client brought to a server. */
export type Outcome =
  /** It was executed, once, and this is the state machine's answer. */
  | { readonly status: "executed"; readonly index: Index; readonly answer: string }
  /** This server is not the leader and did not take it; null where it knows of no leader. */
  | { readonly status: "notLeader"; readonly leader: ServerId | null }
  /**
   * It was not taken and will not be executed: the server is stopping, overloaded, it is
   * too large, or a query that the state machine fails at.
   */
  | { readonly status: "refused"; readonly reason: string }
  /** It was taken, and whether it is executed cannot be told: leadership was lost meanwhile. */
  | { readonly status: "unknown"; readonly reason: string };

/** What a server tells of itself. */
export interface ServerStatus {
  readonly id: ServerId;
  readonly clusterId: string;
  readonly role: Role;
  readonly currentTerm: Term;
  readonly knownLeader: ServerId | null;
  readonly lastIndex: Index;
  readonly commitIndex: Index;
  readonly lastApplied: Index;
  readonly snapshotIndex: Index;
  /**
   * Of a server that traces its steps: the others that it has heard and that do not, so that its
   * trace cannot be checked.
   */
  readonly untracedPeers?: readonly ServerId[];
}

/**
 * A running server, as those see it who bring commands to it: the doors for clients (TCP, HTTP)
 * and the program that embeds it. Nothing here throws for what a client sends.
 */
export interface RunningServer {
  /** Takes a command into the log; `done` is called once, when its outcome is known. */
  propose(command: Command, done: (outcome: Outcome) => void): void;
  /** A linearizable read without a log entry (§8): the query goes to the state machine. */
  read(query: string, done: (outcome: Outcome) => void): void;
  status(): ServerStatus;
}
