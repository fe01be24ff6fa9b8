import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readRules } from "../spec/rule-names.ts";
import type { Defect, Observer, Replacement } from "./defect.ts";
import type { TrialRequest, TrialResult } from "./trial.ts";
import type { Workshop } from "./workshop.ts";

const run = promisify(execFile);

/** The simulator without its invariants, so that a run goes on to what another observer sees. */
const BLINDFOLD: Replacement = {
  file: "src/sim/world.ts",
  find: "    const violation = this.invariants.check(record);\n",
  by: "    this.invariants.check(record);\n    const violation = null;\n",
};

/** A run of the implementation without a defect. */
export const UNPLANTED: Pick<Defect, "name" | "planted"> = { name: "Nothing", planted: [] };

/** How long a trial may take before it counts as one that never ends. */
const PATIENCE_MS = 120_000;

/**
 * Lets one observer alone look at the implementation with a defect in it.
 *
 * @param events after how many events the observer gives up
 */
export async function observe(
  workshop: Workshop,
  defect: Pick<Defect, "name" | "planted">,
  observer: Observer,
  events: number,
): Promise<TrialResult> {
  const isBlind = observer !== "invariants";
  const folder = workshop.plant({
    name: `${defect.name}-${isBlind ? "blind" : "seeing"}`,
    planted: [...defect.planted, ...(isBlind ? [BLINDFOLD] : [])],
  });
  const rules = readRules().map(({ name }) => name);
  const request: TrialRequest = { folder, observer, events, rules };
  const { stdout } = await run(process.execPath, [workshop.trialProgram, JSON.stringify(request)], {
    timeout: PATIENCE_MS,
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout) as TrialResult;
}
