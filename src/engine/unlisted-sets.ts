/** Sets of which only membership is known: Nat, Int, STRING, Seq(S), and what is made of them. */
import { EvaluationError } from "./errors.ts";
import { ListedSet } from "./listed-set.ts";
import { asSet } from "./sets.ts";
import { show } from "./show.ts";
import { FunctionValue, ModelValue, SetValue, type Value, whole } from "./values.ts";

/** A set of which only membership is known: Nat, Int, STRING, Seq(S), and what is made of them. */
export class Unlisted extends SetValue {
  readonly isFinite = false;
  readonly #name: string;
  readonly #contains: (x: Value) => boolean;

  constructor(name: string, contains: (x: Value) => boolean) {
    super();
    this.#name = name;
    this.#contains = contains;
  }

  has(x: Value): boolean {
    return this.#contains(x);
  }

  list(): readonly Value[] {
    throw new EvaluationError(
      `Attempted to enumerate the set ${this.#name}, which is not enumerable.`,
    );
  }

  override get symbol(): string {
    return this.#name;
  }
}

function integerOnly(name: string, contains: (x: number) => boolean): SetValue {
  return new Unlisted(name, (x) => {
    if (typeof x === "number") return contains(x);
    if (x instanceof ModelValue) return false;
    throw new EvaluationError(
      `Attempted to check if the value ${show(x)} is an element of ${name}.`,
    );
  });
}

export const Nat = integerOnly("Nat", (x) => x >= 0);

export const Int = integerOnly("Int", () => true);

export const BOOLEAN = new ListedSet([false, true]);

export const STRING: SetValue = new Unlisted("STRING", (x) => {
  if (typeof x === "string") return true;
  if (x instanceof ModelValue) return false;
  throw new EvaluationError(`Attempted to check if the value ${show(x)} is an element of STRING.`);
});

/** Seq(elements). */
export function sequencesOf(elements: Value): SetValue {
  const set = asSet(elements);
  return new Unlisted(`Seq(${show(set)})`, (given) => {
    const x = whole(given);
    if (x instanceof ModelValue) return false;
    if (!(x instanceof FunctionValue) || x.domain.kind !== "tuple") {
      throw new EvaluationError(`Attempted to check if non-sequence ${show(x)} is in Seq.`);
    }
    return x.list().every((value) => set.has(value));
  });
}
