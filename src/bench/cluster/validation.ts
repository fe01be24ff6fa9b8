import { checkPaths } from "../../../trace-check/check.ts";
import { createFileEngine } from "../../../trace-check/compiled/engine.ts";
import { readWords } from "../../../trace-check/words.ts";
import { packageFolder } from "../../setup/environment.ts";

/** How fast a cluster makes events, and how fast they are checked. */
export interface Validation {
  readonly producedPerSecond: number;
  readonly checkedPerSecond: number;
}

/**
 * Checks the traces that a cluster has left in a folder, by the compiled spec on one thread.
 *
 * @param seconds how long the cluster was under load
 * @throws Error where the traces do not hold: then nothing was measured
 */
export async function measureValidation(folder: string, seconds: number): Promise<Validation> {
  const begin = performance.now();
  const { events, valid, invalid, malformed } = await checkPaths([folder], {
    engine: createFileEngine(1),
    words: await readWords(packageFolder()),
  });
  if (valid !== 1 || invalid > 0 || malformed.length > 0) {
    throw new Error(`the traces in ${folder} are not valid: lockstep check says why`);
  }
  return {
    producedPerSecond: events / seconds,
    checkedPerSecond: (1000 * events) / (performance.now() - begin),
  };
}
