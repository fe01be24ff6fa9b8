/** The specification as it runs in the page: the compiled spec, asked one step at a time. */

import { Events } from "../../../trace-check/compiled/events.ts";
import { plainRows } from "../../../trace-check/compiled/values.ts";
import type { Divergence } from "../../../trace-check/engine.ts";
import { Names, NIL } from "../../../trace-check/prepare.ts";
import { verdictOf } from "../../../trace-check/tlc/verdict.ts";
import { EvaluationError } from "../../engine/errors.ts";
import { build } from "../../engine/generated/trace-raft.ts";
import { difference, EMPTY_SET, Nat, setOf, union } from "../../engine/runtime.ts";
import { ALTERNATIVE, type CompiledSpec, type State } from "../../engine/spec.ts";
import { FunctionValue, type Value } from "../../engine/values.ts";
import { type TraceEvent, type TraceMessage, VARIABLES } from "../../trace/format.ts";

type Rows = readonly (readonly unknown[])[];

interface Operators {
  readonly ProtocolInit: (state: State, then: () => void) => void;
  readonly Take: (now: State, after: State, e: Value, s: Value, then: () => void) => void;
  readonly Differences: (now: State, after: State, e: Value, s: Value) => Value;
  readonly Broken: (now: State, after: State, s: Value) => Value;
  readonly BrokenBesidesTypes: (now: State, after: State) => Value;
  readonly Guards: (now: State, e: Value, s: Value) => Value;
  readonly Decisions: (now: State, e: Value, s: Value) => Value;
}

/** What the spec makes of a step. */
export interface SpecStep {
  /** The state that it makes; null where the step is not one of the spec. */
  readonly after: State | null;
  /** Null where the event is as the spec has it. Properties that fall are no divergence here. */
  readonly divergence: Divergence | null;
  /** The properties that do not hold after it, or do not survive it. */
  readonly broken: readonly string[];
}

/** Asks the compiled spec, for one cluster. */
export class SpecSide {
  readonly servers: readonly string[];
  readonly names: Names;
  readonly #specs = new Map<string, CompiledSpec>();
  #event: Value = false;
  #isLogged = false;

  constructor(servers: readonly string[]) {
    this.servers = servers;
    this.names = new Names(servers);
  }

  initial(): State {
    const spec = this.#spec(null);
    const state = spec.blank();
    const made: State[] = [];
    operatorsOf(spec).ProtocolInit(state, () => made.push({ ...state }));
    const [initial] = made;
    if (initial === undefined) throw new EvaluationError("The spec has no initial state.");
    return { ...initial, trace: 1, position: 0, sent: setOf([]) };
  }

  /** Whether the spec allows the action with these parameters, whatever comes of it. */
  allows(
    now: State,
    event: TraceEvent,
    received: TraceMessage | null,
    forgotten: string | null,
  ): boolean {
    try {
      const value = this.#valueOf(event, received);
      return this.#take(this.#spec(forgotten), now, value, false) !== null;
    } catch (error) {
      if (error instanceof EvaluationError) return false;
      throw error;
    }
  }

  /** Whether a server has a snapshot. */
  hasSnapshot(state: State, server: string): boolean {
    const { snapshotIndex } = state;
    if (!(snapshotIndex instanceof FunctionValue)) return false;
    const place = snapshotIndex.domain.position(this.names.server(server));
    return Number(snapshotIndex.values[place] ?? 0) > 0;
  }

  /** The state that a recorded event makes, its messages forgotten as the checker forgets them. */
  afterRecorded(now: State, value: Value): State | null {
    return this.#take(this.#spec(null), now, value, true);
  }

  /** Holds an event, with all that it logged, against the spec. */
  judge(
    now: State,
    event: TraceEvent,
    received: TraceMessage | null,
    forgotten: string | null,
  ): SpecStep {
    const spec = this.#spec(forgotten);
    const { Guards, Differences, Decisions } = operatorsOf(spec);
    const value = this.#valueOf(event, received);
    const server = field(value, "server");
    const after = this.#take(spec, now, value, true);
    if (after === null) {
      const guards = plainRows(Guards(now, value, server));
      return { after, divergence: this.#divergence("NOT_ENABLED", event, guards, []), broken: [] };
    }
    const differences = plainRows(Differences(now, after, value, server));
    if (differences.length > 0) {
      const decisions = plainRows(Decisions(now, value, server));
      const divergence = this.#divergence("MISMATCH", event, differences, decisions);
      return { after, divergence, broken: [] };
    }
    return { after, divergence: null, broken: this.broken(now, after, event.server) };
  }

  /**
   * The properties that do not hold in the second state, or do not survive the step to it. A
   * checker stops at a type that is broken; here the others are looked at as well.
   */
  broken(now: State, after: State, server: string): readonly string[] {
    const { Broken, BrokenBesidesTypes } = operatorsOf(this.#spec(null));
    const names = namesIn(Broken(now, after, this.names.server(server)));
    if (!names.some((name) => TYPES.has(name))) return names;
    try {
      return [...names, ...namesIn(BrokenBesidesTypes(now, after))];
    } catch (error) {
      if (error instanceof EvaluationError) return names;
      throw error;
    }
  }

  /** A message as the spec has it. */
  messageValue(message: TraceMessage): Value {
    const action: TraceEvent["action"] = "HandleRequestVoteRequest";
    const event = { server: message.to, seq: 1, action, received: message.id };
    const received = field(this.#valueOf(event, message), "received");
    const value = received instanceof FunctionValue ? received.values[0] : undefined;
    if (value === undefined) throw new RangeError(`the message ${message.id} is none`);
    return value;
  }

  /**
   * Two states of a recorded trace with all messages that the step between them speaks of: a
   * checker of traces forgets a message with its last receipt.
   */
  withMessages(
    now: State,
    after: State,
    received: TraceMessage | null,
    sent: readonly TraceMessage[],
  ): { readonly now: State; readonly after: State } {
    const before = union(
      now.messages ?? EMPTY_SET,
      setOf(received === null ? [] : [this.messageValue(received)]),
    );
    const added = setOf(sent.map((message) => this.messageValue(message)));
    return {
      now: { ...now, messages: before },
      after: { ...after, messages: union(before, added) },
    };
  }

  /** The constants of the spec, as a definition reads them. */
  get constants(): ReadonlyMap<string, Value> {
    return new Map<string, Value>([
      ["Server", setOf(this.servers.map((server) => this.names.server(server)))],
      ["Command", difference(Nat, setOf([0]))],
      ["Nil", NIL],
      ["NoOp", 0],
    ]);
  }

  #divergence(kind: string, event: TraceEvent, findings: Rows, decisions: Rows): Divergence {
    const printed = { trace: 1, position: 1, kind, findings, decisions };
    const header = { servers: this.servers } as never;
    const { divergence } = verdictOf(
      printed as Parameters<typeof verdictOf>[0],
      { name: "", header, events: [event] },
      this,
    );
    if (divergence === null) throw new RangeError(`${kind} is no divergence`);
    return divergence;
  }

  #take(spec: CompiledSpec, now: State, event: Value, isLogged: boolean): State | null {
    this.#event = event;
    this.#isLogged = isLogged;
    const next = spec.blank();
    let made: State | null = null;
    operatorsOf(spec).Take(now, next, event, field(event, "server"), () => {
      made ??= { ...next, trace: 1, position: Number(now.position) + 1 };
    });
    return made;
  }

  #spec(forgotten: string | null): CompiledSpec {
    const name = forgotten ?? "";
    let spec = this.#specs.get(name);
    if (spec === undefined) {
      const constants = new Map<string, Value>([
        ["Server", setOf(this.servers.map((server) => this.names.server(server)))],
        ["Nil", NIL],
        ["NoOp", 0],
        ["WholeProperties", true],
        [ALTERNATIVE, name],
      ]);
      const all = setOf([...VARIABLES]);
      spec = build(constants, {
        EventAt: () => this.#event,
        LoggedVariables: () => (this.#isLogged ? all : setOf([])),
      });
      this.#specs.set(name, spec);
    }
    return spec;
  }

  /** The event as a record of the spec, in which no message is ever forgotten. */
  #valueOf(event: TraceEvent, received: TraceMessage | null): Value {
    const send: TraceEvent[] =
      received === null
        ? []
        : [{ server: received.from, seq: 0, action: "SendAppendEntries", sent: [received] }];
    const value = new Events([...send, event], this.names).at(send.length);
    return changed(changed(value, "isLast", false), "kept", field(value, "sent"));
  }
}

/** Without these the other properties may have no value. */
const TYPES: ReadonlySet<string> = new Set(["TypeOK", "CommitIndexWithinLog"]);

function namesIn(rows: Value): readonly string[] {
  return plainRows(rows).map(([name]) => String(name));
}

function operatorsOf(spec: CompiledSpec): Operators {
  return spec.operators as unknown as Operators;
}

function field(event: Value, name: string): Value {
  const value =
    event instanceof FunctionValue ? event.values[event.domain.position(name)] : undefined;
  if (value === undefined) throw new RangeError(`an event lacks ${name}`);
  return value;
}

function changed(event: Value, name: string, to: Value): Value {
  if (!(event instanceof FunctionValue)) throw new RangeError("an event is no record");
  const values = [...event.values];
  values[event.domain.position(name)] = to;
  return new FunctionValue(event.domain, values);
}
