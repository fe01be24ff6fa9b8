/**
 * A search, from a moment on, for a way to what is lost when a rule is forgotten. It walks at
 * random through the implementation, many thousand times, step by step or from one leader to the next
 * ([reigns](reigns.ts)), each time with dials of its own; where
 * the forgotten rule has made a difference, others go on from there. What is found is shrunk, and
 * counts once the specification, too, sees the property fall. So what it finds stands, and where
 * it finds nothing there may still be something.
 */
import { Random, scatter } from "../../../sim/random.ts";
import type { Move } from "../move.ts";
import { replaySteps } from "../replay.ts";
import { make, newSession, type Session } from "../session.ts";
import type { RuleWords } from "../sources.ts";
import { type Concern, drawDials } from "./dials.ts";
import { Seeds } from "./seeds.ts";
import { shrink } from "./shrink.ts";
import { type Start, startAt } from "./start.ts";
import { type IsWanted, Trial } from "./trial.ts";
import { type TrialStep, Walk } from "./walk.ts";

export interface SearchProgress {
  /** Walks that were tried, and the steps that they took. */
  readonly walks: number;
  readonly steps: number;
}

export interface Found {
  /** The execution that breaks the property, from where the search began or from a new cluster. */
  readonly session: Session;
  /** The place in it at which the search began. */
  readonly from: number;
  readonly broken: readonly string[];
}

export interface SearchResult extends SearchProgress {
  /** Null where nothing was found until the search was ended. */
  readonly found: Found | null;
}

export interface SearchOptions {
  readonly session: Session;
  readonly rule: RuleWords;
  readonly seed: number;
  /** Awaited now and then: false ends the search. */
  readonly breathe: (progress: SearchProgress) => boolean | Promise<boolean>;
}

/** What a client, or a reader of the paper, would call harm: the rest only says what was forgotten. */
const HARM: readonly string[] = [
  "ElectionSafety",
  "LeaderAppendOnly",
  "LogMatching",
  "LeaderCompleteness",
  "StateMachineSafety",
  "AppliedEntriesAgree",
  "CommittedOnMajority",
  "ReadsSeeWhatWasCommitted",
];

/** So many servers some harm takes: they are tried where nothing has happened yet. */
const MORE_SERVERS = 5;
const WALKS_WITH_FEW = 1500;
const STEPS_BETWEEN_BREATHS = 200;
/** Of several ways the shortest is shown: how many are looked for, and for how long. */
const MOST_FINDS = 5;
const FURTHER_WALKS = 300;

/** Searches until something is found, or `breathe` ends it. */
export async function search(options: SearchOptions): Promise<SearchResult> {
  return await new Search(options).run();
}

interface Candidate {
  readonly start: Start;
  readonly steps: readonly TrialStep[];
}

interface Origin {
  readonly start: Start;
  readonly seeds: Seeds;
}

class Search {
  readonly #options: SearchOptions;
  readonly #isWanted: IsWanted;
  readonly #random: Random;
  readonly #origin: Origin;
  /** The beginning of a larger cluster, where one begins with nothing. */
  readonly #larger: Origin | null;
  #walks = 0;
  #steps = 0;
  #breaths = 0;

  constructor(options: SearchOptions) {
    const { session, rule, seed } = options;
    this.#options = options;
    this.#random = new Random(scatter(seed));
    const fallen = session.path.fallenAt(session.position);
    const harm = new Set([...HARM, ...(rule.lost === null ? [] : [rule.lost])]);
    this.#isWanted = (property) => harm.has(property) && !fallen.has(property);
    this.#origin = { start: startAt(session), seeds: new Seeds() };
    const larger = largerThan(this.#origin.start, rule.name);
    this.#larger = larger === null ? null : { start: larger, seeds: new Seeds() };
  }

  async run(): Promise<SearchResult> {
    let best: Found | null = null;
    let lastWalk = Number.POSITIVE_INFINITY;
    let finds = 0;
    while (finds < MOST_FINDS && this.#walks < lastWalk && (await this.#breathe())) {
      const candidate = this.#walk();
      const found = candidate === null ? null : await this.#confirmed(candidate);
      if (found === null) continue;
      finds++;
      lastWalk = Math.min(lastWalk, Math.round(1.25 * this.#walks) + FURTHER_WALKS);
      if (best === null || lengthOf(found) < lengthOf(best)) best = found;
    }
    return { walks: this.#walks, steps: this.#steps, found: best };
  }

  /** Another walk. @returns its steps where what is looked for has fallen */
  #walk(): Candidate | null {
    const { start, seeds } = this.#nextOrigin();
    const { rule } = this.#options;
    const random = this.#random;
    const recovers = rule.name.startsWith("Recovered");
    const dials = seeds.dials(random) ?? drawDials(random, concernOf(rule), recovers);
    const trial = new Trial(start, rule.name, this.#isWanted);
    const walk = new Walk(trial, dials, random, seeds.beginning(random));
    const hasFallen = walk.run();
    this.#walks++;
    this.#steps += walk.steps.length;
    if (hasFallen) return { start, steps: walk.steps };
    seeds.add(walk, dials, random);
    return null;
  }

  #nextOrigin(): Origin {
    const isLargersTurn = this.#walks > WALKS_WITH_FEW && this.#walks % 2 === 1;
    return isLargersTurn && this.#larger !== null ? this.#larger : this.#origin;
  }

  /** Shrunk, and taken by both sides; null where the spec sees no harm in it. */
  async #confirmed({ start, steps }: Candidate): Promise<Found | null> {
    const { rule } = this.#options;
    const breathe = () => this.#breathe();
    const shrunk = await shrink(start, steps, rule.name, this.#isWanted, breathe);
    for (const each of [shrunk, steps]) {
      const session = replaySteps(start.session, each);
      if (typeof session === "string") continue;
      const last = session.path.fallenAt(session.position);
      const broken = [...last.keys()].filter((name) => this.#isWanted(name));
      if (broken.length > 0) return { session, from: start.session.position, broken };
    }
    return null;
  }

  async #breathe(): Promise<boolean> {
    const breaths = Math.floor(this.#steps / STEPS_BETWEEN_BREATHS);
    if (breaths === this.#breaths) return true;
    this.#breaths = breaths;
    return await this.#options.breathe({ walks: this.#walks, steps: this.#steps });
  }
}

function lengthOf({ session, from }: Found): number {
  return session.position - from;
}

function concernOf({ module }: RuleWords): Concern {
  return module === "RaftSnapshots" || module === "RaftReads" ? module : "Raft";
}

function largerThan(start: Start, rule: string): Start | null {
  if (start.steps.length > 0 || start.servers.length >= MORE_SERVERS) return null;
  const forget: Move = { kind: "forget", forgotten: { rule, where: "both" } };
  const session = make(newSession(MORE_SERVERS), forget);
  return typeof session === "string" ? null : startAt(session);
}
