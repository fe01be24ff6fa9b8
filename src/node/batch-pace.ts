/**
 * One batch on its way to the others, and one behind it: a third would only make all of them
 * shorter, and each costs an fsync on every server, and a message to each follower and back.
 */
const MOST_BATCHES = 2;

/** So few commands keep no server busy: what a batch costs is not missed elsewhere. */
const FEW_COMMANDS = 16;

/** Nothing waits for longer: servers far apart would else have two batches under way and no more. */
const MOST_MILLISECONDS = 1;

/**
 * Says when the commands that wait may enter the log as the next batch. Where messages are fast, it
 * is better to wait for a batch to be committed, while more commands come, than to send each at once.
 */
export class BatchPace {
  readonly #onDue: () => void;
  #begunAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;

  /** @param onDue called when a batch that was held back may begin, however many are uncommitted */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Whether a batch may begin while so many, of so many commands, are not committed. */
  allows(uncommitted: { readonly batches: number; readonly commands: number }): boolean {
    if (uncommitted.batches < MOST_BATCHES || uncommitted.commands < FEW_COMMANDS) return true;
    if (performance.now() - this.#begunAt >= MOST_MILLISECONDS) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#onDue();
    }, MOST_MILLISECONDS);
    return false;
  }

  /** A batch has begun. */
  begun(): void {
    this.#begunAt = performance.now();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
