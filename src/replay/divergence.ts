import type { Action } from "../core/index.ts";
import type { Difference, Parting } from "./cluster.ts";
import type { ReplayStep } from "./take-step.ts";

/** The first step of an execution in which the core does something else. */
export interface ReplayDivergence {
  readonly file: string;
  /** The line where the state or the event begins. */
  readonly line: number;
  /** Of a file of TLC: which of its behaviours, from 1; null for a trace. */
  readonly behaviour: number | null;
  /** Of a behaviour the number of the state that the step leads to; of a trace the event's seq. */
  readonly step: number;
  /** Null where the initial state differs. */
  readonly server: string | null;
  readonly action: Action | "Init";
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly kind: Parting["kind"];
  /** Never empty. */
  readonly differences: readonly Difference[];
}

/** What became of one behaviour or trace. */
export interface Replayed {
  readonly kind: "behaviour" | "trace";
  /** The actions that the core took, the diverging one included, in their order. */
  readonly actions: readonly Action[];
  readonly divergence: ReplayDivergence | null;
}

/** The parameters of a step as a reader wants them: those that it has. */
export function parametersOf(step: ReplayStep): Readonly<Record<string, unknown>> {
  return {
    ...(step.received === null ? {} : { message: step.received }),
    ...(step.command === null ? {} : { command: step.command }),
    ...(step.index === 0 ? {} : { index: step.index }),
    ...(step.round === 0 ? {} : { round: step.round }),
    ...(step.peer === null ? {} : { peer: step.peer }),
    ...(step.slice ?? {}),
  };
}
