/** The times of a server, in milliseconds. */
export interface Timing {
  /** A leader sends each follower something at least this often. */
  readonly heartbeatMs: number;
  /** A follower that hears nothing waits this long, and up to twice as long, drawn anew each time. */
  readonly electionTimeoutMs: number;
}

/** A timer that is this late was held up with the whole process, and so was what it waits for. */
const HELD_UP_MS = 50;

/**
 * The election timeout (§5.2). It is started anew thousands of times a second, so that only the
 * deadline moves, and the system's timer is set again when it has come.
 */
export class ElectionTimer {
  readonly #electionTimeoutMs: number;
  readonly #elapsed: () => void;
  #deadline = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerAt = 0;

  constructor(timing: Timing, elapsed: () => void) {
    this.#electionTimeoutMs = timing.electionTimeoutMs;
    this.#elapsed = elapsed;
  }

  /** Starts it anew, by another random time. */
  reset(): void {
    this.#deadline = performance.now() + this.#electionTimeoutMs * (1 + Math.random());
    if (this.#timer === null) this.#arm();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(): void {
    this.#timerAt = this.#deadline;
    const delay = Math.max(1, this.#deadline - performance.now());
    this.#timer = setTimeout(() => this.#due(), delay);
  }

  #due(): void {
    this.#timer = null;
    const now = performance.now();
    if (now < this.#deadline) {
      this.#arm();
      return;
    }
    // A process that was stopped first reads what has come meanwhile: the leader may be there.
    const wasHeldUp = now - this.#timerAt > HELD_UP_MS;
    this.reset();
    if (!wasHeldUp) this.#elapsed();
  }
}
