/**
 * Specs as SANY resolved them, many in one text: what they share, which is nearly all of models of
 * one specification, is there once. So what SANY read can be committed, and be run without Java.
 *
 * A definition, a declaration or a parameter is a place in its table, from 0. An operator is the
 * name of one that is built in, or three times the place in a table, with 0 added for a
 * definition, 1 for a declaration and 2 for a parameter.
 */

export type PackedOperator = string | number;

/** A letter, line and column in the module of the definition, and what the letter stands for. */
export type PackedExpression =
  /** A number, a string, what is not supported. */
  | readonly ["n", number, number, number]
  | readonly ["s" | "x", number, number, string]
  /** @ of an EXCEPT. */
  | readonly ["@", number, number]
  /** LET: its definitions and its body. */
  | readonly ["l", number, number, readonly number[], PackedExpression]
  /** What an INSTANCE brings: what stands for declarations, and the body. */
  | readonly ["i", number, number, readonly PackedSubstitution[], PackedExpression]
  /** An operator that is passed by name. */
  | readonly ["o", number, number, PackedOperator]
  /** An application: the operator, its operands, and what it binds. */
  | readonly [
      "a",
      number,
      number,
      PackedOperator,
      (readonly PackedExpression[])?,
      (readonly PackedBound[])?,
    ]
  /** An expression of another module, by the module's place in the table. */
  | readonly ["m", number, PackedExpression];

/** A declaration, and what stands for it. */
export type PackedSubstitution = readonly [number, PackedExpression];

/** Parameters, whether they are those of a tuple, and the set; null for none. */
export type PackedBound = readonly [readonly number[], 0 | 1, PackedExpression | null];

/** Name, module, line, column, parameters, body, whether it is recursive. */
export type PackedDefinition = readonly [
  string,
  number,
  number,
  number,
  readonly number[],
  PackedExpression,
  0 | 1,
];

/** Name, module, line, column, whether it is a variable, arity. */
export type PackedDeclaration = readonly [string, number, number, number, 0 | 1, number];

/** Name and arity. */
export type PackedParameter = readonly [string, number];

export interface PackedSpec {
  /** The declarations and definitions of the root module: first place and count, in turns. */
  readonly declarations: readonly number[];
  readonly definitions: readonly number[];
  /** The places of definitions without a name that say what is assumed. */
  readonly assumptions: readonly number[];
}

export interface PackedSpecs {
  readonly modules: readonly string[];
  readonly declarations: readonly PackedDeclaration[];
  readonly parameters: readonly PackedParameter[];
  readonly definitions: readonly PackedDefinition[];
  /** By the name of the root module. */
  readonly specs: Readonly<Record<string, PackedSpec>>;
}

export const TABLES = ["definition", "declaration", "parameter"] as const;
