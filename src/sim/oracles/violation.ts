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
  #lookedPast = 0;
  readonly #isLookedPast: (property: string) => boolean;

  /** @param isLookedPast of a property whose fall is no violation here; by default of none */
  constructor(isLookedPast: (property: string) => boolean = () => false) {
    this.#isLookedPast = isLookedPast;
  }

  get violation(): Violation | null {
    return this.#violation;
  }

  /** How often a property fell that is looked past. */
  get lookedPast(): number {
    return this.#lookedPast;
  }

  fail(property: string, explanation: string): void {
    if (this.#isLookedPast(property)) this.#lookedPast++;
    else this.#violation ??= { property, explanation };
  }
}
