import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultDials } from "../../src/sim/campaign.ts";
import { calmDials, type Dials } from "../../src/sim/dials.ts";
import { executionHeader } from "../../src/sim/execution-header.ts";
import { Random } from "../../src/sim/random.ts";
import { runExecution } from "../../src/sim/run.ts";
import { recordSchedule, replaySchedule } from "../../src/sim/schedule.ts";
import { formatSchedule, parseSchedule } from "../../src/sim/schedule-file.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { traceText } from "../../src/trace/writer.ts";

/** Every fault at once; written out, so that nothing but the simulator decides the trace. */
const rough: Dials = {
  ...calmDials,
  ...{ servers: 5, steps: 600, maxEntriesPerRequest: 2, maxRequestsInFlight: 3, delaySpread: 12 },
  ...{ lossRate: 60, duplicateRate: 60, detourRate: 60, slowServers: 1, slowness: 15 },
  ...{ partitionEvery: 200, partitionLength: 100, persistDelay: 4, crashEvery: 150, downtime: 60 },
  ...{ clockDrift: 200, clockJumpEvery: 200, clients: 3, proposalDelay: 3, answerLossRate: 100 },
  ...{ maxSessions: 2, downForGood: 1 },
};

function trace(dials: Dials, seed: number): string {
  const events: TraceEvent[] = [];
  runExecution({ dials, seed, trace: (event) => events.push(event) });
  return traceText(executionHeader(dials, { seed, forgotten: null }), events);
}

describe("the same seed", () => {
  it("gives the same bytes of trace on every run and machine", () => {
    const hash = createHash("sha256").update(trace(rough, 7)).digest("hex");
    expect(hash).toBe("fd816af94329c0f54bb0c8df127ea02d2db0ea0d9d377429f215760c729531b5");
  });

  it("gives the same bytes as before in the same process, and another seed gives others", () => {
    expect(trace(rough, 1)).toBe(trace(rough, 1));
    expect(trace(rough, 2)).not.toBe(trace(rough, 1));
  });

  it("gives the same dials", () => {
    const options = { sizes: [3, 5], forgotten: null };
    const [one, other] = [defaultDials(options), defaultDials(options)];
    for (const seed of [0, 1, 2, 1000]) expect(other(seed)).toEqual(one(seed));
    expect(one(1)).not.toEqual(one(2));
  });

  it("gives the numbers of xoshiro128**, which lie where they are asked for", () => {
    const random = new Random(42);
    expect([random.next(), random.next(), random.next()]).toEqual([
      2837322924, 544945897, 479756282,
    ]);
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, count) => {
        const value = new Random(seed).below(count);
        expect(Number.isInteger(value) && value >= 0 && value < count).toBe(true);
      }),
    );
  });
});

describe("a recorded schedule", () => {
  it("gives the same trace as the seed that it was recorded from, without the seed", () => {
    const dialsOf = defaultDials({ sizes: [1, 2, 3, 4, 5, 6, 7], forgotten: null });
    for (let seed = 0; seed < 40; seed++) {
      const dials = dialsOf(seed);
      const events: TraceEvent[] = [];
      runExecution({ dials, seed, trace: (event) => events.push(event) });
      const schedule = recordSchedule(dials, seed, null);
      const again = parseSchedule(formatSchedule(schedule));
      expect(again).toEqual(schedule);
      expect(replaySchedule(again, true).events).toEqual(events);
    }
  });
});
