/**
 * What earlier walks were lucky with: the beginnings on which the forgotten rule made a difference,
 * from which others go on, and the dials that led there.
 */
import type { Random } from "../../../sim/random.ts";
import type { Dials } from "./dials.ts";
import type { TrialStep, Walk } from "./walk.ts";

type Beginning = readonly TrialStep[];

interface Seed {
  readonly beginning: Beginning;
  readonly dials: Dials;
}

const MOST = 32;

export class Seeds {
  readonly #mistaken: Seed[] = [];
  /** Those on which a property has fallen as well that says no more than what was forgotten. */
  readonly #fallen: Seed[] = [];
  /** Those on which a leader has counted what is not so. */
  readonly #deceived: Seed[] = [];

  /** Where a walk begins: with nothing as often as not. */
  beginning(random: Random): Beginning {
    return random.happens(500) ? (this.#pick(random)?.beginning ?? []) : [];
  }

  /** Dials that were lucky before; null where new ones are to be drawn. */
  dials(random: Random): Dials | null {
    return random.happens(500) ? (this.#pick(random)?.dials ?? null) : null;
  }

  #pick(random: Random): Seed | null {
    for (const rare of [this.#deceived, this.#fallen]) {
      if (rare.length > 0 && random.happens(500)) return random.pick(rare);
    }
    return this.#mistaken.length === 0 ? null : random.pick(this.#mistaken);
  }

  add(walk: Walk, dials: Dials, random: Random): void {
    const { steps, firstMistake, firstLesserFall, firstDeception } = walk;
    const until = (last: number): Seed => ({ beginning: steps.slice(0, last), dials });
    if (firstMistake > 0) keep(this.#mistaken, until(firstMistake), random);
    if (firstLesserFall > 0) keep(this.#fallen, until(firstLesserFall), random);
    if (firstDeception > 0) keep(this.#deceived, until(firstDeception), random);
  }
}

/** The shorter a beginning is, the less stands in the way of what follows. */
function keep(seeds: Seed[], seed: Seed, random: Random): void {
  if (seeds.some(({ beginning }) => isSame(beginning, seed.beginning))) return;
  if (seeds.length < MOST) {
    seeds.push(seed);
    return;
  }
  const place = random.below(MOST);
  const isShorter = seed.beginning.length <= (seeds[place]?.beginning.length ?? 0);
  if (isShorter || random.happens(100)) seeds[place] = seed;
}

/** Whether one walk went on from where the other did: it takes the very same choices. */
function isSame(one: Beginning, other: Beginning): boolean {
  return one.length === other.length && one.every(({ choice }, i) => choice === other[i]?.choice);
}
