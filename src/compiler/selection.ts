/**
 * SelectSeq(s, Test) where the text says what s is made of: tuples, joined by \o, under IF and
 * LET. Each element is tested as it is made, and only those that are chosen become values. A
 * list of everything that could be wrong then costs no more than asking whether anything is.
 */
import { type Code, code, typeName } from "./code.ts";
import type { Expressions } from "./expressions.ts";
import { type Binding, bind, type Context, reached } from "./scope.ts";
import type { Application, Argument, Definition, Expression, Id, Operator } from "./tree.ts";

/** A number of no parameter that any spec has. */
const ELEMENT: Id = Number.MIN_SAFE_INTEGER;

export class Selection {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** The value of SelectSeq(sequence, test); null where the sequence says nothing of its parts. */
  value(expression: Application, context: Context): Code | null {
    const [sequence, test] = expression.operands;
    if (sequence === undefined || test?.kind !== "operator") return null;
    if (!this.#isKnown(sequence, context)) return null;
    const chosen = this.#expressions.output.temporary("chosen", "Value[]");
    const select = new Selecting(this.#expressions, chosen, test.operator, context);
    const steps = select.steps(sequence, context);
    return code(`(${[`${chosen} = []`, ...steps, `R.tuple(${chosen})`].join(", ")})`);
  }

  /** Whether the elements, or some of them, are there to be read in the text. */
  #isKnown(sequence: Argument, context: Context): boolean {
    if (sequence.kind === "let") return this.#isKnown(sequence.body, context);
    if (sequence.kind !== "apply") return false;
    const { operator } = sequence;
    if (operator.kind === "builtin") {
      return operator.name === "$Tuple" && sequence.operands.length > 0;
    }
    if (operator.kind === "parameter") {
      const binding = context.bindings.get(operator.id);
      if (binding?.kind !== "expression") return false;
      return this.#isKnown(binding.expression, binding.context);
    }
    if (operator.kind !== "definition") return false;
    if (isConcatenation(this.#expressions, operator.id, sequence)) {
      return sequence.operands.some((operand) => this.#isKnown(operand, context));
    }
    const definition = expandable(this.#expressions, operator.id, sequence, context);
    return definition !== null && this.#isKnown(definition.body, context);
  }
}

function isConcatenation(expressions: Expressions, id: Id, at: Application): boolean {
  return expressions.calls.standard(expressions.analysis.definition(id), at)?.runtime === "concat";
}

/** The definition that is applied, where its body can stand in the place of its application. */
function expandable(
  expressions: Expressions,
  id: Id,
  at: Application,
  context: Context,
): Definition | null {
  const { analysis } = expressions;
  const definition = analysis.definition(id);
  if (context.bindings.has(id) || definition.isRecursive || analysis.isConstant(id)) return null;
  if (analysis.alternativeOf(definition) !== undefined) return null;
  if (expressions.calls.standard(definition, at) !== null) return null;
  if (
    expressions.foreign.has(definition.name) ||
    expressions.rigidity.isSubject(definition, context)
  ) {
    return null;
  }
  return definition;
}

/** Writes the expressions that add what is chosen of a sequence to a list. */
class Selecting {
  readonly #expressions: Expressions;
  readonly #chosen: string;
  readonly #test: Operator;
  readonly #testContext: Context;

  constructor(expressions: Expressions, chosen: string, test: Operator, context: Context) {
    this.#expressions = expressions;
    this.#chosen = chosen;
    this.#test = test;
    this.#testContext = context;
  }

  steps(sequence: Argument, context: Context): readonly string[] {
    if (sequence.kind === "let") {
      const { preparations, inner } = this.#expressions.lets.bindings(sequence, context, "value");
      return [...preparations, ...this.steps(sequence.body, inner)];
    }
    if (sequence.kind !== "apply") return [this.#whole(sequence, context)];
    const { operator, operands } = sequence;
    if (operator.kind === "builtin") return this.#builtin(sequence, operator.name, context);
    if (operator.kind === "parameter") {
      const binding = context.bindings.get(operator.id);
      if (binding?.kind !== "expression") return [this.#whole(sequence, context)];
      return this.steps(binding.expression, reached(binding.context, context));
    }
    if (operator.kind !== "definition") return [this.#whole(sequence, context)];
    if (isConcatenation(this.#expressions, operator.id, sequence)) {
      return operands.flatMap((operand) => this.steps(operand, context));
    }
    const definition = expandable(this.#expressions, operator.id, sequence, context);
    if (definition === null) return [this.#whole(sequence, context)];
    return this.#expanded(definition, sequence, context);
  }

  #builtin(sequence: Application, name: string, context: Context): readonly string[] {
    const { operands } = sequence;
    if (name === "$Tuple") return operands.map((operand) => this.#element(operand, context));
    const [condition, then, otherwise] = operands;
    if (name !== "$IfThenElse" || condition === undefined) return [this.#whole(sequence, context)];
    if (then === undefined || otherwise === undefined) return [this.#whole(sequence, context)];
    const truth = this.#expressions.truth(condition, context);
    const whenTrue = joined(this.steps(then, context));
    const whenFalse = joined(this.steps(otherwise, context));
    return [`${truth} ? ${whenTrue} : ${whenFalse}`];
  }

  #expanded(definition: Definition, sequence: Application, context: Context): readonly string[] {
    const { preparations, operands, scope } = this.#expressions.expansion.sharedOperands(
      definition,
      sequence,
      context,
      "value",
    );
    const steps = this.#expressions.expansion.expand(
      definition,
      { ...sequence, operands },
      scope,
      (body, inner) => this.steps(body, inner),
    );
    return [...preparations, ...steps];
  }

  /** Elements that are not known by the text are tested when they are there. */
  #whole(sequence: Argument, context: Context): string {
    const value = this.#expressions.value(sequence, context).js;
    const at = { kind: "operator", place: sequence.place, operator: this.#test } as const;
    const test = this.#expressions.functionOf(this.#test, at, this.#testContext);
    return `R.selectInto(${this.#chosen}, ${value}, ${test})`;
  }

  #element(element: Argument, context: Context): string {
    const isTuple =
      element.kind === "apply" &&
      element.operator.kind === "builtin" &&
      element.operator.name === "$Tuple";
    const made = isTuple ? element.operands : [element];
    const preparations: string[] = [];
    const parts = made.map((part): Code => {
      const value = this.#expressions.value(part, context);
      if (value.isAtomic) return value;
      const kept = this.#expressions.output.temporary("part", typeName(value.type));
      preparations.push(`${kept} = ${value.js}`);
      return { ...value, js: kept, isAtomic: true };
    });
    const whole = `R.tuple([${parts.map(({ js }) => js).join(", ")}])`;
    const [only] = parts;
    const binding: Binding = isTuple
      ? { kind: "tuple", parts }
      : { kind: "value", code: only?.js ?? "" };
    const truth = this.#truth(element, binding);
    const value = isTuple ? whole : (only?.js ?? "");
    return joined([...preparations, `${truth} && ${this.#chosen}.push(${value})`]);
  }

  /** The test of one element, its parts had already. */
  #truth(element: Argument, binding: Binding): string {
    const { place } = element;
    const parameter: Expression = {
      kind: "apply",
      place,
      operator: { kind: "parameter", id: ELEMENT },
      operands: [],
      bounds: [],
    };
    const application: Application = {
      kind: "apply",
      place,
      operator: this.#test,
      operands: [parameter],
      bounds: [],
    };
    const context = bind(this.#testContext, [[ELEMENT, binding]]);
    return this.#expressions.truthOfTest(application, context);
  }
}

function joined(steps: readonly string[]): string {
  const [only] = steps;
  if (only === undefined) return "null";
  return `(${steps.join(", ")})`;
}
