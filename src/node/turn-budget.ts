/** Answers are written to their clients when the turn ends, some 20 microseconds each. */
const MOST_ITEMS = 128;
const MOST_CHARACTERS = 1024 * 1024;

/**
 * How much of commands and reads the state machine is given before messages, timers and other clients
 * get their turn. Characters count too, of questions and answers: some thousand reads of a long value
 * would hold a server for seconds, and cost a leader its office.
 */
export class TurnBudget {
  #items = 0;
  #characters = 0;

  /** Whether the rest has to wait. One item is always taken, however long it is. */
  get isSpent(): boolean {
    return this.#items >= MOST_ITEMS || this.#characters >= MOST_CHARACTERS;
  }

  /** An item was taken, with so many characters that were asked and answered. */
  spend(characters: number): void {
    this.#items++;
    this.#characters += characters;
  }
}
