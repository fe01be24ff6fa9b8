import type { TraceAction, TraceEvent, TraceHeader, TraceVariable } from "../src/trace/format.ts";

import type { MalformedTrace } from "./loaded.ts";

/** A trace to be held against the spec: from a file, several merged ones, or memory. */
export interface TraceToCheck {
  /** What to call it: its file, its execution, or what the caller likes. Need not be unique. */
  readonly name: string;
  readonly header: TraceHeader;
  /** The events of all servers, in one order: a receipt after its send. Not empty. */
  readonly events: readonly TraceEvent[];
  /** The variables that each server logs, where they differ; by default the header's. */
  readonly loggedBy?: ReadonlyMap<string, readonly TraceVariable[]>;
}

/**
 * How an event diverges from the spec.
 * - notEnabled: the action was not possible
 * - mismatch: the action was possible and does something else
 * - violated: the action is as the spec has it, and a property does not survive it
 * - notSent: the message it received was sent by nobody before
 */
export type DivergenceKind = "notEnabled" | "mismatch" | "violated" | "notSent";

/** A value of the spec in a trace's terms: servers and commands by their names. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [field: string]: Value };

/** One thing that was not as the spec has it. */
export interface Finding {
  /** The false rule or guard, the variable (or "sent"), the property, or the message's id. */
  readonly name: string;
  /** By the spec; null where there is nothing to show. */
  readonly expected: Value;
  /** In the trace; null where there is nothing to show. */
  readonly actual: Value;
}

/** What a rule said in the state before a step. */
export interface Decision {
  readonly rule: string;
  readonly holds: boolean;
}

/** The first event of a trace that the spec does not allow. */
export interface Divergence {
  readonly kind: DivergenceKind;
  /** The event's position in the trace, from 0. */
  readonly event: number;
  readonly server: string;
  readonly seq: number;
  readonly action: TraceAction;
  /** Never empty. */
  readonly findings: readonly Finding[];
  /** Of a mismatch: what the rules said that decide the action, as far as an engine tells. */
  readonly decisions: readonly Decision[];
}

/** What became of one trace. Every trace gets exactly one. */
export interface Verdict {
  readonly trace: string;
  /** How many events were held against the spec, a diverging one included. */
  readonly eventsChecked: number;
  /** Null where every event of the trace is a step of the spec and every property holds. */
  readonly divergence: Divergence | null;
}

/** Something that holds traces against the spec. */
export interface Engine {
  readonly name: string;
  /**
   * One verdict a trace, in the order of the traces.
   * Throws an EngineError where it cannot give a verdict; never passes a trace by silence.
   */
  check(traces: readonly TraceToCheck[]): Promise<readonly Verdict[]>;
  /**
   * Checks a file as it is read, whatever its length; absent where the engine cannot.
   *
   * @param rules those of which to count what they answer; null for none
   */
  checkFile?(file: string, rules: readonly string[] | null): Promise<FileCheck>;
  /** The same for the files of one execution, one of each server; `checkFile` found each a part. */
  checkExecution?(files: readonly string[], rules: readonly string[] | null): Promise<FileCheck>;
  /** Told beforehand which files `checkFile` will be asked for; it may take several at once. */
  expect?(files: readonly string[]): Promise<void>;
  /** No more files come: ends what the engine holds for them. */
  close?(): Promise<void>;
}

/** What came of checking a file as it was read. */
export type FileCheck =
  | {
      readonly kind: "valid";
      readonly header: TraceHeader;
      readonly events: number;
      readonly coverage: Readonly<Record<TraceAction, number>>;
      /** What the rules answered, where that was asked for. */
      readonly rules: Readonly<Record<string, RuleCount>> | null;
    }
  | { readonly kind: "malformed"; readonly malformed: MalformedTrace }
  /** It is one file of an execution, to be checked with the others. */
  | { readonly kind: "part"; readonly header: TraceHeader }
  /** It has to be read as a whole: it diverges, or it is no file. */
  | { readonly kind: "whole" };

/**
 * Of a rule that is a condition, how often it granted and refused; of one that says what becomes
 * of a variable, how often it made a difference and how often it made none.
 */
export interface RuleCount {
  granted: number;
  refused: number;
}

/** An engine could not do its work: what happened, and what to do. */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EngineError";
  }
}
