/**
 * What TLC no longer takes apart. Once every variable has its value, the conjuncts that are left
 * are evaluated as a whole: alternatives among them then make a state once, and not once for each
 * that is true.
 */
import type { Expressions } from "./expressions.ts";
import type { Making, Then } from "./making.ts";
import { indent } from "./output.ts";
import type { Context } from "./scope.ts";
import type { Argument } from "./tree.ts";

export class Completion {
  readonly #expressions: Expressions;
  readonly #variables: readonly string[];

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
    this.#variables = [...expressions.analysis.spec.rootDeclarations]
      .map((id) => expressions.analysis.spec.declarations.get(id))
      .flatMap((declaration) => (declaration?.kind === "variable" ? [declaration.name] : []));
  }

  /** Statements that run `then` as `apart` does, or once where nothing is left to be made. */
  write(
    operand: Argument,
    context: Context,
    making: Making,
    apart: (then: Then) => string,
    then: Then,
  ): string {
    const { output } = this.#expressions;
    const name = output.fresh("following");
    const following = output.block(then);
    const state = making === "next" ? "after" : "now";
    const isComplete = this.#variables.map((each) => `${state}.${each} !== undefined`).join(" && ");
    const truth = this.#expressions.truth(operand, context);
    const next: Then = () => `${name}();`;
    return [
      "{",
      `  const ${name} = () => {`,
      indent(indent(following)),
      "  };",
      `  if (${isComplete}) {`,
      `    if (${truth}) ${name}();`,
      "  } else {",
      indent(indent(apart(next))),
      "  }",
      "}",
    ].join("\n");
  }
}
