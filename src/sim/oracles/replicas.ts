import type { Index } from "../../core/index.ts";
import type { StoreAnswer } from "../../state-machine/index.ts";
import type { Violation } from "./violation.ts";

/**
 * Equal state machines: what one server's state machine answered to an index, every other's
 * answers to it too, and so does its own after a restart.
 */
export class Replicas {
  readonly #answers: (StoreAnswer | null)[] = [];
  /** By index: the state that a snapshot was taken of, or that was restored from one. */
  readonly #states = new Map<Index, string>();

  /** The state after `index`, of a server that takes a snapshot or was restored from one. */
  checkState(server: string, index: Index, state: string): Violation | null {
    const first = this.#states.get(index);
    if (first === undefined) this.#states.set(index, state);
    if (first === undefined || first === state) return null;
    return {
      property: "StateMachinesEqual",
      explanation: `the state of ${server} after index ${index} is ${state}, another's was ${first}`,
    };
  }

  /** @returns what is wrong with this answer; null where nothing is */
  check(server: string, index: Index, answer: StoreAnswer | null): Violation | null {
    const first = this.#answers[index];
    if (first === undefined) {
      this.#answers[index] = answer;
      return null;
    }
    if (first === answer || isSameAnswer(first, answer)) return null;
    return {
      property: "StateMachinesEqual",
      explanation:
        `the state machine of ${server} answers index ${index} by ${JSON.stringify(answer)}, ` +
        `another answered ${JSON.stringify(first)}`,
    };
  }
}

function isSameAnswer(a: StoreAnswer | null, b: StoreAnswer | null): boolean {
  if (a === null || b === null || a.status !== b.status) return false;
  switch (a.status) {
    case "done":
    case "different":
      return "value" in b && a.value === b.value;
    case "registered":
      return "session" in b && a.session === b.session;
    case "malformed":
      return "reason" in b && a.reason === b.reason;
    case "noSession":
    case "superseded":
    case "tooManyUnderWay":
      return true;
  }
}
