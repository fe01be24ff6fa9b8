/** The operators built into TLA+, to JavaScript. */
import { showPlace } from "../engine/errors.ts";
import { type Code, code } from "./code.ts";
import type { Expressions } from "./expressions.ts";
import { KeptValues } from "./kept-values.ts";
import { Records } from "./records.ts";
import { operandAt, refuse } from "./refuse.ts";
import { type Context, TOP } from "./scope.ts";
import { type Application, type Argument, type Expression, isExpression } from "./tree.ts";

export class Builtins {
  readonly #expressions: Expressions;
  readonly #kept: KeptValues;
  readonly #records: Records;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
    this.#kept = new KeptValues(expressions);
    this.#records = new Records(expressions);
  }

  /** The value of a built-in operator's application. */
  value(expression: Application, name: string, context: Context): Code {
    if (this.#kept.isWorthIt(expression, name, context)) {
      return code(this.#kept.value(expression, () => this.#value(expression, name, TOP)));
    }
    return this.#value(expression, name, context);
  }

  #value(expression: Application, name: string, context: Context): Code {
    const { place } = expression;
    const expressions = this.#expressions;
    const operands = expression.operands;
    const js = (i: number): string =>
      expressions.value(operandAt(operands, i, expression), context).js;
    const truth = (i: number): string =>
      expressions.truth(operandAt(operands, i, expression), context);
    switch (name) {
      case "TRUE":
        return code("true", "boolean", true);
      case "FALSE":
        return code("false", "boolean", true);
      case "BOOLEAN":
      case "STRING":
        return code(`R.${name}`, "unknown", true);
      case "=":
        return code(`R.equal(${js(0)}, ${js(1)})`, "boolean");
      case "/=":
        return code(`!R.equal(${js(0)}, ${js(1)})`, "boolean");
      case "\\lnot":
      case "\\neg":
        return code(`!${truth(0)}`, "boolean");
      case "\\land":
      case "$ConjList":
        return code(this.#joined(operands, " && ", context), "boolean");
      case "\\lor":
      case "$DisjList":
        return code(this.#joined(operands, " || ", context), "boolean");
      case "=>":
        return code(`(!${truth(0)} || ${truth(1)})`, "boolean");
      case "\\equiv":
        return code(`(${truth(0)} === ${truth(1)})`, "boolean");
      case "$IfThenElse":
        return this.#ifThenElse(operands, expression, context);
      case "$Case":
        return this.#case(expression, context);
      case "\\in":
        return code(this.#member(expression, context), "boolean");
      case "\\notin":
        return code(`!${this.#member(expression, context)}`, "boolean");
      case "\\subseteq":
        return code(`R.isSubset(${js(0)}, ${js(1)})`, "boolean");
      case "\\union":
        return code(`R.union(${js(0)}, ${js(1)})`);
      case "\\intersect":
        return code(`R.intersection(${js(0)}, ${js(1)})`);
      case "\\":
        return code(`R.difference(${js(0)}, ${js(1)})`);
      case "SUBSET":
        return code(`R.subsetsOf(${js(0)})`);
      case "UNION":
        return code(`R.unionOf(${js(0)})`);
      case "DOMAIN":
        return code(`R.domain(${js(0)})`);
      case "$FcnApply":
      case "$RcdSelect":
        return this.#records.applied(expression, context);
      case "$Tuple":
        if (operands.length === 0) return code("R.EMPTY_TUPLE", "unknown", true);
        return code(`R.tuple([${this.#list(operands, context)}])`);
      case "$SetEnumerate":
        return operands.length === 0
          ? code("R.EMPTY_SET", "unknown", true)
          : code(`R.setOf([${this.#list(operands, context)}])`);
      case "$SetOfFcns":
        return code(`R.functionsOf(${js(0)}, ${js(1)})`);
      case "$CartesianProd":
        return code(`R.product([${this.#list(operands, context)}])`);
      case "$RcdConstructor":
        return this.#records.record(operands, context, expression);
      case "$SetOfRcds":
        return this.#records.setOfRecords(operands, context, expression);
      case "$Except":
        return this.#records.except(expression, context);
      case "$BoundedExists":
        return code(
          this.#expressions.quantifiers.quantified("exists", expression, context),
          "boolean",
        );
      case "$BoundedForall":
        return code(
          this.#expressions.quantifiers.quantified("forAll", expression, context),
          "boolean",
        );
      case "$SubsetOf":
        return this.#expressions.quantifiers.filtered(expression, context);
      case "$SetOfAll":
        return this.#expressions.quantifiers.comprehension(expression, context);
      case "$FcnConstructor":
        return this.#expressions.quantifiers.function(expression, context);
      case "$RecursiveFcnSpec":
      case "$NonRecursiveFcnSpec":
        return this.#expressions.quantifiers.recursiveFunction(expression, context);
      case "$BoundedChoose":
        return this.#expressions.quantifiers.choose(expression, context);
      case "'":
        return this.#primed(expression, context);
      case "UNCHANGED":
        return this.#unchanged(expression, context);
      case "$SquareAct":
        return code(
          `(${truth(0)} || ${this.#same(operandAt(operands, 1, expression), expression, context)})`,
          "boolean",
        );
      case "$AngleAct":
        return code(
          `(${truth(0)} && !${this.#same(operandAt(operands, 1, expression), expression, context)})`,
          "boolean",
        );
      default:
        return refuse(name.startsWith("$") ? name.slice(1) : name, place);
    }
  }

  #list(operands: readonly Argument[], context: Context): string {
    return operands.map((operand) => this.#expressions.value(operand, context).js).join(", ");
  }

  /** x \in set; of low..high without making the set. */
  #member(expression: Application, context: Context): string {
    const x = operandAt(expression.operands, 0, expression);
    const set = operandAt(expression.operands, 1, expression);
    const bounds = this.#expressions.quantifiers.interval(set);
    const value = this.#expressions.value(x, context).js;
    if (bounds === null) return `R.isIn(${value}, ${this.#expressions.value(set, context).js})`;
    const [low, high] = bounds.map((bound) => this.#expressions.value(bound, context).js);
    return `R.isInInterval(${value}, ${low}, ${high})`;
  }

  #joined(operands: readonly Argument[], operator: string, context: Context): string {
    return `(${operands.map((operand) => this.#expressions.truth(operand, context)).join(operator)})`;
  }

  #ifThenElse(operands: readonly Argument[], expression: Application, context: Context): Code {
    const condition = this.#expressions.truth(operandAt(operands, 0, expression), context);
    const then = this.#expressions.value(operandAt(operands, 1, expression), context);
    const otherwise = this.#expressions.value(operandAt(operands, 2, expression), context);
    const type = then.type === otherwise.type ? then.type : "unknown";
    return code(`(${condition} ? ${then.js} : ${otherwise.js})`, type);
  }

  /** The arms of a CASE as pairs of a condition (null for OTHER) and a result. */
  arms(
    expression: Application,
  ): readonly { readonly condition: Expression | null; readonly result: Expression }[] {
    return expression.operands.map((arm) => {
      if (arm.kind !== "apply") return refuse("a CASE of this form", expression.place);
      const [condition, result] = arm.operands;
      if (result === undefined || !isExpression(result))
        return refuse("a CASE of this form", arm.place);
      if (condition === undefined || !isExpression(condition))
        return refuse("a CASE of this form", arm.place);
      const isOther = condition.kind === "string" && condition.value === "$Other";
      return { condition: isOther ? null : condition, result };
    });
  }

  #case(expression: Application, context: Context): Code {
    const where = JSON.stringify(showPlace(expression.place));
    const arms = this.arms(expression);
    const results = arms.map(({ result }) => this.#expressions.value(result, context));
    let js = `R.noCase(${where})`;
    for (let i = arms.length - 1; i >= 0; i--) {
      const condition = arms[i]?.condition ?? null;
      const result = results[i]?.js ?? "";
      js =
        condition === null
          ? result
          : `(${this.#expressions.truth(condition, context)} ? ${result} : ${js})`;
    }
    const type = results[0]?.type ?? "unknown";
    return code(js, results.every((result) => result.type === type) ? type : "unknown");
  }

  #primed(expression: Application, context: Context): Code {
    if (context.isPrimed) return refuse("a prime under a prime", expression.place);
    return this.#expressions.value(operandAt(expression.operands, 0, expression), {
      ...context,
      isPrimed: true,
    });
  }

  #unchanged(expression: Application, context: Context): Code {
    return code(
      this.#same(operandAt(expression.operands, 0, expression), expression, context),
      "boolean",
    );
  }

  #same(operand: Argument, expression: Application, context: Context): string {
    if (context.isPrimed) return refuse("a prime under a prime", expression.place);
    const before = this.#expressions.value(operand, context).js;
    const after = this.#expressions.value(operand, { ...context, isPrimed: true }).js;
    return `R.equal(${after}, ${before})`;
  }
}
