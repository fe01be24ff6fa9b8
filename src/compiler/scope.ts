/** What names stand for at a place in the spec, as code is generated for it. */
import type { Code } from "./code.ts";
import type { StaticType } from "./standard.ts";
import type { Argument, Expression, Id, Operator } from "./tree.ts";

/** What stands for the declarations of an instantiated module. */
export interface InstanceScope {
  /** The same for two scopes with the same substitutions. */
  readonly key: string;
  /** Whether the substitutions depend on no parameter, so that functions can be shared. */
  readonly isGlobal: boolean;
  readonly substitutions: ReadonlyMap<
    Id,
    { readonly argument: Argument; readonly context: Context }
  >;
}

export type Binding =
  /** A JavaScript expression that gives the value. */
  | { readonly kind: "value"; readonly code: string; readonly type?: StaticType }
  /** A JavaScript expression that evaluates the value where it is needed first, and then has it. */
  | { readonly kind: "lazy"; readonly code: string; readonly type?: StaticType }
  /** An argument by name: evaluated where it is used, so that a prime reaches it. */
  | { readonly kind: "expression"; readonly expression: Expression; readonly context: Context }
  /** A tuple whose parts are there as JavaScript expressions that cost nothing. */
  | { readonly kind: "tuple"; readonly parts: readonly Code[] }
  /** A JavaScript function of values; of a LET's operator also where its definition stands. */
  | { readonly kind: "function"; readonly code: string; readonly scope?: Context }
  /** An operator by name. */
  | { readonly kind: "operator"; readonly operator: Operator; readonly context: Context }
  /** A definition of a LET, expanded where it is used. */
  | { readonly kind: "local"; readonly context: Context };

/** How variables are read, and what names are bound to. */
export interface Context {
  readonly bindings: ReadonlyMap<Id, Binding>;
  readonly instance: InstanceScope | null;
  /** Whether this is under a prime: variables are read in the next state. */
  readonly isPrimed: boolean;
  /** The JavaScript name of what @ stands for. */
  readonly at: string | null;
  /** Whether an initial state is being made, so that a variable may lack a value yet. */
  readonly isInitial: boolean;
}

export const TOP: Context = {
  bindings: new Map(),
  instance: null,
  isPrimed: false,
  at: null,
  isInitial: false,
};

export function bind(context: Context, bindings: Iterable<readonly [Id, Binding]>): Context {
  return { ...context, bindings: new Map([...context.bindings, ...bindings]) };
}

/** The context of an argument by name that is used where `user` is: a prime there reaches it. */
export function reached(context: Context, user: Context): Context {
  return {
    ...context,
    isPrimed: context.isPrimed || user.isPrimed,
    isInitial: context.isInitial || user.isInitial,
  };
}
