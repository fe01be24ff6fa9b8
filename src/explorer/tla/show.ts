/** Values in few words, for their place beside the text of the spec. */

import type { Names } from "../../../trace-check/prepare.ts";
import { LazyFunction, ModelValue, SetValue, type Value } from "../../engine/values.ts";

/** A value under the names that the page has for servers and commands. */
export function showShort(value: Value, names: Names): string {
  if (typeof value === "string") return names.serverNamed(value) ?? value;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "number") return String(value);
  if (value instanceof ModelValue) return value.name;
  if (value instanceof LazyFunction) return "…";
  const short = (each: Value): string => showShort(each, names);
  if (value instanceof SetValue) {
    return value.symbol ?? `{${value.list().map(short).join(", ")}}`;
  }
  const { domain, values } = value;
  if (domain.kind === "tuple") return `⟨${values.map(short).join(", ")}⟩`;
  const fields = domain.keys().map((key, i) => [String(key), values[i] as Value] as const);
  if (domain.kind === "record") {
    const { term, command } = Object.fromEntries(fields);
    if (fields.length === 2 && term !== undefined && typeof command === "number") {
      return `${short(term)}:${names.commandNumbered(command) ?? "no-op"}`;
    }
  }
  return `[${fields.map(([key, each]) => `${names.serverNamed(key) ?? key} ↦ ${short(each)}`).join(", ")}]`;
}
