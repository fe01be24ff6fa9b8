import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistoryOperation } from "../../src/sim/clients.ts";
import { Acknowledged } from "../../src/sim/oracles/acknowledged.ts";
import { checkLinearizability } from "../../src/sim/oracles/linearizability.ts";
import { Replicas } from "../../src/sim/oracles/replicas.ts";
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
  checkLinearizability(history).violation === null;

describe("the linearizability oracle", () => {
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
    expect(checkLinearizability(history, 1)).toEqual({ violation: null, undecided: ["x"] });
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
        expect(checkLinearizability(byRequest)).toEqual({ violation: null, undecided: [] });
      }),
    );
  });
});

describe("acknowledged commands", () => {
  const entry = { term: 1, command: "a" };

  it("are missed on a server that lacks one, or holds something else there", () => {
    const acknowledged = new Acknowledged();
    expect(acknowledged.add(1, entry)).toBe(null);
    expect(acknowledged.check("s1", [entry], 1)).toBe(null);
    const lost = [
      acknowledged.check("s1", [], 0),
      acknowledged.check("s1", [{ ...entry, term: 2 }], 1),
    ];
    expect(lost.map((violation) => violation?.property)).toEqual([
      "AcknowledgedNeverLost",
      "AcknowledgedNeverLost",
    ]);
  });

  it("are not two at one index", () => {
    const acknowledged = new Acknowledged();
    acknowledged.add(1, entry);
    expect(acknowledged.add(1, { ...entry, command: "b" })?.property).toBe("AcknowledgedNeverLost");
  });
});

describe("replicas", () => {
  it("are seen to differ by their first different answer", () => {
    const replicas = new Replicas();
    expect(replicas.check("s1", 1, { status: "done", value: "1" })).toBe(null);
    expect(replicas.check("s2", 1, { status: "done", value: "1" })).toBe(null);
    const other = replicas.check("s3", 1, { status: "done", value: null });
    expect(other?.property).toBe("StateMachinesEqual");
    expect(replicas.check("s3", 1, { status: "noSession" })?.property).toBe("StateMachinesEqual");
  });
});
