import type { StoreAnswer } from "../../state-machine/index.ts";
import type { HistoryOperation } from "../clients.ts";
import type { Violation } from "./violation.ts";

/** The most states that are tried for one key before the check gives up and says so. */
export const MAX_STATES = 200_000;

export interface LinearizabilityResult {
  readonly violation: Violation | null;
  /** Keys whose history was too much for the bound; they have not been found wrong. */
  readonly undecided: readonly string[];
}

/**
 * Whether the clients' history could have come from one store that runs the operations one
 * after the other, each at a moment between its request and its answer. An operation without
 * an answer may have run at any later moment, or never.
 *
 * Linearizability is local: a history is linearizable if that of each key is (Herlihy and
 * Wing, 1990). Each key is searched by Wing and Gong's algorithm (1993): try as the first any
 * operation that was asked for before the first answer, and go on with the rest. Lowe
 * ("Testing for linearizability", 2017) adds the memory: what was run and the value it left
 * say all that the rest depends on, so that no such pair is tried twice.
 */
export function checkLinearizability(
  history: readonly HistoryOperation[],
  maxStates: number = MAX_STATES,
): LinearizabilityResult {
  const byKey = new Map<string, HistoryOperation[]>();
  for (const operation of history) {
    const { key } = operation.operation;
    const ofKey = byKey.get(key);
    if (ofKey === undefined) byKey.set(key, [operation]);
    else ofKey.push(operation);
  }
  const undecided: string[] = [];
  for (const [key, operations] of byKey) {
    const result = checkKey(withoutUnseen(operations), maxStates);
    if (result === "undecided") undecided.push(key);
    if (result === "no") return { violation: violationOf(key, operations), undecided };
  }
  return { violation: null, undecided };
}

function violationOf(key: string, operations: readonly HistoryOperation[]): Violation {
  const answered = operations.filter((operation) => operation.answered !== null).length;
  return {
    property: "Linearizability",
    explanation:
      `the ${operations.length} operations on ${key}, ${answered} of them answered, ` +
      "fit no order in which one store could have run them",
  };
}

/**
 * Leaves out what nobody can have noticed. Every answer says what the key held before, so an
 * operation without an answer whose value is in no answer can only have been followed by
 * others without one, and the rest fits as well without it.
 */
function withoutUnseen(operations: readonly HistoryOperation[]): readonly HistoryOperation[] {
  const seen = new Set<string | null>([null]);
  for (const { answer, operation } of operations) {
    if (answer !== null && "value" in answer) seen.add(answer.value);
    if (answer === null && operation.type === "compareAndSet") seen.add(operation.expected);
  }
  return operations.filter(({ answer, operation }) => {
    if (answer !== null || operation.type === "delete") return true;
    return operation.type !== "get" && seen.has(operation.value);
  });
}

type Outcome = "yes" | "no" | "undecided";

/** One place of the search: what has been run is linked out of the list of what is left. */
interface Choice {
  readonly operation: number;
  readonly valueBefore: string | null;
}

/**
 * Depth-first search without recursion, since a history may be longer than the call stack
 * is deep.
 */
function checkKey(operations: readonly HistoryOperation[], maxStates: number): Outcome {
  const count = operations.length;
  const done = new Uint8Array(count);
  const tried = new Set<string>();
  const path: Choice[] = [];
  let value: string | null = null;
  let states = 0;
  let next = 0;
  for (;;) {
    const bound = firstAnswer(operations, done);
    if (bound === Number.POSITIVE_INFINITY) return "yes";
    const found = findNext(operations, done, value, bound, next, tried);
    if (found >= 0) {
      if (++states > maxStates) return "undecided";
      path.push({ operation: found, valueBefore: value });
      done[found] = 1;
      value = valueAfter(operations[found], value);
      next = 0;
      continue;
    }
    const last = path.pop();
    if (last === undefined) return "no";
    done[last.operation] = 0;
    value = last.valueBefore;
    next = last.operation + 1;
  }
}

/** The moment of the first answer among the operations left; infinity where none has one. */
function firstAnswer(operations: readonly HistoryOperation[], done: Uint8Array): number {
  let first = Number.POSITIVE_INFINITY;
  for (let place = 0; place < operations.length; place++) {
    const answered = operations[place]?.answered ?? null;
    if (done[place] === 0 && answered !== null && answered < first) first = answered;
  }
  return first;
}

/** The next operation, from `from` on, that can be run now and leads to somewhere new; or -1. */
function findNext(
  operations: readonly HistoryOperation[],
  done: Uint8Array,
  value: string | null,
  bound: number,
  from: number,
  tried: Set<string>,
): number {
  for (let place = from; place < operations.length; place++) {
    const candidate = operations[place];
    if (candidate === undefined || done[place] === 1) continue;
    if (candidate.invoked > bound) return -1; // operations are in the order of their requests
    if (!fits(candidate, value)) continue;
    done[place] = 1;
    const configuration = JSON.stringify(valueAfter(candidate, value)) + bitsOf(done);
    done[place] = 0;
    if (tried.has(configuration)) continue;
    tried.add(configuration);
    return place;
  }
  return -1;
}

/** Sixteen operations a character. */
function bitsOf(done: Uint8Array): string {
  let text = "";
  for (let start = 0; start < done.length; start += 16) {
    let bits = 0;
    for (let offset = 0; offset < 16; offset++) bits |= (done[start + offset] ?? 0) << offset;
    text += String.fromCharCode(bits);
  }
  return text;
}

/** Whether the operation, run on this value, gives the answer that its client got. */
function fits(operation: HistoryOperation, value: string | null): boolean {
  const { answer } = operation;
  if (answer === null) return true;
  const expected = answerOn(operation, value);
  return answer.status === expected.status && "value" in answer && answer.value === expected.value;
}

/** The store in one line an operation, written for this check alone. */
function answerOn(
  { operation }: HistoryOperation,
  value: string | null,
): Extract<StoreAnswer, { readonly value: string | null }> {
  const isDifferent = operation.type === "compareAndSet" && operation.expected !== value;
  return { status: isDifferent ? "different" : "done", value };
}

function valueAfter(operation: HistoryOperation | undefined, value: string | null): string | null {
  if (operation === undefined) return value;
  switch (operation.operation.type) {
    case "get":
      return value;
    case "put":
      return operation.operation.value;
    case "delete":
      return null;
    case "compareAndSet":
      return operation.operation.expected === value ? operation.operation.value : value;
  }
}
