/** The values that a configuration gives to constants. */
import { EvaluationError, RefusedError } from "./errors.ts";
import { setOf } from "./listed-set.ts";
import type { Constants } from "./spec.ts";
import { ModelValue, type Value } from "./values.ts";

/** A value as a configuration file says it. */
export type WrittenValue =
  | number
  | string
  | boolean
  | { readonly modelValue: string }
  | { readonly set: readonly WrittenValue[] };

/** Model values by name, in the order in which they are first named. */
export class ModelValues {
  readonly #byName = new Map<string, ModelValue>();

  get(name: string): ModelValue {
    let value = this.#byName.get(name);
    if (value === undefined) {
      value = new ModelValue(name, this.#byName.size);
      this.#byName.set(name, value);
    }
    return value;
  }

  get count(): number {
    return this.#byName.size;
  }
}

/**
 * The constants' values, with the model values that they are made of.
 *
 * @throws RefusedError for a set of what cannot be compared, which TLC does not take either
 */
export function constantsOf(
  written: ReadonlyMap<string, WrittenValue>,
  models: ModelValues,
): Constants {
  const value = (each: WrittenValue): Value => {
    if (typeof each !== "object") return each;
    if ("modelValue" in each) return models.get(each.modelValue);
    return setOf(each.set.map(value));
  };
  return new Map([...written].map(([name, each]) => [name, named(name, () => value(each))]));
}

function named(name: string, value: () => Value): Value {
  try {
    return value();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new RefusedError(`The configuration's value of ${name} is none. ${error.message}`);
  }
}
