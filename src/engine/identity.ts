/** Which states count as one: by fingerprint, under SYMMETRY and VIEW. */
import { EvaluationError } from "./errors.ts";
import { asFunction } from "./functions.ts";
import { expectPermutations, hash, type Permutation, secondLane } from "./hash.ts";
import { elements } from "./sets.ts";
import type { CompiledSpec, State } from "./spec.ts";
import { ModelValue, type Value } from "./values.ts";

export class Identity {
  readonly #spec: CompiledSpec;
  readonly #permutations: readonly Permutation[];
  lane1 = 0;
  lane2 = 0;

  constructor(spec: CompiledSpec) {
    this.#spec = spec;
    this.#permutations = spec.symmetry === null ? [] : permutationsOf(spec.symmetry());
    expectPermutations(this.#permutations.length);
  }

  /** Sets lane1 and lane2 to the fingerprint of a state: the least of those under symmetry. */
  take(state: State): void {
    const { view, variables } = this.#spec;
    const values = view === null ? variables.map((name) => state[name] as Value) : [view(state)];
    this.#hash(values, 0, null);
    let { lane1, lane2 } = this;
    for (let i = 0; i < this.#permutations.length; i++) {
      this.#hash(values, i + 1, this.#permutations[i] as Permutation);
      if (this.lane1 < lane1 || (this.lane1 === lane1 && this.lane2 < lane2)) {
        lane1 = this.lane1;
        lane2 = this.lane2;
      }
    }
    this.lane1 = lane1;
    this.lane2 = lane2;
  }

  #hash(values: readonly Value[], number: number, permutation: Permutation | null): void {
    let lane1 = 0x2f0b4c47;
    let lane2 = 0x5bd1e995;
    for (let i = 0; i < values.length; i++) {
      const first = hash(values[i] as Value, number, permutation);
      lane1 = (Math.imul(lane1 ^ first, 0x9e3779b1) + (lane1 >>> 15)) | 0;
      lane2 = (Math.imul(lane2 ^ secondLane(), 0x85ebca77) + (lane2 >>> 13)) | 0;
    }
    this.lane1 = lane1;
    this.lane2 = lane2;
  }
}

/** The permutations of a symmetry set, the identity left out, closed under composition. */
function permutationsOf(symmetry: Value): readonly Permutation[] {
  const given = elements(symmetry).map((each) => {
    const f = asFunction(each);
    const permutation: number[] = [];
    f.list().forEach((to, i) => {
      const from = f.domain.key(i);
      if (!(from instanceof ModelValue) || !(to instanceof ModelValue)) {
        throw new EvaluationError("A symmetry set must permute model values.");
      }
      permutation[from.index] = to.index;
    });
    return Array.from(permutation, (to, from) => to ?? from);
  });
  return closure(given);
}

function closure(given: readonly Permutation[]): readonly Permutation[] {
  const size = Math.max(0, ...given.map((each) => each.length));
  const full = given.map((each) => Array.from({ length: size }, (_, i) => each[i] ?? i));
  const known = new Map<string, Permutation>();
  const identity = Array.from({ length: size }, (_, i) => i);
  let newest: Permutation[] = [identity];
  while (newest.length > 0) {
    const next: Permutation[] = [];
    for (const each of newest) {
      if (known.has(each.join())) continue;
      known.set(each.join(), each);
      for (const other of full) next.push(each.map((to) => other[to] ?? to));
    }
    newest = next;
  }
  known.delete(identity.join());
  return [...known.values()];
}
