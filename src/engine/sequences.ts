/**
 * The module Sequences. A sequence that is made longer shares the array of the one it was made
 * of, which goes on where that one ends: a log that grows is copied never, whatever its length,
 * and two that begin alike are known to by their array. Only the longest of a family may append
 * to the array; another that says the same next shares it too, and one that does not gets an
 * array of its own.
 */
import { tupleDomain } from "./domains.ts";
import { EvaluationError } from "./errors.ts";
import { EMPTY_TUPLE, listed, tuple } from "./functions.ts";
import { show } from "./show.ts";
import { FunctionValue, type Value } from "./values.ts";

export function sequence(value: Value, operator: string): FunctionValue {
  const f = value instanceof FunctionValue ? value : listed(value);
  if (f instanceof FunctionValue && f.domain.kind === "tuple") return f;
  throw new EvaluationError(
    `The argument of ${operator} should be a sequence, but instead it is:\n${show(value)}`,
  );
}

export function Len(s: Value): number {
  if (typeof s === "string") return s.length;
  return sequence(s, "Len").domain.size;
}

export function Append(s: Value, x: Value): Value {
  if (typeof s === "string" && typeof x === "string") return s + x;
  return longer(sequence(s, "Append"), [x], 1);
}

/** The sequence followed by the first so many values of a list. */
function longer(before: FunctionValue, after: readonly Value[], count: number): FunctionValue {
  const { size } = before.domain;
  let values = before.isShared ? (before.values as Value[]) : before.values.slice(0, size);
  for (let i = 0; i < count; i++) {
    const x = after[i] as Value;
    if (values.length === size + i) values.push(x);
    else if (!isAlike(values[size + i] as Value, x)) {
      values = values.slice(0, size + i);
      values.push(x);
    }
  }
  return new FunctionValue(tupleDomain(size + count), values, true);
}

/** Whether two values are equal for sure, without an error where they cannot be compared. */
function isAlike(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (!(a instanceof FunctionValue && b instanceof FunctionValue)) return false;
  if (a.domain !== b.domain) return false;
  for (let i = 0; i < a.domain.size; i++) if (a.values[i] !== b.values[i]) return false;
  return true;
}

export function Head(s: Value): Value {
  if (typeof s === "string" && s !== "") return s.charAt(0);
  const { values, domain } = sequence(s, "Head");
  if (domain.size === 0)
    throw new EvaluationError("Attempted to apply Head to the empty sequence.");
  return values[0] as Value;
}

export function Tail(s: Value): Value {
  if (typeof s === "string" && s !== "") return s.slice(1);
  const { values, domain } = sequence(s, "Tail");
  if (domain.size === 0)
    throw new EvaluationError("Attempted to apply Tail to the empty sequence.");
  return tuple(values.slice(1, domain.size));
}

/** s \o t; of strings as well, as in TLC. */
export function concat(s: Value, t: Value): Value {
  if (typeof s === "string" && typeof t === "string") return s + t;
  const before = sequence(s, "\\o");
  const after = sequence(letters(t), "\\o");
  if (after.domain.size === 0) return before;
  if (before.domain.size === 0) return after;
  return longer(before, after.values, after.domain.size);
}

/** The elements from `from` to `to`, both included. */
export function SubSeq(s: Value, from: Value, to: Value): Value {
  if (typeof s === "string") return textBetween(s, from, to);
  const whole = sequence(s, "SubSeq");
  const { values, domain, isShared } = whole;
  if (typeof from !== "number" || typeof to !== "number") {
    throw new EvaluationError(
      `The bounds of SubSeq should be integers: ${show(from)}, ${show(to)}.`,
    );
  }
  if (from > to) return EMPTY_TUPLE;
  if (from < 1 || to > domain.size) {
    throw new EvaluationError(
      `The bounds of SubSeq, ${from} and ${to}, should be within the domain of\n${show(s)}`,
    );
  }
  if (from === 1 && to === domain.size) return whole;
  if (from === 1) return new FunctionValue(tupleDomain(to), values, isShared);
  return tuple(values.slice(from - 1, to));
}

/** A string as the sequence of its letters, as which some operators of TLC take it. */
function letters(value: Value): Value {
  return typeof value === "string" ? tuple([...value]) : value;
}

function textBetween(text: string, from: Value, to: Value): string {
  return sequence(SubSeq(letters(text), from, to), "SubSeq")
    .list()
    .join("");
}

export function SelectSeq(s: Value, test: (x: Value) => Value): Value {
  const chosen: Value[] = [];
  selectInto(chosen, s, test);
  return tuple(chosen);
}

/** Adds to `chosen` the elements of s that the test of a SelectSeq is true of. */
export function selectInto(chosen: Value[], s: Value, test: (x: Value) => Value): void {
  const { values, domain } = sequence(letters(s), "SelectSeq");
  for (let i = 0; i < domain.size; i++) {
    const x = values[i] as Value;
    const isChosen = test(x);
    if (typeof isChosen !== "boolean") {
      throw new EvaluationError(
        `The test of SelectSeq gave ${show(isChosen)}, which is no boolean.`,
      );
    }
    if (isChosen) chosen.push(x);
  }
}
