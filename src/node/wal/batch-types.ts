import type { Entry, Index, ServerId, Term } from "../../core/index.ts";

/** The last index and term that a snapshot includes: what a log begins after. 0 and 0 for none. */
export interface LogBase {
  readonly index: Index;
  readonly term: Term;
}

/** Lines of a trace: events `firstSeq` to `lastSeq` of the server. */
export interface TraceLines {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The lines with their newlines. Empty where there was no event: then lastSeq < firstSeq. */
  readonly lines: Uint8Array;
}

/** The lines of a trace that a record carries. */
export interface CarriedLines extends TraceLines {
  /** Whether they refer to the record's entries in place of their texts: see `spellOut`. */
  readonly areAbbreviated?: boolean;
}

/** What becomes durable at once: all that a server did since the batch before. */
export interface Batch {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  /** Where a snapshot took the place of the log's beginning; null where none did. */
  readonly base: LogBase | null;
  /** The log is cut before this index and `entries` follow; 0 where it did not change. */
  readonly logChangedFrom: Index;
  readonly entries: readonly Entry[];
  /** null where nothing is traced. */
  readonly trace: CarriedLines | null;
}
