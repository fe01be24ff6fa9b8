/** The operators built into TLA+, to JavaScript. */
import { showPlace } from "../engine/errors.ts";
import { isExpression } from "./analysis.ts";
import { type Code, code, type Expressions } from "./expressions.ts";
import { refuse } from "./refuse.ts";
import { type Binding, bind, type Context } from "./scope.ts";
import type { StaticType } from "./standard.ts";
import type { Application, Argument, Bound, Expression, Id } from "./tree.ts";

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

export class Builtins {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  typeOf(expression: Application, name: string, seen: Set<Id>): StaticType {
    if (BOOLEAN_OPERATORS.has(name)) return "boolean";
    if (name !== "$IfThenElse") return "unknown";
    const [, then, otherwise] = expression.operands;
    if (then === undefined || otherwise === undefined) return "unknown";
    if (!isExpression(then) || !isExpression(otherwise)) return "unknown";
    const type = this.#expressions.typeOf(then, seen);
    return type === this.#expressions.typeOf(otherwise, seen) ? type : "unknown";
  }

  /** The value of a built-in operator's application. */
  value(expression: Application, name: string, context: Context): Code {
    const { place } = expression;
    const expressions = this.#expressions;
    const operands = expression.operands;
    const js = (i: number): string =>
      expressions.value(this.#operand(operands, i, expression), context).js;
    const truth = (i: number): string =>
      expressions.truth(this.#operand(operands, i, expression), context);
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
        return code(`R.isIn(${js(0)}, ${js(1)})`, "boolean");
      case "\\notin":
        return code(`!R.isIn(${js(0)}, ${js(1)})`, "boolean");
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
        return code(`R.apply(${js(0)}, ${js(1)})`);
      case "$RcdSelect":
        return code(`R.apply(${js(0)}, ${js(1)})`);
      case "$Tuple":
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
        return this.#record(operands, context, expression);
      case "$SetOfRcds":
        return this.#setOfRecords(operands, context, expression);
      case "$Except":
        return this.#except(expression, context);
      case "$BoundedExists":
        return code(this.#quantified("exists", expression, context), "boolean");
      case "$BoundedForall":
        return code(this.#quantified("forAll", expression, context), "boolean");
      case "$SubsetOf":
        return this.#filtered(expression, context);
      case "$SetOfAll":
        return this.#comprehension(expression, context);
      case "$FcnConstructor":
        return this.#function(expression, context);
      case "$RecursiveFcnSpec":
      case "$NonRecursiveFcnSpec":
        return this.#recursiveFunction(expression, context);
      case "$BoundedChoose":
        return this.#choose(expression, context);
      case "'":
        return this.#primed(expression, context);
      case "UNCHANGED":
        return this.#unchanged(expression, context);
      case "$SquareAct":
        return code(
          `(${truth(0)} || ${this.#same(this.#operand(operands, 1, expression), expression, context)})`,
          "boolean",
        );
      case "$AngleAct":
        return code(
          `(${truth(0)} && !${this.#same(this.#operand(operands, 1, expression), expression, context)})`,
          "boolean",
        );
      default:
        return refuse(name.startsWith("$") ? name.slice(1) : name, place);
    }
  }

  #operand(operands: readonly Argument[], i: number, expression: Application): Argument {
    return operands[i] ?? refuse("an operand that is missing", expression.place);
  }

  #list(operands: readonly Argument[], context: Context): string {
    return operands.map((operand) => this.#expressions.value(operand, context).js).join(", ");
  }

  #joined(operands: readonly Argument[], operator: string, context: Context): string {
    return `(${operands.map((operand) => this.#expressions.truth(operand, context)).join(operator)})`;
  }

  #ifThenElse(operands: readonly Argument[], expression: Application, context: Context): Code {
    const condition = this.#expressions.truth(this.#operand(operands, 0, expression), context);
    const then = this.#expressions.value(this.#operand(operands, 1, expression), context);
    const otherwise = this.#expressions.value(this.#operand(operands, 2, expression), context);
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

  #fields(
    operands: readonly Argument[],
    expression: Application,
  ): readonly (readonly [string, Argument])[] {
    return operands.map((pair) => {
      if (pair.kind !== "apply") return refuse("a record of this form", expression.place);
      const [name, value] = pair.operands;
      if (name?.kind !== "string" || value === undefined)
        return refuse("a record of this form", pair.place);
      return [name.value, value];
    });
  }

  #record(operands: readonly Argument[], context: Context, expression: Application): Code {
    const fields = this.#fields(operands, expression);
    const names = fields.map(([name]) => name);
    const values = fields.map(([, value]) => this.#expressions.value(value, context).js);
    return code(`R.record(${this.#shape(names)}, [${values.join(", ")}])`);
  }

  #shape(names: readonly string[]): string {
    const key = JSON.stringify(names);
    return this.#expressions.output.shared(
      `shape:${key}`,
      `shape_${names.join("_")}`,
      (name) => `const ${name} = R.recordShape(${key});`,
    );
  }

  #setOfRecords(operands: readonly Argument[], context: Context, expression: Application): Code {
    const fields = this.#fields(operands, expression);
    const sets = fields.map(([, value]) => this.#expressions.value(value, context).js);
    return code(
      `R.recordsOf(${JSON.stringify(fields.map(([name]) => name))}, [${sets.join(", ")}])`,
    );
  }

  #except(expression: Application, context: Context): Code {
    const [base, ...changes] = expression.operands;
    if (base === undefined) return refuse("an EXCEPT of nothing", expression.place);
    let js = this.#expressions.value(base, context).js;
    for (const change of changes) {
      if (change.kind !== "apply") return refuse("an EXCEPT of this form", expression.place);
      const [path, value] = change.operands;
      if (path?.kind !== "apply" || value === undefined)
        return refuse("an EXCEPT of this form", change.place);
      const at = this.#expressions.output.fresh("before");
      const keys = path.operands.map((key) => this.#expressions.value(key, context).js);
      const after = this.#expressions.value(value, { ...context, at });
      js = `R.except(${js}, [${keys.join(", ")}], ${this.#expressions.output.lambda(at, after.js)})`;
    }
    return code(js);
  }

  /** The bound variables of `bounds`, one at a time, as JavaScript names and bindings. */
  bound(
    bounds: readonly Bound[],
    context: Context,
    expression: Application,
  ): {
    readonly loops: readonly { readonly name: string; readonly domain: string }[];
    readonly inner: Context;
  } {
    const loops: { name: string; domain: string }[] = [];
    const bindings: (readonly [Id, Binding])[] = [];
    for (const bound of bounds) {
      if (bound.domain === null) return refuse("a bound variable without a set", expression.place);
      const domain = this.#expressions.value(bound.domain, context).js;
      if (bound.isTuple) {
        const name = this.#expressions.output.fresh("tuple");
        loops.push({ name, domain });
        bound.parameters.forEach((id, i) => {
          bindings.push([id, { kind: "value", code: `R.apply(${name}, ${i + 1})` }]);
        });
        continue;
      }
      for (const id of bound.parameters) {
        const name = this.#expressions.parameterName(id);
        loops.push({ name, domain });
        bindings.push([id, { kind: "value", code: name }]);
      }
    }
    return { loops, inner: bind(context, bindings) };
  }

  #quantified(quantifier: "exists" | "forAll", expression: Application, context: Context): string {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    let js = this.#expressions.truth(this.#operand(expression.operands, 0, expression), inner);
    for (const { name, domain } of [...loops].reverse())
      js = `R.${quantifier}(${domain}, ${this.#expressions.output.lambda(name, js)})`;
    return js;
  }

  #filtered(expression: Application, context: Context): Code {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    const [loop] = loops;
    if (loop === undefined || loops.length > 1)
      return refuse("a set of this form", expression.place);
    const test = this.#expressions.truth(this.#operand(expression.operands, 0, expression), inner);
    return code(`R.filter(${loop.domain}, ${this.#expressions.output.lambda(loop.name, test)})`);
  }

  #comprehension(expression: Application, context: Context): Code {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    const element = this.#expressions.value(
      this.#operand(expression.operands, 0, expression),
      inner,
    ).js;
    const [loop] = loops;
    if (loop !== undefined && loops.length === 1) {
      return code(`R.map(${loop.domain}, ${this.#expressions.output.lambda(loop.name, element)})`);
    }
    let js = `[${element}]`;
    for (const { name, domain } of [...loops].reverse())
      js = `R.flatMap(${domain}, ${this.#expressions.output.lambda(name, js)})`;
    return code(`R.setOf(${js})`);
  }

  /** The domain of a function of several arguments is a product. */
  #domainAndParameter(
    expression: Application,
    bounds: readonly Bound[],
    context: Context,
  ): { readonly domain: string; readonly name: string; readonly inner: Context } {
    const { loops, inner } = this.bound(bounds, context, expression);
    const [loop] = loops;
    if (loop === undefined) return refuse("a function without arguments", expression.place);
    if (loops.length === 1) return { domain: loop.domain, name: loop.name, inner };
    const name = this.#expressions.output.fresh("arguments");
    const bindings: (readonly [Id, Binding])[] = [];
    let i = 0;
    for (const bound of bounds) {
      if (bound.isTuple)
        return refuse("a function of several arguments and tuples", expression.place);
      for (const id of bound.parameters) {
        i++;
        bindings.push([id, { kind: "value", code: `R.apply(${name}, ${i})` }]);
      }
    }
    return {
      domain: `R.product([${loops.map(({ domain }) => domain).join(", ")}])`,
      name,
      inner: bind(context, bindings),
    };
  }

  #function(expression: Application, context: Context): Code {
    const { domain, name, inner } = this.#domainAndParameter(
      expression,
      expression.bounds,
      context,
    );
    const body = this.#expressions.value(
      this.#operand(expression.operands, 0, expression),
      inner,
    ).js;
    return code(`R.makeFunction(${domain}, ${this.#expressions.output.lambda(name, body)})`);
  }

  #recursiveFunction(expression: Application, context: Context): Code {
    const [self] = expression.bounds;
    const isNamed = self !== undefined && self.domain === null;
    const bounds = isNamed ? expression.bounds.slice(1) : expression.bounds;
    const id = isNamed ? self.parameters[0] : undefined;
    const selfName = this.#expressions.output.fresh("self");
    const outer =
      id === undefined ? context : bind(context, [[id, { kind: "value", code: selfName }]]);
    const { domain, name, inner } = this.#domainAndParameter(expression, bounds, outer);
    const body = this.#expressions.value(
      this.#operand(expression.operands, 0, expression),
      inner,
    ).js;
    return code(`R.recursiveFunction(${domain}, (${selfName}, ${name}) => ${body})`);
  }

  #choose(expression: Application, context: Context): Code {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    const [loop] = loops;
    if (loop === undefined || loops.length > 1)
      return refuse("a CHOOSE of this form", expression.place);
    const test = this.#expressions.truth(this.#operand(expression.operands, 0, expression), inner);
    const where = JSON.stringify(showPlace(expression.place));
    return code(
      `R.choose(${loop.domain}, ${this.#expressions.output.lambda(loop.name, test)}, ${where})`,
    );
  }

  #primed(expression: Application, context: Context): Code {
    if (context.isPrimed) return refuse("a prime under a prime", expression.place);
    return this.#expressions.value(this.#operand(expression.operands, 0, expression), {
      ...context,
      isPrimed: true,
    });
  }

  #unchanged(expression: Application, context: Context): Code {
    return code(
      this.#same(this.#operand(expression.operands, 0, expression), expression, context),
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
