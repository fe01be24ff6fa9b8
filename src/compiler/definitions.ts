/** What a name means once a configuration has replaced definitions, and what a definition names. */
import { standardOperator } from "./standard.ts";
import {
  type Argument,
  type Definition,
  type Expression,
  type Id,
  isExpression,
  parts,
  type SpecTree,
} from "./tree.ts";

export class Definitions {
  readonly spec: SpecTree;
  readonly #overrides: ReadonlyMap<Id, Id>;
  readonly #constants: ReadonlySet<Id>;
  readonly #alternatives: ReadonlyMap<Id, Id>;
  readonly #declarations = new Map<Id, ReadonlySet<Id>>();

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
  named(expression: Expression): {
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
        const inner = this.named(each.body);
        const replaced = new Set(each.substitutions.map(({ declaration }) => declaration));
        for (const id of this.declarationsOf(inner)) if (!replaced.has(id)) declarations.push(id);
        return;
      }
      for (const part of parts(each)) visit(part);
    };
    visit(expression);
    return { definitions, declarations };
  }

  /** The declarations that what is named depends on. */
  declarationsOf(named: {
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
      const named = this.named(definition.body);
      for (const declaration of named.declarations) found.add(declaration);
      for (const inner of named.definitions) walk(inner);
    };
    walk(id);
    this.#declarations.set(id, found);
    return found;
  }
}
