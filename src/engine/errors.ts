/** The errors of evaluating a spec: TLC's, in TLC's words where it has them. */

/** A place in the source of a spec; lines and columns from 1. */
export interface Place {
  readonly module: string;
  readonly line: number;
  readonly column: number;
}

/** An expression has no value: TLC stops at the same place. */
export class EvaluationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EvaluationError";
  }
}

/** Something that TLC may evaluate and this engine refuses, rather than answer wrongly. */
export class RefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RefusedError";
  }
}

/** "module M, line L, column C", as everything here names a place. */
export function showPlace(place: Place): string {
  return `module ${place.module}, line ${place.line}, column ${place.column}`;
}
