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

/** What something came to, and the conjuncts that were false meanwhile. */
export interface BlamedDuring<Result> {
  readonly result: Result;
  readonly blamed: readonly Blamed[];
}

class Blame {
  isOn = false;
  /** Whether a step goes on behind a guard that is false, to see what it would have done. */
  #waivesGuards = false;
  /** The action that the step now being made belongs to. */
  action = "";
  #blamed: Blamed[] = [];

  /**
   * Notes what is false while something is evaluated, and ends with that, also where it throws: what
   * is judged afterwards must have no guard waived.
   */
  during<Result>(
    evaluate: () => Result,
    { waivesGuards }: { readonly waivesGuards: boolean },
  ): BlamedDuring<Result> {
    const blamed: Blamed[] = [];
    this.#blamed = blamed;
    this.isOn = true;
    this.#waivesGuards = waivesGuards;
    try {
      return { result: evaluate(), blamed };
    } finally {
      this.isOn = false;
      this.#waivesGuards = false;
      this.#blamed = [];
    }
  }

  /** Notes a guard that is false. Whether the step goes on behind it. */
  guard(conjunct: number, ...values: readonly Value[]): boolean {
    this.#blamed.push({ conjunct, values });
    return this.#waivesGuards;
  }

  mismatch(conjunct: number, expected: Value, actual: Value | undefined): void {
    this.#blamed.push({ conjunct, values: actual === undefined ? [expected] : [expected, actual] });
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
