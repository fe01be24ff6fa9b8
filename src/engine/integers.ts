/** Naturals and Integers, with TLC's 32 bits. */
import { EvaluationError } from "./errors.ts";
import { show } from "./show.ts";
import type { Value } from "./values.ts";

function integer(value: Value, operator: string): number {
  if (typeof value === "number") return value;
  throw new EvaluationError(
    `An argument of ${operator} should be an integer, but instead it is:\n${show(value)}`,
  );
}

function inRange(result: number, a: number, operator: string, b: number): number {
  if (result === (result | 0)) return result;
  throw new EvaluationError(`Overflow when computing ${a}${operator}${b}`);
}

export function add(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (sum === (sum | 0)) return sum;
  }
  return inRange(integer(a, "+") + integer(b, "+"), Number(a), "+", Number(b));
}

export function subtract(a: Value, b: Value): number {
  const x = integer(a, "-");
  const y = integer(b, "-");
  return inRange(x - y, x, "-", y);
}

export function multiply(a: Value, b: Value): number {
  const x = integer(a, "*");
  const y = integer(b, "*");
  const result = x * y;
  return inRange(result === 0 ? 0 : result, x, "*", y);
}

export function negate(a: Value): number {
  const x = integer(a, "-.");
  return x === 0 ? 0 : inRange(-x, 0, "-", x);
}

export function divide(a: Value, b: Value): number {
  const x = integer(a, "\\div");
  const y = integer(b, "\\div");
  if (y === 0) throw new EvaluationError("The second argument of \\div is 0.");
  return inRange(Math.floor(x / y) + 0, x, "\\div", y);
}

export function modulo(a: Value, b: Value): number {
  const x = integer(a, "%");
  const y = integer(b, "%");
  if (y <= 0) {
    throw new EvaluationError(
      `The second argument of % should be a positive number, but instead it is:\n${y}`,
    );
  }
  return ((x % y) + y) % y;
}

export function power(a: Value, b: Value): number {
  const x = integer(a, "^");
  const y = integer(b, "^");
  if (y < 0)
    throw new EvaluationError(
      `The second argument of ^ should be a natural number, but instead it is:\n${y}`,
    );
  if (x === 0 && y === 0) throw new EvaluationError("0^0 is undefined.");
  let result = 1;
  for (let i = 0; i < y && Math.abs(result) <= 2 ** 31 && Math.abs(x) > 1; i++) result *= x;
  if (x === 0) result = 0;
  if (x === -1) result = y % 2 === 0 ? 1 : -1;
  return inRange(result, x, "^", y);
}

export function less(a: Value, b: Value): boolean {
  return integer(a, "<") < integer(b, "<");
}

export function lessOrEqual(a: Value, b: Value): boolean {
  return integer(a, "\\leq") <= integer(b, "\\leq");
}

export function greater(a: Value, b: Value): boolean {
  return integer(a, ">") > integer(b, ">");
}

export function greaterOrEqual(a: Value, b: Value): boolean {
  return integer(a, "\\geq") >= integer(b, "\\geq");
}
