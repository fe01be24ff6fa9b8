import { locateModelChecker, type ModelChecker } from "../../src/model-check/check-model.ts";
import { EnvironmentError } from "../../src/setup/environment-error.ts";

/** Long enough to wait for a turn and to start Java on a loaded machine. */
export const TLC_MILLISECONDS = 600_000;

/** What TLC runs on, or in words why it cannot run. */
export async function findChecker(): Promise<ModelChecker | string> {
  try {
    return await locateModelChecker(process.env);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
}

/** Lets so many tasks run at once, and the others wait for their turn in order. */
export function atMost(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let free = limit;
  const waiting: (() => void)[] = [];
  const turn = (): Promise<void> => {
    if (free === 0) return new Promise((resolve) => waiting.push(resolve));
    free--;
    return Promise.resolve();
  };
  const pass = (): void => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return async (task) => {
    await turn();
    try {
      return await task();
    } finally {
      pass();
    }
  };
}
