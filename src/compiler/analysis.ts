/** What an expression reads, which parameters a prime reaches, and which are sure to be evaluated. */
import type { InstanceScope } from "./scope.ts";
import { standardOperator } from "./standard.ts";
import type { Application, Argument, Bound, Definition, Expression, Id, SpecTree } from "./tree.ts";

export interface Reads {
  readonly state: boolean;
  readonly next: boolean;
}

const NOTHING: Reads = { state: false, next: false };

function both(a: Reads, b: Reads): Reads {
  return { state: a.state || b.state, next: a.next || b.next };
}

/** The expressions right below one, bounds and operands, operator arguments left out. */
export function parts(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "apply": {
      const domains = expression.bounds.flatMap((bound) => bound.domain ?? []);
      return [...domains, ...expression.operands.filter(isExpression)];
    }
    case "let":
      return [expression.body];
    case "instantiated":
      return [expression.body];
    default:
      return [];
  }
}

export function isExpression(argument: Argument): argument is Expression {
  return argument.kind !== "operator";
}

/** Built-in operators under which a state is more than the present one. */
const PRIMING = new Set([
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

export class Analysis {
  readonly spec: SpecTree;
  readonly #overrides: ReadonlyMap<Id, Id>;
  readonly #constants: ReadonlySet<Id>;
  readonly #alternatives: ReadonlyMap<Id, Id>;
  readonly #primed = new Map<Id, ReadonlySet<Id>>();
  readonly #declarations = new Map<Id, ReadonlySet<Id>>();
  readonly #reads = new Map<string, Reads>();
  readonly #strict = new Map<Id, ReadonlySet<Id>>();

  /**
   * `constants` are definitions that a configuration replaces by a value; `alternatives` those
   * that whoever runs the spec may replace by another.
   */
  constructor(
    spec: SpecTree,
    overrides: ReadonlyMap<Id, Id>,
    constants: ReadonlySet<Id>,
    alternatives: ReadonlyMap<Id, Id> = new Map(),
  ) {
    this.spec = spec;
    this.#alternatives = alternatives;
    this.#overrides = overrides;
    this.#constants = constants;
  }

  /** The definition that a reference means, once overridden. */
  definition(id: Id): Definition {
    const definition = this.spec.definitions.get(this.#overrides.get(id) ?? id);
    if (definition === undefined) throw new Error(`There is no definition ${id}.`);
    return definition;
  }

  /** What may take the definition's place when the spec is run. */
  alternativeOf(definition: Definition): Definition | undefined {
    const id = this.#alternatives.get(definition.id);
    return id === undefined ? undefined : this.definition(id);
  }

  /** Whether a configuration replaces the definition by a value. */
  isConstant(id: Id): boolean {
    return this.#constants.has(id);
  }

  isStandard(definition: Definition): boolean {
    return standardOperator(definition.place.module, definition.name) !== null;
  }

  /** All definitions and declarations that an expression names, operator arguments included. */
  #named(expression: Expression): {
    readonly definitions: readonly Id[];
    readonly declarations: readonly Id[];
  } {
    const definitions: Id[] = [];
    const declarations: Id[] = [];
    const visit = (each: Argument): void => {
      if (each.kind === "apply" || each.kind === "operator") {
        if (each.operator.kind === "definition") definitions.push(each.operator.id);
        if (each.operator.kind === "declaration") declarations.push(each.operator.id);
      }
      if (each.kind === "operator") return;
      if (each.kind === "apply") {
        for (const operand of each.operands) if (!isExpression(operand)) visit(operand);
      }
      if (each.kind === "let") for (const id of each.definitions) definitions.push(id);
      if (each.kind === "instantiated") {
        for (const { argument } of each.substitutions) visit(argument);
        const inner = this.#named(each.body);
        const replaced = new Set(each.substitutions.map(({ declaration }) => declaration));
        for (const id of this.#declarationsOf(inner)) if (!replaced.has(id)) declarations.push(id);
        return;
      }
      for (const part of parts(each)) visit(part);
    };
    visit(expression);
    return { definitions, declarations };
  }

  #declarationsOf(named: {
    readonly definitions: readonly Id[];
    readonly declarations: readonly Id[];
  }): Set<Id> {
    const all = new Set(named.declarations);
    for (const id of named.definitions) for (const each of this.declarationsIn(id)) all.add(each);
    return all;
  }

  /** The declarations that a definition depends on, through whatever it names. */
  declarationsIn(id: Id): ReadonlySet<Id> {
    const known = this.#declarations.get(id);
    if (known !== undefined) return known;
    const seen = new Set<Id>();
    const found = new Set<Id>();
    const walk = (each: Id): void => {
      const definition = this.definition(each);
      if (seen.has(definition.id)) return;
      seen.add(definition.id);
      if (this.isStandard(definition) || this.isConstant(each)) return;
      const named = this.#named(definition.body);
      for (const declaration of named.declarations) found.add(declaration);
      for (const inner of named.definitions) walk(inner);
    };
    walk(id);
    this.#declarations.set(id, found);
    return found;
  }

  /** Whether a definition reads the present and the next state, under an instance. */
  readsOf(id: Id, instance: InstanceScope | null): Reads {
    return this.#readsOf(id, instance, new Set());
  }

  #readsOf(id: Id, instance: InstanceScope | null, open: Set<string>): Reads {
    const definition = this.definition(id);
    if (this.isConstant(id) || this.isStandard(definition)) return NOTHING;
    const key = `${definition.id}/${instance?.key ?? ""}`;
    const known = this.#reads.get(key);
    if (known !== undefined) return known;
    if (open.has(key)) return NOTHING;
    open.add(key);
    const alternative = this.alternativeOf(definition);
    const reads = both(
      this.#reads_(definition.body, instance, open),
      alternative === undefined ? NOTHING : this.#readsOf(alternative.id, instance, open),
    );
    open.delete(key);
    if (open.size === 0) this.#reads.set(key, reads);
    return reads;
  }

  /** Whether an expression reads the present and the next state; parameters not counted. */
  readsIn(expression: Argument, instance: InstanceScope | null): Reads {
    return this.#reads_(expression, instance, new Set());
  }

  #reads_(expression: Argument, instance: InstanceScope | null, open: Set<string>): Reads {
    let reads = NOTHING;
    if (expression.kind === "apply" || expression.kind === "operator") {
      const { operator } = expression;
      if (operator.kind === "declaration")
        reads = this.#declarationReads(operator.id, instance, open);
      if (operator.kind === "definition") reads = this.#readsOf(operator.id, instance, open);
    }
    if (expression.kind === "operator") return reads;
    if (expression.kind === "instantiated")
      return this.#instantiatedReads(expression, instance, open);
    for (const part of parts(expression)) reads = both(reads, this.#reads_(part, instance, open));
    if (expression.kind !== "apply") return reads;
    for (const operand of expression.operands) {
      if (!isExpression(operand)) reads = both(reads, this.#reads_(operand, instance, open));
    }
    if (expression.operator.kind !== "builtin" || !PRIMING.has(expression.operator.name))
      return reads;
    if (expression.operator.name === "'")
      return { state: reads.next && reads.state, next: reads.state || reads.next };
    return { state: true, next: true };
  }

  #instantiatedReads(
    expression: Expression & { kind: "instantiated" },
    instance: InstanceScope | null,
    open: Set<string>,
  ): Reads {
    const named = this.#declarationsOf(this.#named(expression.body));
    let reads = NOTHING;
    for (const { declaration, argument } of expression.substitutions) {
      if (named.has(declaration)) reads = both(reads, this.#reads_(argument, instance, open));
    }
    const priming = this.#primes(expression.body, new Set());
    return priming ? { state: true, next: true } : reads;
  }

  /** Whether a prime stands anywhere in what an expression says. */
  #primes(expression: Expression, seen: Set<Id>): boolean {
    if (expression.kind === "apply") {
      const { operator } = expression;
      if (operator.kind === "builtin" && PRIMING.has(operator.name)) return true;
      if (operator.kind === "definition" && !seen.has(operator.id)) {
        seen.add(operator.id);
        const definition = this.definition(operator.id);
        if (!this.isStandard(definition) && this.#primes(definition.body, seen)) return true;
      }
    }
    return parts(expression).some((part) => this.#primes(part, seen));
  }

  #declarationReads(id: Id, instance: InstanceScope | null, open: Set<string>): Reads {
    const substitution = instance?.substitutions.get(id);
    if (substitution !== undefined) {
      const reads = this.#reads_(substitution.argument, substitution.context.instance, open);
      return substitution.context.isPrimed
        ? { state: false, next: reads.state || reads.next }
        : reads;
    }
    const isVariable = this.spec.declarations.get(id)?.kind === "variable";
    return isVariable ? { state: true, next: false } : NOTHING;
  }

  /** The parameters of a definition that stand under a prime, or in what asks for another state. */
  primedParameters(id: Id): ReadonlySet<Id> {
    const definition = this.definition(id);
    const known = this.#primed.get(definition.id);
    if (known !== undefined) return known;
    const found = new Set<Id>();
    this.#primed.set(definition.id, found);
    if (this.isStandard(definition)) return found;
    let before = -1;
    while (found.size !== before) {
      before = found.size;
      this.#collectPrimed(definition.body, false, found);
    }
    return found;
  }

  /** The parameters and definitions that stand under a prime in an expression. */
  primedIn(expression: Expression): ReadonlySet<Id> {
    const found = new Set<Id>();
    let before = -1;
    while (found.size !== before) {
      before = found.size;
      this.#collectPrimed(expression, false, found);
    }
    return found;
  }

  /** How often a parameter is used; within a quantifier or the like counts as twice. */
  usesOf(id: Id, expression: Argument): number {
    if (expression.kind === "operator")
      return expression.operator.kind === "parameter" && expression.operator.id === id ? 2 : 0;
    if (expression.kind === "let") {
      // What has no parameters is evaluated once, if at all.
      const inner = expression.definitions.map((each) => {
        const { parameters, body } = this.definition(each);
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
      (operator.kind === "definition" && !this.isStandard(this.definition(operator.id)))
        ? 2
        : 1;
    const below = operands.reduce((sum, operand) => sum + this.usesOf(id, operand), 0);
    const domains = bounds.reduce(
      (sum, { domain }) => sum + (domain === null ? 0 : this.usesOf(id, domain)),
      0,
    );
    return own + factor * (below + domains);
  }

  #collectPrimed(expression: Argument, under: boolean, found: Set<Id>): void {
    if (expression.kind === "apply" || expression.kind === "operator") {
      const { operator } = expression;
      if (under && (operator.kind === "parameter" || operator.kind === "definition")) {
        found.add(operator.id);
      }
    }
    if (expression.kind === "operator") return;
    if (expression.kind === "let") {
      for (const id of expression.definitions)
        this.#collectPrimed(this.definition(id).body, under || found.has(id), found);
    }
    if (expression.kind === "instantiated") {
      // A substituted expression may be used under a prime anywhere in the module.
      for (const { argument } of expression.substitutions)
        this.#collectPrimed(argument, true, found);
    }
    if (expression.kind !== "apply") {
      for (const part of parts(expression)) this.#collectPrimed(part, under, found);
      return;
    }
    const { operator } = expression;
    const below = under || (operator.kind === "builtin" && PRIMING.has(operator.name));
    for (const bound of expression.bounds) {
      if (bound.domain !== null) this.#collectPrimed(bound.domain, below, found);
    }
    const callee = operator.kind === "definition" ? this.definition(operator.id) : null;
    const primed = callee === null ? null : this.primedParameters(callee.id);
    expression.operands.forEach((operand, i) => {
      const parameter = callee?.parameters[i];
      const reaches = parameter !== undefined && primed?.has(parameter) === true;
      this.#collectPrimed(operand, below || reaches, found);
    });
  }

  /** The parameters of a definition that every evaluation of it evaluates. */
  strictParameters(id: Id): ReadonlySet<Id> {
    const definition = this.definition(id);
    const known = this.#strict.get(definition.id);
    if (known !== undefined) return known;
    const all = new Set(definition.parameters);
    this.#strict.set(definition.id, all);
    if (this.isStandard(definition)) return all;
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
      const local = this.spec.definitions.get(id);
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
    const callee = this.definition(id);
    const strict = this.strictParameters(id);
    const found = new Set<Id>([callee.id]);
    operands.forEach((operand, i) => {
      const parameter = callee.parameters[i];
      if (!isExpression(operand) || parameter === undefined || !strict.has(parameter)) return;
      for (const each of this.evaluated(operand)) found.add(each);
    });
    return found;
  }
}

function firstDomain(bounds: readonly Bound[]): Expression | null {
  return bounds[0]?.domain ?? null;
}

/** Whether a formula has alternatives that TLC goes through one by one to make states. */
export function branchesOut(
  analysis: Analysis,
  expression: Argument,
  seen: Set<Id> = new Set(),
): boolean {
  if (expression.kind === "let" || expression.kind === "instantiated")
    return branchesOut(analysis, expression.body, seen);
  if (expression.kind !== "apply") return false;
  const { operator, operands } = expression;
  if (operator.kind === "parameter") return true;
  if (operator.kind === "declaration") return false;
  if (operator.kind === "definition") {
    if (seen.has(operator.id)) return false;
    const definition = analysis.definition(operator.id);
    if (analysis.isStandard(definition)) return false;
    return branchesOut(analysis, definition.body, new Set([...seen, operator.id]));
  }
  switch (operator.name) {
    case "\\lor":
    case "$DisjList":
    case "$BoundedExists":
    case "=>":
    case "$Case":
      return true;
    case "\\land":
    case "$ConjList":
      return operands.some((operand) => branchesOut(analysis, operand, seen));
    case "$IfThenElse":
      return operands.slice(1).some((operand) => branchesOut(analysis, operand, seen));
    default:
      return false;
  }
}
