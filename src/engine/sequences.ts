/** The module Sequences. */
import { EvaluationError } from "./errors.ts";
import { EMPTY_TUPLE, listed, tuple } from "./functions.ts";
import { show } from "./show.ts";
import { FunctionValue, type Value } from "./values.ts";

function sequence(value: Value, operator: string): readonly Value[] {
  const f = listed(value);
  if (f instanceof FunctionValue && f.domain.kind === "tuple") return f.values;
  throw new EvaluationError(
    `The argument of ${operator} should be a sequence, but instead it is:\n${show(value)}`,
  );
}

export function Len(s: Value): number {
  if (typeof s === "string") return s.length;
  return sequence(s, "Len").length;
}

export function Append(s: Value, x: Value): Value {
  return tuple([...sequence(s, "Append"), x]);
}

export function Head(s: Value): Value {
  const first = sequence(s, "Head")[0];
  if (first === undefined)
    throw new EvaluationError("Attempted to apply Head to the empty sequence.");
  return first;
}

export function Tail(s: Value): Value {
  const values = sequence(s, "Tail");
  if (values.length === 0)
    throw new EvaluationError("Attempted to apply Tail to the empty sequence.");
  return tuple(values.slice(1));
}

/** s \o t; of strings as well, as in TLC. */
export function concat(s: Value, t: Value): Value {
  if (typeof s === "string" && typeof t === "string") return s + t;
  const before = sequence(s, "\\o");
  const after = sequence(t, "\\o");
  if (after.length === 0) return listed(s);
  return tuple([...before, ...after]);
}

/** The elements from `from` to `to`, both included. */
export function SubSeq(s: Value, from: Value, to: Value): Value {
  const values = sequence(s, "SubSeq");
  if (typeof from !== "number" || typeof to !== "number") {
    throw new EvaluationError(
      `The bounds of SubSeq should be integers: ${show(from)}, ${show(to)}.`,
    );
  }
  if (from > to) return EMPTY_TUPLE;
  if (from < 1 || to > values.length) {
    throw new EvaluationError(
      `The bounds of SubSeq, ${from} and ${to}, should be within the domain of\n${show(s)}`,
    );
  }
  if (from === 1 && to === values.length) return listed(s);
  return tuple(values.slice(from - 1, to));
}

export function SelectSeq(s: Value, test: (x: Value) => Value): Value {
  const chosen: Value[] = [];
  selectInto(chosen, s, test);
  return tuple(chosen);
}

/** Adds to `chosen` the elements of s that the test of a SelectSeq is true of. */
export function selectInto(chosen: Value[], s: Value, test: (x: Value) => Value): void {
  for (const x of sequence(s, "SelectSeq")) {
    const isChosen = test(x);
    if (typeof isChosen !== "boolean") {
      throw new EvaluationError(
        `The test of SelectSeq gave ${show(isChosen)}, which is no boolean.`,
      );
    }
    if (isChosen) chosen.push(x);
  }
}
