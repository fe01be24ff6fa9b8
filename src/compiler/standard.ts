/** The standard modules: for each operator the function of the runtime that it is. */

export type StaticType = "boolean" | "number" | "unknown";

export interface StandardOperator {
  /** The name in src/engine/runtime.ts. */
  readonly runtime: string;
  readonly type: StaticType;
  /** A value, not a function: `Nat`. */
  readonly isValue: boolean;
}

function operator(runtime: string, type: StaticType = "unknown"): StandardOperator {
  return { runtime, type, isValue: false };
}

function value(runtime: string): StandardOperator {
  return { runtime, type: "unknown", isValue: true };
}

const NATURALS: readonly (readonly [string, StandardOperator])[] = [
  ["+", operator("add", "number")],
  ["-", operator("subtract", "number")],
  ["*", operator("multiply", "number")],
  ["^", operator("power", "number")],
  ["\\div", operator("divide", "number")],
  ["%", operator("modulo", "number")],
  ["<", operator("less", "boolean")],
  [">", operator("greater", "boolean")],
  ["\\leq", operator("lessOrEqual", "boolean")],
  ["\\geq", operator("greaterOrEqual", "boolean")],
  ["..", operator("interval")],
  ["Nat", value("Nat")],
];

const INTEGERS: readonly (readonly [string, StandardOperator])[] = [
  ["Int", value("Int")],
  ["-.", operator("negate", "number")],
];

const SEQUENCES: readonly (readonly [string, StandardOperator])[] = [
  ["Seq", operator("sequencesOf")],
  ["Len", operator("Len", "number")],
  ["\\o", operator("concat")],
  ["Append", operator("Append")],
  ["Head", operator("Head")],
  ["Tail", operator("Tail")],
  ["SubSeq", operator("SubSeq")],
  ["SelectSeq", operator("SelectSeq")],
];

const FINITE_SETS: readonly (readonly [string, StandardOperator])[] = [
  ["IsFiniteSet", operator("IsFiniteSet", "boolean")],
  ["Cardinality", operator("Cardinality", "number")],
];

const BAGS: readonly (readonly [string, StandardOperator])[] = [
  ["IsABag", operator("IsABag", "boolean")],
  ["BagToSet", operator("BagToSet")],
  ["SetToBag", operator("SetToBag")],
  ["BagIn", operator("BagIn", "boolean")],
  ["EmptyBag", value("EmptyBag")],
  ["CopiesIn", operator("CopiesIn", "number")],
  ["\\oplus", operator("bagSum")],
  ["\\ominus", operator("bagDifference")],
  ["\\sqsubseteq", operator("isSubBag", "boolean")],
  ["BagUnion", operator("BagUnion")],
  ["BagCardinality", operator("BagCardinality", "number")],
  ["BagOfAll", operator("BagOfAll")],
  ["SubBag", operator("SubBag")],
];

const TLC: readonly (readonly [string, StandardOperator])[] = [
  [":>", operator("singleton")],
  ["@@", operator("combine")],
  ["Assert", operator("Assert", "boolean")],
  ["Permutations", operator("Permutations")],
  ["SortSeq", operator("SortSeq")],
  ["ToString", operator("ToString")],
  ["TLCEval", operator("listed")],
  ["Print", operator("Print")],
  ["PrintT", operator("PrintT", "boolean")],
];

const MODULES = new Map<string, ReadonlyMap<string, StandardOperator>>([
  ["Naturals", new Map(NATURALS)],
  ["Integers", new Map(INTEGERS)],
  ["Sequences", new Map(SEQUENCES)],
  ["FiniteSets", new Map(FINITE_SETS)],
  ["Bags", new Map(BAGS)],
  ["TLC", new Map(TLC)],
]);

/** Modules whose text says what they mean, and not how TLC computes it. */
const UNCOVERED = new Set(["Reals", "RealTime", "Randomization", "Toolbox", "ProtoReals"]);

/**
 * What a definition of a standard module is: null where the module is not a standard one,
 * "refused" where it is and the engine lacks the operator.
 */
export function standardOperator(
  module: string,
  name: string,
): StandardOperator | "refused" | null {
  const operators = MODULES.get(module);
  if (operators !== undefined) return operators.get(name) ?? "refused";
  return UNCOVERED.has(module) ? "refused" : null;
}
