import { describe, expect, it } from "vitest";
import { type ExecutionTrace, runCampaign } from "../../src/sim/campaign.ts";
import { calmDials } from "../../src/sim/dials.ts";
import { FAULT_KINDS } from "../../src/sim/faults.ts";
import { forgetRule } from "../../src/sim/forgotten-rules.ts";
import { runExecution } from "../../src/sim/run.ts";

const RUNS = Number(process.env.LOCKSTEP_FUZZ_RUNS ?? 1000);

describe("a campaign", () => {
  // @claim SafeWhateverTheNetwork SafeWhateverTheClocks
  it("sees every kind of fault and every action, and nothing goes wrong", {
    timeout: 600_000,
  }, async () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7];
    const options = { seed: 100_000, runs: RUNS, sizes, forgotten: null, judgeEvery: 1 };
    const result = await runCampaign({ ...options, judge: null });
    expect(result.failure).toBe(null);
    expect(result.runs).toBe(RUNS);
    expect(result.undecided).toEqual([]);
    for (const kind of FAULT_KINDS) expect(result.faults[kind], kind).toBeGreaterThan(0);
    for (const [action, count] of Object.entries(result.actions)) {
      expect(count, action).toBeGreaterThan(0);
    }
  });

  it("gives its traces to the judge, and stops where one diverges", async () => {
    const judged: ExecutionTrace[] = [];
    const divergence = { kind: "mismatch", event: 3, server: "s1", action: "Apply", findings: [] };
    const options = { seed: 5, runs: 50, sizes: [3], forgotten: null, judgeEvery: 10 };
    const result = await runCampaign({
      ...options,
      judge: async (traces) => {
        judged.push(...traces);
        return traces.map((_, place) => ({ divergence: place === 2 ? divergence : null }));
      },
    });
    expect(judged.map(({ header }) => header.seed)).toEqual([5, 15, 25, 35, 45]);
    expect(result.failure).toMatchObject({ seed: 25, divergence });
  });

  it("takes no silence of the judge for a verdict", async () => {
    const options = { seed: 5, runs: 2, sizes: [3], forgotten: null, judgeEvery: 1 };
    await expect(runCampaign({ ...options, judge: async () => [] })).rejects.toThrow("no verdict");
  });
});

describe("liveness", () => {
  // @claim CommittedIsExecuted
  it("holds with a minority down for good, for every size of cluster", () => {
    for (let servers = 1; servers <= 7; servers++) {
      const downForGood = Math.floor((servers - 1) / 2);
      const dials = { ...calmDials, servers, downForGood, crashEvery: 60, downtime: 100 };
      for (let seed = 0; seed < 10; seed++) {
        const result = runExecution({ dials, seed });
        expect(result.violation).toBe(null);
        expect(result.answered).toBeGreaterThan(0);
      }
    }
  });

  it("is missed where a majority is down", () => {
    const dials = { ...calmDials, servers: 3, downForGood: 2 };
    expect(runExecution({ dials, seed: 1 }).violation?.property).toBe("Liveness");
  });

  it.each(["TermIsLarger", "VoteInLargerTerm"])("is missed without %s", (rule) => {
    const rules = forgetRule(rule) ?? undefined;
    const dials = { ...calmDials, servers: 5, crashEvery: 100, downtime: 50, lossRate: 50 };
    const properties = [1, 2, 3, 4, 5].map(
      (seed) => runExecution({ dials, seed, rules }).violation?.property,
    );
    expect(properties).toContain("Liveness");
  });
});
