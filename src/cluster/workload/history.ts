import { checkKey, type HistoryOperation, type NotLinearizable } from "../../history/index.ts";
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
  readonly operations: HistoryOperation[];
  /** Operations under way. */
  open: number;
  isClosed: boolean;
}

/**
 * What the clients of a cluster saw. The operations of a key are judged, and forgotten, when no
 * more will come for it, so that memory does not grow with the length of a run. Each goes to
 * `write` as a line.
 */
export class History {
  readonly #write: (line: string) => void;
  readonly #keys = new Map<string, KeyHistory>();
  readonly #undecided: string[] = [];
  #fault: NotLinearizable | null = null;
  #moments = 0;
  #answered = 0;
  #unknown = 0;
  #judged = 0;

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

  /** No more operations come for the key. */
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
      keys: this.#judged,
      fault: this.#fault,
      undecided: this.#undecided,
    };
  }

  #historyOf(key: string): KeyHistory {
    let history = this.#keys.get(key);
    if (history === undefined) {
      history = { key, operations: [], open: 0, isClosed: false };
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
    if (history.isClosed && history.open === 0) this.#judge(history);
  }

  #judge({ key, operations }: KeyHistory): void {
    this.#keys.delete(key);
    this.#judged++;
    for (const operation of operations) this.#write(`${JSON.stringify(operation)}\n`);
    const result = checkKey(key, operations);
    if (result === "undecided") this.#undecided.push(key);
    else if (result !== null) this.#fault ??= result;
  }
}
