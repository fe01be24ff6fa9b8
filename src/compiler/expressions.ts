/**
 * Expressions to JavaScript. An operator becomes a function of the states it reads and of the
 * values of its parameters (calls.ts), or is expanded in place (expansion.ts).
 */
import type { Analysis } from "./analysis.ts";
import { Builtins } from "./builtins.ts";
import { Calls } from "./calls.ts";
import { type Code, code } from "./code.ts";
import { Expansion } from "./expansion.ts";
import { Lets } from "./lets.ts";
import type { Output } from "./output.ts";
import { Quantifiers } from "./quantifiers.ts";
import { References } from "./references.ts";
import { refuse } from "./refuse.ts";
import { Rigidity } from "./rigidity.ts";
import { bind, type Context, type InstanceScope, reached } from "./scope.ts";
import { Selection } from "./selection.ts";
import { StaticTypes } from "./static-types.ts";
import type { Application, Argument, Expression, Id, Instantiated, Operator } from "./tree.ts";

/** TLC's integers have 32 bits. */
const GREATEST = 2 ** 31 - 1;

export class Expressions {
  readonly analysis: Analysis;
  readonly output: Output;
  /** Definitions that whoever runs the spec supplies. */
  readonly foreign: ReadonlySet<string>;
  /** The JavaScript names of constants and of definitions replaced by values. */
  readonly constantNames: ReadonlyMap<Id, string>;
  readonly builtins: Builtins;
  readonly calls: Calls;
  readonly expansion: Expansion;
  readonly lets: Lets;
  readonly quantifiers: Quantifiers;
  readonly references: References;
  readonly rigidity: Rigidity;
  readonly selection: Selection;
  readonly types: StaticTypes;
  #madeUp = -1;

  constructor(
    analysis: Analysis,
    output: Output,
    constantNames: ReadonlyMap<Id, string>,
    foreign: ReadonlySet<string>,
  ) {
    this.foreign = foreign;
    this.analysis = analysis;
    this.output = output;
    this.constantNames = constantNames;
    this.builtins = new Builtins(this);
    this.calls = new Calls(this);
    this.expansion = new Expansion(this);
    this.lets = new Lets(this);
    this.quantifiers = new Quantifiers(this);
    this.references = new References(this);
    this.rigidity = new Rigidity(this);
    this.selection = new Selection(this);
    this.types = new StaticTypes(this);
  }

  /** The number of a parameter that no spec has. */
  madeUp(): Id {
    return this.#madeUp--;
  }

  /** The value of an expression. */
  value(expression: Argument, context: Context): Code {
    switch (expression.kind) {
      case "number":
        if (expression.value > GREATEST)
          return refuse(`the number ${expression.value}`, expression.place);
        return code(String(expression.value), "number", true);
      case "string":
        return code(JSON.stringify(expression.value), "unknown", true);
      case "at":
        if (context.at === null) return refuse("@ outside of EXCEPT", expression.place);
        return code(context.at, "unknown", true);
      case "unsupported":
        return refuse(expression.what, expression.place);
      case "let":
        return this.lets.value(expression, context);
      case "instantiated":
        return this.value(expression.body, this.instantiate(expression, context));
      case "operator":
        return refuse("an operator as a value", expression.place);
      case "apply":
        return this.#application(expression, context);
    }
  }

  /** The value as a JavaScript boolean. */
  truth(expression: Argument, context: Context): string {
    const value = this.value(expression, context);
    return value.type === "boolean" ? value.js : `R.truth(${value.js})`;
  }

  /** The truth of an operator that is passed by name, applied: its definition in place. */
  truthOfTest(application: Application, context: Context): string {
    const { operator } = application;
    if (operator.kind !== "definition") return this.truth(application, context);
    const definition = this.analysis.definition(operator.id);
    const local = context.bindings.get(operator.id);
    const generate = (body: Expression, inner: Context) => this.truth(body, inner);
    if (local?.kind === "function" && local.scope !== undefined && !definition.isRecursive) {
      return this.expansion.expandLocal(definition, local.scope, application, context, generate);
    }
    const isExpanded = local === undefined && definition.name === "LAMBDA";
    if (!isExpanded) return this.truth(application, context);
    return this.expansion.expand(definition, application, context, generate);
  }

  /** The part of a tuple that is known, where an expression applies one to a number; null for any other. */
  knownPart(f: Argument, x: Argument, context: Context): Code | null {
    if (f.kind !== "apply" || f.operator.kind !== "parameter" || x.kind !== "number") return null;
    const binding = context.bindings.get(f.operator.id);
    if (binding?.kind === "expression") {
      return this.knownPart(binding.expression, x, reached(binding.context, context));
    }
    return binding?.kind === "tuple" ? (binding.parts[x.value - 1] ?? null) : null;
  }

  /** The context inside what an INSTANCE brings. */
  instantiate(expression: Instantiated, context: Context): Context {
    const isGlobal =
      context.bindings.size === 0 && context.instance?.isGlobal !== false && !context.isPrimed;
    const text = JSON.stringify(expression.substitutions, (key, value) =>
      key === "place" ? undefined : value,
    );
    const scope: InstanceScope = {
      key: `${context.instance?.key ?? ""}/${text}`,
      isGlobal,
      substitutions: new Map(
        expression.substitutions.map(({ declaration, argument }) => [
          declaration,
          { argument, context },
        ]),
      ),
    };
    return { ...context, instance: scope };
  }

  #application(expression: Application, context: Context): Code {
    const { operator } = expression;
    switch (operator.kind) {
      case "builtin":
        return this.builtins.value(expression, operator.name, context);
      case "declaration":
        return this.references.declaration(operator.id, expression, context);
      case "parameter":
        return this.references.parameter(operator.id, expression, context);
      case "definition":
        return this.calls.value(operator.id, expression, context);
    }
  }

  /** An operand as JavaScript: its value, or a function where an operator is passed. */
  argument(argument: Argument, context: Context): string {
    if (argument.kind !== "operator") return this.value(argument, context).js;
    return this.functionOf(argument.operator, argument, context);
  }

  /** A JavaScript function for an operator that is passed by name. */
  functionOf(operator: Operator, at: Argument, context: Context): string {
    const arity = this.#arityOf(operator, at);
    const names = Array.from({ length: arity }, () => this.output.fresh("x"));
    const ids = names.map(() => this.madeUp());
    const inner = bind(
      context,
      ids.map((id, i) => [id, { kind: "value", code: names[i] ?? "" }] as const),
    );
    const operands = ids.map(
      (id): Expression => ({
        kind: "apply",
        place: at.place,
        operator: { kind: "parameter", id },
        operands: [],
        bounds: [],
      }),
    );
    return this.output.arrow(
      names,
      () =>
        this.value({ kind: "apply", place: at.place, operator, operands, bounds: [] }, inner).js,
    );
  }

  #arityOf(operator: Operator, at: Argument): number {
    switch (operator.kind) {
      case "definition":
        return this.analysis.definition(operator.id).parameters.length;
      case "parameter":
        return (
          this.analysis.spec.parameters.get(operator.id)?.arity ??
          refuse("an operator of unknown arity", at.place)
        );
      case "declaration":
        return this.analysis.spec.declarations.get(operator.id)?.arity ?? 0;
      case "builtin":
        return operator.name === "\\lnot" ||
          operator.name === "SUBSET" ||
          operator.name === "UNION" ||
          operator.name === "DOMAIN"
          ? 1
          : 2;
    }
  }
}
