/** What a name stands for: a variable, a constant, a parameter, an operator that was passed. */
import { type Code, code } from "./code.ts";
import type { Expressions } from "./expressions.ts";
import { refuse } from "./refuse.ts";
import { type Binding, bind, type Context, reached } from "./scope.ts";
import type { Application, Argument, Id, Operator } from "./tree.ts";

export class References {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** The value of a constant or a variable, or of what an INSTANCE put in its place. */
  declaration(id: Id, expression: Application, context: Context): Code {
    const substitution = context.instance?.substitutions.get(id);
    if (substitution !== undefined) {
      const inner = reached(substitution.context, context);
      return this.#applyArgument(substitution.argument, expression, context, inner);
    }
    const declaration = this.#expressions.analysis.spec.declarations.get(id);
    if (declaration === undefined) return refuse(`declaration ${id}`, expression.place);
    if (declaration.kind === "variable") return this.#variable(declaration.name, context);
    const name = this.#expressions.constantNames.get(id);
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

  /** The value of a parameter, applied where it is an operator. */
  parameter(id: Id, expression: Application, context: Context): Code {
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
        return this.#expressions.value(binding.expression, reached(binding.context, context));
      case "function": {
        const values = expression.operands.map(
          (operand) => this.#expressions.value(operand, context).js,
        );
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
    if (argument.kind !== "operator") return this.#expressions.value(argument, inner);
    const { context, operands } = this.passed(argument.operator, expression.operands, outer, inner);
    return this.#expressions.value(
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
      const id = this.#expressions.madeUp();
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
}
