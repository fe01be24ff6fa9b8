/** Values printed as TLC prints them. */
import { type FunctionValue, LazyFunction, ModelValue, SetValue, type Value } from "./values.ts";

/** The text TLC prints for a value. */
export function show(value: Value): string {
  switch (typeof value) {
    case "boolean":
      return value ? "TRUE" : "FALSE";
    case "number":
      return String(value);
    case "string":
      return showString(value);
    default:
      break;
  }
  if (value instanceof ModelValue) return value.name;
  if (value instanceof LazyFunction && value.whole !== null) return showFunction(value.whole);
  if (value instanceof LazyFunction) return `[x \\in ${show(value.domain)} |-> ...]`;
  if (value instanceof SetValue) return showSet(value);
  return showFunction(value);
}

function showString(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n").replace(/\t/g, "\\t")}"`;
}

function showSet(set: SetValue): string {
  const { symbol } = set;
  if (symbol !== null) return symbol;
  return `{${set.list().map(show).join(", ")}}`;
}

function showFunction(value: FunctionValue): string {
  const { domain } = value;
  const values = value.list();
  switch (domain.kind) {
    case "tuple":
      return `<<${values.map(show).join(", ")}>>`;
    case "record":
      return `[${values.map((each, i) => `${domain.key(i)} |-> ${show(each)}`).join(", ")}]`;
    case "function":
      return `(${values.map((each, i) => `${show(domain.key(i))} :> ${show(each)}`).join(" @@ ")})`;
  }
}
