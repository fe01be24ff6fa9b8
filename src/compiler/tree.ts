/** The intermediate form: a spec as SANY resolved it, every name bound to its definition. */
import type { Place } from "../engine/errors.ts";

/** SANY's number of a definition, declaration or parameter. */
export type Id = number;

export type Operator =
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "definition"; readonly id: Id }
  | { readonly kind: "declaration"; readonly id: Id }
  | { readonly kind: "parameter"; readonly id: Id };

/** x \in domain, <<x, y>> \in domain, or x without a domain. */
export interface Bound {
  readonly parameters: readonly Id[];
  readonly isTuple: boolean;
  readonly domain: Expression | null;
}

export interface Application {
  readonly kind: "apply";
  readonly place: Place;
  readonly operator: Operator;
  readonly operands: readonly Argument[];
  readonly bounds: readonly Bound[];
}

export interface LetExpression {
  readonly kind: "let";
  readonly place: Place;
  readonly definitions: readonly Id[];
  readonly body: Expression;
}

/** The body of a definition that an INSTANCE brings, with what stands for its declarations. */
export interface Instantiated {
  readonly kind: "instantiated";
  readonly place: Place;
  readonly substitutions: readonly { readonly declaration: Id; readonly argument: Argument }[];
  readonly body: Expression;
}

export type Expression =
  | { readonly kind: "number"; readonly place: Place; readonly value: number }
  | { readonly kind: "string"; readonly place: Place; readonly value: string }
  | { readonly kind: "at"; readonly place: Place }
  | { readonly kind: "unsupported"; readonly place: Place; readonly what: string }
  | LetExpression
  | Instantiated
  | Application;

/** An operand: an expression, or an operator passed by name. */
export type Argument =
  | Expression
  | { readonly kind: "operator"; readonly place: Place; readonly operator: Operator };

export interface Definition {
  readonly id: Id;
  readonly name: string;
  readonly place: Place;
  readonly parameters: readonly Id[];
  readonly body: Expression;
  readonly isRecursive: boolean;
}

export interface Declaration {
  readonly id: Id;
  readonly name: string;
  readonly place: Place;
  readonly kind: "constant" | "variable";
  readonly arity: number;
}

export interface Parameter {
  readonly id: Id;
  readonly name: string;
  readonly arity: number;
}

export interface SpecTree {
  readonly rootModule: string;
  readonly definitions: ReadonlyMap<Id, Definition>;
  readonly declarations: ReadonlyMap<Id, Declaration>;
  readonly parameters: ReadonlyMap<Id, Parameter>;
  /** What the root module declares and defines, those of extended modules included, in order. */
  readonly rootDeclarations: readonly Id[];
  readonly rootDefinitions: readonly Id[];
  /** Every ASSUME of the root module and those it extends. */
  readonly assumptions: readonly Expression[];
}

/** The expressions right below one, bounds and operands, operator arguments left out. */
export function parts(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "apply": {
      const domains = expression.bounds.flatMap((bound) => bound.domain ?? []);
      return [...domains, ...expression.operands.filter(isExpression)];
    }
    case "let":
      return [expression.body];
    case "instantiated":
      return [expression.body];
    default:
      return [];
  }
}

export function isExpression(argument: Argument): argument is Expression {
  return argument.kind !== "operator";
}
