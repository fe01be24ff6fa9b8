/** Sets that TLC does not list, gone through with repeats, and listed only where that is asked for. */
import { EvaluationError, RefusedError } from "./errors.ts";
import { type ListedSet, setOf } from "./listed-set.ts";
import { SetValue, type Value } from "./values.ts";

/** A part of a set that TLC does not list: it has the repeats of the set that it is a part of. */
export class Repeating extends SetValue {
  readonly #elements: readonly Value[];
  #listed: ListedSet | null = null;

  constructor(elements: readonly Value[]) {
    super();
    this.#elements = elements;
  }

  readonly isFinite = true;

  override get isLazy(): boolean {
    return true;
  }

  has(x: Value): boolean {
    return this.#whole().has(x);
  }

  list(): readonly Value[] {
    return this.#whole().elements;
  }

  override enumerated(): readonly Value[] {
    return this.#elements;
  }

  #whole(): ListedSet {
    this.#listed ??= listedOf(this.#elements);
    return this.#listed;
  }
}

/**
 * The set of these elements. Where they cannot be compared it is refused: TLC, which does not list it,
 * may never compare them.
 */
export function listedOf(elements: readonly Value[]): ListedSet {
  try {
    return setOf(elements);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new RefusedError(
      `A set that TLC does not list, of elements that cannot be compared, is not covered by the compiled engine. ${error.message}`,
    );
  }
}
