/** Which conjunct of an action was false: kept only while it is asked for. */
import { equal } from "./compare.ts";
import { enumerated } from "./set-operators.ts";
import { isIn } from "./sets.ts";
import type { Value } from "./values.ts";

/** A conjunct that was false: its number, and the values it compared. */
export interface Blamed {
  readonly conjunct: number;
  readonly values: readonly Value[];
}

class Blame {
  isOn = false;
  /** Whether a step goes on behind a guard that is false, to see what it would have done. */
  #waivesGuards = false;
  /** The action that the step now being made belongs to. */
  action = "";
  readonly blamed: Blamed[] = [];

  /** @param waivesGuards whether a step goes on behind a guard that is false */
  start(waivesGuards = false): void {
    this.isOn = true;
    this.#waivesGuards = waivesGuards;
    this.blamed.length = 0;
  }

  stop(): readonly Blamed[] {
    this.isOn = false;
    this.#waivesGuards = false;
    return [...this.blamed];
  }

  /** Notes a guard that is false. Whether the step goes on behind it. */
  guard(conjunct: number, ...values: readonly Value[]): boolean {
    this.blamed.push({ conjunct, values });
    return this.#waivesGuards;
  }

  mismatch(conjunct: number, expected: Value, actual: Value | undefined): void {
    this.blamed.push({ conjunct, values: actual === undefined ? [expected] : [expected, actual] });
  }
}

export const blame = new Blame();

/** Whether a variable that has a value already, or none yet, may have this one. */
export function agree(before: Value | undefined, value: Value): boolean {
  return before === undefined || before === value || equal(before, value);
}

/** The values that a variable may have: all of the set, or the one it has. */
export function candidates(before: Value | undefined, set: Value): readonly Value[] {
  if (before === undefined) return enumerated(set);
  return isIn(before, set) ? [before] : [];
}
