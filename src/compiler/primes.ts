/** What stands under a prime, itself or through the definitions that it is passed to. */
import type { Definitions } from "./definitions.ts";
import { type Argument, type Expression, type Id, parts } from "./tree.ts";

/** Built-in operators under which a state is more than the present one. */
export const PRIMING = new Set([
  "'",
  "UNCHANGED",
  "ENABLED",
  "$SquareAct",
  "$AngleAct",
  "[]",
  "<>",
  "~>",
  "$WF",
  "$SF",
  "\\cdot",
  "-+->",
]);

export class Primes {
  readonly #definitions: Definitions;
  readonly #primed = new Map<Id, ReadonlySet<Id>>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** The parameters of a definition that stand under a prime, or in what asks for another state. */
  parametersOf(id: Id): ReadonlySet<Id> {
    const definition = this.#definitions.definition(id);
    const known = this.#primed.get(definition.id);
    if (known !== undefined) return known;
    const found = new Set<Id>();
    this.#primed.set(definition.id, found);
    if (this.#definitions.isStandard(definition)) return found;
    let before = -1;
    while (found.size !== before) {
      before = found.size;
      this.#collect(definition.body, false, found);
    }
    return found;
  }

  /** The parameters and definitions that stand under a prime in an expression. */
  within(expression: Expression): ReadonlySet<Id> {
    const found = new Set<Id>();
    let before = -1;
    while (found.size !== before) {
      before = found.size;
      this.#collect(expression, false, found);
    }
    return found;
  }

  /** Whether a prime stands anywhere in what an expression says. */
  arePresent(expression: Expression, seen: Set<Id>): boolean {
    if (expression.kind === "apply") {
      const { operator } = expression;
      if (operator.kind === "builtin" && PRIMING.has(operator.name)) return true;
      if (operator.kind === "definition" && !seen.has(operator.id)) {
        seen.add(operator.id);
        const definition = this.#definitions.definition(operator.id);
        if (!this.#definitions.isStandard(definition) && this.arePresent(definition.body, seen))
          return true;
      }
    }
    return parts(expression).some((part) => this.arePresent(part, seen));
  }

  #collect(expression: Argument, under: boolean, found: Set<Id>): void {
    if (expression.kind === "apply" || expression.kind === "operator") {
      const { operator } = expression;
      if (under && (operator.kind === "parameter" || operator.kind === "definition")) {
        found.add(operator.id);
      }
    }
    if (expression.kind === "operator") return;
    if (expression.kind === "let") {
      for (const id of expression.definitions)
        this.#collect(this.#definitions.definition(id).body, under || found.has(id), found);
    }
    if (expression.kind === "instantiated") {
      // A substituted expression may be used under a prime anywhere in the module.
      for (const { argument } of expression.substitutions) this.#collect(argument, true, found);
    }
    if (expression.kind !== "apply") {
      for (const part of parts(expression)) this.#collect(part, under, found);
      return;
    }
    const { operator } = expression;
    const below = under || (operator.kind === "builtin" && PRIMING.has(operator.name));
    for (const bound of expression.bounds) {
      if (bound.domain !== null) this.#collect(bound.domain, below, found);
    }
    const callee =
      operator.kind === "definition" ? this.#definitions.definition(operator.id) : null;
    const primed = callee === null ? null : this.parametersOf(callee.id);
    expression.operands.forEach((operand, i) => {
      const parameter = callee?.parameters[i];
      const reaches = parameter !== undefined && primed?.has(parameter) === true;
      this.#collect(operand, below || reaches, found);
    });
  }
}
