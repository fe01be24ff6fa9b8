/** What `lockstep replay` has shown, as text and as JSON. */

import type { Action } from "../core/index.ts";
import { RAFT_ACTIONS } from "../trace/format.ts";
import type { Difference } from "./cluster.ts";
import type { ReplayDivergence, Replayed } from "./divergence.ts";

/** A file or path that could not be replayed. */
export interface MalformedInput {
  readonly file: string;
  /** From 1; 0 where it is the whole file. */
  readonly line: number;
  readonly message: string;
}

/** The sums over all that was replayed. */
export interface ReplayResult {
  readonly behaviours: number;
  readonly traces: number;
  readonly steps: number;
  readonly valid: number;
  readonly invalid: number;
  /** The rule that the core forgot; null for none. */
  readonly forgotten: string | null;
  /** How often each action was taken. */
  readonly coverage: Readonly<Record<string, number>>;
  readonly stepsPerSecond: number;
  readonly divergences: readonly ReplayDivergence[];
  readonly malformed: readonly MalformedInput[];
}

/** Adds up what becomes of behaviours and traces, as they come. */
export class ReplayTally {
  readonly #coverage = new Map<Action, number>(RAFT_ACTIONS.map((action) => [action, 0]));
  readonly #divergences: ReplayDivergence[] = [];
  readonly #malformed: MalformedInput[] = [];
  readonly #counts = { behaviour: 0, trace: 0 };
  steps = 0;

  get executions(): number {
    return this.#counts.behaviour + this.#counts.trace;
  }

  add({ kind, actions, divergence }: Replayed): void {
    this.#counts[kind]++;
    this.steps += actions.length;
    for (const action of actions) {
      this.#coverage.set(action, (this.#coverage.get(action) ?? 0) + 1);
    }
    if (divergence !== null) this.#divergences.push(divergence);
  }

  addMalformed(malformed: MalformedInput): void {
    this.#malformed.push(malformed);
  }

  result(forgotten: string | null, seconds: number): ReplayResult {
    return {
      behaviours: this.#counts.behaviour,
      traces: this.#counts.trace,
      steps: this.steps,
      valid: this.executions - this.#divergences.length,
      invalid: this.#divergences.length,
      forgotten,
      coverage: Object.fromEntries(this.#coverage),
      stepsPerSecond: Math.round(this.steps / Math.max(seconds, 0.001)),
      divergences: this.#divergences,
      malformed: this.#malformed,
    };
  }
}

/** Where an execution leaves the core, for people. */
export function divergenceText(divergence: ReplayDivergence): string {
  const { file, line, behaviour, step, server, action } = divergence;
  const where = behaviour === null ? `${server} #${step}` : `behaviour ${behaviour}, state ${step}`;
  const parameters = Object.entries({
    ...(behaviour === null || server === null ? {} : { server }),
    ...divergence.parameters,
  }).map(([name, value]) => `${name} = ${typeof value === "string" ? value : brief(value)}`);
  return [
    `diverges  ${file}:${line}  ${where}: ${action}${parameters.length === 0 ? "" : `(${parameters.join(", ")})`}`,
    `  ${KINDS[divergence.kind]}`,
    ...divergence.differences.flatMap(differenceLines),
    "",
  ].join("\n");
}

const KINDS: Readonly<Record<ReplayDivergence["kind"], string>> = {
  notSent: "nobody has sent the message before",
  notEnabled: "the core does not take the action",
  mismatch: "the core does something else",
};

function differenceLines({ name, recorded, core }: Difference): readonly string[] {
  return [
    `  differs   ${name}`,
    `    recorded   ${brief(recorded)}`,
    `    core       ${brief(core)}`,
  ];
}

const MOST_VALUE_TEXT = 400;

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= MOST_VALUE_TEXT ? text : `${text.slice(0, MOST_VALUE_TEXT)}…`;
}
