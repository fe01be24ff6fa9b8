/** Whether it matters when, and in which state, an expression is evaluated. */
import type { Expressions } from "./expressions.ts";
import { type Context, reached } from "./scope.ts";
import type { Argument, Definition, Id } from "./tree.ts";

export class Rigidity {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
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
        const { body } = this.#expressions.analysis.definition(operator.id);
        return body.kind === "number" || body.kind === "string";
      }
    }
  }

  /** Whether a definition depends on what the context's instance substitutes. */
  isSubject(definition: Definition, context: Context): boolean {
    if (context.instance === null) return false;
    const declarations = this.#expressions.analysis.declarationsIn(definition.id);
    for (const id of context.instance.substitutions.keys()) if (declarations.has(id)) return true;
    return false;
  }

  /** Whether an operand means the same in each state. */
  isRigid(operand: Argument, context: Context): boolean {
    const reads = this.#expressions.analysis.reads.in(operand, context.instance);
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

  /** Whether a local definition means the same in each state. */
  isRigidIn(definition: Definition, context: Context): boolean {
    const reads = this.#expressions.analysis.reads.in(definition.body, context.instance);
    if (reads.state || reads.next) return false;
    return this.isRigid(definition.body, context);
  }

  /** A body that reads no parameter that is bound by name to something of a state. */
  isRigidBody(definition: Definition, context: Context): boolean {
    return this.#parametersOf(definition.body).every((id) => {
      const binding = context.bindings.get(id);
      if (binding?.kind !== "expression") return true;
      return !this.#expressions.analysis.reads.in(binding.expression, binding.context.instance)
        .next;
    });
  }

  /** Whether an operand reads the next state, itself or by what its parameters stand for. */
  readsNext(operand: Argument, context: Context): boolean {
    if (this.#expressions.analysis.reads.in(operand, context.instance).next) return true;
    return this.#parametersOf(operand).some((id) => {
      const binding = context.bindings.get(id);
      return binding?.kind === "expression" && this.readsNext(binding.expression, binding.context);
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
}
