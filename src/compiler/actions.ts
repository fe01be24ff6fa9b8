/**
 * Formulas that make states, to JavaScript: Init and the next-state action, evaluated left to
 * right as TLC does. The first conjunct that says what a variable is (`x' = e`, `x' \in S`)
 * gives it its value; a later one is a test. A state may hold values from the start: then the
 * formula is a test of them, which is how a step of a trace is checked.
 */
import { showPlace } from "../engine/errors.ts";
import { branchesOut, isExpression } from "./analysis.ts";
import { Builtins } from "./builtins.ts";
import type { Expressions } from "./expressions.ts";
import { indent } from "./output.ts";
import { refuse } from "./refuse.ts";
import { type Binding, bind, type Context, reached, TOP } from "./scope.ts";
import type { Application, Argument, Definition, Expression, Id } from "./tree.ts";

/** Writes what follows once the formula is true. */
type Then = () => string;

/** What a formula makes: the state after a step, or an initial state. */
export type Making = "next" | "initial";

/** A conjunct as it is told of where it is false. */
export interface Conjunct {
  readonly place: string;
  /** The operator, where the conjunct is one; the variable, where it gives one. */
  readonly name: string;
  readonly kind: "guard" | "variable";
}

export class Actions {
  readonly #expressions: Expressions;
  readonly #builtins: Builtins;
  readonly conjuncts: Conjunct[] = [];

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
    this.#builtins = new Builtins(expressions);
  }

  /** The function of a definition that makes states: `name(now, after, ..., then)`. */
  sharedFunction(definition: Definition, making: Making, context: Context): string {
    const instance = this.#expressions.isSubject(definition, context) ? context.instance : null;
    const key = `${making}:${definition.id}:${instance?.key ?? ""}`;
    const suffix = making === "next" ? "_step" : "_start";
    return this.#expressions.output.shared(key, `${definition.name}${suffix}`, (name) => {
      const names = definition.parameters.map((id) => this.#expressions.parameterName(id));
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
        this.write(definition.body, inner, making, true, () => "then();"),
      );
      const states = making === "next" ? ["now", "after"] : ["now"];
      const { output } = this.#expressions;
      const parameters = [
        ...states.map((state) => output.parameter(state, "State", body)),
        ...definition.parameters.map((id, i) =>
          output.parameter(
            names[i] ?? "",
            this.#expressions.typeOfParameter({ ...definition, isRecursive: false }, id),
            body,
          ),
        ),
        output.parameter("then", "() => void", body),
      ];
      const comment = `/** ${definition.name}, module ${definition.place.module}, line ${definition.place.line}: makes states. */`;
      return `${comment}\nfunction ${name}(${parameters.join(", ")})${output.isTyped ? ": void" : ""} {\n${indent(body)}\n}`;
    });
  }

  /** Statements that run `then` for each way in which the formula can be true. */
  write(
    expression: Argument,
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    switch (expression.kind) {
      case "let":
        return this.#let(expression, context, making, isFirst, then);
      case "instantiated":
        return this.write(
          expression.body,
          this.#expressions.instantiate(expression, context),
          making,
          isFirst,
          then,
        );
      case "apply":
        return this.#application(expression, context, making, isFirst, then);
      case "operator":
        return refuse("an operator as a formula", expression.place);
      default:
        return this.#guard(expression, context, then);
    }
  }

  #let(
    expression: Expression & { readonly kind: "let" },
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    const { preparations, inner } = this.#expressions.letBindings(expression, context, "states");
    const body = this.write(expression.body, inner, making, isFirst, then);
    return [...preparations.map((each) => `${each};`), body].join("\n");
  }

  #application(
    expression: Application,
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    const { operator } = expression;
    switch (operator.kind) {
      case "builtin":
        return this.#builtin(expression, operator.name, context, making, isFirst, then);
      case "definition":
        return this.#call(operator.id, expression, context, making, isFirst, then);
      case "parameter": {
        const binding = context.bindings.get(operator.id);
        if (binding?.kind === "expression") {
          return this.write(
            binding.expression,
            reached(binding.context, context),
            making,
            isFirst,
            then,
          );
        }
        if (binding?.kind !== "operator") return this.#guard(expression, context, then);
        const passed = this.#expressions.passed(
          binding.operator,
          expression.operands,
          context,
          reached(binding.context, context),
        );
        const applied = { ...expression, operator: binding.operator, operands: passed.operands };
        return this.write(applied, passed.context, making, isFirst, then);
      }
      case "declaration": {
        const substitution = context.instance?.substitutions.get(operator.id);
        if (substitution === undefined || expression.operands.length > 0)
          return this.#guard(expression, context, then);
        return this.write(
          substitution.argument,
          reached(substitution.context, context),
          making,
          isFirst,
          then,
        );
      }
    }
  }

  #builtin(
    expression: Application,
    name: string,
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    const { operands } = expression;
    switch (name) {
      case "\\land":
      case "$ConjList":
        return this.#conjunction(operands, 0, context, making, isFirst, then);
      case "\\lor":
      case "$DisjList":
        return this.#branches(
          then,
          (next) =>
            operands
              .map((operand) => this.write(operand, context, making, isFirst, next))
              .join("\n"),
          operands.length,
        );
      case "=>":
        return this.#implication(expression, context, making, then);
      case "$IfThenElse":
        return this.#ifThenElse(expression, context, making, isFirst, then);
      case "$Case":
        return this.#case(expression, context, making, isFirst, then);
      case "$BoundedExists":
        return this.#exists(expression, context, making, isFirst, then);
      case "=":
        return this.#equation(expression, context, making, then);
      case "\\in":
        return this.#membership(expression, context, making, then);
      case "UNCHANGED":
        return this.#unchanged(operands[0] ?? expression, context, making, then);
      default:
        return this.#guard(expression, context, then);
    }
  }

  #conjunction(
    operands: readonly Argument[],
    at: number,
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    const operand = operands[at];
    if (operand === undefined) return then();
    // What stands in a conjunction is a part of an action and no action by itself.
    return this.write(operand, context, making, isFirst && operands.length === 1, () =>
      this.#conjunction(operands, at + 1, context, making, false, then),
    );
  }

  /** Several ways on to the same `then`, which is written once. */
  #branches(then: Then, write: (next: Then) => string, count: number): string {
    const following = this.#expressions.output.block(then);
    if (count < 2 || following.length < 60) {
      return write(() => (following.startsWith("let ") ? `{\n${indent(following)}\n}` : following));
    }
    const name = this.#expressions.output.fresh("following");
    const body = write(() => `${name}();`);
    return `{\n  const ${name} = () => {\n${indent(indent(following))}\n  };\n${indent(body)}\n}`;
  }

  /** P => Q is ~P \/ Q, as in TLC. */
  #implication(expression: Application, context: Context, making: Making, then: Then): string {
    const [condition, result] = expression.operands;
    if (condition === undefined || result === undefined)
      return this.#guard(expression, context, then);
    const truth = this.#expressions.truth(condition, context);
    return this.#branches(
      then,
      (next) =>
        `if (!${truth}) {\n${indent(next())}\n} else {\n${indent(this.write(result, context, making, false, next))}\n}`,
      2,
    );
  }

  #ifThenElse(
    expression: Application,
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    const [condition, whenTrue, whenFalse] = expression.operands;
    if (condition === undefined || whenTrue === undefined || whenFalse === undefined)
      return this.#guard(expression, context, then);
    const truth = this.#expressions.truth(condition, context);
    return this.#branches(
      then,
      (next) =>
        `if (${truth}) {\n${indent(this.write(whenTrue, context, making, isFirst, next))}\n} else {\n${indent(this.write(whenFalse, context, making, isFirst, next))}\n}`,
      2,
    );
  }

  #case(
    expression: Application,
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    const arms = this.#builtins.arms(expression);
    return this.#branches(
      then,
      (next) => {
        let written = `R.noCase(${JSON.stringify(showPlace(expression.place))});`;
        for (const { condition, result } of [...arms].reverse()) {
          const body = this.write(result, context, making, isFirst, next);
          if (condition === null) written = body;
          else
            written = `if (${this.#expressions.truth(condition, context)}) {\n${indent(body)}\n} else {\n${indent(written)}\n}`;
        }
        return written;
      },
      arms.length,
    );
  }

  #exists(
    expression: Application,
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    const { loops, inner } = this.#builtins.bound(expression.bounds, context, expression);
    const body = expression.operands[0];
    if (body === undefined) return refuse("a quantifier without a body", expression.place);
    let write = () => this.write(body, inner, making, isFirst, then);
    for (const { name, domain } of [...loops].reverse()) {
      const within = write;
      write = () => {
        const written = this.#expressions.output.block(within);
        return `for (const ${name} of R.enumerated(${domain})) {\n${indent(written)}\n}`;
      };
    }
    return write();
  }

  /** The variable that an expression is, and that this formula may give a value; null for any other. */
  #assigned(argument: Argument, context: Context, making: Making): string | null {
    if (argument.kind !== "apply") return null;
    const { operator, operands } = argument;
    switch (operator.kind) {
      case "builtin":
        if (operator.name !== "'" || making !== "next" || context.isPrimed) return null;
        return operands[0] === undefined
          ? null
          : this.#assigned(operands[0], { ...context, isPrimed: true }, making);
      case "parameter": {
        const binding = context.bindings.get(operator.id);
        if (binding?.kind !== "expression") return null;
        return this.#assigned(binding.expression, reached(binding.context, context), making);
      }
      case "declaration": {
        const substitution = context.instance?.substitutions.get(operator.id);
        if (substitution !== undefined) {
          return this.#assigned(
            substitution.argument,
            reached(substitution.context, context),
            making,
          );
        }
        const declaration = this.#expressions.analysis.spec.declarations.get(operator.id);
        if (declaration?.kind !== "variable") return null;
        return context.isPrimed === (making === "next") ? declaration.name : null;
      }
      case "definition": {
        if (operands.length > 0 || context.bindings.has(operator.id)) return null;
        const definition = this.#expressions.analysis.definition(operator.id);
        const { body } = definition;
        if (
          body.kind !== "apply" ||
          body.operands.length > 0 ||
          body.operator.kind !== "declaration"
        )
          return null;
        return this.#assigned(
          body,
          { ...TOP, isPrimed: context.isPrimed, instance: context.instance },
          making,
        );
      }
    }
  }

  #equation(expression: Application, context: Context, making: Making, then: Then): string {
    const [left, right] = expression.operands;
    if (left === undefined || right === undefined) return this.#guard(expression, context, then);
    const variable = this.#assigned(left, context, making);
    if (variable === null) return this.#guard(expression, context, then);
    const value = this.#expressions.value(right, context).js;
    return this.#assignment(variable, value, expression, making, then);
  }

  #assignment(variable: string, value: string, at: Argument, making: Making, then: Then): string {
    const target = making === "next" ? `after.${variable}` : `now.${variable}`;
    const before = this.#expressions.output.fresh(`${variable}Before`);
    const after = this.#expressions.output.fresh(`${variable}After`);
    const number = this.#conjunct(at, variable, "variable");
    return [
      "{",
      `  const ${before} = ${target};`,
      `  const ${after} = ${value};`,
      `  if (R.agree(${before}, ${after})) {`,
      indent(indent(`${target} = ${after};`)),
      indent(indent(then())),
      indent(indent(`${target} = ${before};`)),
      `  } else if (R.blame.isOn) R.blame.mismatch(${number}, ${after}, ${before});`,
      "}",
    ].join("\n");
  }

  #membership(expression: Application, context: Context, making: Making, then: Then): string {
    const [left, right] = expression.operands;
    if (left === undefined || right === undefined) return this.#guard(expression, context, then);
    const variable = this.#assigned(left, context, making);
    if (variable === null) return this.#guard(expression, context, then);
    const target = making === "next" ? `after.${variable}` : `now.${variable}`;
    const before = this.#expressions.output.fresh(`${variable}Before`);
    const after = this.#expressions.output.fresh(`${variable}After`);
    const set = this.#expressions.value(right, context).js;
    return [
      "{",
      `  const ${before} = ${target};`,
      `  for (const ${after} of R.candidates(${before}, ${set})) {`,
      indent(indent(`${target} = ${after};`)),
      indent(indent(this.#expressions.output.block(then))),
      "  }",
      indent(`${target} = ${before};`),
      "}",
    ].join("\n");
  }

  /** The variables of a tuple of variables, through definitions; null where it is something else. */
  #variables(argument: Argument, context: Context): readonly string[] | null {
    const primed: Context = { ...context, isPrimed: true };
    const variable = this.#assigned(argument, primed, "next");
    if (variable !== null) return [variable];
    if (argument.kind !== "apply") return null;
    const { operator, operands } = argument;
    if (operator.kind === "builtin" && operator.name === "$Tuple") {
      const parts = operands.map((operand) => this.#variables(operand, context));
      return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
    }
    if (operator.kind === "parameter") {
      const binding = context.bindings.get(operator.id);
      if (binding?.kind !== "expression") return null;
      return this.#variables(binding.expression, reached(binding.context, context));
    }
    if (operator.kind === "declaration") {
      const substitution = context.instance?.substitutions.get(operator.id);
      if (substitution === undefined) return null;
      return this.#variables(substitution.argument, reached(substitution.context, context));
    }
    if (operator.kind !== "definition" || operands.length > 0 || context.bindings.has(operator.id))
      return null;
    const definition = this.#expressions.analysis.definition(operator.id);
    if (definition.body.kind === "instantiated") {
      const inner = this.#expressions.instantiate(definition.body, {
        ...context,
        bindings: new Map(),
      });
      return this.#variables(definition.body.body, inner);
    }
    return this.#variables(definition.body, { ...context, bindings: new Map() });
  }

  #unchanged(operand: Argument, context: Context, making: Making, then: Then): string {
    const variables =
      making === "next" && !context.isPrimed ? this.#variables(operand, context) : null;
    if (variables === null) {
      const place = operand.place;
      const test: Application = {
        kind: "apply",
        place,
        operator: { kind: "builtin", name: "UNCHANGED" },
        operands: [operand],
        bounds: [],
      };
      return this.#guard(test, context, then);
    }
    return this.#unchangedVariables(variables, operand, then);
  }

  #unchangedVariables(variables: readonly string[], at: Argument, then: Then): string {
    const names = variables.map((variable) => ({
      variable,
      before: this.#expressions.output.fresh(`${variable}Before`),
    }));
    const blames = names.map(({ variable, before }) => {
      const number = this.#conjunct(at, variable, "variable");
      return `if (!R.agree(${before}, now.${variable})) R.blame.mismatch(${number}, now.${variable}, ${before});`;
    });
    return [
      "{",
      indent(
        names.map(({ variable, before }) => `const ${before} = after.${variable};`).join("\n"),
      ),
      `  if (${names.map(({ variable, before }) => `R.agree(${before}, now.${variable})`).join(" && ")}) {`,
      indent(
        indent(names.map(({ variable }) => `after.${variable} = now.${variable};`).join("\n")),
      ),
      indent(indent(then())),
      indent(
        indent(names.map(({ variable, before }) => `after.${variable} = ${before};`).join("\n")),
      ),
      "  } else if (R.blame.isOn) {",
      indent(indent(blames.join("\n"))),
      "  }",
      "}",
    ].join("\n");
  }

  #guard(expression: Argument, context: Context, then: Then): string {
    const truth = this.#expressions.truth(expression, context);
    const number = this.#conjunct(expression, this.#nameOf(expression), "guard");
    const values = this.#compared(expression, context);
    return `if (${truth}) {\n${indent(then())}\n} else if (R.blame.isOn) R.blame.guard(${[number, ...values].join(", ")});`;
  }

  /** The values on both sides of a comparison, to be told where it is false. */
  #compared(expression: Argument, context: Context): readonly string[] {
    if (expression.kind !== "apply" || expression.operands.length !== 2) return [];
    const { operator } = expression;
    const isComparison =
      (operator.kind === "builtin" && ["=", "/=", "\\in", "\\notin"].includes(operator.name)) ||
      (operator.kind === "definition" &&
        this.#expressions.standard(this.#expressions.analysis.definition(operator.id), expression)
          ?.type === "boolean");
    if (!isComparison) return [];
    return expression.operands
      .filter(isExpression)
      .map((operand) => this.#expressions.value(operand, context).js);
  }

  #nameOf(expression: Argument): string {
    if (expression.kind !== "apply") return "";
    if (expression.operator.kind !== "definition") return "";
    const definition = this.#expressions.analysis.definition(expression.operator.id);
    return this.#expressions.analysis.isStandard(definition) ? "" : definition.name;
  }

  #conjunct(at: Argument, name: string, kind: "guard" | "variable"): number {
    this.conjuncts.push({ place: showPlace(at.place), name, kind });
    return this.conjuncts.length - 1;
  }

  #call(
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
      return expressions.expandLocal(
        expressions.analysis.definition(id),
        local.context,
        expression,
        context,
        (body, inner) => this.write(body, inner, making, isFirst, then),
      );
    }
    const definition = expressions.analysis.definition(id);
    if (
      local !== undefined ||
      expressions.analysis.isStandard(definition) ||
      expressions.analysis.isConstant(id)
    ) {
      return this.#guard(expression, context, then);
    }
    if (!this.#makesStates(definition, expression, context, making))
      return this.#guard(expression, context, then);
    const said =
      isFirst && making === "next" ? `R.blame.action = ${JSON.stringify(definition.name)};\n` : "";
    if (this.#isNotPassed(definition, expression, context)) {
      const { preparations, operands, scope } = expressions.sharedOperands(
        definition,
        expression,
        context,
        "states",
      );
      const expanded = expressions.expand(
        definition,
        { ...expression, operands },
        scope,
        (each, inner) => this.write(each, inner, making, isFirst, then),
      );
      return [...preparations.map((each) => `${each};`), expanded]
        .reduce((said, line) => `${said}${line}\n`, said)
        .trimEnd();
    }
    const operands = expression.operands.map((operand) => expressions.argument(operand, context));
    const name = this.sharedFunction(definition, making, context);
    const states = making === "next" ? ["now", "after"] : ["now"];
    const next = this.#expressions.output.block(then);
    return `${said}${name}(${[...states, ...operands].join(", ")}, () => {\n${indent(next)}\n});`;
  }

  /** A formula with alternatives as an operand: TLC takes it apart where it is a conjunct. */
  #isAlternative(operand: Argument): boolean {
    if (operand.kind === "apply" && operand.operator.kind === "parameter") return false;
    return branchesOut(this.#expressions.analysis, operand);
  }

  #isNotPassed(definition: Definition, expression: Application, context: Context): boolean {
    if (this.#expressions.mustExpand(definition, expression.operands, context)) return true;
    if (definition.isRecursive) return false;
    if (expression.operands.some((operand) => this.#isAlternative(operand))) return true;
    return expression.operands.some(
      (operand) =>
        operand.kind === "operator" ||
        this.#expressions.analysis.readsIn(operand, context.instance).next ||
        this.#isByName(operand, context),
    );
  }

  #isByName(operand: Argument, context: Context): boolean {
    if (operand.kind !== "apply" || operand.operator.kind !== "parameter") return false;
    const binding = context.bindings.get(operand.operator.id);
    if (binding?.kind === "expression")
      return this.#expressions.analysis.readsIn(binding.expression, binding.context.instance).next;
    return binding?.kind === "operator";
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
    const instance = this.#expressions.isSubject(definition, context) ? context.instance : null;
    const reads = [
      analysis.readsOf(definition.id, instance),
      ...expression.operands.map((operand) => analysis.readsIn(operand, context.instance)),
    ];
    if (reads.some((each) => (making === "next" ? each.next : each.state))) return true;
    if (expression.operands.some((operand) => this.#isByName(operand, context))) return true;
    return branchesOut(this.#expressions.analysis, definition.body, new Set([definition.id]));
  }
}
