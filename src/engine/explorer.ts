/**
 * Breadth-first search through the states of a spec, counted as TLC counts with one worker: a
 * state beyond a constraint is generated and checked, and neither counted nor gone on from.
 */
import { blame } from "./blame.ts";
import { EvaluationError, RefusedError } from "./errors.ts";
import { Fingerprints } from "./fingerprints.ts";
import { Identity } from "./identity.ts";
import type { CompiledSpec, State, StatePredicate, StepPredicate } from "./spec.ts";
import { whole } from "./values.ts";

export interface ExploreOptions {
  /** Stop, without a result, after so many distinct states. */
  readonly maxStates?: number;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly generatedStates: number;
  readonly distinctStates: number;
  readonly depth: number;
  /** How many states were found and not gone on from yet. */
  readonly queue: number;
}

/** A step of a counterexample; the first has no action. */
export interface Step {
  readonly action: string | null;
  readonly state: State;
}

export interface Violation {
  readonly kind: "assumption" | "invariant" | "property" | "deadlock" | "error";
  /** The invariant's or property's name; for an error what TLC would say. */
  readonly name: string;
  readonly trace: readonly Step[];
}

export interface Exploration extends Progress {
  readonly violation: Violation | null;
  /** Whether every state was visited. */
  readonly isComplete: boolean;
  /**
   * Whether the counts must be TLC's. Under a symmetry and a view they need not be: TLC 2.18 takes the
   * view of the least of the permuted states, in an order of names that is that in which its parser met
   * them, and so tells apart states with the same view where another variable decides which is least.
   */
  readonly countsAsTlc: boolean;
  /** How often each action of the next-state relation made a state, those that never did too. */
  readonly actions: ReadonlyMap<string, number>;
}

interface Found {
  readonly kind: Violation["kind"];
  readonly name: string;
  /** The number of the state it was found from; -1 for an initial state. */
  readonly from: number;
  readonly state: State | null;
}

/** Progress is told of after so many states were gone on from. */
const PROGRESS_EVERY = 256;

/** Visits every state of the spec, or those up to the first that breaks a property. */
export function explore(spec: CompiledSpec, options: ExploreOptions = {}): Exploration {
  return new Explorer(spec, options).run();
}

class Explorer {
  readonly #spec: CompiledSpec;
  readonly #options: ExploreOptions;
  readonly #identity: Identity;
  readonly #seen = new Fingerprints();
  readonly #parents: number[] = [];
  readonly #actions = new Map<string, number>();
  #generated = 0;
  #queue = 0;
  #depth = 0;
  /** How many states it takes to come to the newest of those that were found. */
  #deepest = 0;
  #found: Found | null = null;
  /** What is being evaluated, as `places` names it; null for an action, or the initial states. */
  #evaluating: string | null = null;

  constructor(spec: CompiledSpec, options: ExploreOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#identity = new Identity(spec);
    for (const action of spec.actions) this.#actions.set(action, 0);
  }

  run(): Exploration {
    try {
      return this.#explore();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      throw new RefusedError(`${error.message} It is met in ${this.#where()}.`);
    }
  }

  #where(): string {
    const name = this.#evaluating ?? blame.action;
    const place = this.#spec.places[name];
    return place === undefined ? `module ${this.#spec.name}` : `${name}, ${place}`;
  }

  #explore(): Exploration {
    this.#guarded(-1, null, () => this.#assume());
    let frontier = this.#found === null ? this.#initialStates() : [];
    let first = 0;
    while (frontier.length > 0 && this.#found === null) {
      this.#depth++;
      const next: State[] = [];
      const after = this.#seen.count;
      for (let i = 0; i < frontier.length && this.#found === null; i++) {
        this.#queue = frontier.length - i - 1 + next.length;
        if (i % PROGRESS_EVERY === 0) this.#options.onProgress?.(this.#progress());
        this.#visit(frontier[i] as State, first + i, next);
        if (this.#seen.count > (this.#options.maxStates ?? Infinity))
          return this.#result(null, false);
      }
      first = after;
      frontier = next;
    }
    if (this.#found === null) return this.#result(null, true);
    const { kind, name } = this.#found;
    if (this.#depth > 0) this.#depth = this.#deepest;
    return this.#result({ kind, name, trace: this.#trace(this.#found) }, false);
  }

  #assume(): void {
    const broken = this.#spec.assumptions.findIndex((holds) => !holds());
    if (broken < 0) return;
    this.#found = { kind: "assumption", name: `assumption ${broken + 1}`, from: -1, state: null };
  }

  #progress(): Progress {
    return {
      generatedStates: this.#generated,
      distinctStates: this.#seen.count,
      depth: this.#depth,
      queue: this.#queue,
    };
  }

  #result(violation: Violation | null, isComplete: boolean): Exploration {
    const countsAsTlc = this.#spec.symmetry === null || this.#spec.view === null;
    return { ...this.#progress(), violation, isComplete, countsAsTlc, actions: this.#actions };
  }

  #initialStates(): State[] {
    const states: State[] = [];
    const { spec } = this.#init();
    this.#guarded(-1, null, () => {
      spec.init?.(spec.blank(), (made) => {
        if (this.#found !== null) return;
        this.#generated++;
        const state = this.#complete(made);
        const inModel = spec.constraints.every((each) => this.#holds(each, state));
        const isNew = !inModel || this.#isNew(state, -1);
        this.#evaluating = null;
        if (!isNew) return;
        this.#check(state, -1);
        for (const each of spec.initialProperties) {
          if (this.#found === null && !this.#holds(each, state))
            this.#found = { kind: "property", name: each.name, from: -1, state };
        }
        if (inModel) states.push(state);
        this.#evaluating = null;
      });
    });
    return states;
  }

  #init(): { readonly spec: CompiledSpec } {
    if (this.#spec.init === null || this.#spec.next === null) {
      throw new EvaluationError("The configuration names no specification to explore.");
    }
    return { spec: this.#spec };
  }

  /** A copy of a state that was made; every variable must have a value. */
  #complete(made: State): State {
    const state = this.#spec.blank();
    for (const name of this.#spec.variables) {
      const value = made[name];
      if (value === undefined) {
        throw new EvaluationError(
          `Successor state is not completely specified by action ${blame.action} of the next-state relation. The following variable is not assigned: ${name}.`,
        );
      }
      // What it was made of may be gone when it is looked at again.
      state[name] = whole(value);
    }
    return state;
  }

  #isNew(state: State, parent: number): boolean {
    if (this.#spec.view !== null) this.#evaluating = "VIEW";
    this.#identity.take(state);
    const number = this.#seen.add(this.#identity.lane1, this.#identity.lane2);
    if (number < 0) return false;
    this.#parents.push(parent);
    this.#deepest = this.#depth + 1;
    return true;
  }

  #holds(predicate: StatePredicate, state: State): boolean;
  #holds(predicate: StepPredicate, state: State, next: State): boolean;
  #holds({ name, holds }: StepPredicate, state: State, next: State = state): boolean {
    this.#evaluating = name;
    return holds(state, next);
  }

  #check(state: State, from: number): void {
    for (const each of this.#spec.invariants) {
      if (!this.#holds(each, state)) {
        this.#found ??= { kind: "invariant", name: each.name, from, state };
        return;
      }
    }
  }

  #visit(state: State, number: number, frontier: State[]): void {
    const spec = this.#spec;
    let hasNext = false;
    this.#guarded(number, state, () => {
      spec.next?.(state, spec.blank(), (made) => {
        if (this.#found !== null) return;
        hasNext = true;
        this.#generated++;
        this.#actions.set(blame.action, (this.#actions.get(blame.action) ?? 0) + 1);
        this.#take(state, this.#complete(made), number, frontier);
        this.#evaluating = null;
      });
    });
    if (!hasNext && spec.checkDeadlock && this.#found === null) {
      this.#found = { kind: "deadlock", name: "deadlock", from: number, state: null };
    }
  }

  #take(before: State, state: State, number: number, frontier: State[]): void {
    const spec = this.#spec;
    const inModel =
      spec.constraints.every((each) => this.#holds(each, state)) &&
      spec.actionConstraints.every((each) => this.#holds(each, before, state));
    const isNew = !inModel || this.#isNew(state, number);
    if (isNew) this.#check(state, number);
    if (this.#found !== null) return;
    for (const each of spec.stepProperties) {
      if (!this.#holds(each, before, state)) {
        this.#found = { kind: "property", name: each.name, from: number, state };
        return;
      }
    }
    if (inModel && isNew) frontier.push(state);
  }

  /** An error of evaluation is a result, as it is for TLC. */
  #guarded(from: number, state: State | null, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      this.#found = { kind: "error", name: error.message, from, state: from < 0 ? state : null };
    }
  }

  /** The states from an initial one to what was found, made again along the parents. */
  #trace(found: Found): readonly Step[] {
    const path: number[] = [];
    for (let at = found.from; at >= 0; at = this.#parents[at] ?? -1) path.unshift(at);
    const steps: Step[] = [];
    for (const number of path) {
      const before = steps[steps.length - 1]?.state ?? null;
      steps.push(this.#again(before, (state) => this.#numberOf(state) === number));
    }
    if (found.state === null) return steps;
    const before = steps[steps.length - 1]?.state ?? null;
    const last = found.state;
    const same = (state: State): boolean =>
      this.#spec.variables.every((name) => state[name] === last[name]) ||
      this.#sameFingerprint(state, last);
    return [...steps, this.#again(before, same)];
  }

  #sameFingerprint(a: State, b: State): boolean {
    this.#identity.take(a);
    const { lane1, lane2 } = this.#identity;
    this.#identity.take(b);
    return lane1 === this.#identity.lane1 && lane2 === this.#identity.lane2;
  }

  #numberOf(state: State): number {
    this.#identity.take(state);
    return this.#seen.numberOf(this.#identity.lane1, this.#identity.lane2);
  }

  #again(before: State | null, isWanted: (state: State) => boolean): Step {
    let step: Step | null = null;
    const offer = (made: State): void => {
      if (step !== null) return;
      const state = this.#complete(made);
      if (isWanted(state)) step = { action: before === null ? null : blame.action, state };
    };
    const spec = this.#spec;
    try {
      if (before === null) spec.init?.(spec.blank(), offer);
      else spec.next?.(before, spec.blank(), offer);
    } catch (error) {
      if (!(error instanceof EvaluationError) || step === null) throw error;
    }
    if (step === null) throw new Error("A state of a counterexample was not found again.");
    return step;
  }
}
