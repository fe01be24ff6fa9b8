/** What evaluating an expression is sure to evaluate, and how often. */
import type { Definitions } from "./definitions.ts";
import {
  type Application,
  type Argument,
  type Bound,
  type Expression,
  type Id,
  isExpression,
} from "./tree.ts";

export class Evaluation {
  readonly #definitions: Definitions;
  readonly #strict = new Map<Id, ReadonlySet<Id>>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** The parameters of a definition that every evaluation of it evaluates. */
  strictParameters(id: Id): ReadonlySet<Id> {
    const definition = this.#definitions.definition(id);
    const known = this.#strict.get(definition.id);
    if (known !== undefined) return known;
    const all = new Set(definition.parameters);
    this.#strict.set(definition.id, all);
    if (this.#definitions.isStandard(definition)) return all;
    let strict: ReadonlySet<Id> = all;
    for (let round = 0; round < 4; round++) {
      const evaluated = this.evaluated(definition.body);
      strict = new Set(definition.parameters.filter((parameter) => evaluated.has(parameter)));
      this.#strict.set(definition.id, strict);
    }
    return strict;
  }

  /** The parameters (and definitions of a LET) that evaluating an expression is sure to evaluate. */
  evaluated(expression: Expression): ReadonlySet<Id> {
    switch (expression.kind) {
      case "let":
        return this.#evaluatedInLet(expression.body);
      case "apply":
        return this.#evaluatedInApplication(expression);
      default:
        return new Set();
    }
  }

  #evaluatedInLet(body: Expression): ReadonlySet<Id> {
    const found = new Set(this.evaluated(body));
    for (const id of [...found]) {
      const local = this.#definitions.spec.definitions.get(id);
      if (local === undefined || local.parameters.length > 0) continue;
      for (const each of this.evaluated(local.body)) found.add(each);
    }
    return found;
  }

  #evaluatedInApplication(expression: Application): ReadonlySet<Id> {
    const { operator, bounds } = expression;
    const operands = expression.operands.filter(isExpression);
    switch (operator.kind) {
      case "parameter":
        return new Set([operator.id, ...this.#any(operands)]);
      case "declaration":
        return new Set();
      case "definition":
        return this.#evaluatedInCall(operator.id, expression.operands);
      case "builtin":
        break;
    }
    const domain = firstDomain(bounds);
    if (domain !== null) return this.evaluated(domain);
    const [first, second, third] = operands;
    if (first === undefined) return new Set();
    switch (operator.name) {
      case "$IfThenElse": {
        const found = new Set(this.evaluated(first));
        if (second === undefined || third === undefined) return found;
        const otherwise = this.evaluated(third);
        for (const id of this.evaluated(second)) if (otherwise.has(id)) found.add(id);
        return found;
      }
      case "\\land":
      case "\\lor":
      case "=>":
      case "$ConjList":
      case "$DisjList":
      case "$Except":
        return this.evaluated(first);
      case "$Case":
        return first.kind === "apply" &&
          first.operands[0] !== undefined &&
          isExpression(first.operands[0])
          ? this.evaluated(first.operands[0])
          : new Set();
      case "'":
      case "UNCHANGED":
        return new Set();
      default:
        return this.#any(operands);
    }
  }

  #any(operands: readonly Expression[]): ReadonlySet<Id> {
    return new Set(operands.flatMap((operand) => [...this.evaluated(operand)]));
  }

  #evaluatedInCall(id: Id, operands: readonly Argument[]): ReadonlySet<Id> {
    const callee = this.#definitions.definition(id);
    const strict = this.strictParameters(id);
    const found = new Set<Id>([callee.id]);
    operands.forEach((operand, i) => {
      const parameter = callee.parameters[i];
      if (!isExpression(operand) || parameter === undefined || !strict.has(parameter)) return;
      for (const each of this.evaluated(operand)) found.add(each);
    });
    return found;
  }

  /** How often a parameter is used; within a quantifier or the like counts as twice. */
  usesOf(id: Id, expression: Argument): number {
    if (expression.kind === "operator")
      return expression.operator.kind === "parameter" && expression.operator.id === id ? 2 : 0;
    if (expression.kind === "let") {
      // What has no parameters is evaluated once, if at all.
      const inner = expression.definitions.map((each) => {
        const { parameters, body } = this.#definitions.definition(each);
        return (parameters.length === 0 ? 1 : 2) * this.usesOf(id, body);
      });
      return this.usesOf(id, expression.body) + inner.reduce((sum, uses) => sum + uses, 0);
    }
    if (expression.kind === "instantiated") return 2;
    if (expression.kind !== "apply") return 0;
    const { operator, operands, bounds } = expression;
    const own = operator.kind === "parameter" && operator.id === id ? 1 : 0;
    const factor =
      bounds.length > 0 ||
      (operator.kind === "definition" &&
        !this.#definitions.isStandard(this.#definitions.definition(operator.id)))
        ? 2
        : 1;
    const below = operands.reduce((sum, operand) => sum + this.usesOf(id, operand), 0);
    const domains = bounds.reduce(
      (sum, { domain }) => sum + (domain === null ? 0 : this.usesOf(id, domain)),
      0,
    );
    return own + factor * (below + domains);
  }
}

function firstDomain(bounds: readonly Bound[]): Expression | null {
  return bounds[0]?.domain ?? null;
}
