import { expect, test } from "vitest";
import type { ExecutionTrace } from "../../src/sim/campaign.ts";
import { runCampaign } from "../../src/sim/campaign.ts";
import { executionHeader } from "../../src/sim/execution-header.ts";
import { forgetRule } from "../../src/sim/forgotten-rules.ts";
import { runExecution } from "../../src/sim/run.ts";
import type { TraceEvent, TraceHeader } from "../../src/trace/format.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import { Watch } from "../../trace-check/compiled/watch.ts";
import type { Divergence } from "../../trace-check/engine.ts";

const watch = (name: string, header: TraceHeader) => new Watch(name, header);
const CAMPAIGN = { seed: 1, sizes: [3, 5], judge: null, judgeEvery: 1 };

test("every step is looked at, and a right implementation goes on to its end", async () => {
  const result = await runCampaign<Divergence>({ ...CAMPAIGN, runs: 40, forgotten: null, watch });
  expect(result.failure).toBeNull();
  expect(result.judgedTraces).toBe(40);
  expect(result.judgedEvents).toBe(result.events);
});

test.each(["TermIsStale", "EntriesAgree", "AcknowledgedIndex", "LogIsAtLeastAsLong"])(
  "a run without %s ends at the event that a judge of its whole trace names",
  async (forgotten) => {
    const { failure } = await runCampaign<Divergence>({
      ...CAMPAIGN,
      runs: 200,
      forgotten,
      watch,
    });
    const { seed, dials, divergence } = failure ?? {};
    if (seed === undefined || dials === undefined) throw new Error("nothing was noticed");
    const trace: TraceEvent[] = [];
    const rules = forgetRule(forgotten) ?? undefined;
    runExecution({ dials, seed, rules, trace: (event) => trace.push(event) });
    const header = executionHeader(dials, { seed, forgotten });
    const whole: ExecutionTrace = { name: `run of seed ${seed}`, header, events: trace };
    const [verdict] = await createCompiledEngine().check([whole]);
    expect(divergence).toEqual(verdict?.divergence);
    expect(divergence).not.toBeNull();
    const once = { ...CAMPAIGN, seed, runs: 1, forgotten, watch };
    const { events } = await runCampaign<Divergence>(once);
    expect(events).toBeGreaterThan(divergence?.event ?? 0);
    // What one happening leads to is still taken, and no more.
    expect(events).toBeLessThan((divergence?.event ?? 0) + 60);
  },
);
