/** Which expressions are sure to give a boolean or a number. */
import type { Expressions } from "./expressions.ts";
import { type StaticType, standardOperator } from "./standard.ts";
import { type Application, type Expression, type Id, isExpression } from "./tree.ts";

const BOOLEAN_OPERATORS = new Set([
  "TRUE",
  "FALSE",
  "=",
  "/=",
  "\\lnot",
  "\\neg",
  "\\land",
  "\\lor",
  "=>",
  "\\equiv",
  "\\in",
  "\\notin",
  "\\subseteq",
  "$ConjList",
  "$DisjList",
  "$BoundedExists",
  "$BoundedForall",
  "UNCHANGED",
  "$SquareAct",
  "$AngleAct",
]);

export class StaticTypes {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** Whether a body is sure to give a boolean or a number. */
  of(expression: Expression, seen: Set<Id>): StaticType {
    if (expression.kind === "number") return "number";
    if (expression.kind === "let") return this.of(expression.body, seen);
    if (expression.kind !== "apply") return "unknown";
    const { operator } = expression;
    if (operator.kind === "builtin") return this.#ofBuiltin(expression, operator.name, seen);
    if (operator.kind !== "definition" || seen.has(operator.id)) return "unknown";
    if (this.#expressions.constantNames.has(operator.id)) return "unknown";
    const definition = this.#expressions.analysis.definition(operator.id);
    const name = definition.name.slice(definition.name.lastIndexOf("!") + 1);
    const standard = standardOperator(definition.place.module, name);
    if (standard !== null) return standard === "refused" ? "unknown" : standard.type;
    return this.of(definition.body, new Set([...seen, operator.id]));
  }

  #ofBuiltin(expression: Application, name: string, seen: Set<Id>): StaticType {
    if (BOOLEAN_OPERATORS.has(name)) return "boolean";
    if (name !== "$IfThenElse") return "unknown";
    const [, then, otherwise] = expression.operands;
    if (then === undefined || otherwise === undefined) return "unknown";
    if (!isExpression(then) || !isExpression(otherwise)) return "unknown";
    const type = this.of(then, seen);
    return type === this.of(otherwise, seen) ? type : "unknown";
  }
}
