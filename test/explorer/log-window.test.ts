import { expect, test } from "vitest";
import { differsAt, logWindow } from "../../src/explorer/page/log-window.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import type { Divergence } from "../../trace-check/engine.ts";

const event: TraceEvent = { server: "s1", seq: 1, action: "HandleAppendEntriesRequest" };

function logOf(length: number, term = 1) {
  return Array.from({ length }, (_, i) => ({ term, command: `c${i + 1}` }));
}

function stepOf(divergence: Divergence | null, changed: TraceEvent["changed"] = undefined) {
  const taken = changed === undefined ? event : { ...event, changed };
  return { event: taken, received: null, calls: null, divergence, trace: null };
}

function mismatch(expected: ReturnType<typeof logOf>, actual: ReturnType<typeof logOf>) {
  const findings = [{ name: "log", expected, actual }];
  const { server, seq, action } = event;
  const divergence: Divergence = {
    ...{ kind: "mismatch", event: 0, server, seq, action, findings, decisions: [] },
  };
  return divergence;
}

test("the first index that differs is the one that one side lacks, or has otherwise", () => {
  expect(differsAt(mismatch(logOf(16), logOf(15)))).toBe(16);
  expect(differsAt(mismatch(logOf(3), [...logOf(1), ...logOf(2, 2)]))).toBe(2);
  expect(differsAt(mismatch(logOf(3), logOf(3)))).toBeNull();
});

test("the index that differs is shown, before what the step changed", () => {
  const early = mismatch(logOf(30), logOf(4));
  expect(logWindow(stepOf(early, { log: [29, []] }), 30, 0).indexes).toContain(5);
  const late = mismatch(logOf(16), logOf(15));
  expect(logWindow(stepOf(late), 16, 0).indexes).toContain(16);
});

test("one comes from where the step changed a log to its end, and back", () => {
  const step = stepOf(null, { log: [4, []] });
  const home = logWindow(step, 30, 0);
  expect(home).toMatchObject({ hasEarlier: true, hasLater: true });
  const end = logWindow(step, 30, -24);
  expect(end.indexes.at(-1)).toBe(30);
  expect(end).toMatchObject({ hasEarlier: true, hasLater: false });
  expect(logWindow(step, 30, 12)).toMatchObject({ hasEarlier: false, hasLater: true });
});
