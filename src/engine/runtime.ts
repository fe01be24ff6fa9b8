/** What compiled specs call, in one object: `import * as R from "./runtime.ts"`. */
export * from "./bags.ts";
export { agree, blame, candidates } from "./blame.ts";
export { compare, equal } from "./compare.ts";
export { EvaluationError, RefusedError } from "./errors.ts";
export * from "./functions.ts";
export * from "./integers.ts";
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
export * from "./sets.ts";
export { show } from "./show.ts";
export { alternative, constant, foreign } from "./spec.ts";
export * from "./tlc-module.ts";
export { type FunctionValue, UNASSIGNED, type Value } from "./values.ts";
