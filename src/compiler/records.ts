/** Functions and records: their application, their fields, EXCEPT. */
import { type Code, code } from "./code.ts";
import type { Expressions } from "./expressions.ts";
import { operandAt, refuse } from "./refuse.ts";
import type { Context } from "./scope.ts";
import type { Application, Argument } from "./tree.ts";

export class Records {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** f[x], and r.name: the place of a field whose name the spec has is known beforehand. */
  applied(expression: Application, context: Context): Code {
    const f = operandAt(expression.operands, 0, expression);
    const x = operandAt(expression.operands, 1, expression);
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

  /** [name |-> e, ...]. */
  record(operands: readonly Argument[], context: Context, expression: Application): Code {
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

  /** [name : S, ...]. */
  setOfRecords(operands: readonly Argument[], context: Context, expression: Application): Code {
    const fields = this.#fields(operands, expression);
    const sets = fields.map(([, value]) => this.#expressions.value(value, context).js);
    return code(
      `R.recordsOf(${JSON.stringify(fields.map(([name]) => name))}, [${sets.join(", ")}])`,
    );
  }

  /** [f EXCEPT ![k] = e, ...]. */
  except(expression: Application, context: Context): Code {
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
}
