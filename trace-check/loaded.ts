import type { TraceToCheck } from "./engine.ts";

/** Where an event is written. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A trace of one file, or of the files of one execution. */
export interface LoadedTrace {
  readonly trace: TraceToCheck;
  /** Where the event at a position of the trace, from 0, is written. */
  placeOf(event: number): Place;
}

/** Something that is no trace, or not all of one: where, what is wrong, and what to do. */
export interface MalformedTrace {
  readonly file: string;
  /** From 1; 0 where it is the file, or the path, as a whole. */
  readonly line: number;
  /** The path of the field in the line; empty for the line as a whole. */
  readonly field: string;
  /** What, where, and what to do. */
  readonly message: string;
}
