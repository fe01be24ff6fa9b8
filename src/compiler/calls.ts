/** The application of a definition: a call of its function, which is written the first time. */
import { type Code, code } from "./code.ts";
import type { Expressions } from "./expressions.ts";
import { refuse } from "./refuse.ts";
import { type Binding, bind, type Context, TOP } from "./scope.ts";
import { type StandardOperator, standardOperator } from "./standard.ts";
import type { Application, Argument, Definition, Id } from "./tree.ts";

export class Calls {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** The value of a definition applied. */
  value(id: Id, expression: Application, context: Context): Code {
    const local = context.bindings.get(id);
    if (local !== undefined) return this.#localCall(id, local, expression, context);
    const definition = this.#expressions.analysis.definition(id);
    const replaced = this.#expressions.constantNames.get(id);
    if (replaced !== undefined) return code(replaced, "unknown", true);
    const standard = this.standard(definition, expression);
    if (standard !== null) return this.#standardCall(standard, expression, context);
    if (this.#expressions.foreign.has(definition.name)) {
      const operands = expression.operands.map((operand) =>
        this.#expressions.argument(operand, context),
      );
      const name = this.#expressions.output.shared(
        `foreign:${definition.name}`,
        `${definition.name}_supplied`,
        (chosen) => `const ${chosen} = R.foreign(H, ${JSON.stringify(definition.name)});`,
      );
      return code(`${name}(${operands.join(", ")})`);
    }
    const literal = definition.body.kind;
    if (literal === "number" || literal === "string")
      return this.#expressions.value(definition.body, TOP);
    if (this.#expressions.expansion.mustExpand(definition, expression.operands, context)) {
      return this.#expressions.expansion.value(definition, expression, context);
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
      const selected = this.#expressions.selection.value(expression, context);
      if (selected !== null) return selected;
    }
    const operands = expression.operands.map((operand) =>
      this.#expressions.argument(operand, context),
    );
    return code(`R.${standard.runtime}(${operands.join(", ")})`, standard.type);
  }

  #localCall(id: Id, binding: Binding, expression: Application, context: Context): Code {
    switch (binding.kind) {
      case "value":
        return code(binding.code, binding.type, true);
      case "lazy":
        return code(binding.code, binding.type);
      case "function": {
        const operands = expression.operands.map((operand) =>
          this.#expressions.argument(operand, context),
        );
        return code(`${binding.code}(${operands.join(", ")})`);
      }
      case "local": {
        const definition = this.#expressions.analysis.definition(id);
        return this.#expressions.expansion.expandLocal(
          definition,
          binding.context,
          expression,
          context,
          (body, inner) => this.#expressions.value(body, inner),
        );
      }
      default:
        return refuse("a local definition of this form", expression.place);
    }
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
      this.#expressions.types.of(definition.body, new Set()),
    );
  }

  #operandOf(definition: Definition, operand: Argument, i: number, context: Context): string {
    if (operand.kind === "operator")
      return this.#expressions.functionOf(operand.operator, operand, context);
    const value = this.#expressions.value(operand, context);
    const parameter = definition.parameters[i];
    const isLazy = parameter !== undefined && this.isLazyParameter(definition, parameter);
    if (!isLazy) return value.js;
    return `R.lazy(${this.#expressions.output.arrow([], () => this.#expressions.value(operand, context).js)})`;
  }

  /** Whether a parameter of a shared function is passed as a function of no arguments. */
  isLazyParameter(definition: Definition, parameter: Id): boolean {
    if (!definition.isRecursive) return false;
    if ((this.#expressions.analysis.spec.parameters.get(parameter)?.arity ?? 0) > 0) return false;
    return !this.#expressions.analysis.evaluation.strictParameters(definition.id).has(parameter);
  }

  /** The function of a definition, written the first time it is asked for. */
  sharedFunction(
    definition: Definition,
    context: Context,
  ): { readonly name: string; readonly states: readonly ("now" | "after")[] } {
    const instance = this.#expressions.rigidity.isSubject(definition, context)
      ? context.instance
      : null;
    const reads = this.#expressions.analysis.reads.of(definition.id, instance);
    const states: ("now" | "after")[] = [];
    if (reads.state || reads.next) states.push("now");
    if (reads.next) states.push("after");
    const isInitial = context.isInitial && !context.isPrimed && reads.state;
    const key = `${definition.id}:${instance?.key ?? ""}:${isInitial ? "initial" : ""}`;
    const name = this.#expressions.output.shared(key, definition.name, (chosen) => {
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
      const value = this.#expressions.output.arrow(
        [],
        () => this.#expressions.value(definition.body, inner).js,
      );
      return `${comment}\nconst ${name} = R.lazy(${value});`;
    }
    const body =
      this.#alternative(definition, scope, names) +
      this.#expressions.output.block(() => this.#expressions.lets.returned(definition.body, inner));
    const parameters = [
      ...states.map((state) => this.#expressions.output.parameter(state, "State", body)),
      ...definition.parameters.map((id, i) =>
        this.#expressions.output.parameter(
          names[i] ?? "",
          this.typeOfParameter(definition, id),
          body,
        ),
      ),
    ];
    const type = this.#expressions.types.of(definition.body, new Set());
    const result = this.#expressions.output.isTyped
      ? `: ${type === "unknown" ? "Value" : type}`
      : "";
    return `${comment}\nfunction ${name}(${parameters.join(", ")})${result} {\n${body}\n}`;
  }

  /** The TypeScript type of a parameter of a shared function. */
  typeOfParameter(definition: Definition, id: Id): string {
    if ((this.#expressions.analysis.spec.parameters.get(id)?.arity ?? 0) > 0)
      return "(...operands: Value[]) => Value";
    return this.isLazyParameter(definition, id) ? "() => Value" : "Value";
  }

  /** Where whoever runs the spec chose a definition's alternative, that is what is returned. */
  #alternative(definition: Definition, scope: Context, names: readonly string[]): string {
    const alternative = this.#expressions.analysis.alternativeOf(definition);
    if (alternative === undefined) return "";
    const { name, states } = this.sharedFunction(alternative, scope);
    const passed = [...states, ...names].join(", ");
    const type = this.#expressions.types.of(definition.body, new Set());
    const cast = this.#expressions.output.isTyped && type !== "unknown" ? ` as ${type}` : "";
    const isReplaced = this.#isReplaced(definition);
    return `  if (${isReplaced}) return ${name}(${passed})${cast};\n`;
  }

  /** A constant of the module, so that asking it costs a step nothing. */
  #isReplaced({ id, name }: Definition): string {
    return this.#expressions.output.shared(
      `replaced ${id}`,
      `isReplaced_${name}`,
      (constant) => `const ${constant} = R.isReplaced(C, ${JSON.stringify(name)});`,
    );
  }

  #parameterBinding(definition: Definition, id: Id, name: string): Binding {
    if ((this.#expressions.analysis.spec.parameters.get(id)?.arity ?? 0) > 0)
      return { kind: "function", code: name };
    if (this.isLazyParameter(definition, id)) return { kind: "lazy", code: `${name}()` };
    return { kind: "value", code: name };
  }

  /** A JavaScript name for a parameter, like the one that it has. */
  parameterName(id: Id): string {
    return this.#expressions.output.fresh(
      this.#expressions.analysis.spec.parameters.get(id)?.name ?? "x",
    );
  }
}
