/** A defect that a real implementation of Raft has had, and how to plant it in this one. */

/** Where a defect was, or is told of. */
export interface Source {
  readonly text: string;
  readonly url: string;
}

/** A piece of source text, which must be in the file exactly once, and what takes its place. */
export interface Replacement {
  /** Relative to the root, below one of the folders that are copied. */
  readonly file: string;
  readonly find: string;
  readonly by: string;
}

/**
 * What a defect costs. safety: something promised is broken. liveness: what is promised to
 * happen in the end may not. cost: nothing but time. none: it is the same as the correct code
 * while everything else is right.
 */
export type Kind = "safety" | "liveness" | "cost" | "none";

/** Who sees that a run went wrong. */
export type Observer = "trace check" | "invariants" | "oracles";

/** A defect in what is not simulated, and the tests that must see it, as files. */
export interface TestedDefect {
  readonly name: string;
  /** What the implementation does, in one sentence. */
  readonly does: string;
  readonly sources: readonly Source[];
  readonly planted: readonly Replacement[];
  readonly tests: readonly string[];
}

export interface Defect {
  readonly name: string;
  /** What the implementation does, in one sentence. */
  readonly does: string;
  readonly kind: Kind;
  readonly sources: readonly Source[];
  readonly planted: readonly Replacement[];
  /** Who must see it; null where nobody can, and `because` says why. */
  readonly seenBy: Observer | null;
  /** Why it is not the trace check that must see it. */
  readonly because?: string;
}

/** A thread on GitHub, by "owner/repository" and number. */
export function gitHub(repository: string, number: number): Source {
  const name = repository.split("/")[1] ?? repository;
  return { text: `${name} #${number}`, url: `https://github.com/${repository}/issues/${number}` };
}
