/** What a specification and a property are made of: Init, [][Next]_v, [](state predicate). */
import type { Analysis } from "./analysis.ts";
import type { Expressions } from "./expressions.ts";
import { refuse } from "./refuse.ts";
import type { Context } from "./scope.ts";
import type { Argument } from "./tree.ts";

/** A formula with the context in which its names have their meaning. */
export interface Formula {
  readonly expression: Argument;
  readonly context: Context;
}

/** A temporal formula taken apart. */
export interface Behaviour {
  /** Said of the first state. */
  readonly initial: readonly Formula[];
  /** A of [][A]_v, and v. */
  readonly steps: readonly { readonly action: Formula; readonly subscript: Formula }[];
  /** P of []P. */
  readonly always: readonly Formula[];
}

/** Takes a temporal formula apart; fairness is left out where `isSpecification`, refused elsewhere. */
export function behaviourOf(
  expression: Argument,
  context: Context,
  expressions: Expressions,
  isSpecification: boolean,
): Behaviour {
  const initial: Formula[] = [];
  const steps: { action: Formula; subscript: Formula }[] = [];
  const always: Formula[] = [];
  const { analysis } = expressions;

  const visit = (each: Argument, scope: Context): void => {
    if (each.kind === "instantiated") {
      visit(each.body, expressions.instantiate(each, scope));
      return;
    }
    if (each.kind !== "apply") {
      initial.push({ expression: each, context: scope });
      return;
    }
    const { operator, operands } = each;
    if (operator.kind === "builtin") {
      switch (operator.name) {
        case "\\land":
        case "$ConjList":
          for (const operand of operands) visit(operand, scope);
          return;
        case "[]":
          box(operands[0] ?? each, scope);
          return;
        case "$WF":
        case "$SF":
          if (isSpecification) return;
          refuse("a fairness property", each.place);
          return;
        case "<>":
        case "~>":
          refuse("a liveness property", each.place);
          return;
        default:
          break;
      }
    }
    if (operator.kind === "definition" && operands.length === 0 && isTemporal(each, analysis)) {
      const definition = analysis.definition(operator.id);
      const instance = expressions.rigidity.isSubject(definition, scope) ? scope.instance : null;
      visit(definition.body, { ...scope, bindings: new Map(), instance });
      return;
    }
    initial.push({ expression: each, context: scope });
  };

  const box = (each: Argument, scope: Context): void => {
    if (
      each.kind === "apply" &&
      each.operator.kind === "builtin" &&
      each.operator.name === "$SquareAct"
    ) {
      const [action, subscript] = each.operands;
      if (action === undefined || subscript === undefined)
        refuse("a [A]_v of this form", each.place);
      else
        steps.push({
          action: { expression: action, context: scope },
          subscript: { expression: subscript, context: scope },
        });
      return;
    }
    if (isTemporal(each, analysis)) refuse("a temporal formula under []", each.place);
    always.push({ expression: each, context: scope });
  };

  visit(expression, context);
  return { initial, steps, always };
}

const TEMPORAL = new Set([
  "[]",
  "<>",
  "~>",
  "$WF",
  "$SF",
  "-+->",
  "$TemporalExists",
  "$TemporalForall",
]);

/** Whether a temporal operator stands anywhere in what an expression says. */
function isTemporal(expression: Argument, analysis: Analysis, seen = new Set<number>()): boolean {
  if (expression.kind === "let" || expression.kind === "instantiated")
    return isTemporal(expression.body, analysis, seen);
  if (expression.kind !== "apply") return false;
  const { operator, operands } = expression;
  if (operator.kind === "builtin" && TEMPORAL.has(operator.name)) return true;
  if (operands.some((operand) => isTemporal(operand, analysis, seen))) return true;
  if (operator.kind !== "definition" || seen.has(operator.id)) return false;
  seen.add(operator.id);
  const definition = analysis.definition(operator.id);
  return !analysis.isStandard(definition) && isTemporal(definition.body, analysis, seen);
}
