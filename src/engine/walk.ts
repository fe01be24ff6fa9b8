/** A random behaviour of a spec, the same from the same seed. */
import { blame } from "./blame.ts";
import { EvaluationError } from "./errors.ts";
import type { Step } from "./explorer.ts";
import type { CompiledSpec, State } from "./spec.ts";

export interface WalkOptions {
  readonly seed: number;
  /** The most steps to take. */
  readonly steps: number;
}

export interface Walk {
  readonly trace: readonly Step[];
  /**
   * The invariant or property that the last step breaks, or "Deadlock" where it is the last for
   * that and the spec takes it for an error; null where nothing is wrong.
   */
  readonly violated: string | null;
}

/**
 * Takes steps of the spec at random until one breaks a property, leaves the constraints, or
 * none is possible. Throws an EvaluationError where TLC would stop with one.
 */
export function walk(spec: CompiledSpec, options: WalkOptions): Walk {
  const random = xorshift(options.seed);
  const { init, next } = spec;
  if (init === null || next === null) {
    throw new EvaluationError("The configuration names no specification to walk through.");
  }
  const first = chooseOne(random, (emit) =>
    init(spec.blank(), (state) => emit(null, { ...state })),
  );
  if (first === null) return { trace: [], violated: null };
  const trace: Step[] = [first];
  let violated = brokenBy(spec, null, first.state);
  while (violated === null && trace.length <= options.steps) {
    const before = trace[trace.length - 1]?.state ?? first.state;
    const step = chooseOne(random, (emit) =>
      next(before, spec.blank(), (state) => emit(blame.action, { ...state })),
    );
    if (step === null) return { trace, violated: spec.checkDeadlock ? "Deadlock" : null };
    if (!isInside(spec, before, step.state)) break;
    trace.push(step);
    violated = brokenBy(spec, before, step.state);
  }
  return { trace, violated };
}

function chooseOne(
  random: (bound: number) => number,
  make: (emit: (action: string | null, state: State) => void) => void,
): Step | null {
  let chosen: Step | null = null;
  let count = 0;
  make((action, state) => {
    count++;
    if (random(count) === 0) chosen = { action, state };
  });
  return chosen;
}

function isInside(spec: CompiledSpec, before: State, state: State): boolean {
  return (
    spec.constraints.every((constraint) => constraint.holds(state)) &&
    spec.actionConstraints.every((constraint) => constraint.holds(before, state))
  );
}

function brokenBy(spec: CompiledSpec, before: State | null, state: State): string | null {
  const invariant = spec.invariants.find((each) => !each.holds(state));
  if (invariant !== undefined) return invariant.name;
  if (before === null) {
    return spec.initialProperties.find((each) => !each.holds(state))?.name ?? null;
  }
  return spec.stepProperties.find((each) => !each.holds(before, state))?.name ?? null;
}

function xorshift(seed: number): (bound: number) => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}
