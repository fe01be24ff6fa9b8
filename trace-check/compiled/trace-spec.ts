/**
 * `spec/TraceRaft.tla`, compiled, with the constants of a cluster. It is built once for all traces
 * of so many servers, and not for each: what the JavaScript compiler has made of its functions is
 * theirs, and would go with them, so that files of some thousand events would each be checked by
 * code that is being compiled anew.
 */
import { EvaluationError } from "../../src/engine/errors.ts";
import { build } from "../../src/engine/generated/trace-raft.ts";
import { setOf } from "../../src/engine/runtime.ts";
import { ALTERNATIVE, type CompiledSpec, type State } from "../../src/engine/spec.ts";
import type { Value as SpecValue } from "../../src/engine/values.ts";
import { NIL } from "../prepare.ts";

/** A function of `spec/TraceDiagnosis.tla` that the compiler exports. */
type Evaluate = (now: State, after: State, event: SpecValue, server: SpecValue) => SpecValue;

/** What the compiled spec has by name; see TARGETS in src/compiler/targets.ts. */
interface Operators {
  readonly ProtocolInit: (state: State, then: () => void) => void;
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
  readonly RuleAnswers: Evaluate;
}

export interface SpecOptions {
  /** Evaluate every property in full on every step, which is slower and must be the same. */
  readonly wholeProperties?: boolean;
  /** Rules of the spec that are forgotten: ForgottenXxx of spec/ForgottenRules.tla stands for each. */
  readonly forgotten?: readonly string[];
}

/** The variables that each server logs: sets of the spec, by the spec's name of the server. */
export type LoggedVariables = ReadonlyMap<SpecValue, SpecValue>;

const NOTHING_LOGGED: LoggedVariables = new Map();

/** The spec for one set of constants. Traces take turns at it, a step at a time. */
export class TraceSpec {
  readonly spec: CompiledSpec;
  readonly operators: Operators;
  #event: SpecValue = false;
  #logged = NOTHING_LOGGED;

  constructor(servers: readonly string[], { wholeProperties, forgotten }: SpecOptions) {
    const constants = new Map<string, SpecValue>([
      ["Server", setOf(servers)],
      ["Nil", NIL],
      ["NoOp", 0],
      ["WholeProperties", wholeProperties ?? false],
      [ALTERNATIVE, forgotten?.join(" ") ?? ""],
    ]);
    this.spec = build(constants, {
      EventAt: () => this.#event,
      LoggedVariables: (_trace, server) => {
        const known = this.#logged.get(server);
        if (known === undefined) throw new EvaluationError(`There is no server ${server}.`);
        return known;
      },
    });
    this.operators = this.spec.operators as unknown as Operators;
  }

  /** Says what the step that is evaluated next is of: the event, and what its trace logs. */
  turnTo(event: SpecValue, logged: LoggedVariables): void {
    this.#event = event;
    this.#logged = logged;
  }
}

/** Traces of more clusters than these, in turns, are checked all the same: only more slowly. */
const MOST_BUILT = 16;

/** The specs that were asked for last, by their constants, the oldest first. */
const built = new Map<string, TraceSpec>();

/**
 * The spec for a cluster of these servers, by the spec's names of them. One that forgets rules
 * explains a step or two: it is not kept, so as not to push out those that judge.
 */
export function traceSpec(servers: readonly string[], options: SpecOptions): TraceSpec {
  const { wholeProperties, forgotten } = options;
  if (forgotten !== undefined) return new TraceSpec(servers, options);
  const key = [wholeProperties === true, ...servers].join();
  const spec = built.get(key) ?? new TraceSpec(servers, options);
  built.delete(key);
  built.set(key, spec);
  const [oldest = key] = built.keys();
  if (built.size > MOST_BUILT) built.delete(oldest);
  return spec;
}
