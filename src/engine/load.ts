/** Compiled text to a spec that runs, without a file between. */
import * as R from "./runtime.ts";
import type { CompiledSpec, Constants, Foreign } from "./spec.ts";

/**
 * Runs the text that src/compiler/generate.ts gives. It is code: only give it text that this
 * compiler wrote.
 */
export function loadSpec(text: string, constants: Constants, foreign: Foreign = {}): CompiledSpec {
  const build = new Function("R", "C", "H", `"use strict";\n${text}`);
  return build(R, constants, foreign);
}
