import type { Entry, Index, Role, ServerId, Term } from "../../core/index.ts";
import type { StepRecord } from "../step-record.ts";
import type { Verdict } from "./violation.ts";

/** The variables of a server as of its last persisted step. */
export interface ServerView {
  currentTerm: Term;
  votedFor: ServerId | null;
  role: Role;
  commitIndex: Index;
  lastApplied: Index;
  lastIndex: Index;
  snapshotIndex: Index;
}

/**
 * The whole cluster as its invariants see it. While a step is being checked, `servers` says
 * what was before the step, and `logs`, the disks themselves, what is after it.
 */
export interface ClusterView {
  readonly names: readonly ServerId[];
  readonly servers: readonly ServerView[];
  readonly logs: readonly (readonly Entry[])[];
  /** History: who won the election of a term. */
  readonly leaders: Map<Term, number>;
  /** History: for each committed index, from 1, its entry and the lowest term that committed it. */
  readonly committed: { readonly entry: Entry; term: Term }[];
  /** matchIndex of a leader (row) for a peer (column). */
  readonly matchIndex: Int32Array;
  /** The highest term of any server. */
  highestTerm: Term;
  readonly verdict: Verdict;
}

/** The cluster before its first step. */
export function createClusterView(
  names: readonly ServerId[],
  logs: readonly (readonly Entry[])[],
  verdict: Verdict,
): ClusterView {
  return {
    names,
    servers: names.map(() => ({
      currentTerm: 0,
      votedFor: null,
      role: "Follower",
      commitIndex: 0,
      lastApplied: 0,
      lastIndex: 0,
      snapshotIndex: 0,
    })),
    logs,
    leaders: new Map(),
    committed: [],
    matchIndex: new Int32Array(names.length * names.length),
    highestTerm: 0,
    verdict,
  };
}

/** Takes over what a checked step left behind. */
export function takeOver(view: ClusterView, before: ServerView, after: StepRecord): void {
  before.currentTerm = after.currentTerm;
  before.votedFor = after.votedFor;
  before.role = after.role;
  before.commitIndex = after.commitIndex;
  before.lastApplied = after.lastApplied;
  before.lastIndex = after.lastIndex;
  before.snapshotIndex = after.snapshotIndex;
  if (after.currentTerm > view.highestTerm) view.highestTerm = after.currentTerm;
}

/** The same entry: in one process it is mostly the same object. */
export function isSameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.term === b.term && a.command === b.command;
}

/** An entry in words. */
export function entryText(entry: Entry | undefined): string {
  if (entry === undefined) return "no entry";
  return `${entry.command === null ? "an empty entry" : entry.command} of term ${entry.term}`;
}
