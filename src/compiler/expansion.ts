/**
 * Operators expanded in place, where an argument must not be evaluated before it is used: a
 * prime reaches it, or the operator may leave it alone.
 */
import type { Analysis } from "./analysis.ts";
import { branchesOut } from "./branches.ts";
import type { Code } from "./code.ts";
import type { Expressions } from "./expressions.ts";
import { after, once } from "./preparations.ts";
import { refuse } from "./refuse.ts";
import { type Binding, bind, type Context, reached } from "./scope.ts";
import type { Application, Argument, Definition, Expression, Id, Operator } from "./tree.ts";

const MAX_EXPANSIONS = 200;

/** Whether an operand, or what it stands for where it is a parameter, may have alternatives. */
function mayBranchOut(analysis: Analysis, operand: Argument, context: Context): boolean {
  if (operand.kind !== "apply" || operand.operator.kind !== "parameter")
    return branchesOut(analysis, operand);
  const binding = context.bindings.get(operand.operator.id);
  if (binding?.kind === "expression")
    return mayBranchOut(analysis, binding.expression, binding.context);
  // What is a value by now has been taken apart, or evaluated, further out.
  return binding?.kind !== "value" && binding?.kind !== "lazy" && binding?.kind !== "tuple";
}

function isParameter(operand: Argument): boolean {
  return operand.kind === "apply" && operand.operator.kind === "parameter";
}

export class Expansion {
  readonly #expressions: Expressions;
  #depth = 0;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** Whether a call has to be expanded in place: see the head of this file. */
  mustExpand(definition: Definition, operands: readonly Argument[], context: Context): boolean {
    const { analysis } = this.#expressions;
    if (
      context.instance !== null &&
      !context.instance.isGlobal &&
      this.#expressions.rigidity.isSubject(definition, context)
    )
      return true;
    const primed = analysis.primes.parametersOf(definition.id);
    const strict = analysis.evaluation.strictParameters(definition.id);
    const expanding = definition.parameters.some((parameter, i) => {
      const operand = operands[i];
      if (operand === undefined) return false;
      if (primed.has(parameter) && !this.#expressions.rigidity.isRigid(operand, context))
        return true;
      if (operand.kind === "operator")
        return !definition.isRecursive && this.#isByName(operand, context);
      if (strict.has(parameter) || definition.isRecursive) return false;
      // What has an alternative has to be a function; a parameter's value can be had beforehand.
      if (analysis.alternativeOf(definition) !== undefined && isParameter(operand)) return false;
      return !this.#expressions.rigidity.isAtomic(operand, context);
    });
    if (expanding && definition.isRecursive) {
      return refuse(`a state passed to the recursive ${definition.name}`, definition.place);
    }
    return expanding;
  }

  #isByName(operand: Argument & { readonly kind: "operator" }, context: Context): boolean {
    const reads = this.#expressions.analysis.reads.in(operand, context.instance);
    return reads.next;
  }

  /** The value of a call, its definition's body in its place. */
  value(definition: Definition, expression: Application, context: Context): Code {
    const { preparations, operands, scope } = this.sharedOperands(
      definition,
      expression,
      context,
      "value",
    );
    const body = this.expand(definition, { ...expression, operands }, scope, (each, inner) =>
      this.#expressions.value(each, inner),
    );
    return after(preparations, body);
  }

  /**
   * Operands that an expansion would evaluate again and again, evaluated once: each becomes a
   * constant of JavaScript, with a parameter that no spec has to stand for it.
   */
  sharedOperands(
    definition: Definition,
    expression: Application,
    context: Context,
    use: "value" | "states",
  ): {
    /** Expressions to be evaluated before. */
    readonly preparations: readonly string[];
    readonly operands: readonly Argument[];
    readonly scope: Context;
  } {
    const primed = this.#expressions.analysis.primes.parametersOf(definition.id);
    const preparations: string[] = [];
    const bindings: (readonly [Id, Binding])[] = [];
    const operands = expression.operands.map((operand, i): Argument => {
      const parameter = definition.parameters[i];
      if (parameter === undefined || operand.kind === "operator" || primed.has(parameter))
        return operand;
      if (
        this.#expressions.rigidity.isAtomic(operand, context) ||
        this.#expressions.analysis.evaluation.usesOf(parameter, definition.body) < 2
      )
        return operand;
      if (
        use === "states" &&
        (context.isInitial || this.#expressions.rigidity.readsNext(operand, context))
      )
        return operand;
      if (use === "states" && mayBranchOut(this.#expressions.analysis, operand, context)) {
        // TLC takes it apart where it meets it first, and has its value from then on.
        return refuse(
          `a formula with alternatives that ${definition.name} uses more than once`,
          operand.place,
        );
      }
      const shared = once(
        this.#expressions.output,
        this.#expressions.analysis.spec.parameters.get(parameter)?.name ?? "x",
        this.#expressions.analysis.evaluation.strictParameters(definition.id).has(parameter),
        () => this.#expressions.value(operand, context),
      );
      preparations.push(...shared.preparations);
      const id = this.#expressions.madeUp();
      bindings.push([id, { kind: "lazy", code: shared.use, type: shared.type }]);
      return {
        kind: "apply",
        place: operand.place,
        operator: { kind: "parameter", id },
        operands: [],
        bounds: [],
      };
    });
    return { preparations, operands, scope: bind(context, bindings) };
  }

  /** Generates the body of a definition with its parameters bound by name. */
  expand<T>(
    definition: Definition,
    expression: Application,
    context: Context,
    generate: (body: Expression, inner: Context) => T,
  ): T {
    const inner: Context = {
      ...context,
      bindings: new Map(),
      instance: this.#expressions.rigidity.isSubject(definition, context) ? context.instance : null,
    };
    return this.expandLocal(definition, inner, expression, context, generate);
  }

  /** The same for a definition of a LET, whose body sees the names around it. */
  expandLocal<T>(
    definition: Definition,
    scope: Context,
    expression: Application,
    context: Context,
    generate: (body: Expression, inner: Context) => T,
  ): T {
    if (++this.#depth > MAX_EXPANSIONS)
      refuse(`the expansion of ${definition.name}, which does not end,`, expression.place);
    const bindings = definition.parameters.map((parameter, i): readonly [Id, Binding] => {
      const operand = expression.operands[i];
      if (operand === undefined) return refuse("an operand that is missing", expression.place);
      if (operand.kind === "operator")
        return [parameter, this.#operatorBinding(operand.operator, context)];
      return [parameter, { kind: "expression", expression: operand, context }];
    });
    const result = generate(definition.body, bind(reached(scope, context), bindings));
    this.#depth--;
    return result;
  }

  #operatorBinding(operator: Operator, context: Context): Binding {
    const bound = operator.kind === "parameter" ? context.bindings.get(operator.id) : undefined;
    return bound ?? { kind: "operator", operator, context };
  }
}
