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

interface OpenSession<Answer> {
  /** null: it is open to whoever knows its number. */
  readonly secret: string | null;
  readonly session: Session<Answer>;
}

/** A session's number, its secret, and what it remembers. */
type ListedSession<Answer> = readonly [
  number: number,
  secret: string | null,
  ...remembered: ReturnType<Session<Answer>["list"]>,
];

/**
 * The open sessions of a state machine, at most `limit` of them. Which one goes when there
 * are too many depends on the log alone: the one that was used longest ago.
 */
export class Sessions<Answer> {
  readonly #limit: number;
  /** In the order of use, the oldest first: a Map keeps the order of insertion. */
  readonly #sessions = new Map<number, OpenSession<Answer>>();

  /** Throws a RangeError unless `limit` is a positive integer. */
  constructor(limit: number) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`maxSessions is ${limit}: a positive integer is expected`);
    }
    this.#limit = limit;
  }

  /** Opens a session, and drops the one used longest ago where there are too many. */
  open(number: number, secret: string | null): void {
    this.#sessions.set(number, { secret, session: new Session() });
    if (this.#sessions.size <= this.#limit) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      return;
    }
  }

  /**
   * The session, which counts as used now; null where none of that number has that secret: who does
   * not know it can neither use the session, nor keep it open, nor learn that there is one.
   */
  use(number: number, secret: string | null): Session<Answer> | null {
    const open = this.#sessions.get(number);
    if (open === undefined || open.secret !== secret) return null;
    this.#sessions.delete(number);
    this.#sessions.set(number, open);
    return open.session;
  }

  /** All sessions in the order of their last use, each with what it remembers. */
  list(): readonly ListedSession<Answer>[] {
    return [...this.#sessions].map(([number, { secret, session }]) => [
      number,
      secret,
      ...session.list(),
    ]);
  }

  /** Puts the sessions that `list` gave in place of its own. */
  restore(sessions: ReturnType<Sessions<Answer>["list"]>): void {
    this.#sessions.clear();
    for (const [number, secret, ...remembered] of sessions) {
      this.#sessions.set(number, { secret, session: Session.of(remembered) });
    }
  }
}
