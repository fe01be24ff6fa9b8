/** Many specs as one: definitions that say the same, at the same place of the source, are one. */
import { standardOperator } from "../standard.ts";
import type { Argument, Bound, Definition, Id, Operator, SpecTree } from "../tree.ts";
import {
  type PackedDeclaration,
  type PackedDefinition,
  type PackedExpression,
  type PackedParameter,
  type PackedSpec,
  type PackedSpecs,
  TABLES,
} from "./form.ts";

/** Packs specs, each by the name of its root module. */
export function pack(trees: readonly SpecTree[]): PackedSpecs {
  const read = trees.map((tree) => new Names(tree));
  tellApart(read);
  return new Packing().pack(read);
}

/** Gives definitions of all specs one name where they say the same, whatever they name included. */
function tellApart(specs: readonly Names[]): void {
  let before = -1;
  for (;;) {
    const names = new Map<string, string>();
    const renamed = specs.map((spec) => spec.renamed(names));
    specs.forEach((spec, i) => {
      spec.names = renamed[i] ?? spec.names;
    });
    if (names.size === before) return;
    before = names.size;
  }
}

/** What refers to definitions and parameters, however they are told. */
interface References {
  definition(id: Id): number | string;
  declaration(id: Id): number | string;
  parameter(id: Id): number | string;
}

/** The definitions of one spec that count, and names for them that are the same in other specs. */
class Names {
  readonly tree: SpecTree;
  /** Those that the root module has, and those that they name, in the order of being met. */
  readonly definitions: readonly Definition[];
  /** The parameters that a definition has or binds, in order. */
  readonly parametersOf = new Map<Id, readonly Id[]>();
  readonly #owners = new Map<Id, { readonly definition: Id; readonly place: number }>();
  /** Definitions that stand for the assumptions. */
  readonly assumptions: readonly Id[];
  names: ReadonlyMap<Id, string>;

  constructor(tree: SpecTree) {
    this.tree = tree;
    const assumed = tree.assumptions.map((body, i): Definition => {
      const place = body.place;
      return { id: -1 - i, name: "", place, parameters: [], body, isRecursive: false };
    });
    this.assumptions = assumed.map(({ id }) => id);
    const met = new Map<Id, Definition>();
    const meet = (id: Id): void => {
      const definition = tree.definitions.get(id);
      if (definition === undefined || met.has(id)) return;
      met.set(id, withoutStandardBody(definition));
      visit(withoutStandardBody(definition).body, meet);
    };
    for (const id of tree.rootDefinitions) meet(id);
    for (const each of assumed) {
      met.set(each.id, each);
      visit(each.body, meet);
    }
    this.definitions = [...met.values()];
    this.names = new Map(
      this.definitions.map(({ id, name, place: { module, line, column } }) => {
        return [id, `${module}:${line}:${column}:${name}`];
      }),
    );
    for (const definition of this.definitions) this.#own(definition);
  }

  #own({ id, parameters, body }: Definition): void {
    const owned = [...parameters];
    visit(
      body,
      () => {},
      (bound) => owned.push(...bound.parameters),
    );
    this.parametersOf.set(id, owned);
    owned.forEach((parameter, place) => {
      this.#owners.set(parameter, { definition: id, place });
    });
  }

  /** Where a parameter comes from: its definition, and its place among that one's. */
  ownerOf(parameter: Id): { readonly definition: Id; readonly place: number } {
    const owner = this.#owners.get(parameter);
    if (owner === undefined) throw new RangeError(`nothing binds the parameter ${parameter}`);
    return owner;
  }

  /** A new name for each definition, the same for the same text; `names` are those given so far. */
  renamed(names: Map<string, string>): ReadonlyMap<Id, string> {
    const references: References = {
      definition: (id) => this.names.get(id) ?? "",
      declaration: (id) => JSON.stringify({ ...this.tree.declarations.get(id), id: 0 }),
      parameter: (id) => {
        const { definition, place } = this.ownerOf(id);
        return `${this.names.get(definition)}/${place}`;
      },
    };
    return new Map(
      this.definitions.map((definition) => {
        const { id, name, place, isRecursive } = definition;
        const parameters = (this.parametersOf.get(id) ?? []).map((each) => {
          return { ...this.tree.parameters.get(each), id: 0 };
        });
        const body = encode(definition.body, references, (module) => module);
        const text = JSON.stringify([name, place, isRecursive, parameters, body]);
        const known = names.get(text) ?? `${names.size}`;
        names.set(text, known);
        return [id, known];
      }),
    );
  }
}

/** The runtime has the standard modules' operators: what their definitions say is not needed. */
function withoutStandardBody(definition: Definition): Definition {
  const { name, place } = definition;
  const plain = name.slice(name.lastIndexOf("!") + 1);
  if (standardOperator(place.module, plain) === null) return definition;
  return { ...definition, body: { kind: "unsupported", place, what: "a standard operator" } };
}

/** Goes through an expression: what it names, and what it binds. */
function visit(
  expression: Argument,
  onDefinition: (id: Id) => void,
  onBound: (bound: Bound) => void = () => {},
): void {
  if (expression.kind === "apply" || expression.kind === "operator") {
    if (expression.operator.kind === "definition") onDefinition(expression.operator.id);
  }
  switch (expression.kind) {
    case "apply":
      for (const bound of expression.bounds) {
        onBound(bound);
        if (bound.domain !== null) visit(bound.domain, onDefinition, onBound);
      }
      for (const operand of expression.operands) visit(operand, onDefinition, onBound);
      return;
    case "let":
      for (const id of expression.definitions) onDefinition(id);
      visit(expression.body, onDefinition, onBound);
      return;
    case "instantiated":
      for (const { argument } of expression.substitutions) visit(argument, onDefinition, onBound);
      visit(expression.body, onDefinition, onBound);
      return;
    default:
      return;
  }
}

/** An expression as an array, its references as `references` tells them. */
function encode(
  expression: Argument,
  references: References,
  moduleOf: (module: string) => number | string,
  within = "",
): unknown {
  const { place } = expression;
  const inner = (each: Argument): unknown => encode(each, references, moduleOf, place.module);
  const packed = encodeHere(expression, references, inner);
  return place.module === within ? packed : ["m", moduleOf(place.module), packed];
}

function encodeHere(
  expression: Argument,
  references: References,
  inner: (each: Argument) => unknown,
): unknown {
  const { line, column } = expression.place;
  switch (expression.kind) {
    case "number":
      return ["n", line, column, expression.value];
    case "string":
      return ["s", line, column, expression.value];
    case "unsupported":
      return ["x", line, column, expression.what];
    case "at":
      return ["@", line, column];
    case "operator":
      return ["o", line, column, operatorIn(expression.operator, references)];
    case "let": {
      const definitions = expression.definitions.map((id) => references.definition(id));
      return ["l", line, column, definitions, inner(expression.body)];
    }
    case "instantiated": {
      const substitutions = expression.substitutions.map(({ declaration, argument }) => {
        return [references.declaration(declaration), inner(argument)];
      });
      return ["i", line, column, substitutions, inner(expression.body)];
    }
    case "apply": {
      const bounds = expression.bounds.map((bound) => [
        bound.parameters.map((id) => references.parameter(id)),
        bound.isTuple ? 1 : 0,
        bound.domain === null ? null : inner(bound.domain),
      ]);
      const operands = expression.operands.map(inner);
      const operator = operatorIn(expression.operator, references);
      const rest = bounds.length > 0 ? [operands, bounds] : operands.length > 0 ? [operands] : [];
      return ["a", line, column, operator, ...rest];
    }
  }
}

function operatorIn(operator: Operator, references: References): unknown {
  if (operator.kind === "builtin") return operator.name;
  const reference = references[operator.kind](operator.id);
  if (typeof reference === "string") return `${operator.kind} ${reference}`;
  return reference * TABLES.length + TABLES.indexOf(operator.kind);
}

/** Puts what has been named into tables. */
class Packing {
  readonly #modules = new Places<string>();
  readonly #declarations = new Places<PackedDeclaration>();
  readonly #parameters = new Places<PackedParameter>();
  readonly #definitions = new Places<PackedDefinition>();

  pack(specs: readonly Names[]): PackedSpecs {
    const packed = specs.map((spec): [string, PackedSpec] => [
      spec.tree.rootModule,
      this.#spec(spec),
    ]);
    return {
      modules: this.#modules.entries,
      declarations: this.#declarations.entries,
      parameters: this.#parameters.entries,
      definitions: this.#definitions.entries,
      specs: Object.fromEntries(packed),
    };
  }

  #spec(spec: Names): PackedSpec {
    const { tree } = spec;
    const rest = spec.definitions.map(({ id }) => id);
    const place = (id: Id): number => this.#definitions.of(spec.names.get(id) ?? "");
    // Those of the root module side by side, so that few numbers tell them.
    const definitions = tree.rootDefinitions.map(place);
    for (const id of rest) place(id);
    for (const definition of spec.definitions) {
      const key = spec.names.get(definition.id) ?? "";
      if (this.#definitions.lacks(key)) {
        this.#definitions.set(key, this.#definition(definition, spec, place));
      }
    }
    return {
      declarations: runs(tree.rootDeclarations.map((id) => this.#declaration(id, spec))),
      definitions: runs(definitions),
      assumptions: spec.assumptions.map(place),
    };
  }

  #definition(definition: Definition, spec: Names, place: (id: Id) => number): PackedDefinition {
    const { name, place: where, parameters, body, isRecursive } = definition;
    for (const id of spec.parametersOf.get(definition.id) ?? []) this.#parameter(id, spec);
    const references: References = {
      definition: place,
      declaration: (id) => this.#declaration(id, spec),
      parameter: (id) => this.#parameter(id, spec),
    };
    const packed = encode(body, references, (module) => this.#module(module), where.module);
    return [
      name,
      this.#module(where.module),
      where.line,
      where.column,
      parameters.map((id) => this.#parameter(id, spec)),
      packed as PackedExpression,
      isRecursive ? 1 : 0,
    ];
  }

  #module(name: string): number {
    const place = this.#modules.of(name);
    this.#modules.set(name, name);
    return place;
  }

  #declaration(id: Id, spec: Names): number {
    const declaration = spec.tree.declarations.get(id);
    if (declaration === undefined) throw new RangeError(`there is no declaration ${id}`);
    const { name, place, kind, arity } = declaration;
    const { module, line, column } = place;
    const isVariable = kind === "variable" ? 1 : 0;
    const packed = [name, this.#module(module), line, column, isVariable, arity] as const;
    const at = this.#declarations.of(JSON.stringify(packed));
    this.#declarations.set(JSON.stringify(packed), packed);
    return at;
  }

  #parameter(id: Id, spec: Names): number {
    const { definition, place } = spec.ownerOf(id);
    const { name, arity } = spec.tree.parameters.get(id) ?? { name: "x", arity: 0 };
    const key = `${spec.names.get(definition)}/${place}`;
    const at = this.#parameters.of(key);
    this.#parameters.set(key, [name, arity]);
    return at;
  }
}

/** First places and counts, in turns. */
function runs(places: readonly number[]): readonly number[] {
  const packed: number[] = [];
  for (const place of places) {
    const [first = -1, count = 0] = packed.slice(-2);
    if (packed.length > 0 && place === first + count) packed[packed.length - 1] = count + 1;
    else packed.push(place, 1);
  }
  return packed;
}

/** A table whose entries have places before they are there. */
class Places<T> {
  readonly #places = new Map<string, number>();
  readonly #entries: (T | undefined)[] = [];

  /** The place of what has this key, from 0. */
  of(key: string): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#entries.length;
    this.#places.set(key, place);
    this.#entries.push(undefined);
    return place;
  }

  lacks(key: string): boolean {
    return this.#entries[this.of(key)] === undefined;
  }

  set(key: string, entry: T): void {
    this.#entries[this.of(key)] = entry;
  }

  get entries(): readonly T[] {
    return this.#entries.map((entry) => {
      if (entry === undefined) throw new RangeError("a packed entry was never told");
      return entry;
    });
  }
}
