/** One of the specs of a packed text, as it was before. */
import type { Place } from "../../engine/errors.ts";
import type {
  Argument,
  Bound,
  Declaration,
  Definition,
  Expression,
  Id,
  Operator,
  Parameter,
  SpecTree,
} from "../tree.ts";
import {
  type PackedBound,
  type PackedExpression,
  type PackedOperator,
  type PackedSpecs,
  TABLES,
} from "./form.ts";

/** Ids are unique among definitions, declarations and parameters: each has so many of its own. */
const TABLE_SIZE = 1_000_000;

/** The spec with this root module; null where there is none. @throws RangeError for what is not packed */
export function unpack(packed: PackedSpecs, rootModule: string): SpecTree | null {
  const spec = packed.specs[rootModule];
  if (spec === undefined) return null;
  const unpacking = new Unpacking(packed);
  const rootDefinitions = listed(spec.definitions).map((place) => idOf("definition", place));
  for (const id of rootDefinitions) unpacking.definition(id);
  const assumptions = spec.assumptions.map((place) => {
    return unpacking.definition(idOf("definition", place)).body;
  });
  return {
    rootModule,
    rootDeclarations: listed(spec.declarations).map((place) => idOf("declaration", place)),
    rootDefinitions,
    assumptions,
    definitions: unpacking.definitions,
    declarations: new Map(
      packed.declarations.map((_, place) => {
        const declaration = unpacking.declaration(place);
        return [declaration.id, declaration];
      }),
    ),
    parameters: unpacking.parameters,
  };
}

function idOf(table: (typeof TABLES)[number], place: number): Id {
  return TABLES.indexOf(table) * TABLE_SIZE + place;
}

/** Places, from first places and counts in turns. */
function listed(runs: readonly number[]): number[] {
  const places: number[] = [];
  for (let i = 0; i < runs.length; i += 2) {
    const first = runs[i] ?? 0;
    for (let k = 0; k < (runs[i + 1] ?? 0); k++) places.push(first + k);
  }
  return places;
}

function entry<T>(table: readonly T[], place: number): T {
  const found = table[place];
  if (found === undefined) throw new RangeError(`the packed specs have no entry ${place}`);
  return found;
}

class Unpacking {
  readonly definitions = new Map<Id, Definition>();
  readonly parameters = new Map<Id, Parameter>();
  readonly #packed: PackedSpecs;

  constructor(packed: PackedSpecs) {
    this.#packed = packed;
  }

  /** Unpacks a definition and what it names, once. */
  definition(id: Id): Definition {
    const known = this.definitions.get(id);
    if (known !== undefined) return known;
    const [name, module, line, column, parameters, body, isRecursive] = entry(
      this.#packed.definitions,
      id,
    );
    const definition = {
      id,
      name,
      place: { module: entry(this.#packed.modules, module), line, column },
      parameters: parameters.map((place) => this.#parameter(place)),
      isRecursive: isRecursive === 1,
    };
    // A recursive definition names itself: it is there before its body is.
    const kept = { ...definition, body: NOWHERE as Expression };
    this.definitions.set(id, kept);
    kept.body = this.expression(body, module);
    return kept;
  }

  declaration(place: number): Declaration {
    const [name, module, line, column, isVariable, arity] = entry(this.#packed.declarations, place);
    return {
      id: idOf("declaration", place),
      name,
      place: { module: entry(this.#packed.modules, module), line, column },
      kind: isVariable === 1 ? "variable" : "constant",
      arity,
    };
  }

  #parameter(place: number): Id {
    const id = idOf("parameter", place);
    const [name, arity] = entry(this.#packed.parameters, place);
    this.parameters.set(id, { id, name, arity });
    return id;
  }

  expression(packed: PackedExpression, module: number): Expression {
    const argument = this.#argument(packed, module);
    if (argument.kind === "operator") throw new RangeError("an operator is packed as a value");
    return argument;
  }

  #argument(packed: PackedExpression, module: number): Argument {
    if (packed[0] === "m") return this.#argument(packed[2], packed[1]);
    const [, line, column] = packed;
    const place: Place = { module: entry(this.#packed.modules, module), line, column };
    switch (packed[0]) {
      case "n":
        return { kind: "number", place, value: packed[3] };
      case "s":
        return { kind: "string", place, value: packed[3] };
      case "x":
        return { kind: "unsupported", place, what: packed[3] };
      case "@":
        return { kind: "at", place };
      case "o":
        return { kind: "operator", place, operator: this.#operator(packed[3]) };
      case "l": {
        for (const id of packed[3]) this.definition(id);
        const definitions = packed[3].map((each) => idOf("definition", each));
        return { kind: "let", place, definitions, body: this.expression(packed[4], module) };
      }
      case "i":
        return {
          kind: "instantiated",
          place,
          substitutions: packed[3].map(([declaration, argument]) => ({
            declaration: idOf("declaration", declaration),
            argument: this.#argument(argument, module),
          })),
          body: this.expression(packed[4], module),
        };
      case "a":
        return {
          kind: "apply",
          place,
          operator: this.#operator(packed[3]),
          bounds: (packed[5] ?? []).map((bound) => this.#bound(bound, module)),
          operands: (packed[4] ?? []).map((operand) => this.#argument(operand, module)),
        };
    }
  }

  #bound([parameters, isTuple, domain]: PackedBound, module: number): Bound {
    return {
      parameters: parameters.map((place) => this.#parameter(place)),
      isTuple: isTuple === 1,
      domain: domain === null ? null : this.expression(domain, module),
    };
  }

  #operator(packed: PackedOperator): Operator {
    if (typeof packed === "string") return { kind: "builtin", name: packed };
    const kind = entry(TABLES, packed % TABLES.length);
    const id = idOf(kind, Math.floor(packed / TABLES.length));
    if (kind === "definition") this.definition(id);
    return { kind, id };
  }
}

const NOWHERE: Expression = {
  kind: "unsupported",
  place: { module: "?", line: 0, column: 0 },
  what: "a definition that is being read",
};
