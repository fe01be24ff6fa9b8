import type { StoreAnswer } from "../state-machine/index.ts";
import type { HistoryOperation } from "./operation.ts";

/**
 * The store, one key of it, in a line an operation: written for the check of histories alone, so
 * that a mistake of the real one is not shared.
 */

type ValueAnswer = Extract<StoreAnswer, { readonly value: string | null }>;

/** What the store answers to the operation where the key holds this value. */
export function answerOn({ operation }: HistoryOperation, value: string | null): ValueAnswer {
  const isDifferent = operation.type === "compareAndSet" && operation.expected !== value;
  return { status: isDifferent ? "different" : "done", value };
}

/** What the key holds after the operation. */
export function valueAfter({ operation }: HistoryOperation, value: string | null): string | null {
  switch (operation.type) {
    case "get":
      return value;
    case "put":
      return operation.value;
    case "delete":
      return null;
    case "compareAndSet":
      return operation.expected === value ? operation.value : value;
  }
}

/** Whether the operation, run on this value, gives the answer that its client got. */
export function fits(operation: HistoryOperation, value: string | null): boolean {
  const { answer } = operation;
  if (answer === null) return true;
  const expected = answerOn(operation, value);
  return answer.status === expected.status && "value" in answer && answer.value === expected.value;
}

/** Whether the operation, answered as it was, left the value as it found it. */
export function changesNothing({ operation, answer }: HistoryOperation): boolean {
  return operation.type === "get" || answer?.status === "different";
}
