/** The most commands of a session that may be under way at a time. The same on every server. */
export const MAX_UNDER_WAY = 256;

/**
 * What a session must remember so that each of its commands runs once, whatever was sent again
 * and in whichever order commands that were under way together got into the log: the answers that
 * the client may not have had yet.
 */
export class Session<Answer> {
  /** The client has had the answers to all commands before this one. */
  #lowestUnanswered = 1;
  readonly #answers = new Map<number, Answer>();

  /**
   * Runs a command unless it has run.
   *
   * @claim CommandsRunOnce
   * @param sequence the command's number in the session
   * @param lowestUnanswered the client has had all answers before this one, and asks no more
   * @returns its answer, the same whenever it comes again; or why it did not run: the client has
   *   had the answer, or too many are under way
   */
  runOnce(
    sequence: number,
    lowestUnanswered: number,
    run: () => Answer,
  ): Answer | "superseded" | "tooManyUnderWay" {
    this.#forgetBefore(lowestUnanswered);
    if (sequence < this.#lowestUnanswered) return "superseded";
    const known = this.#answers.get(sequence);
    if (known !== undefined) return known;
    if (sequence >= this.#lowestUnanswered + MAX_UNDER_WAY) return "tooManyUnderWay";
    const answer = run();
    this.#answers.set(sequence, answer);
    return answer;
  }

  /** The lowest that is unanswered, and the answers from there on, in the order of the commands. */
  list(): readonly [lowestUnanswered: number, ...(readonly [sequence: number, answer: Answer])[]] {
    return [this.#lowestUnanswered, ...[...this.#answers].sort(([a], [b]) => a - b)];
  }

  /** A session that remembers what `list` gave. */
  static of<Answer>([lowestUnanswered, ...answers]: ReturnType<
    Session<Answer>["list"]
  >): Session<Answer> {
    const session = new Session<Answer>();
    session.#lowestUnanswered = lowestUnanswered;
    for (const [sequence, answer] of answers) session.#answers.set(sequence, answer);
    return session;
  }

  #forgetBefore(lowestUnanswered: number): void {
    if (lowestUnanswered <= this.#lowestUnanswered) return;
    this.#lowestUnanswered = lowestUnanswered;
    for (const sequence of this.#answers.keys()) {
      if (sequence < lowestUnanswered) this.#answers.delete(sequence);
    }
  }
}

/**
 * The open sessions of a state machine, at most `limit` of them. Which one goes when there
 * are too many depends on the log alone: the one that was used longest ago.
 */
export class Sessions<Answer> {
  readonly #limit: number;
  /** In the order of use, the oldest first: a Map keeps the order of insertion. */
  readonly #sessions = new Map<number, Session<Answer>>();

  /** Throws a RangeError unless `limit` is a positive integer. */
  constructor(limit: number) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`maxSessions is ${limit}: a positive integer is expected`);
    }
    this.#limit = limit;
  }

  /** Opens a session, and drops the one used longest ago where there are too many. */
  open(session: number): void {
    this.#sessions.set(session, new Session());
    if (this.#sessions.size <= this.#limit) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      return;
    }
  }

  /** The session, which counts as used now; null where it is not open. */
  use(number: number): Session<Answer> | null {
    const session = this.#sessions.get(number);
    if (session === undefined) return null;
    this.#sessions.delete(number);
    this.#sessions.set(number, session);
    return session;
  }

  /** All sessions in the order of their last use, each with what it remembers. */
  list(): readonly (readonly [session: number, ...ReturnType<Session<Answer>["list"]>])[] {
    return [...this.#sessions].map(([number, session]) => [number, ...session.list()]);
  }

  /** Puts the sessions that `list` gave in place of its own. */
  restore(sessions: ReturnType<Sessions<Answer>["list"]>): void {
    this.#sessions.clear();
    for (const [number, ...rest] of sessions) this.#sessions.set(number, Session.of(rest));
  }
}
