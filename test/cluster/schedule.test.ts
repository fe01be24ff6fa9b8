import { describe, expect, it } from "vitest";
import { chaosSchedule } from "../../src/cluster/chaos/schedule.ts";

const count = (seed: number, ...kinds: readonly string[]): number =>
  chaosSchedule(seed, 3, 60).filter(({ fault }) => kinds.includes(fault.kind)).length;

describe("the schedule of faults", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(chaosSchedule(7, 5, 30)).toEqual(chaosSchedule(7, 5, 30));
    expect(chaosSchedule(7, 5, 30)).not.toEqual(chaosSchedule(8, 5, 30));
  });

  it("has enough of each kind in a minute, whatever the seed", () => {
    for (let seed = 0; seed < 200; seed++) {
      expect(count(seed, "kill", "powerLoss")).toBeGreaterThanOrEqual(30);
      expect(count(seed, "partition", "oneWay")).toBeGreaterThanOrEqual(15);
      expect(count(seed, "powerLoss")).toBeGreaterThanOrEqual(5);
    }
  });

  it("is over before the end, in which the cluster heals", () => {
    for (const { at, milliseconds } of chaosSchedule(3, 3, 20)) {
      expect(at + milliseconds).toBeLessThanOrEqual(18_000);
    }
  });
});
