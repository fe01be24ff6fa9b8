import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compilerErrors } from "./compile.ts";
import type { Defect, Observer } from "./defect.ts";
import { CHAPTERS, DEFECTS } from "./defects/index.ts";
import { observe, UNPLANTED } from "./observe.ts";
import { tableInPage, tableOf, updatePage } from "./page.ts";
import { PlantingError, plant } from "./plant.ts";
import { type Observed, type Results, readResults, writeResults } from "./results.ts";
import { Workshop } from "./workshop.ts";

/** Every safety defect falls to the trace check within so many events. */
const JUDGED_EVENTS = 100_000;
/** The other observers cost less. */
const SEEN_EVENTS = 300_000;
/** How long the implementation without a defect is looked at when all is measured. */
const UNPLANTED_EVENTS = 1_000_000;
/** Those that fall so early are planted again by every `npm test`. */
const EARLY = 1000;

const IS_MEASURING = process.env.LOCKSTEP_MEASURE === "1";

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

test.runIf(IS_MEASURING)("measures everything anew", { timeout: 3_600_000 }, async () => {
  const unplanted = await observeAll(UNPLANTED, UNPLANTED_EVENTS, UNPLANTED_EVENTS);
  const defects: Observed[] = [];
  for (const defect of DEFECTS) {
    defects.push(await observeAll(defect, JUDGED_EVENTS, SEEN_EVENTS));
  }
  const results: Results = { unplanted, defects };
  writeResults(results);
  updatePage(tableOf(CHAPTERS, results));
});

describe("the defects", () => {
  test("are thirty or more in safety, each with a source and a name of its own", () => {
    expect(DEFECTS.filter(({ kind }) => kind === "safety").length).toBeGreaterThanOrEqual(30);
    expect(new Set(DEFECTS.map(({ name }) => name)).size).toBe(DEFECTS.length);
    expect(DEFECTS.filter(({ sources }) => sources.length === 0)).toEqual([]);
  });

  test("are explained where it is not the trace check that must see them", () => {
    const unexplained = DEFECTS.filter(
      ({ seenBy, because }) => seenBy !== "trace check" && because === undefined,
    );
    expect(unexplained).toEqual([]);
  });

  test("compile when they are planted", () => {
    expect(compilerErrors(DEFECTS)).toEqual([]);
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
  const results = readResults();
  const resultOf = (name: string) => results.defects.find((result) => result.name === name);

  test("is on the page, with a row for every defect", () => {
    expect(results.defects.map(({ name }) => name)).toEqual(DEFECTS.map(({ name }) => name));
    expect(tableInPage()).toBe(tableOf(CHAPTERS, results));
  });

  test("is that whoever must see a defect sees it", () => {
    const escaped = DEFECTS.filter(({ name, seenBy }) => !isSeen(resultOf(name), seenBy));
    expect(escaped.map(({ name }) => name)).toEqual([]);
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

  test("without a defect nothing is seen", async () => {
    const { traceCheck, invariants, oracles } = await observeAll(UNPLANTED, 20_000, 50_000);
    expect([traceCheck.seen, invariants.seen, oracles.seen]).toEqual([null, null, null]);
  });
});

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
