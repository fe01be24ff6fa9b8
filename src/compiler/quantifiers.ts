/** What binds variables: quantifiers, CHOOSE, sets and functions by what their elements are. */
import { showPlace } from "../engine/errors.ts";
import { type Code, code } from "./code.ts";
import type { Expressions } from "./expressions.ts";
import { operandAt, refuse } from "./refuse.ts";
import { type Binding, bind, type Context } from "./scope.ts";
import type { Application, Argument, Bound, Id } from "./tree.ts";

/** One bound variable: its name in JavaScript, its set, and "low, high" where that is low..high. */
interface Loop {
  readonly name: string;
  readonly domain: string;
  readonly from: string | null;
}

export class Quantifiers {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
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
      const ends = this.interval(bound.domain);
      const from =
        ends === null
          ? null
          : ends.map((end) => this.#expressions.value(end, context).js).join(", ");
      if (bound.isTuple) {
        const name = this.#expressions.output.fresh("tuple");
        loops.push({ name, domain, from });
        bound.parameters.forEach((id, i) => {
          bindings.push([
            id,
            { kind: "value", code: `R.part(${name}, ${i}, ${bound.parameters.length})` },
          ]);
        });
        continue;
      }
      for (const id of bound.parameters) {
        const name = this.#expressions.calls.parameterName(id);
        loops.push({ name, domain, from });
        bindings.push([id, { kind: "value", code: name }]);
      }
    }
    return { loops, inner: bind(context, bindings) };
  }

  /** The bounds of an expression that is low..high; null for any other. */
  interval(set: Argument): readonly Argument[] | null {
    if (set.kind !== "apply" || set.operator.kind !== "definition") return null;
    const definition = this.#expressions.analysis.definition(set.operator.id);
    const standard = this.#expressions.calls.standard(definition, set);
    return standard?.runtime === "interval" ? set.operands : null;
  }

  /** \A and \E. */
  quantified(quantifier: "exists" | "forAll", expression: Application, context: Context): string {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    let write = () => this.#expressions.truth(operandAt(expression.operands, 0, expression), inner);
    for (const { name, domain, from } of [...loops].reverse()) {
      const body = write;
      const through = from === null ? `${quantifier}(${domain}` : `${quantifier}From(${from}`;
      write = () => `R.${through}, ${this.#expressions.output.lambda(name, body)})`;
    }
    return write();
  }

  /** {x \in S : P}. */
  filtered(expression: Application, context: Context): Code {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    const [loop] = loops;
    if (loop === undefined || loops.length > 1)
      return refuse("a set of this form", expression.place);
    const test = () =>
      this.#expressions.truth(operandAt(expression.operands, 0, expression), inner);
    return code(`R.filter(${loop.domain}, ${this.#expressions.output.lambda(loop.name, test)})`);
  }

  /** {e : x \in S}. */
  comprehension(expression: Application, context: Context): Code {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    const element = () =>
      this.#expressions.value(operandAt(expression.operands, 0, expression), inner).js;
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

  /** CHOOSE x \in S : P. */
  choose(expression: Application, context: Context): Code {
    const { loops, inner } = this.bound(expression.bounds, context, expression);
    const [loop] = loops;
    if (loop === undefined || loops.length > 1)
      return refuse("a CHOOSE of this form", expression.place);
    const test = () =>
      this.#expressions.truth(operandAt(expression.operands, 0, expression), inner);
    const where = JSON.stringify(showPlace(expression.place));
    return code(
      `R.choose(${loop.domain}, ${this.#expressions.output.lambda(loop.name, test)}, ${where})`,
    );
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

  /** [x \in S |-> e]. */
  function(expression: Application, context: Context): Code {
    const { domain, name, inner } = this.#domainAndParameter(
      expression,
      expression.bounds,
      context,
    );
    const body = () =>
      this.#expressions.value(operandAt(expression.operands, 0, expression), inner).js;
    return code(`R.makeFunction(${domain}, ${this.#expressions.output.lambda(name, body)})`);
  }

  /** f[x \in S] == e. */
  recursiveFunction(expression: Application, context: Context): Code {
    const [self] = expression.bounds;
    const isNamed = self !== undefined && self.domain === null;
    const bounds = isNamed ? expression.bounds.slice(1) : expression.bounds;
    const id = isNamed ? self.parameters[0] : undefined;
    const selfName = this.#expressions.output.fresh("self");
    const outer =
      id === undefined ? context : bind(context, [[id, { kind: "value", code: selfName }]]);
    const { domain, name, inner } = this.#domainAndParameter(expression, bounds, outer);
    const body = () =>
      this.#expressions.value(operandAt(expression.operands, 0, expression), inner).js;
    const rule = this.#expressions.output.arrow([selfName, name], body);
    return code(`R.recursiveFunction(${domain}, ${rule})`);
  }
}
