/** Something that must never be, seen in a simulated execution. */
export interface Violation {
  /** The property's name, that of `spec/RaftProperties.tla` where it is one of these. */
  readonly property: string;
  /** What was seen, in one sentence. */
  readonly explanation: string;
}

/** Keeps the first violation: what follows it only follows from it. */
export class Verdict {
  #violation: Violation | null = null;

  get violation(): Violation | null {
    return this.#violation;
  }

  fail(property: string, explanation: string): void {
    this.#violation ??= { property, explanation };
  }
}
