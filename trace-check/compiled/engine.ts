/**
 * The engine without Java: `spec/TraceRaft.tla`, compiled, takes the named action of each event
 * and compares what it does with what was logged. The order of what it looks at is that of
 * the spec's `Step`, so that verdict, event and findings are those of TLC.
 */
import { EvaluationError, RefusedError } from "../../src/engine/errors.ts";
import { build } from "../../src/engine/generated/trace-raft.ts";
import { equal, setOf, tuple } from "../../src/engine/runtime.ts";
import type { CompiledSpec, Constants, Foreign, State } from "../../src/engine/spec.ts";
import { FunctionValue, type Value as SpecValue } from "../../src/engine/values.ts";
import { type Engine, EngineError, type TraceToCheck, type Verdict } from "../engine.ts";
import { Names, NIL } from "../prepare.ts";
import type { PrintedVerdict } from "../tlc/output.ts";
import { verdictOf } from "../tlc/verdict.ts";
import { Events } from "./events.ts";
import { plainRows } from "./values.ts";

/** A function of `spec/TraceRaft.tla` that the compiler exports. */
type Evaluate = (now: State, after: State, event: SpecValue, server: SpecValue) => SpecValue;

/** What the compiled spec has by name; see TARGETS in src/compiler/targets.ts. */
interface TraceSpec {
  readonly Init: (state: State, then: () => void) => void;
  readonly Take: (
    now: State,
    after: State,
    event: SpecValue,
    server: SpecValue,
    then: () => void,
  ) => void;
  readonly Differences: Evaluate;
  readonly Broken: (now: State, after: State, server: SpecValue) => SpecValue;
  readonly Guards: (now: State, event: SpecValue, server: SpecValue) => SpecValue;
  readonly Decisions: (now: State, event: SpecValue, server: SpecValue) => SpecValue;
}

export interface CompiledEngineOptions {
  /** Evaluate every property in full on every step, which is slower and must be the same. */
  readonly wholeProperties?: boolean;
  /** The compiled spec; by default the one of this package. A test gives one with a rule forgotten. */
  readonly build?: (constants: Constants, foreign: Foreign) => CompiledSpec;
}

/** The engine that has the compiled spec judge traces. It needs no Java. */
export function createCompiledEngine(options: CompiledEngineOptions = {}): Engine {
  return {
    name: "compiled",
    async check(traces) {
      return traces.map((trace) => checkTrace(trace, options));
    },
  };
}

function checkTrace(trace: TraceToCheck, options: CompiledEngineOptions): Verdict {
  if (trace.events.length === 0) {
    throw new EngineError(`${trace.name} has no events, so that there is nothing to check`);
  }
  const names = new Names(trace.header.servers);
  try {
    return verdictOf(new TraceCheck(trace, names, options).run(), trace, { names });
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof RefusedError) {
      throw new EngineError(
        `the compiled spec has no value on ${trace.name}, saying:\n${error.message}`,
      );
    }
    throw error;
  }
}

class TraceCheck {
  readonly #trace: TraceToCheck;
  readonly #events: Events;
  readonly #spec: CompiledSpec;
  readonly #operators: TraceSpec;
  #event: SpecValue = false;

  constructor(trace: TraceToCheck, names: Names, options: CompiledEngineOptions) {
    this.#trace = trace;
    this.#events = new Events(trace.events, names);
    const { servers, variables } = trace.header;
    const logged = servers.map((server) => setOf([...(trace.loggedBy?.get(server) ?? variables)]));
    const constants: Constants = new Map<string, SpecValue>([
      ["Server", setOf(servers.map((_, place) => `s${place + 1}`))],
      ["Nil", NIL],
      ["NoOp", 0],
      ["WholeProperties", options.wholeProperties ?? false],
    ]);
    this.#spec = (options.build ?? build)(constants, {
      EventAt: () => this.#event,
      LoggedVariables: (_trace, server) => {
        const names = logged[Number(String(server).slice(1)) - 1];
        if (names === undefined) throw new EvaluationError(`There is no server ${server}.`);
        return names;
      },
    });
    this.#operators = this.#spec.operators as unknown as TraceSpec;
  }

  run(): PrintedVerdict {
    let now = this.#initial();
    const events = this.#events;
    for (let place = 0; place < events.length; place++) {
      const event = events.at(place);
      const step = this.#step(now, event, place);
      if ("kind" in step) return step;
      now = step.after;
    }
    return printed(events.length, "DONE", null, null);
  }

  #initial(): State {
    const state = this.#spec.blank();
    const made: State[] = [];
    this.#operators.Init(state, () => made.push({ ...state }));
    const [initial] = made;
    if (initial === undefined || made.length > 1)
      throw new EngineError("the spec has no single initial state");
    return { ...initial, trace: 1, position: 0, sent: setOf([]) };
  }

  /** The state after an event, or the verdict that ends the trace. */
  #step(now: State, event: SpecValue, place: number): { readonly after: State } | PrintedVerdict {
    this.#event = event;
    const server = field(event, "server");
    if (field(event, "notSent") === true) return printed(place + 1, "NOT_SENT", null, null);
    const after = this.#take(now, event, server, place);
    if (after === null) {
      return printed(place + 1, "NOT_ENABLED", this.#operators.Guards(now, event, server), null);
    }
    const differences = this.#operators.Differences(now, after, event, server);
    if (!isEmpty(differences)) {
      const decisions = this.#operators.Decisions(now, event, server);
      return printed(place + 1, "MISMATCH", differences, decisions);
    }
    const broken = this.#operators.Broken(now, after, server);
    if (!isEmpty(broken)) return printed(place + 1, "VIOLATED", broken, null);
    return { after };
  }

  /** The state that the event's action makes; null where it is not possible. */
  #take(now: State, event: SpecValue, server: SpecValue, place: number): State | null {
    const next = this.#spec.blank();
    let made: State | null = null;
    let isAnother = false;
    this.#operators.Take(now, next, event, server, () => {
      // A guard with two true disjuncts makes the same state twice.
      if (made === null) made = { ...next, trace: 1, position: place + 1 };
      else isAnother ||= this.#differ(made, next);
    });
    if (isAnother) {
      throw new EngineError(
        `event ${place + 1} of ${this.#trace.name} has several outcomes by the spec`,
      );
    }
    return made;
  }

  #differ(made: State, next: State): boolean {
    return this.#spec.variables.some((name) => {
      const value = next[name];
      const other = made[name];
      return value !== undefined && other !== undefined && !equal(value, other);
    });
  }
}

function field(event: SpecValue, name: string): SpecValue {
  if (!(event instanceof FunctionValue)) throw new EngineError("an event is no record");
  const value = event.values[event.domain.position(name)];
  if (value === undefined) throw new EngineError(`an event lacks ${name}`);
  return value;
}

function isEmpty(sequence: SpecValue): boolean {
  return sequence instanceof FunctionValue && sequence.values.length === 0;
}

function printed(
  position: number,
  kind: string,
  findings: SpecValue | null,
  decisions: SpecValue | null,
): PrintedVerdict {
  return {
    trace: 1,
    position,
    kind,
    findings: plainRows(findings ?? tuple([])),
    decisions: plainRows(decisions ?? tuple([])),
  };
}
