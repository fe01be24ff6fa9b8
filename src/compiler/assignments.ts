/** What gives a variable its value: x' = e, x' \in S, UNCHANGED x. */
import type { Conjuncts } from "./conjuncts.ts";
import type { Expressions } from "./expressions.ts";
import type { Making, Then } from "./making.ts";
import { indent } from "./output.ts";
import { type Context, reached, TOP } from "./scope.ts";
import type { Application, Argument } from "./tree.ts";

export class Assignments {
  readonly #expressions: Expressions;
  readonly #conjuncts: Conjuncts;

  constructor(expressions: Expressions, conjuncts: Conjuncts) {
    this.#expressions = expressions;
    this.#conjuncts = conjuncts;
  }

  /** left = right: gives a variable its value, or tests it. */
  equation(expression: Application, context: Context, making: Making, then: Then): string {
    const [left, right] = expression.operands;
    if (left === undefined || right === undefined)
      return this.#conjuncts.guard(expression, context, then);
    const variable = this.#assigned(left, context, making);
    if (variable === null) return this.#conjuncts.guard(expression, context, then);
    const value = this.#expressions.value(right, context).js;
    return this.#assignment(variable, value, expression, making, then);
  }

  #assignment(variable: string, value: string, at: Argument, making: Making, then: Then): string {
    const target = making === "next" ? `after.${variable}` : `now.${variable}`;
    const before = this.#expressions.output.fresh(`${variable}Before`);
    const after = this.#expressions.output.fresh(`${variable}After`);
    const number = this.#conjuncts.number(at, variable, "variable");
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

  /** left \in right: gives a variable each value of a set, or tests it. */
  membership(expression: Application, context: Context, making: Making, then: Then): string {
    const [left, right] = expression.operands;
    if (left === undefined || right === undefined)
      return this.#conjuncts.guard(expression, context, then);
    const variable = this.#assigned(left, context, making);
    if (variable === null) return this.#conjuncts.guard(expression, context, then);
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

  /** UNCHANGED operand. */
  unchanged(operand: Argument, context: Context, making: Making, then: Then): string {
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
      return this.#conjuncts.guard(test, context, then);
    }
    return this.#unchangedVariables(variables, operand, then);
  }

  #unchangedVariables(variables: readonly string[], at: Argument, then: Then): string {
    const names = variables.map((variable) => ({
      variable,
      before: this.#expressions.output.fresh(`${variable}Before`),
    }));
    const blames = names.map(({ variable, before }) => {
      const number = this.#conjuncts.number(at, variable, "variable");
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
}
