/** The conjuncts of actions: which of them was false is told with its place and its values. */
import { showPlace } from "../engine/errors.ts";
import type { Expressions } from "./expressions.ts";
import type { Then } from "./making.ts";
import { indent } from "./output.ts";
import type { Context } from "./scope.ts";
import { type Argument, isExpression } from "./tree.ts";

/** A conjunct as it is told of where it is false. */
export interface Conjunct {
  readonly place: string;
  /** The operator, where the conjunct is one; the variable, where it gives one. */
  readonly name: string;
  readonly kind: "guard" | "variable";
}

export class Conjuncts {
  readonly #expressions: Expressions;
  /** All conjuncts that were numbered, in order. */
  readonly list: Conjunct[] = [];

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** Statements that run what follows where a formula is true, and tell of it where it is false. */
  guard(expression: Argument, context: Context, then: Then): string {
    const truth = this.#expressions.truth(expression, context);
    const number = this.number(expression, this.#nameOf(expression), "guard");
    const values = this.#compared(expression, context);
    return `if (${truth}) {\n${indent(then())}\n} else if (R.blame.isOn) R.blame.guard(${[number, ...values].join(", ")});`;
  }

  /** The values on both sides of a comparison, to be told where it is false. */
  #compared(expression: Argument, context: Context): readonly string[] {
    if (expression.kind !== "apply" || expression.operands.length !== 2) return [];
    const { operator } = expression;
    const isComparison =
      (operator.kind === "builtin" && ["=", "/=", "\\in", "\\notin"].includes(operator.name)) ||
      (operator.kind === "definition" &&
        this.#expressions.calls.standard(
          this.#expressions.analysis.definition(operator.id),
          expression,
        )?.type === "boolean");
    if (!isComparison) return [];
    return expression.operands
      .filter(isExpression)
      .map((operand) => this.#expressions.value(operand, context).js);
  }

  #nameOf(expression: Argument): string {
    if (expression.kind !== "apply") return "";
    if (expression.operator.kind !== "definition") return "";
    const definition = this.#expressions.analysis.definition(expression.operator.id);
    return this.#expressions.analysis.isStandard(definition) ? "" : definition.name;
  }

  /** The number of a conjunct, from 0, by which it is told of. */
  number(at: Argument, name: string, kind: "guard" | "variable"): number {
    this.list.push({ place: showPlace(at.place), name, kind });
    return this.list.length - 1;
  }
}
