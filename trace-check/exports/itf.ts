/**
 * The states of a trace in the Informal Trace Format, which viewers of TLA+ traces read (Apalache,
 * ADR-015): every variable of the spec after every event, up to the divergence.
 */

import type { State } from "../../src/engine/spec.ts";
import {
  type FunctionValue,
  LazyFunction,
  ModelValue,
  SetValue,
  type Value as SpecValue,
} from "../../src/engine/values.ts";
import { Events } from "../compiled/events.ts";
import { TraceWalk } from "../compiled/walk.ts";
import type { TraceToCheck, Verdict } from "../engine.ts";
import { describeEvent } from "../explain.ts";
import { Names, NIL } from "../prepare.ts";

/** Variables of the checker, and none of Raft. */
const OF_THE_CHECKER: ReadonlySet<string> = new Set(["trace", "position", "sent"]);

/** The command of an empty entry: the format has no null. */
const NO_OP = "NoOp";

/** The document, in pieces, since a long trace has many states. */
export function* itfText(trace: TraceToCheck, verdict: Verdict): Generator<string> {
  const names = new Names(trace.header.servers);
  const walk = new TraceWalk(trace, names, new Events(trace.events, names));
  const variables = walk.spec.variables.filter((name) => !OF_THE_CHECKER.has(name));
  const meta = {
    format: "ITF",
    "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
    source: trace.name,
    description: described(verdict),
  };
  const text = (state: State, index: number, event: string) =>
    JSON.stringify({
      "#meta": { index, event },
      ...Object.fromEntries(variables.map((name) => [name, itfValue(state[name], names)])),
    });
  let now = walk.initial();
  yield `{"#meta":${JSON.stringify(meta)},"vars":${JSON.stringify(variables)},"states":[\n`;
  yield text(now, 0, "Init");
  const length = verdict.divergence?.event ?? verdict.eventsChecked;
  for (const [place, event] of trace.events.slice(0, length).entries()) {
    const step = walk.step(now, place);
    if ("kind" in step) break;
    now = step.after;
    yield `,\n${text(now, place + 1, describeEvent(event))}`;
  }
  yield "\n]}\n";
}

function described({ divergence }: Verdict): string {
  if (divergence === null) return "Every event is a step of the spec.";
  const { server, seq, action, kind } = divergence;
  return `The event after the last state diverges: ${server} #${seq} ${action}, ${kind}.`;
}

/** A value of the spec; servers and commands by the names that the trace has for them. */
function itfValue(value: SpecValue | undefined, names: Names): unknown {
  if (value === undefined || value instanceof LazyFunction) return null;
  if (typeof value === "number") return { "#bigint": String(value) };
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value === NIL ? NIL : (names.serverNamed(value) ?? value);
  if (value instanceof ModelValue) return value.name;
  if (value instanceof SetValue)
    return { "#set": value.list().map((each) => itfValue(each, names)) };
  return itfFunction(value, names);
}

/** A function on servers as a map, a record as an object. */
function itfFunction({ domain, values }: FunctionValue, names: Names): unknown {
  if (domain.kind === "tuple") return values.map((each) => itfValue(each, names));
  const fields = values.map((each, place) => {
    const key = String(domain.key(place));
    const isCommand = key === "command" && typeof each === "number";
    return [
      key,
      isCommand ? (names.commandNumbered(each) ?? NO_OP) : itfValue(each, names),
    ] as const;
  });
  const servers = fields.map(([key]) => names.serverNamed(key));
  if (!servers.every((server) => server !== undefined)) return Object.fromEntries(fields);
  return { "#map": fields.map(([, each], place) => [servers[place], each]) };
}
