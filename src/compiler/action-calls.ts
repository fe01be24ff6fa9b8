/** The application of a definition that makes states: a call of its function, or its body in place. */
import type { Actions } from "./actions.ts";
import { branchesOut } from "./branches.ts";
import type { Conjuncts } from "./conjuncts.ts";
import type { Expressions } from "./expressions.ts";
import type { Making, Then } from "./making.ts";
import { indent } from "./output.ts";
import { type Binding, bind, type Context, TOP } from "./scope.ts";
import type { Application, Argument, Definition, Id } from "./tree.ts";

export class ActionCalls {
  readonly #actions: Actions;
  readonly #expressions: Expressions;
  readonly #conjuncts: Conjuncts;
  /** The names of the definitions that are actions of the next-state relation. */
  readonly actions = new Set<string>();
  /** The definition whose body is being written. */
  #within = "";

  constructor(actions: Actions, expressions: Expressions, conjuncts: Conjuncts) {
    this.#actions = actions;
    this.#expressions = expressions;
    this.#conjuncts = conjuncts;
  }

  /** The statement that says which action begins: the definition that it stands in names it. */
  beginning(): string {
    this.actions.add(this.#within);
    return `R.blame.action = ${JSON.stringify(this.#within)};`;
  }

  /** Statements that run `then` for each way in which a definition, applied, can be true. */
  write(
    id: Id,
    expression: Application,
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    const expressions = this.#expressions;
    const local = context.bindings.get(id);
    if (local?.kind === "local") {
      return expressions.expansion.expandLocal(
        expressions.analysis.definition(id),
        local.context,
        expression,
        context,
        (body, inner) => this.#actions.write(body, inner, making, isFirst, then),
      );
    }
    const definition = expressions.analysis.definition(id);
    if (
      local !== undefined ||
      expressions.analysis.isStandard(definition) ||
      expressions.analysis.isConstant(id)
    ) {
      return this.#conjuncts.guard(expression, context, then);
    }
    if (!this.#makesStates(definition, expression, context, making))
      return this.#conjuncts.guard(expression, context, then);
    if (this.#isNotPassed(definition, expression, context)) {
      const { preparations, operands, scope } = expressions.expansion.sharedOperands(
        definition,
        expression,
        context,
        "states",
      );
      const expanded = expressions.expansion.expand(
        definition,
        { ...expression, operands },
        scope,
        (each, inner) =>
          this.#inside(definition, () => this.#actions.write(each, inner, making, isFirst, then)),
      );
      return [...preparations.map((each) => `${each};`), expanded].join("\n");
    }
    const operands = expression.operands.map((operand) => expressions.argument(operand, context));
    const name = this.sharedFunction(definition, making, context, isFirst);
    const states = making === "next" ? ["now", "after"] : ["now"];
    const next = this.#expressions.output.block(then);
    return `${name}(${[...states, ...operands].join(", ")}, () => {\n${indent(next)}\n});`;
  }

  #inside<T>(definition: Definition, write: () => T): T {
    const around = this.#within;
    this.#within = definition.name;
    const written = write();
    this.#within = around;
    return written;
  }

  /**
   * The function of a definition that makes states: `name(now, after, ..., then)`.
   *
   * @param isFirst whether it is an action, or several, and not a part of one
   */
  sharedFunction(definition: Definition, making: Making, context: Context, isFirst = true): string {
    const instance = this.#expressions.rigidity.isSubject(definition, context)
      ? context.instance
      : null;
    const key = `${making}:${definition.id}:${instance?.key ?? ""}:${isFirst ? "" : "part"}`;
    const suffix = making === "next" ? "_step" : "_start";
    return this.#expressions.output.shared(key, `${definition.name}${suffix}`, (name) => {
      const names = definition.parameters.map((id) => this.#expressions.calls.parameterName(id));
      const bindings = definition.parameters.map((id, i): readonly [Id, Binding] => [
        id,
        {
          kind:
            (this.#expressions.analysis.spec.parameters.get(id)?.arity ?? 0) > 0
              ? "function"
              : "value",
          code: names[i] ?? "",
        },
      ]);
      const inner = bind({ ...TOP, instance, isInitial: making === "initial" }, bindings);
      const body = this.#expressions.output.block(() =>
        this.#inside(definition, () =>
          this.#actions.write(definition.body, inner, making, isFirst, () => "then();"),
        ),
      );
      const states = making === "next" ? ["now", "after"] : ["now"];
      const { output } = this.#expressions;
      const parameters = [
        ...states.map((state) => output.parameter(state, "State", body)),
        ...definition.parameters.map((id, i) =>
          output.parameter(
            names[i] ?? "",
            this.#expressions.calls.typeOfParameter({ ...definition, isRecursive: false }, id),
            body,
          ),
        ),
        output.parameter("then", "() => void", body),
      ];
      const comment = `/** ${definition.name}, module ${definition.place.module}, line ${definition.place.line}: makes states. */`;
      return `${comment}\nfunction ${name}(${parameters.join(", ")})${output.isTyped ? ": void" : ""} {\n${indent(body)}\n}`;
    });
  }

  /** A formula with alternatives as an operand: TLC takes it apart where it is a conjunct. */
  #isAlternative(operand: Argument): boolean {
    if (operand.kind === "apply" && operand.operator.kind === "parameter") return false;
    return branchesOut(this.#expressions.analysis, operand);
  }

  #isNotPassed(definition: Definition, expression: Application, context: Context): boolean {
    if (this.#expressions.expansion.mustExpand(definition, expression.operands, context))
      return true;
    if (definition.isRecursive) return false;
    if (expression.operands.some((operand) => this.#isAlternative(operand))) return true;
    return expression.operands.some(
      (operand) =>
        operand.kind === "operator" ||
        this.#expressions.analysis.reads.in(operand, context.instance).next ||
        this.#isByName(operand, context),
    );
  }

  #isByName(operand: Argument, context: Context): boolean {
    if (operand.kind !== "apply" || operand.operator.kind !== "parameter") return false;
    const binding = context.bindings.get(operand.operator.id);
    if (binding?.kind === "expression")
      return this.#expressions.analysis.reads.in(binding.expression, binding.context.instance).next;
    return binding?.kind === "operator";
  }

  /** Whether a variable that is passed stands under a prime: `Add(v) == v' = v + 1`. */
  #primesAnOperand(definition: Definition, { operands }: Application, context: Context): boolean {
    const primed = this.#expressions.analysis.primes.parametersOf(definition.id);
    return definition.parameters.some((parameter, i) => {
      const operand = operands[i];
      if (operand === undefined || !primed.has(parameter)) return false;
      return !this.#expressions.rigidity.isRigid(operand, context);
    });
  }

  /**
   * Whether TLC takes a formula apart to make states: it does so for every operator, so that a
   * guard with two true disjuncts makes a state twice. One that gives no variable a value and
   * has no such branches can be evaluated as a whole.
   */
  #makesStates(
    definition: Definition,
    expression: Application,
    context: Context,
    making: Making,
  ): boolean {
    if (context.isPrimed) return false;
    const { analysis } = this.#expressions;
    if (analysis.alternativeOf(definition) !== undefined) return false;
    const instance = this.#expressions.rigidity.isSubject(definition, context)
      ? context.instance
      : null;
    const reads = [
      analysis.reads.of(definition.id, instance),
      ...expression.operands.map((operand) => analysis.reads.in(operand, context.instance)),
    ];
    if (reads.some((each) => (making === "next" ? each.next : each.state))) return true;
    if (expression.operands.some((operand) => this.#isByName(operand, context))) return true;
    if (making === "next" && this.#primesAnOperand(definition, expression, context)) return true;
    return branchesOut(this.#expressions.analysis, definition.body, new Set([definition.id]));
  }
}
