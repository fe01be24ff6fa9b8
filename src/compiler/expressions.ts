/**
 * Expressions to JavaScript. An operator becomes a function of the states it reads and of the
 * values of its parameters. Where an argument must not be evaluated before it is used (a
 * prime reaches it, or the operator may leave it alone) the operator is expanded in place.
 */
import { type Analysis, branchesOut, isExpression } from "./analysis.ts";
import { Builtins } from "./builtins.ts";
import type { Output } from "./output.ts";
import { refuse } from "./refuse.ts";
import { type Binding, bind, type Context, type InstanceScope, reached, TOP } from "./scope.ts";
import { Selection } from "./selection.ts";
import { type StandardOperator, type StaticType, standardOperator } from "./standard.ts";
import type {
  Application,
  Argument,
  Definition,
  Expression,
  Id,
  Instantiated,
  LetExpression,
  Operator,
} from "./tree.ts";

/** JavaScript that gives a value. */
export interface Code {
  readonly js: string;
  readonly type: StaticType;
  /** Whether evaluating it costs nothing and cannot fail. */
  readonly isAtomic: boolean;
}

/** The type, in TypeScript, of a variable that keeps such a value. */
export function typeName(type: StaticType): string {
  return type === "unknown" ? "Value" : type;
}

export function code(js: string, type: StaticType = "unknown", isAtomic = false): Code {
  return { js, type, isAtomic };
}

const MAX_EXPANSIONS = 200;

/** An expression longer than this is not repeated wherever its value may be needed first. */
const LONGEST_IN_PLACE = 200;

/** Whether an operand, or what it stands for where it is a parameter, may have alternatives. */
function mayBranchOut(analysis: Analysis, operand: Argument, context: Context): boolean {
  if (operand.kind !== "apply" || operand.operator.kind !== "parameter")
    return branchesOut(analysis, operand);
  const binding = context.bindings.get(operand.operator.id);
  if (binding?.kind === "expression")
    return mayBranchOut(analysis, binding.expression, binding.context);
  // What is a value by now has been taken apart, or evaluated, further out.
  return binding?.kind !== "value" && binding?.kind !== "lazy" && binding?.kind !== "tuple";
}

/** Preparations without the functions that nothing after them calls. */
function needed(preparations: readonly string[], body: string): readonly string[] {
  return preparations.filter((each, i) => {
    const name = /^(\w+) = \([\w, ]*\) => /.exec(each)?.[1];
    if (name === undefined) return true;
    const rest = [...preparations.slice(0, i), ...preparations.slice(i + 1), body].join("\n");
    return new RegExp(`\\b${name}\\b`).test(rest);
  });
}

function isParameter(operand: Argument): boolean {
  return operand.kind === "apply" && operand.operator.kind === "parameter";
}

export class Expressions {
  readonly analysis: Analysis;
  readonly output: Output;
  /** Definitions that whoever runs the spec supplies. */
  readonly foreign: ReadonlySet<string>;
  readonly #builtins: Builtins;
  readonly #selection: Selection;
  /** The JavaScript names of constants and of definitions replaced by values. */
  readonly #constantNames: ReadonlyMap<Id, string>;
  #depth = 0;

  constructor(
    analysis: Analysis,
    output: Output,
    constantNames: ReadonlyMap<Id, string>,
    foreign: ReadonlySet<string>,
  ) {
    this.foreign = foreign;
    this.analysis = analysis;
    this.output = output;
    this.#constantNames = constantNames;
    this.#builtins = new Builtins(this);
    this.#selection = new Selection(this);
  }

  /** The value of an expression. */
  value(expression: Argument, context: Context): Code {
    switch (expression.kind) {
      case "number":
        return code(String(expression.value), "number", true);
      case "string":
        return code(JSON.stringify(expression.value), "unknown", true);
      case "at":
        if (context.at === null) return refuse("@ outside of EXCEPT", expression.place);
        return code(context.at, "unknown", true);
      case "unsupported":
        return refuse(expression.what, expression.place);
      case "let":
        return this.#letValue(expression, context);
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
      return this.expandLocal(definition, local.scope, application, context, generate);
    }
    const isExpanded = local === undefined && definition.name === "LAMBDA";
    if (!isExpanded) return this.truth(application, context);
    return this.expand(definition, application, context, generate);
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
        return this.#builtins.value(expression, operator.name, context);
      case "declaration":
        return this.#declaration(operator.id, expression, context);
      case "parameter":
        return this.#parameter(operator.id, expression, context);
      case "definition":
        return this.#call(operator.id, expression, context);
    }
  }

  #declaration(id: Id, expression: Application, context: Context): Code {
    const substitution = context.instance?.substitutions.get(id);
    if (substitution !== undefined) {
      const inner = reached(substitution.context, context);
      return this.#applyArgument(substitution.argument, expression, context, inner);
    }
    const declaration = this.analysis.spec.declarations.get(id);
    if (declaration === undefined) return refuse(`declaration ${id}`, expression.place);
    if (declaration.kind === "variable") return this.#variable(declaration.name, context);
    const name = this.#constantNames.get(id);
    if (name === undefined)
      return refuse(`the constant ${declaration.name} without a value`, expression.place);
    if (declaration.arity > 0)
      return refuse(`the constant operator ${declaration.name}`, expression.place);
    return code(name, "unknown", true);
  }

  #variable(name: string, context: Context): Code {
    if (context.isPrimed) return code(`R.primed(after.${name}, "${name}'")`);
    if (context.isInitial) return code(`R.primed(now.${name}, "${name}")`);
    return code(`now.${name}`, "unknown", true);
  }

  #parameter(id: Id, expression: Application, context: Context): Code {
    const binding = context.bindings.get(id);
    if (binding === undefined) return refuse(`the parameter ${id}`, expression.place);
    switch (binding.kind) {
      case "value":
        return code(binding.code, binding.type, true);
      case "lazy":
        return code(binding.code, binding.type);
      case "tuple":
        return code(`R.tuple([${binding.parts.map(({ js }) => js).join(", ")}])`);
      case "expression":
        return this.value(binding.expression, reached(binding.context, context));
      case "function": {
        const values = expression.operands.map((operand) => this.value(operand, context).js);
        return code(`${binding.code}(${values.join(", ")})`);
      }
      case "operator": {
        const inner = reached(binding.context, context);
        const argument = {
          kind: "operator",
          place: expression.place,
          operator: binding.operator,
        } as const;
        return this.#applyArgument(argument, expression, context, inner);
      }
      case "local":
        return refuse("a local definition as a parameter", expression.place);
    }
  }

  /** Applies what stands for an operator (in `inner`) to operands (in `outer`). */
  #applyArgument(
    argument: Argument,
    expression: Application,
    outer: Context,
    inner: Context,
  ): Code {
    if (argument.kind !== "operator") return this.value(argument, inner);
    const { context, operands } = this.passed(argument.operator, expression.operands, outer, inner);
    return this.value(
      { ...expression, operator: argument.operator, operands, bounds: [] },
      context,
    );
  }

  /** Operands of another scope as operands of this one: parameters that no spec has stand for them. */
  passed(
    operator: Operator,
    operands: readonly Argument[],
    outer: Context,
    inner: Context,
  ): { readonly context: Context; readonly operands: readonly Argument[] } {
    const place = operands[0]?.place;
    if (place === undefined || operator.kind === "builtin") {
      if (place === undefined) return { context: inner, operands };
    }
    const bindings = operands.map((operand): readonly [Id, Binding] => {
      const id = this.#madeUp--;
      if (operand.kind === "operator") {
        return [id, { kind: "operator", operator: operand.operator, context: outer }];
      }
      return [id, { kind: "expression", expression: operand, context: outer }];
    });
    return {
      context: bind(inner, bindings),
      operands: bindings.map(([id], i): Argument => {
        const operator = { kind: "parameter", id } as const;
        const at = operands[i]?.place ?? { module: "?", line: 0, column: 0 };
        if (operands[i]?.kind === "operator") return { kind: "operator", place: at, operator };
        return { kind: "apply", place: at, operator, operands: [], bounds: [] };
      }),
    };
  }

  #madeUp = -1;

  #call(id: Id, expression: Application, context: Context): Code {
    const local = context.bindings.get(id);
    if (local !== undefined) return this.#localCall(id, local, expression, context);
    const definition = this.analysis.definition(id);
    const replaced = this.#constantNames.get(id);
    if (replaced !== undefined) return code(replaced, "unknown", true);
    const standard = this.standard(definition, expression);
    if (standard !== null) return this.#standardCall(standard, expression, context);
    if (this.foreign.has(definition.name)) {
      const operands = expression.operands.map((operand) => this.argument(operand, context));
      const name = this.output.shared(
        `foreign:${definition.name}`,
        `${definition.name}_supplied`,
        (chosen) => `const ${chosen} = R.foreign(H, ${JSON.stringify(definition.name)});`,
      );
      return code(`${name}(${operands.join(", ")})`);
    }
    const literal = definition.body.kind;
    if (literal === "number" || literal === "string") return this.value(definition.body, TOP);
    if (this.mustExpand(definition, expression.operands, context)) {
      return this.#expandValue(definition, expression, context);
    }
    return this.#sharedCall(definition, expression, context);
  }

  /** The runtime's function for a definition of a standard module; null for any other. */
  standard(definition: Definition, expression: Application): StandardOperator | null {
    const name = definition.name.slice(definition.name.lastIndexOf("!") + 1);
    const standard = standardOperator(definition.place.module, name);
    if (standard === "refused")
      return refuse(`${definition.place.module}'s ${name}`, expression.place);
    return standard;
  }

  #standardCall(standard: StandardOperator, expression: Application, context: Context): Code {
    if (standard.isValue) return code(`R.${standard.runtime}`, "unknown", true);
    if (standard.runtime === "SelectSeq") {
      const selected = this.#selection.value(expression, context);
      if (selected !== null) return selected;
    }
    const operands = expression.operands.map((operand) => this.argument(operand, context));
    return code(`R.${standard.runtime}(${operands.join(", ")})`, standard.type);
  }

  #localCall(id: Id, binding: Binding, expression: Application, context: Context): Code {
    switch (binding.kind) {
      case "value":
        return code(binding.code, binding.type, true);
      case "lazy":
        return code(binding.code, binding.type);
      case "function": {
        const operands = expression.operands.map((operand) => this.argument(operand, context));
        return code(`${binding.code}(${operands.join(", ")})`);
      }
      case "local": {
        const definition = this.analysis.definition(id);
        return this.expandLocal(definition, binding.context, expression, context, (body, inner) =>
          this.value(body, inner),
        );
      }
      default:
        return refuse("a local definition of this form", expression.place);
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
    const ids = names.map(() => this.#madeUp--);
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

  /** Whether a call has to be expanded in place: see the head of this file. */
  mustExpand(definition: Definition, operands: readonly Argument[], context: Context): boolean {
    const { analysis } = this;
    if (
      context.instance !== null &&
      !context.instance.isGlobal &&
      this.isSubject(definition, context)
    )
      return true;
    const primed = analysis.primedParameters(definition.id);
    const strict = analysis.strictParameters(definition.id);
    const expanding = definition.parameters.some((parameter, i) => {
      const operand = operands[i];
      if (operand === undefined) return false;
      if (primed.has(parameter) && !this.isRigid(operand, context)) return true;
      if (operand.kind === "operator")
        return !definition.isRecursive && this.#isByName(operand, context);
      if (strict.has(parameter) || definition.isRecursive) return false;
      // What has an alternative has to be a function; a parameter's value can be had beforehand.
      if (analysis.alternativeOf(definition) !== undefined && isParameter(operand)) return false;
      return !this.isAtomic(operand, context);
    });
    if (expanding && definition.isRecursive) {
      return refuse(`a state passed to the recursive ${definition.name}`, definition.place);
    }
    return expanding;
  }

  /** Whether evaluating an operand costs nothing and cannot fail. */
  isAtomic(operand: Argument, context: Context): boolean {
    if (operand.kind === "number" || operand.kind === "string" || operand.kind === "at")
      return true;
    if (operand.kind !== "apply" || operand.operands.length > 0) return false;
    const { operator } = operand;
    switch (operator.kind) {
      case "builtin":
        return operator.name === "TRUE" || operator.name === "FALSE";
      case "declaration":
        return (
          !context.isPrimed &&
          !context.isInitial &&
          !context.instance?.substitutions.has(operator.id)
        );
      case "parameter": {
        const binding = context.bindings.get(operator.id);
        if (binding?.kind !== "expression") return binding?.kind === "value";
        return this.isAtomic(binding.expression, reached(binding.context, context));
      }
      case "definition": {
        const { body } = this.analysis.definition(operator.id);
        return body.kind === "number" || body.kind === "string";
      }
    }
  }

  #isByName(operand: Argument & { readonly kind: "operator" }, context: Context): boolean {
    const reads = this.analysis.readsIn(operand, context.instance);
    return reads.next;
  }

  /** Whether a definition depends on what the context's instance substitutes. */
  isSubject(definition: Definition, context: Context): boolean {
    if (context.instance === null) return false;
    const declarations = this.analysis.declarationsIn(definition.id);
    for (const id of context.instance.substitutions.keys()) if (declarations.has(id)) return true;
    return false;
  }

  /** Whether an operand means the same in each state. */
  isRigid(operand: Argument, context: Context): boolean {
    const reads = this.analysis.readsIn(operand, context.instance);
    if (reads.state || reads.next) return false;
    return this.#parametersOf(operand).every((id) => {
      const binding = context.bindings.get(id);
      if (binding === undefined) return true;
      if (binding.kind === "expression") return this.isRigid(binding.expression, binding.context);
      if (binding.kind === "operator") {
        const argument = {
          kind: "operator",
          place: operand.place,
          operator: binding.operator,
        } as const;
        return this.isRigid(argument, binding.context);
      }
      return true;
    });
  }

  #parametersOf(argument: Argument): readonly Id[] {
    if (argument.kind === "operator")
      return argument.operator.kind === "parameter" ? [argument.operator.id] : [];
    const own =
      argument.kind === "apply" && argument.operator.kind === "parameter"
        ? [argument.operator.id]
        : [];
    const below =
      argument.kind === "apply"
        ? [...argument.operands, ...argument.bounds.flatMap((bound) => bound.domain ?? [])]
        : argument.kind === "let" || argument.kind === "instantiated"
          ? [argument.body]
          : [];
    return [...own, ...below.flatMap((each) => this.#parametersOf(each))];
  }

  #expandValue(definition: Definition, expression: Application, context: Context): Code {
    const { preparations, operands, scope } = this.sharedOperands(
      definition,
      expression,
      context,
      "value",
    );
    const body = this.expand(definition, { ...expression, operands }, scope, (each, inner) =>
      this.value(each, inner),
    );
    return this.#after(preparations, body);
  }

  /** A value, once what it needs has been computed. */
  #after(preparations: readonly string[], body: Code): Code {
    if (preparations.length === 0) return body;
    return code(`(${[...preparations, body.js].join(", ")})`, body.type);
  }

  /**
   * An expression that is used several times, evaluated once: the expression that has its value,
   * and what must be evaluated before. One that may remain unused is evaluated where it is
   * needed first.
   */
  #once(
    name: string,
    isEager: boolean,
    write: () => Code,
  ): {
    readonly use: string;
    readonly type: StaticType;
    readonly preparations: readonly string[];
  } {
    if (isEager) {
      const { js, type } = write();
      const kept = this.output.temporary(name, typeName(type));
      return { use: kept, type, preparations: [`${kept} = ${js}`] };
    }
    let type: StaticType = "unknown";
    const { inPlace, value } = this.output.either(() => {
      const written = write();
      type = written.type;
      return written.js;
    });
    if (inPlace !== null && inPlace.length <= LONGEST_IN_PLACE) {
      const kept = this.output.temporary(name, typeName(type));
      return { use: `(${kept} ??= ${inPlace})`, type, preparations: [] };
    }
    const kept = this.output.temporary(name, `() => ${typeName(type)}`);
    return { use: `${kept}()`, type, preparations: [`${kept} = R.lazy(${value})`] };
  }

  /**
   * Operands that an expansion would evaluate again and again, evaluated once: each becomes a
   * constant of JavaScript, with a parameter that no spec has to stand for it.
   */
  sharedOperands(
    definition: Definition,
    expression: Application,
    context: Context,
    use: "value" | "states",
  ): {
    /** Expressions to be evaluated before. */
    readonly preparations: readonly string[];
    readonly operands: readonly Argument[];
    readonly scope: Context;
  } {
    const primed = this.analysis.primedParameters(definition.id);
    const preparations: string[] = [];
    const bindings: (readonly [Id, Binding])[] = [];
    const operands = expression.operands.map((operand, i): Argument => {
      const parameter = definition.parameters[i];
      if (parameter === undefined || operand.kind === "operator" || primed.has(parameter))
        return operand;
      if (this.isAtomic(operand, context) || this.analysis.usesOf(parameter, definition.body) < 2)
        return operand;
      if (use === "states" && (context.isInitial || this.#readsNext(operand, context)))
        return operand;
      if (use === "states" && mayBranchOut(this.analysis, operand, context)) {
        // TLC takes it apart where it meets it first, and has its value from then on.
        return refuse(
          `a formula with alternatives that ${definition.name} uses more than once`,
          operand.place,
        );
      }
      const once = this.#once(
        this.analysis.spec.parameters.get(parameter)?.name ?? "x",
        this.analysis.strictParameters(definition.id).has(parameter),
        () => this.value(operand, context),
      );
      preparations.push(...once.preparations);
      const id = this.#madeUp--;
      bindings.push([id, { kind: "lazy", code: once.use, type: once.type }]);
      return {
        kind: "apply",
        place: operand.place,
        operator: { kind: "parameter", id },
        operands: [],
        bounds: [],
      };
    });
    return { preparations, operands, scope: bind(context, bindings) };
  }

  /** Whether an operand reads the next state, itself or by what its parameters stand for. */
  #readsNext(operand: Argument, context: Context): boolean {
    if (this.analysis.readsIn(operand, context.instance).next) return true;
    return this.#parametersOf(operand).some((id) => {
      const binding = context.bindings.get(id);
      return binding?.kind === "expression" && this.#readsNext(binding.expression, binding.context);
    });
  }

  /** Generates the body of a definition with its parameters bound by name. */
  expand<T>(
    definition: Definition,
    expression: Application,
    context: Context,
    generate: (body: Expression, inner: Context) => T,
  ): T {
    const inner: Context = {
      ...context,
      bindings: new Map(),
      instance: this.isSubject(definition, context) ? context.instance : null,
    };
    return this.expandLocal(definition, inner, expression, context, generate);
  }

  /** The same for a definition of a LET, whose body sees the names around it. */
  expandLocal<T>(
    definition: Definition,
    scope: Context,
    expression: Application,
    context: Context,
    generate: (body: Expression, inner: Context) => T,
  ): T {
    if (++this.#depth > MAX_EXPANSIONS)
      refuse(`the expansion of ${definition.name}, which does not end,`, expression.place);
    const bindings = definition.parameters.map((parameter, i): readonly [Id, Binding] => {
      const operand = expression.operands[i];
      if (operand === undefined) return refuse("an operand that is missing", expression.place);
      if (operand.kind === "operator")
        return [parameter, this.#operatorBinding(operand.operator, context)];
      return [parameter, { kind: "expression", expression: operand, context }];
    });
    const result = generate(definition.body, bind(reached(scope, context), bindings));
    this.#depth--;
    return result;
  }

  #operatorBinding(operator: Operator, context: Context): Binding {
    const bound = operator.kind === "parameter" ? context.bindings.get(operator.id) : undefined;
    return bound ?? { kind: "operator", operator, context };
  }

  #sharedCall(definition: Definition, expression: Application, context: Context): Code {
    const operands = expression.operands.map((operand, i) =>
      this.#operandOf(definition, operand, i, context),
    );
    const { name, states } = this.sharedFunction(definition, context);
    if (definition.parameters.length === 0 && states.length === 0) return code(`${name}()`);
    const present = context.isPrimed ? "after" : "now";
    const passed = states.map((state) => (state === "now" ? present : "after"));
    if (context.isPrimed && states.includes("after"))
      refuse("a prime under a prime", expression.place);
    return code(
      `${name}(${[...passed, ...operands].join(", ")})`,
      this.typeOf(definition.body, new Set()),
    );
  }

  #operandOf(definition: Definition, operand: Argument, i: number, context: Context): string {
    if (operand.kind === "operator") return this.functionOf(operand.operator, operand, context);
    const value = this.value(operand, context);
    const parameter = definition.parameters[i];
    const isLazy = parameter !== undefined && this.isLazyParameter(definition, parameter);
    if (!isLazy) return value.js;
    return `R.lazy(${this.output.arrow([], () => this.value(operand, context).js)})`;
  }

  /** Whether a parameter of a shared function is passed as a function of no arguments. */
  isLazyParameter(definition: Definition, parameter: Id): boolean {
    if (!definition.isRecursive) return false;
    if ((this.analysis.spec.parameters.get(parameter)?.arity ?? 0) > 0) return false;
    return !this.analysis.strictParameters(definition.id).has(parameter);
  }

  /** The function of a definition, written the first time it is asked for. */
  sharedFunction(
    definition: Definition,
    context: Context,
  ): { readonly name: string; readonly states: readonly ("now" | "after")[] } {
    const instance = this.isSubject(definition, context) ? context.instance : null;
    const reads = this.analysis.readsOf(definition.id, instance);
    const states: ("now" | "after")[] = [];
    if (reads.state || reads.next) states.push("now");
    if (reads.next) states.push("after");
    const isInitial = context.isInitial && !context.isPrimed && reads.state;
    const key = `${definition.id}:${instance?.key ?? ""}:${isInitial ? "initial" : ""}`;
    const name = this.output.shared(key, definition.name, (chosen) => {
      const scope: Context = { ...TOP, instance, isInitial };
      return this.#writeFunction(definition, chosen, states, scope);
    });
    return { name, states };
  }

  #writeFunction(
    definition: Definition,
    name: string,
    states: readonly string[],
    scope: Context,
  ): string {
    const comment = `/** ${definition.name}, module ${definition.place.module}, line ${definition.place.line}. */`;
    const names = definition.parameters.map((id) => this.parameterName(id));
    const bindings = definition.parameters.map((id, i): readonly [Id, Binding] => [
      id,
      this.#parameterBinding(definition, id, names[i] ?? ""),
    ]);
    const inner = bind(scope, bindings);
    if (names.length === 0 && states.length === 0) {
      const value = this.output.arrow([], () => this.value(definition.body, inner).js);
      return `${comment}\nconst ${name} = R.lazy(${value});`;
    }
    const body =
      this.#alternative(definition, scope, names) +
      this.output.block(() => this.returned(definition.body, inner));
    const parameters = [
      ...states.map((state) => this.output.parameter(state, "State", body)),
      ...definition.parameters.map((id, i) =>
        this.output.parameter(names[i] ?? "", this.typeOfParameter(definition, id), body),
      ),
    ];
    const type = this.typeOf(definition.body, new Set());
    const result = this.output.isTyped ? `: ${type === "unknown" ? "Value" : type}` : "";
    return `${comment}\nfunction ${name}(${parameters.join(", ")})${result} {\n${body}\n}`;
  }

  /** The TypeScript type of a parameter of a shared function. */
  typeOfParameter(definition: Definition, id: Id): string {
    if ((this.analysis.spec.parameters.get(id)?.arity ?? 0) > 0)
      return "(...operands: Value[]) => Value";
    return this.isLazyParameter(definition, id) ? "() => Value" : "Value";
  }

  /** Where whoever runs the spec chose a definition's alternative, that is what is returned. */
  #alternative(definition: Definition, scope: Context, names: readonly string[]): string {
    const alternative = this.analysis.alternativeOf(definition);
    if (alternative === undefined) return "";
    const { name, states } = this.sharedFunction(alternative, scope);
    const passed = [...states, ...names].join(", ");
    const type = this.typeOf(definition.body, new Set());
    const cast = this.output.isTyped && type !== "unknown" ? ` as ${type}` : "";
    return `  if (alternative === ${JSON.stringify(definition.name)}) return ${name}(${passed})${cast};\n`;
  }

  #parameterBinding(definition: Definition, id: Id, name: string): Binding {
    if ((this.analysis.spec.parameters.get(id)?.arity ?? 0) > 0)
      return { kind: "function", code: name };
    if (this.isLazyParameter(definition, id)) return { kind: "lazy", code: `${name}()` };
    return { kind: "value", code: name };
  }

  parameterName(id: Id): string {
    return this.output.fresh(this.analysis.spec.parameters.get(id)?.name ?? "x");
  }

  /** Statements that return the value of an expression. */
  returned(expression: Expression, context: Context): string {
    if (expression.kind === "let") {
      const { preparations, inner } = this.letBindings(expression, context, "value");
      const body = this.returned(expression.body, inner);
      const statements = needed(preparations, body).map((each) => `  ${each};`);
      return [...statements, body].join("\n");
    }
    return `  return ${this.value(expression, context).js};`;
  }

  #letValue(expression: LetExpression, context: Context): Code {
    const { preparations, inner } = this.letBindings(expression, context, "value");
    const body = this.value(expression.body, inner);
    return this.#after(needed(preparations, body.js), body);
  }

  /** What the definitions of a LET need beforehand, and the context of its body. */
  letBindings(
    expression: LetExpression,
    context: Context,
    use: "value" | "states",
  ): { readonly preparations: readonly string[]; readonly inner: Context } {
    const primed = this.analysis.primedIn(expression);
    const preparations: string[] = [];
    let inner = context;
    const evaluated = this.analysis.evaluated(expression);
    for (const id of expression.definitions) {
      const definition = this.analysis.definition(id);
      if (this.#mustStayByName(definition, inner, use, primed)) {
        inner = bind(inner, [[id, { kind: "local", context: inner }]]);
        continue;
      }
      if (definition.parameters.length === 0) {
        const scope = inner;
        const value = this.value(definition.body, scope);
        if (value.isAtomic) {
          inner = bind(inner, [[id, { kind: "value", code: value.js }]]);
          continue;
        }
        const once = this.#once(definition.name, evaluated.has(id), () => {
          return this.value(definition.body, scope);
        });
        preparations.push(...once.preparations);
        const kind = evaluated.has(id) ? "value" : "lazy";
        inner = bind(inner, [[id, { kind, code: once.use, type: once.type }]]);
        continue;
      }
      const typed = definition.parameters.map((parameter, i) => {
        return `x${i}: ${this.typeOfParameter({ ...definition, isRecursive: false }, parameter)}`;
      });
      const name = this.output.temporary(definition.name, `(${typed.join(", ")}) => Value`);
      inner = bind(inner, [[id, { kind: "function", code: name, scope: inner }]]);
      preparations.push(`${name} = ${this.#localFunction(definition, inner)}`);
    }
    return { preparations, inner };
  }

  #localFunction(definition: Definition, context: Context): string {
    const names = definition.parameters.map((parameter) => this.parameterName(parameter));
    const scope = bind(
      context,
      definition.parameters.map((parameter, i): readonly [Id, Binding] => {
        const isOperator = (this.analysis.spec.parameters.get(parameter)?.arity ?? 0) > 0;
        return [parameter, { kind: isOperator ? "function" : "value", code: names[i] ?? "" }];
      }),
    );
    return this.output.arrow(names, () => this.value(definition.body, scope).js);
  }

  /** Whether a LET's definition speaks of states that its use may shift, or takes operators apart. */
  #mustStayByName(
    definition: Definition,
    context: Context,
    use: "value" | "states",
    primed: ReadonlySet<Id>,
  ): boolean {
    const reads = this.analysis.readsIn(definition.body, context.instance);
    const isShifted = primed.has(definition.id) && !this.isRigidIn(definition, context);
    if (definition.isRecursive) {
      if (isShifted) refuse(`${definition.name}, recursive and under a prime,`, definition.place);
      return false;
    }
    if (isShifted) return true;
    if (
      use === "states" &&
      (reads.next || context.isInitial || !this.isRigidBody(definition, context))
    )
      return true;
    if (use === "states" && branchesOut(this.analysis, definition.body)) return true;
    const strict = this.analysis.strictParameters(definition.id);
    return definition.parameters.some((parameter) => !strict.has(parameter));
  }

  /** Whether a local definition means the same in each state. */
  isRigidIn(definition: Definition, context: Context): boolean {
    const reads = this.analysis.readsIn(definition.body, context.instance);
    if (reads.state || reads.next) return false;
    return this.isRigid(definition.body, context);
  }

  /** A body that reads no parameter that is bound by name to something of a state. */
  isRigidBody(definition: Definition, context: Context): boolean {
    return this.#parametersOf(definition.body).every((id) => {
      const binding = context.bindings.get(id);
      if (binding?.kind !== "expression") return true;
      return !this.analysis.readsIn(binding.expression, binding.context.instance).next;
    });
  }

  /** Whether a body is sure to give a boolean or a number. */
  typeOf(expression: Expression, seen: Set<Id>): StaticType {
    if (expression.kind === "number") return "number";
    if (expression.kind === "let") return this.typeOf(expression.body, seen);
    if (expression.kind !== "apply") return "unknown";
    const { operator } = expression;
    if (operator.kind === "builtin") return this.#builtins.typeOf(expression, operator.name, seen);
    if (operator.kind !== "definition" || seen.has(operator.id)) return "unknown";
    if (this.#constantNames.has(operator.id)) return "unknown";
    const definition = this.analysis.definition(operator.id);
    const name = definition.name.slice(definition.name.lastIndexOf("!") + 1);
    const standard = standardOperator(definition.place.module, name);
    if (standard !== null) return standard === "refused" ? "unknown" : standard.type;
    return this.typeOf(definition.body, new Set([...seen, operator.id]));
  }
}

export { isExpression };
