/** Where TLC goes through alternatives to make states. */
import type { Definitions } from "./definitions.ts";
import type { Argument, Id } from "./tree.ts";

/** Whether a formula has alternatives that TLC goes through one by one to make states. */
export function branchesOut(
  definitions: Definitions,
  expression: Argument,
  seen: Set<Id> = new Set(),
): boolean {
  if (expression.kind === "let" || expression.kind === "instantiated")
    return branchesOut(definitions, expression.body, seen);
  if (expression.kind !== "apply") return false;
  const { operator, operands } = expression;
  if (operator.kind === "parameter") return true;
  if (operator.kind === "declaration") return false;
  if (operator.kind === "definition") {
    if (seen.has(operator.id)) return false;
    const definition = definitions.definition(operator.id);
    if (definitions.isStandard(definition)) return false;
    return branchesOut(definitions, definition.body, new Set([...seen, operator.id]));
  }
  switch (operator.name) {
    case "\\lor":
    case "$DisjList":
    case "$BoundedExists":
    case "=>":
    case "$Case":
    case "$SquareAct":
      return true;
    case "\\land":
    case "$ConjList":
    case "$BoundedForall":
      return operands.some((operand) => branchesOut(definitions, operand, seen));
    case "$AngleAct":
      return operands.slice(0, 1).some((operand) => branchesOut(definitions, operand, seen));
    case "$IfThenElse":
      return operands.slice(1).some((operand) => branchesOut(definitions, operand, seen));
    default:
      return false;
  }
}
