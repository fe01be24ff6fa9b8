/** What a compiled spec gives, whatever module it came from. */
import { EvaluationError } from "./errors.ts";
import type { Value } from "./values.ts";

/** A state: a value for each variable. One that is being made may lack some. */
export type State = Record<string, Value | undefined>;

export interface StatePredicate {
  readonly name: string;
  readonly holds: (state: State) => boolean;
}

export interface StepPredicate {
  readonly name: string;
  readonly holds: (state: State, next: State) => boolean;
}

/** A conjunct of an action, as it is told of where it is false. */
export interface Conjunct {
  /** "module M, line L, column C". */
  readonly place: string;
  /** The operator, where the conjunct is one; the variable, where it gives one. */
  readonly name: string;
  readonly kind: "guard" | "variable";
}

/** An action: runs `then` for each way to make `next` of `state`; values that next has are tests. */
export type Operator = (...operands: never[]) => unknown;

export interface CompiledSpec {
  readonly name: string;
  readonly variables: readonly string[];
  readonly constants: readonly string[];
  /** A state without values. */
  readonly blank: () => State;
  /** Runs emit for each initial state, which is the same object each time. */
  readonly init: ((state: State, emit: (state: State) => void) => void) | null;
  /** Runs emit for each state after `state`, which is `next` each time. */
  readonly next: ((state: State, next: State, emit: (next: State) => void) => void) | null;
  readonly invariants: readonly StatePredicate[];
  readonly initialProperties: readonly StatePredicate[];
  readonly stepProperties: readonly StepPredicate[];
  readonly constraints: readonly StatePredicate[];
  readonly actionConstraints: readonly StepPredicate[];
  readonly symmetry: (() => Value) | null;
  readonly view: ((state: State) => Value) | null;
  readonly checkDeadlock: boolean;
  readonly assumptions: readonly (() => boolean)[];
  readonly operators: Readonly<Record<string, Operator>>;
  readonly conjuncts: readonly Conjunct[];
}

/** Values for the constants of a spec, by name. */
export type Constants = ReadonlyMap<string, Value>;

/** The value of a constant; throws where it was given none. */
export function constant(constants: Constants, name: string): Value {
  const value = constants.get(name);
  if (value === undefined) {
    throw new EvaluationError(`The constant parameter ${name} is not assigned a value.`);
  }
  return value;
}
