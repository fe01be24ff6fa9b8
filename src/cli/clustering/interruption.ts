/** A run that a signal ends early, and that is judged all the same. */

/** What a signal does while it lasts. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** From now on a signal does again what it did before. */
  end(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Takes the first signal for the wish to end the run. The next one does what it did before, which is
 * to end the process.
 *
 * @param tell is told that the first has come
 */
export function interruption(tell: () => void): Interruption {
  const controller = new AbortController();
  const before = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const);
  const end = () => {
    for (const [signal, listeners] of before) {
      process.removeListener(signal, interrupt);
      for (const listener of listeners) {
        if (!process.listeners(signal).includes(listener)) process.on(signal, listener);
      }
    }
  };
  const interrupt = () => {
    end();
    tell();
    controller.abort();
  };
  for (const signal of SIGNALS) {
    process.removeAllListeners(signal);
    process.on(signal, interrupt);
  }
  return { signal: controller.signal, end };
}
