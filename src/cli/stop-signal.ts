/** The end of what runs until it is told to stop: a server has no result that a signal could spoil. */

/** Resolves at the first signal to stop; a second one ends the process at once. */
export function stopSignal(): Promise<null> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      // Other commands have no more to do at a signal than to end.
      process.removeAllListeners(signal);
      process.once(signal, () => resolve(null));
    }
  });
}
