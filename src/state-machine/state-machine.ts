import type { Command, Index } from "../core/index.ts";

/**
 * A replicated state machine (§2): the same commands in the same order give the same state
 * and the same answers on every server. It reads no clock, no randomness and no I/O, and it
 * never throws: what it cannot make sense of has an answer too, the same everywhere.
 */
export interface StateMachine<Answer> {
  /**
   * Applies the entry at `index`. Entries come in the order of the log, each once.
   *
   * @param command null for a leader's empty entry, which changes nothing
   * @returns the answer for the client; null for the empty entry
   */
  apply(index: Index, command: Command | null): Answer | null;
  /** Answers from the state as it is, and changes nothing: a read without a log entry (§8). */
  query(query: string): Answer;
  /**
   * The state as it is at the call, as pieces of a text that `restore` takes: a snapshot (§7). The
   * pieces may be asked for later, one by one, while further commands are applied.
   */
  snapshot(): Iterable<string>;
  /** Puts the state of a snapshot in place of its own. Throws where the text is none. */
  restore(snapshot: string): void;
  /** The whole state in one canonical text: equal states give equal texts. */
  describe(): string;
}
