/** What `Differences` of the spec found, in words. */
import { EvaluationError } from "../../src/engine/errors.ts";
import { equal } from "../../src/engine/runtime.ts";
import type { Value as SpecValue } from "../../src/engine/values.ts";
import { type Difference, differencesIn, type Mood } from "../explaining/differences.ts";
import type { Names } from "../prepare.ts";
import { differenceFinding } from "../tlc/verdict.ts";
import type { ServerState } from "./server-state.ts";
import { elementsOf, plainValue } from "./values.ts";

/**
 * Puts each row into words once: most sets of rules that are forgotten leave the same ones, and a log
 * of some thousand entries takes much longer to be put into words than to be compared.
 */
export class Tellings {
  readonly #names: Names;
  readonly #state: ServerState;
  readonly #mood: Mood;
  readonly #told: { readonly row: SpecValue; readonly differences: readonly Difference[] }[] = [];

  /** @param state its server before the event, by the spec */
  constructor(names: Names, state: ServerState, mood: Mood) {
    this.#names = names;
    this.#state = state;
    this.#mood = mood;
  }

  of(row: SpecValue): readonly Difference[] {
    const known = this.#told.find((each) => isSame(each.row, row));
    if (known !== undefined) return known.differences;
    const finding = differenceFinding(elementsOf(row).map(plainValue), this.#names);
    const differences = differencesIn(finding, this.#state, this.#mood);
    this.#told.push({ row, differences });
    return differences;
  }
}

function isSame(row: SpecValue, other: SpecValue): boolean {
  try {
    return equal(row, other);
  } catch (error) {
    // Of different kinds, which the spec does not compare.
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}
