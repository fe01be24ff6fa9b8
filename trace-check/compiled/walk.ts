/**
 * `spec/TraceRaft.tla`, compiled, taken through a trace one event after the other. The order of
 * what it looks at is that of the spec's `Step`, so that verdict, event and findings are TLC's.
 */
import { blame } from "../../src/engine/blame.ts";
import { EvaluationError } from "../../src/engine/errors.ts";
import {
  difference,
  equal,
  field,
  fieldName,
  setOf,
  tuple,
  union,
} from "../../src/engine/runtime.ts";
import type { CompiledSpec, State } from "../../src/engine/spec.ts";
import { UnorderedSet } from "../../src/engine/unordered-set.ts";
import { FunctionValue, type Value as SpecValue } from "../../src/engine/values.ts";
import { EngineError, type TraceToCheck, type Value } from "../engine.ts";
import type { Names } from "../prepare.ts";
import type { PrintedVerdict } from "../tlc/output.ts";
import { type LoggedVariables, type SpecOptions, type TraceSpec, traceSpec } from "./trace-spec.ts";
import { elementsOf, plainRows } from "./values.ts";

const NOT_SENT = fieldName("notSent");
const SERVER = fieldName("server");

/** The state after an event, or the verdict that ends the trace. */
export type WalkStep = { readonly after: State } | PrintedVerdict;

/** Rows as TLC prints them. */
type Rows = readonly (readonly Value[])[];

/** In what an event differs from an action, behind the guards of it that are false. */
export interface Deviation {
  /** The guards that are false: rows of name, FALSE, what they need and what is there. */
  readonly guards: Rows;
  /** The same guards as conjuncts of the action, by their numbers: the operators that they are. */
  readonly conjuncts: ReadonlyMap<number, string>;
  /** What the action does otherwise, a row each; null where it has no value behind those guards. */
  readonly differences: readonly SpecValue[] | null;
}

/** What a walk has to know of a trace, its events aside. */
export type TraceToWalk = Pick<TraceToCheck, "name" | "header" | "loggedBy">;

/** Gives the event at a place from 0 as a record of `spec/TraceData.tla`. */
export interface EventSource {
  at(place: number): SpecValue;
}

/** A trace that the spec is taken through. Events are counted from 0. */
export class TraceWalk {
  readonly #trace: TraceToWalk;
  readonly #events: EventSource;
  readonly #spec: TraceSpec;
  readonly #logged: LoggedVariables;

  /** `events` are those of the trace: walks of the same trace can share them. */
  constructor(trace: TraceToWalk, names: Names, events: EventSource, options: SpecOptions = {}) {
    this.#trace = trace;
    this.#events = events;
    const { servers, variables } = trace.header;
    this.#logged = new Map(
      servers.map((server) => [
        names.server(server),
        setOf([...(trace.loggedBy?.get(server) ?? variables)]),
      ]),
    );
    this.#spec = traceSpec(
      servers.map((server) => names.server(server)),
      options,
    );
  }

  get spec(): CompiledSpec {
    return this.#spec.spec;
  }

  /** The one initial state. */
  initial(): State {
    const state = this.spec.blank();
    const made: State[] = [];
    this.#spec.operators.ProtocolInit(state, () => made.push({ ...state }));
    const [initial] = made;
    if (initial === undefined || made.length > 1)
      throw new EngineError("the spec has no single initial state");
    const messages = UnorderedSet.empty();
    return { ...initial, trace: 1, position: 0, messages, sent: setOf([]) };
  }

  /** Holds the event at a place against the spec, in the state before it. */
  step(now: State, place: number): WalkStep {
    const { event, server } = this.#at(place);
    if (field(event, NOT_SENT) === true) return printed(place + 1, "NOT_SENT", null, null);
    const after = this.#take(now, event, server, place);
    if (after === null) {
      return printed(
        place + 1,
        "NOT_ENABLED",
        this.#spec.operators.Guards(now, event, server),
        null,
      );
    }
    const differences = this.#spec.operators.Differences(now, after, event, server);
    if (!isEmpty(differences)) {
      const decisions = this.#spec.operators.Decisions(now, event, server);
      return printed(place + 1, "MISMATCH", differences, decisions);
    }
    const broken = this.#spec.operators.Broken(now, after, server);
    if (!isEmpty(broken)) return printed(place + 1, "VIOLATED", broken, null);
    return { after };
  }

  /** Whether the event at a place is a step of the spec, whatever becomes of the properties. */
  allows(now: State, place: number): boolean {
    const { event, server } = this.#at(place);
    if (field(event, NOT_SENT) === true) return false;
    const after = this.#take(now, event, server, place);
    return after !== null && isEmpty(this.#spec.operators.Differences(now, after, event, server));
  }

  /**
   * In what an event differs from the action that it names, all of it: a guard that is false does
   * not end the comparison. Null where the guards themselves have no value.
   */
  deviation(now: State, event: SpecValue): Deviation | null {
    const server = field(event, SERVER);
    this.#spec.turnTo(event, this.#logged);
    try {
      const all = plainRows(this.#spec.operators.Guards(now, event, server));
      const guards = all.filter(([, holds]) => holds === false);
      // Of a nextIndex that is no choice nothing follows: the rest is compared without it.
      const isNoChoice = guards.some(([name]) => name === "NextIndexChoices");
      if (isNoChoice) this.#spec.turnTo(event, this.#loggedButNextIndex());
      return { guards, ...this.#behindGuards(now, event, server) };
    } catch (error) {
      if (error instanceof EvaluationError) return null;
      throw error;
    }
  }

  /** The state after the action that an event names, with what was sent before; null for none. */
  after(now: State, event: SpecValue): State | null {
    this.#spec.turnTo(event, this.#logged);
    try {
      const after = this.#take(now, event, field(event, SERVER), 0);
      if (after === null) return null;
      const { sent = setOf([]) } = now;
      return { ...after, sent: after.sent === undefined ? sent : union(sent, after.sent) };
    } catch (error) {
      if (error instanceof EvaluationError) return null;
      throw error;
    }
  }

  /** Whether all of a server is, in a state, as an event logs it. */
  isAsLogged(before: State, state: State, event: SpecValue): boolean {
    this.#spec.turnTo(event, this.#logged);
    const server = field(event, SERVER);
    return isEmpty(this.#spec.operators.Differences(before, state, event, server));
  }

  #behindGuards(now: State, event: SpecValue, server: SpecValue): Omit<Deviation, "guards"> {
    const { result: differences, blamed } = blame.during(
      () => this.#differencesOrNull(now, event, server),
      { waivesGuards: true },
    );
    const conjuncts = blamed.flatMap(({ conjunct }) => {
      const { kind, name } = this.spec.conjuncts[conjunct] ?? {};
      return kind === "guard" && name !== undefined ? [[conjunct, name] as const] : [];
    });
    return { conjuncts: new Map(conjuncts), differences };
  }

  #differencesOrNull(now: State, event: SpecValue, server: SpecValue): readonly SpecValue[] | null {
    try {
      const after = this.#take(now, event, server, 0);
      if (after === null) return null;
      return elementsOf(this.#spec.operators.Differences(now, after, event, server));
    } catch (error) {
      // Behind a false guard the spec may read what is not there.
      if (error instanceof EvaluationError) return null;
      throw error;
    }
  }

  #loggedButNextIndex(): LoggedVariables {
    const nextIndex = setOf(["nextIndex"]);
    return new Map([...this.#logged].map(([server, all]) => [server, difference(all, nextIndex)]));
  }

  /** What the rules answered on the step from `now` to `after`: rows of name and answer. */
  ruleAnswers(now: State, after: State, place: number): readonly (readonly unknown[])[] {
    const { event, server } = this.#at(place);
    return plainRows(this.#spec.operators.RuleAnswers(now, after, event, server));
  }

  #at(place: number): { readonly event: SpecValue; readonly server: SpecValue } {
    const event = this.#events.at(place);
    this.#spec.turnTo(event, this.#logged);
    return { event, server: field(event, SERVER) };
  }

  /** The state that the event's action makes; null where it is not possible. */
  #take(now: State, event: SpecValue, server: SpecValue, place: number): State | null {
    const next = this.spec.blank();
    let made: State | null = null;
    let isAnother = false;
    this.#spec.operators.Take(now, next, event, server, () => {
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
    return this.spec.variables.some((name) => {
      const value = next[name];
      const other = made[name];
      return value !== undefined && other !== undefined && !equal(value, other);
    });
  }
}

/** A verdict as TLC prints one. */
export function printed(
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

function isEmpty(sequence: SpecValue): boolean {
  return sequence instanceof FunctionValue && sequence.domain.size === 0;
}
