/** The last command of a session and its answer; sequence 0 and null before the first. */
export interface LastCommand<Answer> {
  sequence: number;
  answer: Answer | null;
}

/**
 * The open sessions of a state machine, at most `limit` of them. Which one goes when there
 * are too many depends on the log alone: the one that was used longest ago.
 */
export class Sessions<Answer> {
  readonly #limit: number;
  /** In the order of use, the oldest first: a Map keeps the order of insertion. */
  readonly #sessions = new Map<number, LastCommand<Answer>>();

  /** Throws a RangeError unless `limit` is a positive integer. */
  constructor(limit: number) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`maxSessions is ${limit}: a positive integer is expected`);
    }
    this.#limit = limit;
  }

  /** Opens a session, and drops the one used longest ago where there are too many. */
  open(session: number): void {
    this.#sessions.set(session, { sequence: 0, answer: null });
    if (this.#sessions.size <= this.#limit) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      return;
    }
  }

  /** The last command of the session, which counts as used now; null where it is not open. */
  use(session: number): LastCommand<Answer> | null {
    const last = this.#sessions.get(session);
    if (last === undefined) return null;
    this.#sessions.delete(session);
    this.#sessions.set(session, last);
    return last;
  }

  /** All sessions in the order of their last use. */
  list(): readonly (readonly [session: number, last: LastCommand<Answer>])[] {
    return [...this.#sessions];
  }
}
