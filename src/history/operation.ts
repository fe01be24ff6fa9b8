import type { Operation, StoreAnswer } from "../state-machine/index.ts";

/** An operation on the store as its client saw it. */
export interface HistoryOperation {
  readonly client: number;
  readonly operation: Operation;
  /** When it was first asked for, on the history's own count of such moments. */
  readonly invoked: number;
  /** When the answer came; null where none did: it may have run, or may yet. */
  answered: number | null;
  answer: StoreAnswer | null;
}
