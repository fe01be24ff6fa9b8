/** The operators built into TLA+, to JavaScript. */
import { showPlace } from "../engine/errors.ts";
import { isExpression } from "./analysis.ts";
import { type Code, code, type Expressions } from "./expressions.ts";
import { refuse } from "./refuse.ts";
import { type Binding, bind, type Context, TOP } from "./scope.ts";
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

/** One bound variable: its name in JavaScript, its set, and "low, high" where that is low..high. */
interface Loop {
  readonly name: string;
  readonly domain: string;
  readonly from: string | null;
}

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
    if (
      expression.operands.length > 0 &&
      KEPT_OPERATORS.has(name) &&
      this.#isClosed(expression, context)
    ) {
      return code(`${this.#kept(expression, name)}()`);
    }
    return this.#value(expression, name, context);
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
  #kept(expression: Application, name: string): string {
    const key = JSON.stringify(expression, (field, value) =>
      field === "place" ? undefined : value,
    );
    return this.#expressions.output.shared(`closed:${key}`, "same", (chosen) => {
      const value = this.#expressions.output.arrow([], () => {
        return this.#value(expression, name, TOP).js;
      });
      return `const ${chosen} = R.lazy(${value});`;
    });
  }

  #value(expression: Application, name: string, context: Context): Code {
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
        return this.#applied(expression, context);
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

  /** f[x], and r.name: the place of a field whose name the spec has is known beforehand. */
  #applied(expression: Application, context: Context): Code {
    const f = this.#operand(expression.operands, 0, expression);
    const x = this.#operand(expression.operands, 1, expression);
    const known = this.#expressions.knownPart(f, x, context);
    if (known !== null) return known;
    const applied = this.#expressions.value(f, context).js;
    if (x.kind === "string") return code(`R.field(${applied}, ${this.#fieldName(x.value)})`);
    return code(`R.apply(${applied}, ${this.#expressions.value(x, context).js})`);
  }

  #fieldName(name: string): string {
    return this.#expressions.output.shared(
      `field:${name}`,
      `field_${name}`,
      (chosen) => `const ${chosen} = R.fieldName(${JSON.stringify(name)});`,
    );
  }

  /** x \in set; of low..high without making the set. */
  #member(expression: Application, context: Context): string {
    const x = this.#operand(expression.operands, 0, expression);
    const set = this.#operand(expression.operands, 1, expression);
    const bounds = this.#interval(set);
    const value = this.#expressions.value(x, context).js;
    if (bounds === null) return `R.isIn(${value}, ${this.#expressions.value(set, context).js})`;
    const [low, high] = bounds.map((bound) => this.#expressions.value(bound, context).js);
    return `R.isInInterval(${value}, ${low}, ${high})`;
  }

  /** The bounds of an expression that is low..high; null for any other. */
  #interval(set: Argument): readonly Argument[] | null {
    if (set.kind !== "apply" || set.operator.kind !== "definition") return null;
    const definition = this.#expressions.analysis.definition(set.operator.id);
    const standard = this.#expressions.standard(definition, set);
    return standard?.runtime === "interval" ? set.operands : null;
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
      js = this.#changed(js, path.operands, context, (at) => {
        return this.#expressions.value(value, { ...context, at }).js;
      });
    }
    return code(js);
  }

  /**
   * [f EXCEPT ![k1]...[kn] = value]: as in TLC, a path that leads out of a domain changes
   * nothing, and then the value is not evaluated.
   */
  #changed(
    f: string,
    path: readonly Argument[],
    context: Context,
    value: (at: string) => string,
  ): string {
    const [key, ...deeper] = path;
    if (key === undefined) return value(f);
    const { output } = this.#expressions;
    const base = output.temporary("base", "R.FunctionValue");
    const place = output.temporary("place", "number");
    const at = `R.valueAt(${base}, ${place})`;
    const found = `${place} = R.placeOf(${base}, ${this.#expressions.value(key, context).js})`;
    const replaced = `R.replaced(${base}, ${place}, ${this.#changed(at, deeper, context, value)})`;
    return `(${base} = R.changeable(${f}), ${found}, ${place} < 0 ? ${base} : ${replaced})`;
  }

  /** The bound variables of `bounds`, one at a time, as JavaScript names and bindings. */
  bound(
    bounds: readonly Bound[],
    context: Context,
    expression: Application,
  ): {
    readonly loops: readonly Loop[];
    readonly inner: Context;
  } {
    const loops: Loop[] = [];
    const bindings: (readonly [Id, Binding])[] = [];
    for (const bound of bounds) {
      if (bound.domain === null) return refuse("a bound variable without a set", expression.place);
      const domain = this.#expressions.value(bound.domain, context).js;
      const ends = this.#interval(bound.domain);
      const from =
        ends === null
          ? null
          : ends.map((end) => this.#expressions.value(end, context).js).join(", ");
      if (bound.isTuple) {
        const name = this.#expressions.output.fresh("tuple");
        loops.push({ name, domain, from });
        bound.parameters.forEach((id, i) => {
          bindings.push([id, { kind: "value", code: `R.apply(${name}, ${i + 1})` }]);
        });
        continue;
      }
      for (const id of bound.parameters) {
        const name = this.#expressions.parameterName(id);
        loops.push({ name, domain, from });
        bindings.push([id, { kind: "value", code: name }]);
      }
    }
    return { loops, inner: bind(context, bindings) };
  }

  #quantified(quantifier: "exists" | "forAll", expression: Application, context: Context): string {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    let write = () =>
      this.#expressions.truth(this.#operand(expression.operands, 0, expression), inner);
    for (const { name, domain, from } of [...loops].reverse()) {
      const body = write;
      const through = from === null ? `${quantifier}(${domain}` : `${quantifier}From(${from}`;
      write = () => `R.${through}, ${this.#expressions.output.lambda(name, body)})`;
    }
    return write();
  }

  #filtered(expression: Application, context: Context): Code {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    const [loop] = loops;
    if (loop === undefined || loops.length > 1)
      return refuse("a set of this form", expression.place);
    const test = () =>
      this.#expressions.truth(this.#operand(expression.operands, 0, expression), inner);
    return code(`R.filter(${loop.domain}, ${this.#expressions.output.lambda(loop.name, test)})`);
  }

  #comprehension(expression: Application, context: Context): Code {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    const element = () =>
      this.#expressions.value(this.#operand(expression.operands, 0, expression), inner).js;
    const [loop] = loops;
    if (loop !== undefined && loops.length === 1) {
      return code(`R.map(${loop.domain}, ${this.#expressions.output.lambda(loop.name, element)})`);
    }
    let write = () => `[${element()}]`;
    for (const { name, domain } of [...loops].reverse()) {
      const body = write;
      write = () => `R.flatMap(${domain}, ${this.#expressions.output.lambda(name, body)})`;
    }
    return code(`R.setOf(${write()})`);
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
    const body = () =>
      this.#expressions.value(this.#operand(expression.operands, 0, expression), inner).js;
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
    const body = () =>
      this.#expressions.value(this.#operand(expression.operands, 0, expression), inner).js;
    const rule = this.#expressions.output.arrow([selfName, name], body);
    return code(`R.recursiveFunction(${domain}, ${rule})`);
  }

  #choose(expression: Application, context: Context): Code {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    const [loop] = loops;
    if (loop === undefined || loops.length > 1)
      return refuse("a CHOOSE of this form", expression.place);
    const test = () =>
      this.#expressions.truth(this.#operand(expression.operands, 0, expression), inner);
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
