/** A part of a set that TLC does not list: it has the repeats of the set that it is a part of. */
import { setOf } from "./listed-set.ts";
import { SetValue, type Value } from "./values.ts";

export class Repeating extends SetValue {
  readonly #elements: readonly Value[];
  #listed: readonly Value[] | null = null;

  constructor(elements: readonly Value[]) {
    super();
    this.#elements = elements;
  }

  readonly isFinite = true;

  override get isLazy(): boolean {
    return true;
  }

  has(x: Value): boolean {
    return setOf(this.list()).has(x);
  }

  list(): readonly Value[] {
    this.#listed ??= setOf(this.#elements).elements;
    return this.#listed;
  }

  override enumerated(): readonly Value[] {
    return this.#elements;
  }
}
