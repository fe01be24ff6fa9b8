import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compilerErrors } from "./compile.ts";
import type { Defect, Observer } from "./defect.ts";
import { CHAPTERS, DEFECTS, TESTED_CHAPTERS, TESTED_DEFECTS } from "./defects/index.ts";
import { observe, UNPLANTED } from "./observe.ts";
import { tableInPage, tableOf, updatePage } from "./page.ts";
import { PlantingError, plant } from "./plant.ts";
import { type Observed, type Results, readResults, writeResults } from "./results.ts";
import { runTests, type TestResult } from "./run-tests.ts";
import { Workshop } from "./workshop.ts";

/** Every safety defect falls to the trace check within so many events. */
const JUDGED_EVENTS = 100_000;
/** The other observers cost less. */
const SEEN_EVENTS = 300_000;
/** How long the implementation without a defect is looked at when all is measured. */
const UNPLANTED_EVENTS = 300_000;
/** How many defects are measured at once. */
const AT_ONCE = 2;
/** Those that fall so early are planted again by every `npm test`. */
const EARLY = 1000;

/** Of the tested ones, those that every `npm test` plants again. */
const RETESTED = ["GoesOnAfterAFailedFsync"];

/** Measures everything with 1; else those that it names, and all that has no result yet. */
const MEASURE = process.env.LOCKSTEP_MEASURE ?? "";

let workshop: Workshop;

beforeAll(() => {
  workshop = new Workshop();
});

afterAll(() => {
  workshop.remove();
});

async function observeAll(
  defect: Pick<Defect, "name" | "planted">,
  judged: number,
  seen: number,
): Promise<Observed> {
  return {
    name: defect.name,
    traceCheck: await observe(workshop, defect, "trace check", judged),
    invariants: await observe(workshop, defect, "invariants", seen),
    oracles: await observe(workshop, defect, "oracles", seen),
  };
}

test.runIf(MEASURE !== "")("measures what is to be measured", { timeout: 3_600_000 }, async () => {
  const known = readResults();
  const isWanted = (name: string) => MEASURE === "1" || MEASURE.split(",").includes(name);
  const measureUnplanted = async () => {
    if (!isWanted(UNPLANTED.name)) return known.unplanted;
    return await observeAll(UNPLANTED, UNPLANTED_EVENTS, UNPLANTED_EVENTS);
  };
  const measureDefect = async (defect: Defect) => {
    const before = known.defects.find(({ name }) => name === defect.name);
    if (before !== undefined && !isWanted(defect.name)) return before;
    return await observeAll(defect, JUDGED_EVENTS, SEEN_EVENTS);
  };
  const [unplanted, defects] = await Promise.all([
    measureUnplanted(),
    inTurns(DEFECTS, AT_ONCE, measureDefect),
  ]);
  const tested: TestResult[] = [];
  for (const defect of TESTED_DEFECTS) {
    const before = known.tested.find(({ name }) => name === defect.name);
    tested.push(before === undefined || isWanted(defect.name) ? await runTests(defect) : before);
  }
  const results: Results = { unplanted, defects, tested };
  writeResults(results);
  updatePage(tableOf(CHAPTERS, TESTED_CHAPTERS, results));
});

describe("the defects", () => {
  test("are thirty or more in safety, each with a source and a name of its own", () => {
    expect(DEFECTS.filter(({ kind }) => kind === "safety").length).toBeGreaterThanOrEqual(30);
    const all = [...DEFECTS, ...TESTED_DEFECTS];
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.filter(({ sources }) => sources.length === 0)).toEqual([]);
  });

  test("are explained where it is not the trace check that must see them", () => {
    const unexplained = DEFECTS.filter(
      ({ seenBy, because }) => seenBy !== "trace check" && because === undefined,
    );
    expect(unexplained).toEqual([]);
  });

  test("compile when they are planted", () => {
    const broken = {
      file: "src/core/log.ts",
      find: "this.#entries.push(entry);",
      by: "push(entry);",
    };
    const wrong = { name: "Wrong", does: "", sources: [], planted: [broken], tests: [] };
    expect(compilerErrors([...DEFECTS, ...TESTED_DEFECTS, wrong])).toEqual([
      expect.stringMatching(/^Wrong: Cannot find name 'push'/),
    ]);
  });

  test("cannot be planted where their text is gone, or is there twice", () => {
    const planted = [{ file: "a.ts", find: "guard", by: "" }];
    const defect = { name: "Defect", planted };
    expect(plant(defect, () => "a guard b").get("a.ts")).toBe("a  b");
    expect(() => plant(defect, () => "a b")).toThrow(PlantingError);
    expect(() => plant(defect, () => "guard guard")).toThrow(PlantingError);
  });
});

describe("what came of them", () => {
  let results = readResults();
  // What was measured is written by now.
  beforeAll(() => {
    results = readResults();
  });
  const resultOf = (name: string) => results.defects.find((result) => result.name === name);

  test("is on the page, with a row for every defect", () => {
    expect(results.defects.map(({ name }) => name)).toEqual(DEFECTS.map(({ name }) => name));
    expect(results.tested.map(({ name }) => name)).toEqual(TESTED_DEFECTS.map(({ name }) => name));
    expect(tableInPage()).toBe(tableOf(CHAPTERS, TESTED_CHAPTERS, results));
  });

  test("is that whoever must see a defect sees it", () => {
    const escaped = DEFECTS.filter(({ name, seenBy }) => !isSeen(resultOf(name), seenBy));
    expect(escaped.map(({ name }) => name)).toEqual([]);
    const untested = results.tested.filter(({ failed }) => failed.length === 0);
    expect(untested.map(({ name }) => name)).toEqual([]);
  });

  test("is that nobody sees what nobody can see, and nobody accuses the implementation", () => {
    const { traceCheck, invariants, oracles } = results.unplanted;
    expect([traceCheck.seen, invariants.seen, oracles.seen]).toEqual([null, null, null]);
    for (const { name } of DEFECTS.filter(({ seenBy }) => seenBy === null)) {
      const result = resultOf(name);
      expect([result?.traceCheck.seen, result?.invariants.seen, result?.oracles.seen]).toEqual([
        null,
        null,
        null,
      ]);
    }
  });

  const early = DEFECTS.flatMap(({ name, seenBy }) => {
    const events = eventsUntilSeen(resultOf(name), seenBy);
    return seenBy !== null && events <= EARLY ? [[name, seenBy] as const] : [];
  });

  test.each(early)("%s is seen again by the %s", async (name, seenBy) => {
    const defect = DEFECTS.find((each) => each.name === name);
    if (defect === undefined) throw new Error(`there is no defect ${name}`);
    const limit = seenBy === "trace check" ? JUDGED_EVENTS : SEEN_EVENTS;
    expect((await observe(workshop, defect, seenBy, limit)).seen).not.toBeNull();
  });

  test.each(RETESTED)("%s fails its tests again", async (name) => {
    const defect = TESTED_DEFECTS.find((each) => each.name === name);
    if (defect === undefined) throw new Error(`there is no defect ${name}`);
    expect((await runTests(defect)).failed).not.toEqual([]);
  });

  test("without a defect the tests pass", async () => {
    const files = TESTED_DEFECTS.filter(({ name }) => RETESTED.includes(name));
    const tests = files.flatMap((defect) => defect.tests);
    const { passed, failed } = await runTests({ ...UNPLANTED, tests });
    expect({ isRun: passed > 5, failed }).toEqual({ isRun: true, failed: [] });
  });

  test("without a defect nothing is seen", async () => {
    const { traceCheck, invariants, oracles } = await observeAll(UNPLANTED, 20_000, 50_000);
    expect([traceCheck.seen, invariants.seen, oracles.seen]).toEqual([null, null, null]);
  });
});

/** Does something with each, with some of them at once; the results are in their order. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const place = next++;
      const item = items[place];
      if (item !== undefined) results[place] = await act(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

function resultBy(result: Observed | undefined, observer: Observer) {
  switch (observer) {
    case "trace check":
      return result?.traceCheck;
    case "invariants":
      return result?.invariants;
    case "oracles":
      return result?.oracles;
  }
}

function isSeen(result: Observed | undefined, seenBy: Observer | null): boolean {
  return seenBy === null || (resultBy(result, seenBy)?.seen ?? null) !== null;
}

function eventsUntilSeen(result: Observed | undefined, seenBy: Observer | null): number {
  return seenBy === null ? Infinity : (resultBy(result, seenBy)?.events ?? Infinity);
}
