import {
  type Divergence,
  type DivergenceKind,
  EngineError,
  type Finding,
  type TraceToCheck,
  type Value,
  type Verdict,
} from "../engine.ts";
import { type Names, NIL, type PreparedTrace } from "../prepare.ts";
import type { PrintedVerdict } from "./output.ts";

const KINDS: Readonly<Record<string, DivergenceKind>> = {
  NOT_ENABLED: "notEnabled",
  NOT_SENT: "notSent",
  MISMATCH: "mismatch",
  VIOLATED: "violated",
};

/** A verdict of TLC in the trace's own terms. @throws EngineError where it makes no sense */
export function verdictOf(
  printed: PrintedVerdict,
  trace: TraceToCheck,
  prepared: Pick<PreparedTrace, "names">,
): Verdict {
  const { position } = printed;
  const event = trace.events[position - 1];
  if (event === undefined) {
    throw new EngineError(`TLC gave a verdict on event ${position} of ${trace.name}: it has none`);
  }
  if (printed.kind === "DONE") {
    if (position !== trace.events.length) {
      throw new EngineError(`TLC was done with ${trace.name} after ${position} events`);
    }
    return { trace: trace.name, eventsChecked: position, divergence: null };
  }
  const kind = KINDS[printed.kind];
  if (kind === undefined) throw new EngineError(`TLC gave an unknown verdict, ${printed.kind}`);
  const divergence: Divergence = {
    kind,
    event: position - 1,
    server: event.server,
    seq: event.seq,
    action: event.action,
    findings: findingsOf(kind, printed, event.received ?? null, prepared.names),
    decisions: printed.decisions.map(([rule, holds]) => ({
      rule: String(rule),
      holds: holds === true,
    })),
  };
  return { trace: trace.name, eventsChecked: position, divergence };
}

function findingsOf(
  kind: DivergenceKind,
  printed: PrintedVerdict,
  received: string | null,
  names: Names,
): readonly Finding[] {
  switch (kind) {
    case "notSent":
      return [{ name: "received", expected: null, actual: received }];
    case "notEnabled": {
      const inTheWay = printed.findings.filter(([, holds]) => holds === false);
      if (inTheWay.length === 0) return [{ name: "enabled", expected: null, actual: null }];
      return inTheWay.map((row) => guardFinding(row, names));
    }
    case "mismatch":
      return printed.findings.map((row) => differenceFinding(row, names));
    case "violated":
      return printed.findings.map(([name]) => finding(name, undefined, undefined, names));
  }
}

/** A guard as the spec has it in `Guards`: its name, whether it holds, both sides. */
export function guardFinding(row: readonly Value[], names: Names): Finding {
  const [name, , expected, actual] = row;
  return finding(name, expected, actual, names);
}

/** A variable as the spec has it in `Differences`: its name and both sides. */
export function differenceFinding(row: readonly Value[], names: Names): Finding {
  const [name, expected, actual] = row;
  return finding(name, expected, actual, names);
}

function finding(
  name: Value | undefined,
  expected: Value | undefined,
  actual: Value | undefined,
  names: Names,
): Finding {
  return {
    name: String(name),
    expected: inTermsOfTrace(expected ?? null, names),
    actual: inTermsOfTrace(actual ?? null, names),
  };
}

/** Servers and commands by the names that the trace has for them. */
function inTermsOfTrace(value: Value, names: Names): Value {
  if (typeof value === "string") {
    if (value === NIL || value === "") return null;
    return names.serverNamed(value) ?? value;
  }
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((element) => inTermsOfTrace(element, names));
  const fields = inOrder(Object.entries(value)).map(([name, field]): [string, Value] => [
    names.serverNamed(name) ?? name,
    name === "command" && typeof field === "number"
      ? names.commandNumbered(field)
      : inTermsOfTrace(field, names),
  ]);
  return Object.fromEntries(fields);
}

/** The fields of messages and entries in the order of the trace format; TLC has its own. */
const FIRST_FIELDS = ["type", "from", "to", "term"];

function inOrder<Field extends readonly [string, Value]>(fields: readonly Field[]) {
  const rank = ([name]: Field) => {
    const place = FIRST_FIELDS.indexOf(name);
    return place < 0 ? FIRST_FIELDS.length : place;
  };
  return [...fields].sort((a, b) => rank(a) - rank(b) || (a[0] < b[0] ? -1 : 1));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
