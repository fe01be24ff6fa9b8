import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Explored, exploredByEngine, exploredByTlc, ownModels } from "./explored.ts";

const RECORDED = join(import.meta.dirname, "specs", "results.json");
const MINUTES = 600_000;

/**
 * TLC takes a second a model: its results are kept in results.json. LOCKSTEP_TLC=all has TLC
 * do all of them again and writes the file; without it, TLC does a few.
 */
const AGAIN = ["Abstractions", "BoundedFifo", "Philosophers", "HanoiUnguarded"];

async function recorded(): Promise<Record<string, Explored>> {
  return JSON.parse(await readFile(RECORDED, "utf8"));
}

const models = await ownModels();

/** An error ends the search somewhere inside a level: its depth is not told by TLC. */
function comparable({ result, ...counts }: Explored): unknown {
  return result === "error" ? { result } : { result, ...counts };
}

describe("the engine explores as TLC does with one worker", () => {
  test("TLC's results are those on record", { timeout: MINUTES }, async () => {
    const isAll = process.env.LOCKSTEP_TLC === "all";
    const results: Record<string, Explored> = {};
    for (const [name, model] of models) {
      if (isAll || AGAIN.includes(name)) results[name] = await exploredByTlc(model);
    }
    if (isAll) await writeFile(RECORDED, `${JSON.stringify(results, null, 2)}\n`);
    expect(await recorded()).toMatchObject(results);
  });

  test.each([...models])(
    "%s: result, depth and counts",
    { timeout: MINUTES },
    async (name, model) => {
      const expected = (await recorded())[name];
      if (expected === undefined) throw new Error(`${name} is not on record: LOCKSTEP_TLC=all`);
      expect(comparable(await exploredByEngine(model))).toEqual(comparable(expected));
    },
  );
});
