import { describe, expect, test } from "vitest";
import { isReached } from "../../../src/bench/benchmark.ts";
import { hourFigures } from "../../../src/bench/hour/figures.ts";
import type { Sample } from "../../../src/bench/hour/samples.ts";

const MIB = 1024 * 1024;

/** Samples of an hour, every ten seconds; in MiB, by minutes. */
function samplesOf(
  rss: (minutes: number) => number,
  alive: (minutes: number) => number,
  firstCollection = 1,
): readonly Sample[] {
  return Array.from({ length: 361 }, (_, at): Sample => {
    const minutes = at / 6;
    const isCollected = minutes >= firstCollection;
    return {
      seconds: at * 10,
      server: "s1",
      executed: at * 1000,
      rssBytes: rss(minutes) * MIB,
      heapTotalBytes: rss(minutes) * MIB,
      externalBytes: 0,
      arrayBufferBytes: 0,
      aliveBytes: isCollected ? alive(minutes) * MIB : 0,
      fullCollections: isCollected ? at : 0,
      diskBytes: 0,
      logEntries: 0,
    };
  });
}

function figuresOf(samples: readonly Sample[]) {
  const load = { executed: 361_000, failed: 0 };
  return hourFigures({ load, took: 3600, samples, restarts: [1] });
}

const figureOf = (samples: readonly Sample[], what: string) =>
  figuresOf(samples).find((figure) => figure.what === what);

const HALVES = "alive in s1, the second half by the first";
const GREW = "alive in s1, by how much it grew in the second half";

/** Of a log that grows between two snapshots. */
const sawtooth = (minutes: number): number => 60 + 20 * (minutes % 1);

describe("whether memory stays flat", () => {
  test("what V8 keeps beyond what is alive is told as such", () => {
    const samples = samplesOf((minutes) => (minutes < 30 ? 150 : 200), sawtooth);
    const resident = figureOf(
      samples,
      "memory, the median of the second half by that of the first",
    );
    expect(resident && [resident.value, isReached(resident)]).toEqual([200 / 150, false]);
    const alive = figureOf(samples, HALVES);
    expect(alive?.value).toBeCloseTo(1, 1);
    expect(alive && isReached(alive)).toBe(true);
    expect(Math.abs(figureOf(samples, GREW)?.value ?? Number.NaN)).toBeLessThan(2);
  });

  test("a leak shows, where the resident memory does not tell it from garbage", () => {
    const leaky = (minutes: number): number => sawtooth(minutes) + minutes / 2;
    const samples = samplesOf(() => 200, leaky);
    const alive = figureOf(samples, HALVES);
    expect(alive && isReached(alive)).toBe(false);
    expect(Math.abs((figureOf(samples, GREW)?.value ?? 0) - 30)).toBeLessThan(2);
  });

  test("what was sampled before the first collection does not count", () => {
    expect(
      figureOf(
        samplesOf(() => 200, sawtooth, 20),
        HALVES,
      )?.value,
    ).toBeCloseTo(1, 1);
    const tooLate = samplesOf(() => 200, sawtooth, 40);
    expect(figureOf(tooLate, HALVES)).toBeUndefined();
    expect(figureOf(tooLate, "full collections of s1")?.value).toBe(360);
  });
});
