/** What compiled specs call, in one object: `import * as R from "./runtime.ts"`. */
export * from "./bags.ts";
export { agree, blame, candidates } from "./blame.ts";
export { compare, equal } from "./compare.ts";
export { EvaluationError, RefusedError } from "./errors.ts";
export * from "./functions.ts";
export * from "./integers.ts";
export * from "./intervals.ts";
export * from "./lazy-sets.ts";
export { EMPTY_SET, ListedSet, setOf } from "./listed-set.ts";
export {
  choose,
  exists,
  existsFrom,
  filter,
  flatMap,
  forAll,
  forAllFrom,
  lazy,
  map,
  noCase,
  primed,
  truth,
} from "./logic.ts";
export * from "./sequences.ts";
export * from "./set-operators.ts";
export * from "./sets.ts";
export { show } from "./show.ts";
export { constant, foreign, isReplaced } from "./spec.ts";
export * from "./tlc-module.ts";
export { BOOLEAN, Int, Nat, STRING, sequencesOf } from "./unlisted-sets.ts";
export { type FunctionValue, UNASSIGNED, type Value } from "./values.ts";
