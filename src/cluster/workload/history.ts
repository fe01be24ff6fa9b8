import {
  checkKey,
  type HistoryOperation,
  MAX_CONFIGURATIONS,
  type NotLinearizable,
} from "../../history/index.ts";
import type { Operation, StoreAnswer } from "../../state-machine/index.ts";

/** What came of judging the history so far. */
export interface HistoryJudgement {
  /** Operations that were answered, and those whose outcome no client knows. */
  readonly answered: number;
  readonly unknown: number;
  readonly keys: number;
  readonly fault: NotLinearizable | null;
  /** Keys whose history was too much for the check. */
  readonly undecided: readonly string[];
}

interface KeyHistory {
  readonly key: string;
  /** Those that are not judged yet. */
  operations: HistoryOperation[];
  /** What the key may hold before these; null where that is not known, for what was judged before. */
  before: readonly (string | null)[] | null;
  /** Operations under way. */
  open: number;
  isClosed: boolean;
}

/**
 * What the clients of a cluster saw. Once no more than reads will come for a key, its operations are
 * judged and forgotten, and what it may hold then is kept for these reads to be held against: memory
 * grows by little more than a name a key. Only where a client gave up on a change, which may run yet,
 * the operations stay to the end. Each goes to `write` as a line.
 */
export class History {
  readonly #write: (line: string) => void;
  readonly #keys = new Map<string, KeyHistory>();
  readonly #undecided: string[] = [];
  #fault: NotLinearizable | null = null;
  #moments = 0;
  #answered = 0;
  #unknown = 0;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  get answered(): number {
    return this.#answered;
  }

  get fault(): NotLinearizable | null {
    return this.#fault;
  }

  /** A client asks. */
  invoke(client: number, operation: Operation): HistoryOperation {
    const entry: HistoryOperation = {
      client,
      operation,
      invoked: ++this.#moments,
      answered: null,
      answer: null,
    };
    const history = this.#historyOf(operation.key);
    history.operations.push(entry);
    history.open++;
    return entry;
  }

  answer(entry: HistoryOperation, answer: StoreAnswer): void {
    entry.answered = ++this.#moments;
    entry.answer = answer;
    this.#answered++;
    this.#ended(entry);
  }

  /** The client gives up: the operation may have run, or may yet. */
  giveUp(entry: HistoryOperation): void {
    this.#unknown++;
    this.#ended(entry);
  }

  /** No more operations come for the key, but for reads. */
  closeKey(key: string): void {
    const history = this.#historyOf(key);
    history.isClosed = true;
    this.#judgeIfComplete(history);
  }

  /** Judges what is left. */
  finish(): HistoryJudgement {
    for (const history of this.#keys.values()) this.#judge(history);
    return {
      answered: this.#answered,
      unknown: this.#unknown,
      keys: this.#keys.size,
      fault: this.#fault,
      undecided: this.#undecided,
    };
  }

  #historyOf(key: string): KeyHistory {
    let history = this.#keys.get(key);
    if (history === undefined) {
      history = { key, operations: [], before: [null], open: 0, isClosed: false };
      this.#keys.set(key, history);
    }
    return history;
  }

  #ended(entry: HistoryOperation): void {
    const history = this.#historyOf(entry.operation.key);
    history.open--;
    this.#judgeIfComplete(history);
  }

  #judgeIfComplete(history: KeyHistory): void {
    const { isClosed, open, operations } = history;
    if (isClosed && open === 0 && !operations.some(mayStillRun)) this.#judge(history);
  }

  #judge(history: KeyHistory): void {
    const { key, operations, before } = history;
    for (const operation of operations) this.#write(`${JSON.stringify(operation)}\n`);
    history.operations = [];
    if (before === null) return;
    const outcome = checkKey(key, operations, MAX_CONFIGURATIONS, before);
    history.before = outcome.kind === "possible" ? outcome.values : null;
    if (outcome.kind === "undecided") this.#undecided.push(key);
    if (outcome.kind === "impossible") this.#fault ??= outcome.fault;
  }
}

/** Whether it is a change whose outcome nobody knows. */
function mayStillRun({ answer, operation }: HistoryOperation): boolean {
  return answer === null && operation.type !== "get";
}
