import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkLinearizability, type HistoryOperation } from "../../src/history/index.ts";
import type { Operation } from "../../src/state-machine/index.ts";

/** An operation on the key x from one moment to another, and what it found there before. */
function operation(
  what: Operation,
  invoked: number,
  answered: number | null,
  found: string | null,
  status: "done" | "different" = "done",
): HistoryOperation {
  const answer = answered === null ? null : { status, value: found };
  return { client: 0, operation: what, invoked, answered, answer };
}

const get: Operation = { type: "get", key: "x" };
const put = (value: string): Operation => ({ type: "put", key: "x", value });
const isLinearizable = (...history: readonly HistoryOperation[]): boolean =>
  checkLinearizability(history).fault === null;

describe("the linearizability of a history", () => {
  it("takes operations one after the other", () => {
    expect(isLinearizable(operation(put("1"), 1, 2, null), operation(get, 3, 4, "1"))).toBe(true);
  });

  it("sees a stale read", () => {
    const history = [operation(put("1"), 1, 2, null), operation(get, 3, 4, null)];
    expect(isLinearizable(...history)).toBe(false);
  });

  it("takes either order of what overlaps, and no third outcome", () => {
    const write = operation(put("1"), 1, 4, null);
    expect(isLinearizable(write, operation(get, 2, 3, null))).toBe(true);
    expect(isLinearizable(write, operation(get, 2, 3, "1"))).toBe(true);
    expect(isLinearizable(write, operation(get, 2, 3, "2"))).toBe(false);
  });

  it("sees two reads that saw the values in opposite orders", () => {
    const history = [
      operation(put("1"), 1, 10, null),
      operation(get, 2, 3, "1"),
      operation(get, 4, 5, null),
    ];
    expect(isLinearizable(...history)).toBe(false);
  });

  it("lets an operation without an answer run late, or never", () => {
    const lost = operation(put("1"), 1, null, null);
    expect(isLinearizable(lost, operation(get, 2, 3, null))).toBe(true);
    expect(isLinearizable(lost, operation(get, 2, 3, null), operation(get, 4, 5, "1"))).toBe(true);
    const back = [operation(get, 2, 3, "1"), operation(get, 4, 5, null)];
    expect(isLinearizable(lost, ...back)).toBe(false);
  });

  it("sees a command that ran twice", () => {
    const history = [
      operation(put("1"), 1, 2, null),
      operation(put("2"), 3, 4, "1"),
      operation(get, 5, 6, "1"),
    ];
    expect(isLinearizable(...history)).toBe(false);
  });

  it("holds compareAndSet to the value that it found", () => {
    const swap: Operation = { type: "compareAndSet", key: "x", expected: "1", value: "2" };
    const first = operation(put("1"), 1, 2, null);
    expect(isLinearizable(first, operation(swap, 3, 4, "1"))).toBe(true);
    expect(isLinearizable(first, operation(swap, 3, 4, "1", "different"))).toBe(false);
    expect(isLinearizable(operation(swap, 3, 4, null, "different"))).toBe(true);
    const lost = operation(swap, 3, null, null);
    expect(isLinearizable(first, lost, operation(get, 5, 6, "2"))).toBe(true);
  });

  it("says so where the bound is too small to decide", () => {
    const history = [operation(put("1"), 1, 2, null), operation(get, 3, 4, "1")];
    expect(checkLinearizability(history, 0)).toEqual({ fault: null, undecided: ["x"] });
  });

  it("accepts every history that one store gave, whatever answers got lost", () => {
    const step = fc.record({
      write: fc.boolean(),
      width: fc.integer({ min: 0, max: 3 }),
      lost: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let value: string | null = null;
        const history = steps.map(({ write, width, lost }, n) => {
          const found = value;
          if (write) value = `${n}`;
          const at = 10 * n;
          const what = write ? put(`${n}`) : get;
          return operation(what, at - width * 10, lost ? null : at + 1 + width * 10, found);
        });
        const byRequest = history.toSorted((one, other) => one.invoked - other.invoked);
        expect(checkLinearizability(byRequest)).toEqual({ fault: null, undecided: [] });
      }),
    );
  });

  it("answers as trying all orders does", () => {
    const value = fc.constantFrom("1", "2");
    const found = fc.constantFrom(null, "1", "2");
    const what = fc.oneof(
      fc.constant(get),
      value.map(put),
      fc.constant<Operation>({ type: "delete", key: "x" }),
      fc.record({
        type: fc.constant("compareAndSet" as const),
        key: fc.constant("x"),
        expected: found,
        value,
      }),
    );
    const one = fc.record({
      what,
      found,
      from: fc.integer({ min: 1, max: 9 }),
      length: fc.integer({ min: 0, max: 6 }),
      isLost: fc.boolean(),
    });
    let yes = 0;
    let no = 0;
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), (ones) => {
        const history = ones
          .map(({ what, found, from, length, isLost }, n) => {
            const isDifferent = what.type === "compareAndSet" && what.expected !== found;
            const status = isDifferent ? "different" : "done";
            const invoked = from + n / 10;
            return operation(what, invoked, isLost ? null : invoked + length + 0.01, found, status);
          })
          .sort((a, b) => a.invoked - b.invoked);
        const expected = someOrderFits(history, null);
        if (expected) yes++;
        else no++;
        expect(isLinearizable(...history)).toBe(expected);
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(yes, no)).toBeGreaterThan(500);
  });

  it("is not slowed by how long a history is", () => {
    let held: string | null = null;
    const history = Array.from({ length: 20_000 }, (_, n) => {
      const before = held;
      held = `${n}`;
      return operation(put(held), n, n + 8.5, before);
    });
    expect(checkLinearizability(history)).toEqual({ fault: null, undecided: [] });
  });

  it("names the operation whose answer fits no order", () => {
    const history = [operation(put("1"), 1, 2, null), operation(get, 3, 4, "7")];
    expect(checkLinearizability(history).fault?.explanation).toContain('x held "1"');
  });
});

/** Whether the operations fit an order, by trying each: what may run first, and then the rest. */
function someOrderFits(left: readonly HistoryOperation[], value: string | null): boolean {
  if (left.every(({ answered }) => answered === null)) return true;
  const bound = Math.min(...left.map(({ answered }) => answered ?? Number.POSITIVE_INFINITY));
  return left.some((first, place) => {
    if (first.invoked > bound) return false;
    const after = runAlone(first, value);
    return after !== undefined && someOrderFits(left.toSpliced(place, 1), after);
  });
}

/** What the key holds after the operation; undefined where its answer is another. */
function runAlone(
  { operation: what, answer }: HistoryOperation,
  value: string | null,
): string | null | undefined {
  const isRun = what.type !== "compareAndSet" || what.expected === value;
  const expected = { status: isRun ? "done" : "different", value };
  if (answer !== null && JSON.stringify(answer) !== JSON.stringify(expected)) return undefined;
  if (!isRun || what.type === "get") return value;
  return what.type === "delete" ? null : what.value;
}
