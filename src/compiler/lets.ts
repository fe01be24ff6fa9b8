/** LET: its definitions become variables and functions of JavaScript, or are expanded where used. */
import { branchesOut } from "./branches.ts";
import type { Code } from "./code.ts";
import type { Expressions } from "./expressions.ts";
import { after, needed, once } from "./preparations.ts";
import { refuse } from "./refuse.ts";
import { type Binding, bind, type Context } from "./scope.ts";
import type { Definition, Expression, Id, LetExpression } from "./tree.ts";

export class Lets {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** Statements that return the value of an expression. */
  returned(expression: Expression, context: Context): string {
    if (expression.kind === "let") {
      const { preparations, inner } = this.bindings(expression, context, "value");
      const body = this.returned(expression.body, inner);
      const statements = needed(preparations, body).map((each) => `  ${each};`);
      return [...statements, body].join("\n");
    }
    return `  return ${this.#expressions.value(expression, context).js};`;
  }

  /** The value of a LET. */
  value(expression: LetExpression, context: Context): Code {
    const { preparations, inner } = this.bindings(expression, context, "value");
    const body = this.#expressions.value(expression.body, inner);
    return after(needed(preparations, body.js), body);
  }

  /** What the definitions of a LET need beforehand, and the context of its body. */
  bindings(
    expression: LetExpression,
    context: Context,
    use: "value" | "states",
  ): { readonly preparations: readonly string[]; readonly inner: Context } {
    const primed = this.#expressions.analysis.primes.within(expression);
    const preparations: string[] = [];
    let inner = context;
    const evaluated = this.#expressions.analysis.evaluation.evaluated(expression);
    for (const id of expression.definitions) {
      const definition = this.#expressions.analysis.definition(id);
      if (this.#mustStayByName(definition, inner, use, primed)) {
        inner = bind(inner, [[id, { kind: "local", context: inner }]]);
        continue;
      }
      if (definition.parameters.length === 0) {
        const scope = inner;
        const value = this.#expressions.value(definition.body, scope);
        if (value.isAtomic) {
          inner = bind(inner, [[id, { kind: "value", code: value.js }]]);
          continue;
        }
        const shared = once(this.#expressions.output, definition.name, evaluated.has(id), () => {
          return this.#expressions.value(definition.body, scope);
        });
        preparations.push(...shared.preparations);
        const kind = evaluated.has(id) ? "value" : "lazy";
        inner = bind(inner, [[id, { kind, code: shared.use, type: shared.type }]]);
        continue;
      }
      const typed = definition.parameters.map((parameter, i) => {
        return `x${i}: ${this.#expressions.calls.typeOfParameter({ ...definition, isRecursive: false }, parameter)}`;
      });
      const name = this.#expressions.output.temporary(
        definition.name,
        `(${typed.join(", ")}) => Value`,
      );
      inner = bind(inner, [[id, { kind: "function", code: name, scope: inner }]]);
      preparations.push(`${name} = ${this.#localFunction(definition, inner)}`);
    }
    return { preparations, inner };
  }

  #localFunction(definition: Definition, context: Context): string {
    const names = definition.parameters.map((parameter) =>
      this.#expressions.calls.parameterName(parameter),
    );
    const scope = bind(
      context,
      definition.parameters.map((parameter, i): readonly [Id, Binding] => {
        const isOperator =
          (this.#expressions.analysis.spec.parameters.get(parameter)?.arity ?? 0) > 0;
        return [parameter, { kind: isOperator ? "function" : "value", code: names[i] ?? "" }];
      }),
    );
    return this.#expressions.output.arrow(
      names,
      () => this.#expressions.value(definition.body, scope).js,
    );
  }

  /** Whether a LET's definition speaks of states that its use may shift, or takes operators apart. */
  #mustStayByName(
    definition: Definition,
    context: Context,
    use: "value" | "states",
    primed: ReadonlySet<Id>,
  ): boolean {
    const reads = this.#expressions.analysis.reads.in(definition.body, context.instance);
    const shifts = this.#expressions.analysis.primes.parametersOf(definition.id);
    const hasShifted = definition.parameters.some((parameter) => shifts.has(parameter));
    const isShifted =
      hasShifted ||
      (primed.has(definition.id) && !this.#expressions.rigidity.isRigidIn(definition, context));
    if (definition.isRecursive) {
      if (isShifted) refuse(`${definition.name}, recursive and under a prime,`, definition.place);
      return false;
    }
    if (isShifted) return true;
    if (
      use === "states" &&
      (reads.next ||
        context.isInitial ||
        !this.#expressions.rigidity.isRigidBody(definition, context))
    )
      return true;
    if (use === "states" && branchesOut(this.#expressions.analysis, definition.body)) return true;
    const strict = this.#expressions.analysis.evaluation.strictParameters(definition.id);
    return definition.parameters.some((parameter) => !strict.has(parameter));
  }
}
