import type { HistoryOperation } from "./operation.ts";
import { answerOn, changesNothing, fits, valueAfter } from "./store-model.ts";

/** The most configurations that are looked at for one key before the check gives up and says so. */
export const MAX_CONFIGURATIONS = 200_000;

/** A key whose operations fit no order in which one store could have run them. */
export interface NotLinearizable {
  readonly key: string;
  readonly explanation: string;
}

export interface LinearizabilityResult {
  readonly fault: NotLinearizable | null;
  /** Keys whose history was too much for the bound; they have not been found wrong. */
  readonly undecided: readonly string[];
}

/**
 * Whether the clients' history could have come from one store that runs the operations one
 * after the other, each at a moment between its request and its answer. An operation without
 * an answer may have run at any later moment, or never.
 *
 * Linearizability is local: a history is linearizable if that of each key is (Herlihy and
 * Wing, 1990).
 *
 * @param history in the order of the requests
 */
export function checkLinearizability(
  history: readonly HistoryOperation[],
  maxConfigurations: number = MAX_CONFIGURATIONS,
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
    const outcome = checkKey(key, operations, maxConfigurations);
    if (outcome.kind === "undecided") undecided.push(key);
    else if (outcome.kind === "impossible") return { fault: outcome.fault, undecided };
  }
  return { fault: null, undecided };
}

/** What the check of one key came to, and, where its history is possible, what the key may hold then. */
export type KeyOutcome =
  | { readonly kind: "possible"; readonly values: readonly (string | null)[] }
  | { readonly kind: "impossible"; readonly fault: NotLinearizable }
  | { readonly kind: "undecided" };

/**
 * The check of one key: just-in-time linearization (Lowe, "Testing for linearizability", 2017).
 * It goes through requests and answers in the order of time, with all the ways in which the store
 * may stand then: its value, and which of the operations under way have run. Nothing runs before
 * an answer needs it. So its cost depends on how many operations are under way at a time, and not
 * on how many have been.
 *
 * A history can be checked in pieces, each from the values that the one before it ended with, if no
 * operation that may change something is without an answer at the end of a piece.
 *
 * @param operations on this key, in the order of their requests
 * @param before what the key may hold before the first of them: any of these
 */
export function checkKey(
  key: string,
  operations: readonly HistoryOperation[],
  maxConfigurations: number = MAX_CONFIGURATIONS,
  before: readonly (string | null)[] = [null],
): KeyOutcome {
  const seen = withoutUnseen(operations);
  const search = new Search(seen, maxConfigurations, before);
  for (const place of answersInOrder(seen)) {
    const outcome = search.answer(place);
    if (outcome === "undecided") return { kind: outcome };
    if (outcome === "impossible") {
      return { kind: outcome, fault: { key, explanation: search.explain(key, place) } };
    }
  }
  return { kind: "possible", values: search.values };
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

/** The places of the operations that were answered, in the order of their answers. */
function answersInOrder(operations: readonly HistoryOperation[]): readonly number[] {
  const answered = (place: number): number => operations[place]?.answered ?? 0;
  return [...operations.keys()]
    .filter((place) => operations[place]?.answered !== null)
    .sort((a, b) => answered(a) - answered(b));
}

/** A way in which the store may stand. */
interface Configuration {
  readonly value: string | null;
  /** The operations that have run and are still under way, in the order of their places. */
  readonly run: readonly number[];
}

class Search {
  readonly #operations: readonly HistoryOperation[];
  readonly #maxConfigurations: number;
  /** The places of the operations that are under way. */
  readonly #underWay = new Set<number>();
  #configurations: readonly Configuration[];
  #requested = 0;
  #looked = 0;

  constructor(
    operations: readonly HistoryOperation[],
    maxConfigurations: number,
    before: readonly (string | null)[],
  ) {
    this.#operations = operations;
    this.#maxConfigurations = maxConfigurations;
    this.#configurations = before.map((value) => ({ value, run: [] }));
  }

  /** What the key may hold after all that was answered. */
  get values(): readonly (string | null)[] {
    return [...new Set(this.#configurations.map(({ value }) => value))];
  }

  /** The operation is answered now: it must have run. */
  answer(place: number): "possible" | "impossible" | "undecided" {
    const moment = this.#at(place).answered ?? Number.POSITIVE_INFINITY;
    while ((this.#operations[this.#requested]?.invoked ?? Number.POSITIVE_INFINITY) <= moment) {
      this.#underWay.add(this.#requested++);
    }
    const after = new Configurations();
    const looked = new Configurations();
    const left = this.#configurations.map((configuration) => this.#withReads(configuration));
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (next.run.includes(place)) {
        after.add({ value: next.value, run: next.run.filter((run) => run !== place) });
        continue;
      }
      if (!looked.add(next)) continue;
      if (++this.#looked > this.#maxConfigurations) return "undecided";
      for (const candidate of this.#underWay) {
        if (next.run.includes(candidate) || !fits(this.#at(candidate), next.value)) continue;
        left.push(this.#withReads(this.#after(next, candidate)));
      }
    }
    if (after.all.length === 0) return "impossible";
    this.#underWay.delete(place);
    this.#configurations = after.all;
    return "possible";
  }

  /** Why no order has the answer of the operation at `place`, in words. */
  explain(key: string, place: number): string {
    const operation = this.#at(place);
    const values = this.values.map((value) => JSON.stringify(value));
    const others = [...this.#underWay].filter((other) => other !== place).length;
    const expected = answerOn(operation, this.#configurations[0]?.value ?? null);
    return (
      `client ${operation.client} asked ${JSON.stringify(operation.operation)} and was answered ` +
      `${JSON.stringify(operation.answer)}, but ${key} held ${values.join(" or ")} after all ` +
      `that was answered before, with ${others} other ${others === 1 ? "operation" : "operations"} under way: no order of them ` +
      `gives that answer${values.length === 1 && others === 0 ? `, only ${JSON.stringify(expected)}` : ""}`
    );
  }

  #at(place: number): HistoryOperation {
    const operation = this.#operations[place];
    if (operation === undefined) throw new RangeError(`there is no operation ${place}`);
    return operation;
  }

  #after({ value, run }: Configuration, place: number): Configuration {
    return {
      value: valueAfter(this.#at(place), value),
      run: [...run, place].sort((a, b) => a - b),
    };
  }

  /** What fits now and changes nothing runs now: nothing is lost, and no order of it is tried. */
  #withReads(configuration: Configuration): Configuration {
    let next = configuration;
    for (const place of this.#underWay) {
      const operation = this.#at(place);
      if (next.run.includes(place) || !changesNothing(operation)) continue;
      if (fits(operation, next.value)) next = this.#after(next, place);
    }
    return next;
  }
}

/** Configurations, each once. */
class Configurations {
  readonly all: Configuration[] = [];
  readonly #known = new Set<string>();

  /** @returns false where it was there */
  add(configuration: Configuration): boolean {
    const text = `${configuration.run.join()} ${JSON.stringify(configuration.value)}`;
    if (this.#known.has(text)) return false;
    this.#known.add(text);
    this.all.push(configuration);
    return true;
  }
}
