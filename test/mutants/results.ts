import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TestResult } from "./run-tests.ts";
import type { TrialResult } from "./trial.ts";

const FILE = resolve(import.meta.dirname, "results.json");

/** What each observer, alone, made of one implementation. */
export interface Observed {
  readonly name: string;
  readonly traceCheck: TrialResult;
  readonly invariants: TrialResult;
  readonly oracles: TrialResult;
}

/** What came of all trials, as they were last measured. */
export interface Results {
  readonly unplanted: Observed;
  readonly defects: readonly Observed[];
  /** Of the defects in what is not simulated. */
  readonly tested: readonly TestResult[];
}

export function readResults(): Results {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

export function writeResults(results: Results): void {
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
}
