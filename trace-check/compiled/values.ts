/** Values of the compiled engine as plain data. */
import {
  FunctionValue,
  LazyFunction,
  ModelValue,
  SetValue,
  type Value as SpecValue,
} from "../../src/engine/values.ts";
import type { Value } from "../engine.ts";

/** A value of the spec as plain data: sequences and sets as arrays, functions as objects. */
export function plainValue(value: SpecValue): Value {
  if (typeof value !== "object") return value;
  if (value instanceof ModelValue) return value.name;
  if (value instanceof SetValue) return value.list().map(plainValue);
  if (value instanceof LazyFunction) return null;
  return plainFunction(value);
}

function plainFunction(value: FunctionValue): Value {
  const { domain } = value;
  const values = value.list();
  if (domain.kind === "tuple") return values.map(plainValue);
  return Object.fromEntries(values.map((each, i) => [String(domain.key(i)), plainValue(each)]));
}

/** The elements of a value of the spec that is a sequence. */
export function elementsOf(value: SpecValue): readonly SpecValue[] {
  return value instanceof FunctionValue ? value.list() : [];
}

/** A value of the spec that is a sequence of sequences, as plain data. */
export function plainRows(value: SpecValue): readonly (readonly Value[])[] {
  const rows = plainValue(value);
  if (!Array.isArray(rows)) return [];
  return rows.filter((row): row is readonly Value[] => Array.isArray(row));
}
