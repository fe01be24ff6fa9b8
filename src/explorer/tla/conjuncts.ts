/** The parts of an action that are true or false, or say what a variable becomes. */
import { isPrimed, type Node } from "./tree.ts";

/** What one looks at in an action, one after the other. */
export interface Conjunct {
  readonly node: Node;
  /** A guard is judged on the state before the step; the others say what comes of it. */
  readonly kind: "guard" | "effect";
}

/** The conjuncts of an expression: through lists, IFs and LETs down to what is said in them. */
export function conjunctsOf(node: Node): readonly Conjunct[] {
  switch (node.kind) {
    case "and":
    case "or":
      return node.parts.flatMap(conjunctsOf);
    case "if":
      return [...conjunctsOf(node.test), ...conjunctsOf(node.yes), ...conjunctsOf(node.no)];
    case "let":
      return [
        ...node.definitions.flatMap(({ body }) => (isTruth(body) ? conjunctsOf(body) : [])),
        ...conjunctsOf(node.body),
      ];
    case "not":
      return [{ node, kind: "guard" }];
    case "exists":
      return isPrimed(node) ? conjunctsOf(node.body) : [{ node, kind: "guard" }];
    default:
      return [{ node, kind: isPrimed(node) || isStep(node) ? "effect" : "guard" }];
  }
}

/** Operators of the spec that say what comes of a step, without a prime to be seen. */
const STEPS = new Set([
  "Send",
  "AdoptTerm",
  "HearLeader",
  "Ignore",
  "AppendEntry",
  "VolatileStateEndsWithRole",
]);

function isStep(node: Node): boolean {
  return node.kind === "name" && STEPS.has(node.name);
}

/** Of what a LET defines, only what is true or false is a list of conjuncts. */
function isTruth(node: Node): boolean {
  return node.kind === "and" || node.kind === "or";
}

/** The guards at the top of an action: what must be true for it to be possible. */
export function guardsOf(body: Node): readonly Node[] {
  const parts = body.kind === "and" ? body.parts : [body];
  return parts.filter(
    (part) =>
      !isPrimed(part) &&
      !isStep(part) &&
      part.kind !== "let" &&
      part.kind !== "if" &&
      part.kind !== "exists",
  );
}
