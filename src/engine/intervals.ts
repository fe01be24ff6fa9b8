/** Sets of consecutive integers, held by their ends. */
import { EvaluationError } from "./errors.ts";
import { show } from "./show.ts";
import { ModelValue, SetValue, type Value } from "./values.ts";

/** low..high. */
class Interval extends SetValue {
  declare readonly low: number;
  declare readonly high: number;
  declare listed: readonly Value[] | null;

  constructor(low: number, high: number) {
    super();
    this.low = low;
    this.high = high;
    this.listed = null;
  }

  get isFinite(): boolean {
    return true;
  }

  has(x: Value): boolean {
    if (typeof x === "number") return x >= this.low && x <= this.high;
    if (x instanceof ModelValue) return false;
    throw new EvaluationError(
      `Attempted to check if the non-integer ${show(x)} is in the interval ${this.low}..${this.high}.`,
    );
  }

  list(): readonly Value[] {
    this.listed ??= Array.from({ length: this.size }, (_, i) => this.low + i);
    return this.listed;
  }

  override get symbol(): string | null {
    return this.size === 0 ? null : `${this.low}..${this.high}`;
  }

  override get size(): number {
    return Math.max(0, this.high - this.low + 1);
  }
}

/** The set low..high. */
export function interval(low: Value, high: Value): SetValue {
  if (typeof low !== "number" || typeof high !== "number") {
    const wrong = typeof low === "number" ? high : low;
    throw new EvaluationError(`An argument of .. should be an integer, but is ${show(wrong)}.`);
  }
  return new Interval(low, high);
}

/** x \in low..high. */
export function isInInterval(x: Value, low: Value, high: Value): boolean {
  if (typeof x === "number" && typeof low === "number" && typeof high === "number") {
    return x >= low && x <= high;
  }
  return interval(low, high).has(x);
}

/** The bounds of a set of consecutive integers that is held as such, for loops that need no list. */
export function intervalBounds(set: Value): { readonly low: number; readonly high: number } | null {
  return set instanceof Interval ? set : null;
}
