/** Runs tasks of known width at the same time, as many as fit on the cores. */

export interface Task<Result> {
  /** How many cores it takes; one that takes more than there are runs alone. */
  readonly cores: number;
  run(): Promise<Result>;
}

/**
 * Runs the tasks, begun in their order, and yields their results in their order.
 * The first error ends it: nothing more is begun, and what runs comes to its end.
 */
export async function* shareCores<Result>(
  tasks: readonly Task<Result>[],
  cores: number,
): AsyncGenerator<Result> {
  const results: Promise<Result>[] = [];
  const running = new Set<Promise<void>>();
  let free = cores;
  let isOver = false;

  const beginWhatFits = (): void => {
    for (let next = tasks[results.length]; next !== undefined; next = tasks[results.length]) {
      if (isOver || (next.cores > free && running.size > 0)) return;
      begin(next);
    }
  };
  const begin = (task: Task<Result>): void => {
    const result = task.run();
    const end = result.then(
      () => undefined,
      () => undefined,
    );
    free -= task.cores;
    results.push(result);
    running.add(end);
    end.then(() => {
      free += task.cores;
      running.delete(end);
      beginWhatFits();
    });
  };

  try {
    beginWhatFits();
    for (let told = 0; told < tasks.length; told++) {
      // What is not begun yet is, by the time that all that runs now has ended.
      while (results[told] === undefined) await Promise.race(running);
      const result = results[told];
      if (result !== undefined) yield await result;
    }
  } finally {
    isOver = true;
    await Promise.all(running);
  }
}
