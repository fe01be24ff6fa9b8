/** A message of the spec as a trace has it. */
import { plainValue } from "../../../trace-check/compiled/values.ts";
import type { Value as PlainValue } from "../../../trace-check/engine.ts";
import type { Names } from "../../../trace-check/prepare.ts";
import type { Value } from "../../engine/values.ts";
import { messageKey } from "../../replay/server-state.ts";
import type { TraceMessage } from "../../trace/format.ts";

/** Under an id that says what the message says, since the spec has none. */
export function messageOf(value: Value, names: Names): TraceMessage {
  const fields = plainValue(value) as Readonly<Record<string, PlainValue>>;
  const named = Object.entries(fields).map(([name, field]) => [name, fieldOf(name, field, names)]);
  const message = { id: "", ...Object.fromEntries(named) } as TraceMessage;
  return { ...message, id: messageKey(message) };
}

function fieldOf(name: string, field: PlainValue, names: Names): unknown {
  if (name === "from" || name === "to") return names.serverNamed(String(field)) ?? field;
  if (name !== "entries" || !Array.isArray(field)) return field;
  return field.map((entry: Readonly<Record<string, PlainValue>>) => ({
    term: Number(entry.term),
    command: names.commandNumbered(Number(entry.command)),
  }));
}
