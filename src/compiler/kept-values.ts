/** Values that depend on constants only: evaluated once, for the whole module. */
import type { Code } from "./code.ts";
import type { Expressions } from "./expressions.ts";
import type { Context } from "./scope.ts";
import type { Application, Argument } from "./tree.ts";

/** Operators on constants whose value is worth to be kept: what they make is not small. */
const KEPT_OPERATORS = new Set([
  "$SetEnumerate",
  "$Tuple",
  "\\union",
  "\\",
  "\\intersect",
  "SUBSET",
]);

/** Built-in values that may stand in what is kept. */
const CLOSED_VALUES = new Set(["TRUE", "FALSE", "BOOLEAN", "STRING", "$SetEnumerate", "$Tuple"]);

export class KeptValues {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** Whether a built-in operator's application is to be evaluated once for the whole module. */
  isWorthIt(expression: Application, name: string, context: Context): boolean {
    if (expression.operands.length === 0 || !KEPT_OPERATORS.has(name)) return false;
    return this.#isClosed(expression, context);
  }

  /** Whether an expression has the same value wherever it stands. */
  #isClosed(expression: Argument, context: Context): boolean {
    if (expression.kind === "number" || expression.kind === "string") return true;
    if (expression.kind !== "apply" || expression.bounds.length > 0) return false;
    const { operator, operands } = expression;
    const { analysis } = this.#expressions;
    switch (operator.kind) {
      case "parameter":
        return false;
      case "declaration":
        return (
          analysis.spec.declarations.get(operator.id)?.kind === "constant" &&
          context.instance === null &&
          operands.length === 0
        );
      case "builtin":
        if (operands.length === 0) return CLOSED_VALUES.has(operator.name);
        return (
          KEPT_OPERATORS.has(operator.name) &&
          operands.every((operand) => this.#isClosed(operand, context))
        );
      case "definition": {
        if (context.bindings.has(operator.id)) return false;
        const { body } = analysis.definition(operator.id);
        return body.kind === "number" || body.kind === "string";
      }
    }
  }

  /** A value of the whole module, evaluated when it is first needed. */
  value(expression: Application, write: () => Code): string {
    const key = JSON.stringify(expression, (field, value) =>
      field === "place" ? undefined : value,
    );
    const name = this.#expressions.output.shared(`closed:${key}`, "same", (chosen) => {
      const value = this.#expressions.output.arrow([], () => write().js);
      return `const ${chosen} = R.lazy(${value});`;
    });
    return `${name}()`;
  }
}
