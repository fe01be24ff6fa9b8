/** The parts of values that an engine found. */
import type { Value } from "../engine.ts";
import { oneLine, tellValue } from "./tell.ts";

/** The elements of a list; none of anything else. */
export function list(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

/** A field of a record; null where it has none of that name. */
export function fieldOf(record: Value | undefined, name: string): Value {
  const value: unknown = Reflect.get(Object(record), name);
  return value === undefined ? null : (value as Value);
}

/** Those that are not among the others. */
export function without(some: readonly Value[], others: readonly Value[]): readonly Value[] {
  const known = new Set(others.map((each) => JSON.stringify(each)));
  return some.filter((each) => !known.has(JSON.stringify(each)));
}

/** An entry of a log, in words; of term 0, which the spec shows in place of what a change leaves out. */
export function entryText(entry: Value): string {
  if (fieldOf(entry, "term") === 0) return "a gap";
  const command = fieldOf(entry, "command");
  const what = command === null ? "the empty entry" : `the command ${oneLine(String(command))}`;
  return `${what} of term ${tellValue(fieldOf(entry, "term"))}`;
}
