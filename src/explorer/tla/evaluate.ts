/**
 * What each part of a definition is worth on a step, in the values of the engine: the page shows
 * them beside the text. It decides nothing.
 */
import { EvaluationError } from "../../engine/errors.ts";
import { changeable, placeOf, replaced, valueAt } from "../../engine/functions.ts";
import * as R from "../../engine/runtime.ts";
import type { State } from "../../engine/spec.ts";
import type { Value } from "../../engine/values.ts";
import type { Bound, Definition, Node } from "./tree.ts";

/** Where values come from. */
export interface Scope {
  readonly now: State;
  /** The state after the step; null where there is none. */
  readonly after: State | null;
  /** A definition of the spec by name. */
  definition(name: string): Definition | undefined;
  readonly constants: ReadonlyMap<string, Value>;
}

/** What was evaluated: the last value of each part, and what quantifiers were decided by. */
export class Evaluated {
  readonly values = new Map<Node, Value>();
  /** Of a quantifier: the elements for which it was false, or with \E true. */
  readonly decided = new Map<Node, ReadonlyMap<string, Value>>();
}

type Locals = ReadonlyMap<string, Value | Closure>;

/** A definition of a LET, evaluated where it is used. */
interface Closure {
  readonly definition: Definition;
  readonly locals: Locals;
}

const NO_LOCALS: Locals = new Map();

/** Evaluates an expression with values for its parameters. @throws EvaluationError for none */
export function evaluate(
  node: Node,
  scope: Scope,
  parameters: ReadonlyMap<string, Value>,
  seen = new Evaluated(),
): Value {
  return new Evaluation(scope, seen).value(node, parameters, false);
}

class Evaluation {
  readonly #scope: Scope;
  readonly #seen: Evaluated;
  #former: Value = false;

  constructor(scope: Scope, seen: Evaluated) {
    this.#scope = scope;
    this.#seen = seen;
  }

  value(node: Node, locals: Locals, isAfter: boolean): Value {
    const value = this.#compute(node, locals, isAfter);
    this.#seen.values.set(node, value);
    return value;
  }

  #compute(node: Node, locals: Locals, isAfter: boolean): Value {
    const of = (part: Node, inner = locals): Value => this.value(part, inner, isAfter);
    const truth = (part: Node, inner = locals): boolean => R.truth(of(part, inner));
    switch (node.kind) {
      case "literal":
        return node.value;
      case "name":
        return this.#named(node.name, node.operands, locals, isAfter);
      case "apply":
        return node.operands.length === 1
          ? R.apply(of(node.f), of(node.operands[0] as Node))
          : R.apply(of(node.f), R.tuple(node.operands.map((each) => of(each))));
      case "field":
        return R.apply(of(node.record), node.name);
      case "prime":
        return this.value(node.of, locals, true);
      case "not":
        return !truth(node.of);
      case "negative":
        return R.negate(of(node.of));
      case "domain":
        return R.domain(of(node.of));
      case "unchanged":
        return R.equal(of(node.of), this.value(node.of, locals, true));
      case "and":
        return node.parts.every((part) => truth(part));
      case "or":
        return node.parts.some((part) => truth(part));
      case "binary":
        return this.#binary(node.symbol, node.left, node.right, of);
      case "if":
        return truth(node.test) ? of(node.yes) : of(node.no);
      case "case": {
        const arm = node.arms.find(({ test }) => test === null || truth(test));
        if (arm === undefined) throw new EvaluationError("No arm of a CASE is true.");
        return of(arm.value);
      }
      case "let": {
        const inner = new Map(locals);
        for (const definition of node.definitions) {
          inner.set(definition.name, { definition, locals: new Map(inner) });
        }
        return of(node.body, inner);
      }
      case "forAll":
        return !this.#some(node, node.bounds, locals, isAfter, (inner) => !truth(node.body, inner));
      case "exists":
        return this.#some(node, node.bounds, locals, isAfter, (inner) => truth(node.body, inner));
      case "set":
        return R.setOf(node.parts.map((part) => of(part)));
      case "tuple":
        return R.tuple(node.parts.map((part) => of(part)));
      case "filter":
        return R.filter(of(node.set), (x) => truth(node.test, new Map(locals).set(node.name, x)));
      case "map": {
        const made: Value[] = [];
        this.#some(node, node.bounds, locals, isAfter, (inner) => {
          made.push(of(node.of, inner));
          return false;
        });
        return R.setOf(made);
      }
      case "function":
        return R.makeFunction(of(node.set), (x) =>
          of(node.body, new Map(locals).set(node.name, x)),
        );
      case "record": {
        const shape = R.recordShape(node.fields.map(({ name }) => name));
        return R.record(
          shape,
          node.fields.map(({ value }) => of(value)),
        );
      }
      case "records":
        return R.recordsOf(
          node.fields.map(({ name }) => name),
          node.fields.map(({ value }) => of(value)),
        );
      case "except":
        return node.updates.reduce<Value>((f, { path, value }) => {
          const keys = path.map((key) => of(key));
          return changedAt(f, keys, (before) => {
            const outer = this.#former;
            this.#former = before;
            const changed = of(value);
            this.#former = outer;
            return changed;
          });
        }, of(node.f));
      case "former":
        return this.#former;
    }
  }

  #named(name: string, operands: readonly Node[], locals: Locals, isAfter: boolean): Value {
    const local = locals.get(name);
    const isClosure = typeof local === "object" && "definition" in local;
    if (local !== undefined && !isClosure) return local;
    const definition = isClosure ? local.definition : this.#scope.definition(name);
    const of = (part: Node): Value => this.value(part, locals, isAfter);
    if (definition !== undefined) {
      const inner = new Map(isClosure ? local.locals : NO_LOCALS);
      definition.parameters.forEach((parameter, i) => {
        inner.set(parameter, of(operands[i] as Node));
      });
      return this.value(definition.body, inner, isAfter);
    }
    const builtin = BUILTINS[name];
    if (builtin !== undefined) return builtin(...operands.map(of));
    const constant = this.#scope.constants.get(name);
    if (constant !== undefined) return constant;
    const state = isAfter ? this.#scope.after : this.#scope.now;
    const value = state?.[name];
    if (value === undefined) throw new EvaluationError(`${name} has no value here.`);
    return value;
  }

  #binary(symbol: string, left: Node, right: Node, of: (part: Node) => Value): Value {
    if (symbol === "=>") return !R.truth(of(left)) || R.truth(of(right));
    const operator = OPERATORS[symbol];
    if (operator === undefined) throw new EvaluationError(`The operator ${symbol} is not known.`);
    return operator(of(left), of(right));
  }

  #some(
    node: Node,
    bounds: readonly Bound[],
    locals: Locals,
    isAfter: boolean,
    test: (inner: Locals) => boolean,
  ): boolean {
    const names = bounds.flatMap(({ names: each, set }) => each.map((name) => ({ name, set })));
    const from = (place: number, inner: ReadonlyMap<string, Value | Closure>): boolean => {
      const bound = names[place];
      if (bound === undefined) {
        if (!test(inner)) return false;
        const decided = names.map(({ name }) => [name, inner.get(name) as Value] as const);
        this.#seen.decided.set(node, new Map(decided));
        return true;
      }
      return R.elements(this.value(bound.set, inner, isAfter)).some((x) =>
        from(place + 1, new Map(inner).set(bound.name, x)),
      );
    };
    return from(0, locals);
  }
}

/** f with one value changed, as EXCEPT says it: unchanged where there is no such place. */
function changedAt(f: Value, path: readonly Value[], change: (before: Value) => Value): Value {
  const [key, ...rest] = path;
  if (key === undefined) return change(f);
  const outer = changeable(f);
  const place = placeOf(outer, key);
  return place < 0 ? outer : replaced(outer, place, changedAt(valueAt(outer, place), rest, change));
}

const OPERATORS: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
  "<=>": (a, b) => R.truth(a) === R.truth(b),
  "=": R.equal,
  "#": (a, b) => !R.equal(a, b),
  "/=": (a, b) => !R.equal(a, b),
  "<": R.less,
  ">": R.greater,
  "<=": R.lessOrEqual,
  "=<": R.lessOrEqual,
  ">=": R.greaterOrEqual,
  "\\in": R.isIn,
  "\\notin": (a, b) => !R.isIn(a, b),
  "\\subseteq": R.isSubset,
  "\\cup": R.union,
  "\\union": R.union,
  "\\cap": R.intersection,
  "\\": R.difference,
  "..": R.interval,
  "+": R.add,
  "-": R.subtract,
  "*": R.multiply,
  "\\div": R.divide,
  "%": R.modulo,
  "\\o": R.concat,
  "@@": R.combine,
  ":>": R.singleton,
};

const BUILTINS: Readonly<Record<string, (...operands: Value[]) => Value>> = {
  Len: (s) => R.Len(given(s)),
  Append: (s, x) => R.Append(given(s), given(x)),
  Head: (s) => R.Head(given(s)),
  Tail: (s) => R.Tail(given(s)),
  SubSeq: (s, from, to) => R.SubSeq(given(s), given(from), given(to)),
  Cardinality: (set) => R.Cardinality(given(set)),
  IsFiniteSet: (set) => R.IsFiniteSet(given(set)),
  Nat: () => R.Nat,
  Int: () => R.Int,
  BOOLEAN: () => R.BOOLEAN,
};

function given(value: Value | undefined): Value {
  if (value === undefined) throw new EvaluationError("An operator lacks an operand.");
  return value;
}
