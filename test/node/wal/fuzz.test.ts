import { describe, expect, test } from "vitest";
import { LogDamage } from "../../../src/node/wal/damage.ts";
import { recoverLog } from "../../../src/node/wal/recover.ts";
import { Random } from "../../../src/sim/random.ts";
import { MemoryFiles } from "../memory-files.ts";
import { EMPTY, FOLDER, open, randomBatch, stateAfter, writeLog } from "./history.ts";
import { type Contents, mutate, recordsOf, type Written } from "./mutate.ts";

/** How many damaged logs; LOCKSTEP_WAL_FUZZ=100000 for the full number, in about two minutes. */
const RUNS = Number(process.env.LOCKSTEP_WAL_FUZZ ?? 3000);

/** How many damaged logs come of one that was written. */
const RUNS_A_LOG = 50;

interface Original {
  readonly contents: Contents;
  readonly records: readonly Written[];
  /** All states that the log went through, as JSON. */
  readonly states: ReadonlySet<string>;
}

async function original(random: Random): Promise<Original> {
  const files = new MemoryFiles();
  const { log, states } = await writeLog(files, random, random.between(1, 60));
  await log.close();
  const contents = files.contents();
  return {
    contents,
    records: recordsOf(contents),
    states: new Set([EMPTY, ...states].map((state) => JSON.stringify(state))),
  };
}

/** The first record after those that were recovered that lies there as it was written. */
function intactAfter(
  contents: Contents,
  records: readonly Written[],
  lastNumber: number,
): Written | null {
  const intact = records.find(({ path, at, bytes, number }) => {
    const found = contents.get(path)?.subarray(at, at + bytes.length);
    return number > lastNumber && found?.equals(bytes) === true;
  });
  return intact ?? null;
}

/** @returns what came of it: nothing that was written is made up or left out in silence */
async function recoverDamaged(
  { contents, records, states }: Original,
  random: Random,
): Promise<"whole" | "prefix" | "refused" | "forged"> {
  const damaged: Contents = new Map(
    [...contents].map(([path, bytes]) => [path, Buffer.from(bytes)]),
  );
  const isForged = mutate(damaged, random);
  const files = MemoryFiles.of(damaged);
  try {
    const { state, lastNumber } = await recoverLog(files, FOLDER, () => {});
    if (isForged) return "forged";
    expect(states).toContain(JSON.stringify(state));
    expect(intactAfter(damaged, records, lastNumber)).toBeNull();
    if (random.happens(100)) await expectGoesOn(files, random);
    return lastNumber === records.at(-1)?.number ? "whole" : "prefix";
  } catch (error) {
    if (!(error instanceof LogDamage)) throw error;
    expect(error.file).toContain(FOLDER);
    expect(error.offset).toBeGreaterThanOrEqual(0);
    return "refused";
  }
}

/** What was recovered is a log again: what is written now is not refused at the next start. */
async function expectGoesOn(files: MemoryFiles, random: Random): Promise<void> {
  const { log, state } = await open(files);
  const batch = randomBatch(random, state);
  await log.append(batch);
  await log.close();
  const reopened = await open(files).catch((error: unknown) => String(error));
  expect(reopened).toMatchObject({ state: stateAfter(state, batch) });
}

describe("a log whose files were damaged at random", () => {
  test(`is recovered up to the damage, or refused with its place (${RUNS} logs)`, async () => {
    const counts = { whole: 0, prefix: 0, refused: 0, forged: 0 };
    for (let seed = 1; seed <= Math.ceil(RUNS / RUNS_A_LOG); seed++) {
      const random = new Random(seed);
      const written = await original(random);
      for (let run = 0; run < RUNS_A_LOG; run++) {
        try {
          counts[await recoverDamaged(written, random)]++;
        } catch (error) {
          throw new Error(`seed ${seed}, run ${run}`, { cause: error });
        }
      }
    }
    process.stderr.write(`${JSON.stringify(counts)}\n`);
    for (const [outcome, count] of Object.entries(counts)) {
      expect({ outcome, isSeen: count > RUNS / 200 }).toEqual({ outcome, isSeen: true });
    }
  }, 900_000);

  test("of random bytes is never taken for one", async () => {
    const random = new Random(7);
    for (let run = 0; run < RUNS / 10; run++) {
      const bytes = Buffer.alloc(random.below(3000));
      for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256);
      const files = MemoryFiles.of(new Map([[`${FOLDER}/000000000001.wal`, bytes]]));
      await expect(recoverLog(files, FOLDER, () => {})).rejects.toBeInstanceOf(LogDamage);
    }
  });
});
