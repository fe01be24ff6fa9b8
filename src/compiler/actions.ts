/**
 * Formulas that make states, to JavaScript: Init and the next-state action, evaluated left to
 * right as TLC does. The first conjunct that says what a variable is (`x' = e`, `x' \in S`)
 * gives it its value; a later one is a test. A state may hold values from the start: then the
 * formula is a test of them, which is how a step of a trace is checked.
 */
import { showPlace } from "../engine/errors.ts";
import { ActionCalls } from "./action-calls.ts";
import { Assignments } from "./assignments.ts";
import { branchesOut } from "./branches.ts";
import { Completion } from "./completion.ts";
import { Conjuncts, type TextAt } from "./conjuncts.ts";
import type { Expressions } from "./expressions.ts";
import type { Making, Then } from "./making.ts";
import { indent } from "./output.ts";
import { operandAt, refuse } from "./refuse.ts";
import { type Context, reached } from "./scope.ts";
import type { Application, Argument, Expression } from "./tree.ts";

/** Operators that make several actions of one formula. */
const BRANCHING = new Set(["\\lor", "$DisjList", "$BoundedExists", "$SquareAct", "$AngleAct"]);

export class Actions {
  readonly #expressions: Expressions;
  readonly #assignments: Assignments;
  readonly #completion: Completion | null;
  readonly calls: ActionCalls;
  readonly conjuncts: Conjuncts;

  /**
   * @param isExploring whether states are made from nothing and counted as TLC counts them, and
   *   not held against states that are there: then what TLC takes apart is, wherever it can matter
   * @param textAt gives the text of conjuncts, to be told where they are false
   */
  constructor(expressions: Expressions, isExploring: boolean, textAt?: TextAt) {
    this.#expressions = expressions;
    this.conjuncts = new Conjuncts(expressions, textAt);
    this.#assignments = new Assignments(expressions, this.conjuncts);
    this.#completion = isExploring ? new Completion(expressions) : null;
    this.calls = new ActionCalls(this, expressions, this.conjuncts);
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
        return this.conjuncts.guard(expression, context, then);
    }
  }

  #let(
    expression: Expression & { readonly kind: "let" },
    context: Context,
    making: Making,
    isFirst: boolean,
    then: Then,
  ): string {
    const { preparations, inner } = this.#expressions.lets.bindings(expression, context, "states");
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
        return this.calls.write(operator.id, expression, context, making, isFirst, then);
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
        if (binding?.kind !== "operator") return this.conjuncts.guard(expression, context, then);
        const passed = this.#expressions.references.passed(
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
          return this.conjuncts.guard(expression, context, then);
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
    if (isFirst && making === "next" && !BRANCHING.has(name)) {
      // To TLC as well it is one action that branches out no more.
      const beginning = this.calls.beginning();
      return `${beginning}\n${this.#builtin(expression, name, context, making, false, then)}`;
    }
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
      case "$BoundedForall":
        return this.#forAll(expression, context, making, then);
      case "$SquareAct":
        return this.#branches(
          then,
          (next) =>
            [
              this.write(operandAt(operands, 0, expression), context, making, isFirst, next),
              this.#unchanged(expression, context, making, next),
            ].join("\n"),
          2,
        );
      case "$AngleAct":
        return this.write(operandAt(operands, 0, expression), context, making, isFirst, () =>
          this.conjuncts.guard(changed(expression), context, then),
        );
      case "=":
        return this.#assignments.equation(expression, context, making, then);
      case "\\in":
        return this.#assignments.membership(expression, context, making, then);
      case "UNCHANGED":
        return this.#assignments.unchanged(operands[0] ?? expression, context, making, then);
      default:
        return this.conjuncts.guard(expression, context, then);
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
    const rest = () => this.#conjunction(operands, at + 1, context, making, false, then);
    if (at > 0) return this.writeFurther(operand, context, making, rest);
    // What stands in a conjunction is a part of an action and no action by itself.
    return this.write(operand, context, making, isFirst && operands.length === 1, rest);
  }

  /** The same of a conjunct that others have come before. */
  writeFurther(operand: Argument, context: Context, making: Making, then: Then): string {
    if (this.#completion === null || !branchesOut(this.#expressions.analysis, operand))
      return this.write(operand, context, making, false, then);
    const apart = (next: Then) => this.write(operand, context, making, false, next);
    return this.#completion.write(operand, context, making, apart, then);
  }

  #unchanged(action: Application, context: Context, making: Making, then: Then): string {
    return this.#assignments.unchanged(
      operandAt(action.operands, 1, action),
      context,
      making,
      then,
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
      return this.conjuncts.guard(expression, context, then);
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
      return this.conjuncts.guard(expression, context, then);
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
    const arms = this.#expressions.builtins.arms(expression);
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
    const { loops, inner } = this.#expressions.quantifiers.bound(
      expression.bounds,
      context,
      expression,
    );
    const body = expression.operands[0];
    if (body === undefined) return refuse("a quantifier without a body", expression.place);
    const isApart = isFirst && this.#isKnownBefore(expression, context);
    const beginning = isFirst && !isApart && making === "next" ? `${this.calls.beginning()}\n` : "";
    let write = () => this.write(body, inner, making, isApart, then);
    for (const { name, domain } of [...loops].reverse()) {
      const within = write;
      write = () => {
        const written = this.#expressions.output.block(within);
        return `for (const ${name} of R.enumerated(${domain})) {\n${indent(written)}\n}`;
      };
    }
    return beginning + write();
  }

  /** To TLC a choice of what only a state tells is one action, named after where it stands. */
  #isKnownBefore({ bounds }: Application, context: Context): boolean {
    const { rigidity } = this.#expressions;
    return bounds.every(({ domain }) => domain !== null && rigidity.isRigid(domain, context));
  }

  /** \A: each of the conjuncts that it stands for, where there is something to make of them. */
  #forAll(expression: Application, context: Context, making: Making, then: Then): string {
    const body = operandAt(expression.operands, 0, expression);
    const reads = this.#expressions.analysis.reads.in(body, context.instance);
    const mayMake = making === "next" ? reads.next : reads.state;
    const isApart = mayMake || branchesOut(this.#expressions.analysis, body);
    if (this.#completion === null || !isApart)
      return this.conjuncts.guard(expression, context, then);
    const { output, quantifiers } = this.#expressions;
    const { loops, inner } = quantifiers.bound(expression.bounds, context, expression);
    const each = (at: number, following: Then): string => {
      const loop = loops[at];
      if (loop === undefined) return this.writeFurther(body, inner, making, following);
      const [from, place, all] = ["from", "place", "all"].map((name) => output.fresh(name));
      const further = output.block(() => each(at + 1, () => `${from}(${place} + 1);`));
      return [
        "{",
        `  const ${all} = R.enumerated(${loop.domain});`,
        `  const ${from} = (${place}) => {`,
        `    if (${place} === ${all}.length) {`,
        indent(indent(indent(output.block(following)))),
        "      return;",
        "    }",
        `    const ${loop.name} = ${all}[${place}];`,
        indent(indent(further)),
        "  };",
        `  ${from}(0);`,
        "}",
      ].join("\n");
    };
    return each(0, then);
  }
}

/** The step of <<A>>_v is none that leaves v alone. */
function changed(action: Application): Application {
  const { place } = action;
  const unchanged: Application = {
    ...{ kind: "apply", place, operator: { kind: "builtin", name: "UNCHANGED" }, bounds: [] },
    operands: action.operands.slice(1),
  };
  return {
    ...{ kind: "apply", place, operator: { kind: "builtin", name: "\\lnot" }, bounds: [] },
    operands: [unchanged],
  };
}
