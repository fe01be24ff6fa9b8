/** The conjuncts of actions: which of them was false is told with its place and its values. */
import { type Place, showPlace } from "../engine/errors.ts";
import type { Conjunct } from "../engine/spec.ts";
import type { Expressions } from "./expressions.ts";
import type { Then } from "./making.ts";
import { indent } from "./output.ts";
import type { Context } from "./scope.ts";
import { type Application, type Argument, isExpression } from "./tree.ts";

const COMPARISONS = new Set(["=", "/=", "\\in", "\\notin"]);

/** Gives the text of a formula that begins at a place. */
export type TextAt = (place: Place) => string;

/** What a guard is told with where it is false. */
interface Told extends Pick<Conjunct, "comparison" | "operands"> {
  /** In JavaScript. */
  readonly values: readonly string[];
}

export class Conjuncts {
  readonly #expressions: Expressions;
  /** All conjuncts that were numbered, in order. */
  readonly list: Conjunct[] = [];
  readonly #textAt: TextAt | undefined;

  constructor(expressions: Expressions, textAt: TextAt | undefined) {
    this.#expressions = expressions;
    this.#textAt = textAt;
  }

  /**
   * Statements that run what follows where a formula is true, and tell of it where it is false; then
   * what follows runs as well where guards are waived.
   */
  guard(expression: Argument, context: Context, then: Then): string {
    const truth = this.#expressions.truth(expression, context);
    const { values, ...told } = this.#told(expression, context);
    const number = this.number(expression, this.#nameOf(expression), "guard", told);
    const isWaived = `R.blame.isOn && R.blame.guard(${[number, ...values].join(", ")})`;
    return `if ((${truth}) || (${isWaived})) {\n${indent(then())}\n}`;
  }

  /** The values on both sides of a comparison, or of the parameters that an operator is applied to. */
  #told(expression: Argument, context: Context): Told {
    if (expression.kind !== "apply") return { values: [] };
    const comparison = this.#comparison(expression);
    if (comparison === null) return this.#toldByParameters(expression, context);
    const values = expression.operands
      .filter(isExpression)
      .map((operand) => this.#expressions.value(operand, context).js);
    return { values, comparison };
  }

  /** The operator of a comparison; null for any other formula. */
  #comparison(expression: Application): string | null {
    if (expression.operands.length !== 2) return null;
    const { operator } = expression;
    if (operator.kind === "builtin") return COMPARISONS.has(operator.name) ? operator.name : null;
    if (operator.kind !== "definition") return null;
    const definition = this.#expressions.analysis.definition(operator.id);
    const standard = this.#expressions.calls.standard(definition, expression);
    return standard?.type === "boolean" ? definition.name : null;
  }

  #toldByParameters({ operands }: Application, context: Context): Told {
    const told = operands.map((operand) => this.#parameter(operand, context));
    if (told.length === 0 || told.some((each) => each === null)) return { values: [] };
    return {
      values: told.flatMap((each) => each?.value ?? []),
      operands: told.flatMap((each) => each?.name ?? []),
    };
  }

  /** A parameter that has its value already: its name and its value in JavaScript. */
  #parameter(
    operand: Argument,
    context: Context,
  ): { readonly name: string; readonly value: string } | null {
    if (operand.kind !== "apply" || operand.operator.kind !== "parameter") return null;
    const parameter = this.#expressions.analysis.spec.parameters.get(operand.operator.id);
    if (parameter === undefined || !this.#expressions.rigidity.isAtomic(operand, context)) {
      return null;
    }
    return { name: parameter.name, value: this.#expressions.value(operand, context).js };
  }

  #nameOf(expression: Argument): string {
    if (expression.kind !== "apply") return "";
    if (expression.operator.kind !== "definition") return "";
    const definition = this.#expressions.analysis.definition(expression.operator.id);
    return this.#expressions.analysis.isStandard(definition) ? "" : definition.name;
  }

  /** The number of a conjunct, from 0, by which it is told of. */
  number(
    at: Argument,
    name: string,
    kind: Conjunct["kind"],
    told: Pick<Conjunct, "comparison" | "operands"> = {},
  ): number {
    const text = this.#textAt === undefined ? {} : { text: this.#textAt(at.place) };
    this.list.push({ place: showPlace(at.place), name, kind, ...text, ...told });
    return this.list.length - 1;
  }
}
