/** Which states an expression reads: the present one, the next one, or none. */
import type { Definitions } from "./definitions.ts";
import { PRIMING, type Primes } from "./primes.ts";
import type { InstanceScope } from "./scope.ts";
import {
  type Application,
  type Argument,
  type Expression,
  type Id,
  isExpression,
  parts,
} from "./tree.ts";

export interface Reads {
  readonly state: boolean;
  readonly next: boolean;
}

const NOTHING: Reads = { state: false, next: false };

function both(a: Reads, b: Reads): Reads {
  return { state: a.state || b.state, next: a.next || b.next };
}

export class Reading {
  readonly #definitions: Definitions;
  readonly #primes: Primes;
  readonly #reads = new Map<string, Reads>();

  constructor(definitions: Definitions, primes: Primes) {
    this.#definitions = definitions;
    this.#primes = primes;
  }

  /** Whether a definition reads the present and the next state, under an instance. */
  of(id: Id, instance: InstanceScope | null): Reads {
    return this.#readsOfDefinition(id, instance, new Set());
  }

  #readsOfDefinition(id: Id, instance: InstanceScope | null, open: Set<string>): Reads {
    const definition = this.#definitions.definition(id);
    if (this.#definitions.isConstant(id) || this.#definitions.isStandard(definition))
      return NOTHING;
    const key = `${definition.id}/${instance?.key ?? ""}`;
    const known = this.#reads.get(key);
    if (known !== undefined) return known;
    if (open.has(key)) return NOTHING;
    open.add(key);
    const alternative = this.#definitions.alternativeOf(definition);
    const reads = both(
      this.#readsIn(definition.body, instance, open),
      alternative === undefined ? NOTHING : this.#readsOfDefinition(alternative.id, instance, open),
    );
    open.delete(key);
    if (open.size === 0) this.#reads.set(key, reads);
    return reads;
  }

  /** Whether an expression reads the present and the next state; parameters not counted. */
  in(expression: Argument, instance: InstanceScope | null): Reads {
    return this.#readsIn(expression, instance, new Set());
  }

  #readsIn(expression: Argument, instance: InstanceScope | null, open: Set<string>): Reads {
    let reads = NOTHING;
    if (expression.kind === "apply" || expression.kind === "operator") {
      const { operator } = expression;
      if (operator.kind === "declaration")
        reads = this.#declarationReads(operator.id, instance, open);
      if (operator.kind === "definition")
        reads = this.#readsOfDefinition(operator.id, instance, open);
    }
    if (expression.kind === "operator") return reads;
    if (expression.kind === "instantiated")
      return this.#instantiatedReads(expression, instance, open);
    for (const part of parts(expression)) reads = both(reads, this.#readsIn(part, instance, open));
    if (expression.kind !== "apply") return reads;
    reads = both(reads, this.#primedOperandsRead(expression, instance, open));
    for (const operand of expression.operands) {
      if (!isExpression(operand)) reads = both(reads, this.#readsIn(operand, instance, open));
    }
    if (expression.operator.kind !== "builtin" || !PRIMING.has(expression.operator.name))
      return reads;
    if (expression.operator.name === "'")
      return { state: reads.next && reads.state, next: reads.state || reads.next };
    return { state: true, next: true };
  }

  /** What an operator has under a prime of the operands that it is applied to. */
  #primedOperandsRead(
    { operator, operands }: Application,
    instance: InstanceScope | null,
    open: Set<string>,
  ): Reads {
    if (operator.kind !== "definition") return NOTHING;
    const { parameters } = this.#definitions.definition(operator.id);
    const primed = this.#primes.parametersOf(operator.id);
    return operands.reduce<Reads>((all, operand, i) => {
      const parameter = parameters[i];
      if (parameter === undefined || !primed.has(parameter)) return all;
      const { state, next } = this.#readsIn(operand, instance, open);
      return both(all, { state: false, next: state || next });
    }, NOTHING);
  }

  #instantiatedReads(
    expression: Expression & { kind: "instantiated" },
    instance: InstanceScope | null,
    open: Set<string>,
  ): Reads {
    const named = this.#definitions.declarationsOf(this.#definitions.named(expression.body));
    let reads = NOTHING;
    for (const { declaration, argument } of expression.substitutions) {
      if (named.has(declaration)) reads = both(reads, this.#readsIn(argument, instance, open));
    }
    const priming = this.#primes.arePresent(expression.body, new Set());
    return priming ? { state: true, next: true } : reads;
  }

  #declarationReads(id: Id, instance: InstanceScope | null, open: Set<string>): Reads {
    const substitution = instance?.substitutions.get(id);
    if (substitution !== undefined) {
      const reads = this.#readsIn(substitution.argument, substitution.context.instance, open);
      return substitution.context.isPrimed
        ? { state: false, next: reads.state || reads.next }
        : reads;
    }
    const isVariable = this.#definitions.spec.declarations.get(id)?.kind === "variable";
    return isVariable ? { state: true, next: false } : NOTHING;
  }
}
