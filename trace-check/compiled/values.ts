/** Values of the compiled engine from prepared traces, and back into words of a trace. */
import { type RecordShape, record, recordShape, setOf, tuple } from "../../src/engine/runtime.ts";
import {
  type FunctionValue,
  LazyFunction,
  ModelValue,
  SetValue,
  type Value as SpecValue,
} from "../../src/engine/values.ts";
import type { Value } from "../engine.ts";
import { EVENT_FIELDS, type PreparedValue } from "../prepare.ts";

const EVENT = recordShape([...EVENT_FIELDS]);
const shapes = new Map<string, RecordShape>();

/** An event as `spec/TraceData.tla` describes it, from its values in the order of EVENT_FIELDS. */
export function eventRecord(values: readonly PreparedValue[]): SpecValue {
  return record(EVENT, values.map(specValue));
}

/** A prepared value as the compiled engine holds it. */
export function specValue(value: PreparedValue): SpecValue {
  if (typeof value !== "object") return value;
  if (isList(value)) return tuple(value.map(specValue));
  const { set } = value;
  if (set !== undefined && typeof set === "object" && isList(set)) return setOf(set.map(specValue));
  const names = Object.keys(value);
  return record(shapeOf(names), Object.values(value).map(specValue));
}

function shapeOf(names: readonly string[]): RecordShape {
  const key = names.join();
  let shape = shapes.get(key);
  if (shape === undefined) {
    shape = recordShape(names);
    shapes.set(key, shape);
  }
  return shape;
}

function isList(value: PreparedValue): value is readonly PreparedValue[] {
  return Array.isArray(value);
}

/** A value of the spec as plain data: sequences and sets as arrays, functions as objects. */
export function plainValue(value: SpecValue): Value {
  if (typeof value !== "object") return value;
  if (value instanceof ModelValue) return value.name;
  if (value instanceof SetValue) return value.list().map(plainValue);
  if (value instanceof LazyFunction) return null;
  return plainFunction(value);
}

function plainFunction(value: FunctionValue): Value {
  const { domain, values } = value;
  if (domain.kind === "tuple") return values.map(plainValue);
  return Object.fromEntries(values.map((each, i) => [String(domain.key(i)), plainValue(each)]));
}

/** A value of the spec that is a sequence of sequences, as plain data. */
export function plainRows(value: SpecValue): readonly (readonly Value[])[] {
  const rows = plainValue(value);
  if (!Array.isArray(rows)) return [];
  return rows.filter((row): row is readonly Value[] => Array.isArray(row));
}
