import type { Trace } from "../../../src/trace/index.ts";
import type { Mutation } from "./mutate.ts";

interface Candidate {
  readonly base: Trace;
  readonly mutation: Mutation;
}

/**
 * At most so many mutations, of as many sorts as there are: a sort is the kind of mutation,
 * the action it strikes and the field. Of every sort one is taken, then a second, and so on.
 */
export function sample(candidates: readonly Candidate[], most: number): readonly Candidate[] {
  const sorts = new Map<string, Candidate[]>();
  for (const candidate of shuffled(candidates)) {
    const sort = sortOf(candidate);
    const others = sorts.get(sort);
    if (others === undefined) sorts.set(sort, [candidate]);
    else others.push(candidate);
  }
  const chosen: Candidate[] = [];
  for (let round = 0; chosen.length < Math.min(most, candidates.length); round++) {
    for (const ofSort of sorts.values()) {
      const candidate = ofSort[round];
      if (candidate !== undefined && chosen.length < most) chosen.push(candidate);
    }
  }
  return chosen;
}

function sortOf({ base, mutation }: Candidate): string {
  const action = base.events[mutation.other]?.action ?? "";
  const fields = mutation.path.filter((field) => !/^\d+$/.test(field));
  return `${mutation.kind} ${action} ${fields.join(".")}`;
}

/** The same order on every run, and none that the enumeration would give. */
function shuffled<T>(elements: readonly T[]): readonly T[] {
  const result = [...elements];
  let state = 0x2545f491;
  for (let last = result.length - 1; last > 0; last--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (last + 1);
    const [a, b] = [result[last], result[other]];
    if (a === undefined || b === undefined) continue;
    result[last] = b;
    result[other] = a;
  }
  return result;
}
