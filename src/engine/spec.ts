/** What a compiled spec gives, whatever module it came from. */
import { EvaluationError } from "./errors.ts";
import type { Value } from "./values.ts";

/** A state: a value for each variable. One that is being made may lack some. */
export type State = Record<string, Value | undefined>;

/**
 * Functions of states are methods here, so that a spec may know its states by a closer type
 * than `State`; only states that it made are given to it.
 */
export interface StatePredicate {
  readonly name: string;
  holds(state: State): boolean;
}

export interface StepPredicate {
  readonly name: string;
  holds(state: State, next: State): boolean;
}

interface Functions {
  init(state: State, emit: (state: State) => void): void;
  next(state: State, next: State, emit: (next: State) => void): void;
  view(state: State): Value;
}

/** A conjunct of an action, as it is told of where it is false. */
export interface Conjunct {
  /** "module M, line L, column C". */
  readonly place: string;
  /** The operator, where the conjunct is one; the variable, where it gives one. */
  readonly name: string;
  readonly kind: "guard" | "variable";
  /** Its text in the spec, where the compiler was given that. */
  readonly text?: string;
  /** What compares the two values that it is told with: `=`, `\in`, `<`. */
  readonly comparison?: string;
  /** The names of the parameters that are the values that it is told with. */
  readonly operands?: readonly string[];
}

/** A definition of the spec as a function of the states that it reads and of its parameters. */
export type Operator = (...operands: never[]) => unknown;

export interface CompiledSpec {
  readonly name: string;
  readonly variables: readonly string[];
  readonly constants: readonly string[];
  /** A state without values. */
  readonly blank: () => State;
  /** Runs emit for each initial state, which is the same object each time. */
  readonly init: Functions["init"] | null;
  /** Runs emit for each state after `state`, which is `next` each time. */
  readonly next: Functions["next"] | null;
  readonly invariants: readonly StatePredicate[];
  readonly initialProperties: readonly StatePredicate[];
  readonly stepProperties: readonly StepPredicate[];
  readonly constraints: readonly StatePredicate[];
  readonly actionConstraints: readonly StepPredicate[];
  readonly symmetry: (() => Value) | null;
  readonly view: Functions["view"] | null;
  readonly checkDeadlock: boolean;
  readonly assumptions: readonly (() => boolean)[];
  readonly operators: Readonly<Record<string, Operator>>;
  readonly conjuncts: readonly Conjunct[];
  /** The definitions that are the actions of the next-state relation. */
  readonly actions: readonly string[];
  /** Where those are, and what the configuration names: "module M, line L, column C". */
  readonly places: Readonly<Record<string, string>>;
}

/** Definitions that whoever runs the spec supplies. */
export type Foreign = Readonly<Record<string, (...operands: Value[]) => Value>>;

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

/** A definition that whoever runs the spec supplies; throws where they did not. */
export function foreign(given: Foreign, name: string): (...operands: Value[]) => Value {
  const definition = given[name];
  if (definition === undefined) throw new EvaluationError(`${name} is not supplied.`);
  return definition;
}

/**
 * The constant of `constants` that names the definitions to be replaced by their alternatives, with
 * blanks between them.
 */
export const ALTERNATIVE = "(alternative)";

/** Whether the definition of this name is replaced by its alternative. */
export function isReplaced(constants: Constants, name: string): boolean {
  const names = constants.get(ALTERNATIVE);
  return typeof names === "string" && names.split(" ").includes(name);
}
