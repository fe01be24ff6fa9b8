/** Calls the user's state machine, and holds it to its interface. */
import type { Command, Index, Snapshot } from "../core/index.ts";
import { told } from "./settings.ts";
import type { ReplicatedStateMachine } from "./state-machine.ts";

/** A state machine did what its interface does not allow: which method, what, and for which index. */
export class StateMachineFault extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "StateMachineFault";
  }
}

/**
 * Has it apply a command. Whether somebody waits for the answer or not, it has to be a text: what is
 * wrong is found at once, and the same on every server.
 *
 * @throws StateMachineFault
 */
export function applyTo(
  machine: ReplicatedStateMachine,
  command: Command,
  index: Index,
  isAwaited: boolean,
): string {
  let answer: unknown;
  try {
    answer = machine.apply(command, index, isAwaited);
  } catch (error) {
    throw thrown("apply", `for the command at index ${index}`, error);
  }
  if (typeof answer === "string") return answer;
  throw wrong("apply", `returned ${told(answer)} for the command at index ${index}`, answer);
}

/** Its answer, or why it has none: a query changes nothing, so that the server can go on. */
export function answerOf(
  machine: ReplicatedStateMachine,
  query: string,
  executed: Index,
): string | StateMachineFault {
  let answer: unknown;
  const at = `for a query at index ${executed}`;
  try {
    answer = machine.query(query);
  } catch (error) {
    return new StateMachineFault(
      `the state machine's query threw ${at}: ${messageOf(error)}`,
      error,
    );
  }
  if (typeof answer === "string") return answer;
  leave(answer);
  return new StateMachineFault(
    `the state machine's query returned ${told(answer)} ${at}: a text is expected${hintFor(answer)}`,
  );
}

/**
 * Its state as it is now, in pieces to be asked for later. A text in place of pieces is one.
 *
 * @throws StateMachineFault, also while they are asked for
 */
export function snapshotOf(machine: ReplicatedStateMachine, index: Index): Iterable<string> {
  let pieces: unknown;
  try {
    pieces = machine.snapshot();
  } catch (error) {
    throw thrown("snapshot", `at index ${index}`, error);
  }
  if (typeof pieces === "string") return [pieces];
  if (isIterable(pieces)) return checkedPieces(pieces, index);
  throw wrong(
    "snapshot",
    `returned ${told(pieces)} at index ${index}`,
    pieces,
    "an iterable of texts",
  );
}

/** Puts the state of a snapshot in place of its own. @throws StateMachineFault */
export function restoreTo(machine: ReplicatedStateMachine, snapshot: Snapshot): void {
  const at = `the snapshot up to index ${snapshot.lastIncludedIndex}`;
  let returned: unknown;
  try {
    returned = machine.restore(snapshot.data);
  } catch (error) {
    throw thrown("restore", `for ${at}`, error);
  }
  // Commands would be applied to a state that is not there yet.
  if (!isPromise(returned)) return;
  throw wrong("restore", `returned ${told(returned)} for ${at}`, returned, "nothing");
}

function* checkedPieces(pieces: Iterable<unknown>, index: Index): Generator<string> {
  const iterator = pieces[Symbol.iterator]();
  for (;;) {
    let next: IteratorResult<unknown>;
    try {
      next = iterator.next();
    } catch (error) {
      throw thrown("snapshot", `at index ${index}`, error);
    }
    if (next.done === true) return;
    // Put together with the others it would be part of a state that is nobody's.
    if (typeof next.value === "string") yield next.value;
    else throw wrong("snapshot", `gave ${told(next.value)} at index ${index}`, next.value);
  }
}

const ADVICE = "Nothing is lost: mend it, and start the server again";

function thrown(method: string, where: string, error: unknown): StateMachineFault {
  const text = `the state machine's ${method} threw ${where}: ${messageOf(error)}. ${ADVICE}`;
  return new StateMachineFault(text, error);
}

function wrong(method: string, what: string, given: unknown, expected = "a text") {
  const hint = hintFor(given);
  leave(given);
  return new StateMachineFault(
    `the state machine's ${method} ${what}: ${expected} is expected${hint}. ${ADVICE}`,
  );
}

function hintFor(given: unknown): string {
  return isPromise(given) ? " (no method of it can be async)" : "";
}

/** What is async is refused already: a rejection that nobody waits for would end the process. */
function leave(given: unknown): void {
  if (isPromise(given)) Promise.resolve(given).catch(() => {});
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : told(error);
}

function isPromise(given: unknown): boolean {
  return typeof given === "object" && given !== null && "then" in given;
}

function isIterable(given: unknown): given is Iterable<unknown> {
  return typeof given === "object" && given !== null && Symbol.iterator in given;
}
