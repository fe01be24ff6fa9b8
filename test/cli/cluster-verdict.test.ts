/** What `lockstep cluster` says of a run, and how it exits. */
import { describe, expect, test } from "vitest";
import { parseClusterArguments } from "../../src/cli/clustering/arguments.ts";
import {
  documentOf,
  exitCodeOf,
  type JudgedRun,
  summaryText,
  verdictOf,
} from "../../src/cli/clustering/summary.ts";
import type { CommandIo } from "../../src/cli/command.ts";
import { noChaos } from "../../src/cluster/chaos/injector.ts";
import { History, type HistoryJudgement } from "../../src/cluster/workload/history.ts";
import { ACTIONS } from "../../src/trace/format.ts";

const io: CommandIo = { stdout: () => {}, stderr: () => {}, env: {}, color: false };

/** A run in which all but the history is as it must be. */
function runWith(history: HistoryJudgement): JudgedRun {
  return {
    options: parseClusterArguments(["--seed", "1", "--out", "nowhere-that-exists"]),
    seconds: 1,
    result: {
      traces: ["s1.ndjson"],
      chaos: noChaos(),
      history,
      historyFile: "history.jsonl",
      acknowledged: 1,
      lost: null,
      failures: [],
      clientFailures: {},
      interruptedAfter: null,
      seconds: 1,
    },
    check: {
      engine: "compiled",
      traces: 1,
      events: 9,
      valid: 1,
      invalid: 0,
      coverage: Object.fromEntries(
        ACTIONS.map((action) => [action, 1]),
      ) as JudgedRun["check"]["coverage"],
      rules: null,
      eventsPerSecond: 1,
      divergences: [],
      malformed: [],
      notes: [],
    },
  };
}

/** What a client reads of a key that nobody has written. */
function historyOfRead(value: string | null): HistoryJudgement {
  const history = new History(() => {});
  history.answer(history.invoke(1, { type: "get", key: "k" }), { status: "done", value });
  return history.finish();
}

describe("what lockstep cluster says of a run", () => {
  test("each noun as its number has it", () => {
    const text = summaryText(runWith(historyOfRead(null)), io);
    expect(text).toContain("1 operation on 1 key, as one store could have answered it");
    expect(text).toContain("1 acknowledged command, on the disks of a majority");
    expect(text).not.toMatch(/\b1 [a-z]+s\b/);
  });

  test("holds where all was decided, and nothing is wrong", () => {
    const run = runWith(historyOfRead(null));
    expect(verdictOf(run)).toBe("holds");
    expect(exitCodeOf(run)).toBe(0);
    expect(summaryText(run, io)).toContain("Everything holds.");
    expect(JSON.parse(documentOf(run))).toMatchObject({ holds: true, verdict: "holds" });
  });

  test("is violated where a history is not linearizable", () => {
    const run = runWith(historyOfRead("from nowhere"));
    expect(verdictOf(run)).toBe("violated");
    expect(exitCodeOf(run)).toBe(1);
    expect(JSON.parse(documentOf(run))).toMatchObject({ holds: false, verdict: "violated" });
  });

  test("is undecided where a history was too much for the check", () => {
    const run = runWith({ ...historyOfRead(null), undecided: ["k"] });
    expect(verdictOf(run)).toBe("undecided");
    expect(exitCodeOf(run)).toBe(3);
    const text = summaryText(run, io);
    expect(text).not.toContain("Everything holds");
    expect(text).toContain("not everything could be decided");
    expect(text).toMatch(/^\? linearizable .*; not decided: k,/m);
    expect(text).toContain("Again: lockstep cluster");
    expect(JSON.parse(documentOf(run))).toMatchObject({ holds: false, verdict: "undecided" });
    const violated: JudgedRun = { ...run, result: { ...run.result, failures: ["s1 ended"] } };
    expect(exitCodeOf(violated)).toBe(1);
  });
});
