import { describe, expect, test } from "vitest";
import { LogDamage } from "../../../src/node/wal/damage.ts";
import { Random } from "../../../src/sim/random.ts";
import { MemoryFiles } from "../memory-files.ts";
import {
  EMPTY,
  FOLDER,
  open,
  randomBatch,
  SEGMENT_BYTES,
  stateAfter,
  writeLog,
} from "./history.ts";

const RUNS = 100;

describe("a log that was closed", () => {
  test("gives the state after its last batch, over any number of segments", async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = new Random(seed);
      const files = new MemoryFiles();
      const { log, states } = await writeLog(files, random, random.below(80));
      await log.close();
      const reopened = await open(files);
      expect({ seed, state: reopened.state }).toEqual({ seed, state: states.at(-1) });
      expect(reopened.cut).toBeNull();
    }
  });

  test("goes on where it ended", async () => {
    const random = new Random(1);
    const files = new MemoryFiles();
    let expected = EMPTY;
    for (let life = 0; life < 50; life++) {
      const { log, state } = await open(files);
      expect(state).toEqual(expected);
      for (let i = 0; i < 5; i++) {
        const batch = randomBatch(random, expected);
        await log.append(batch);
        expected = stateAfter(expected, batch);
      }
      await log.close();
    }
  });
});

/** Counts the files that are made. */
class CountingFiles extends MemoryFiles {
  made = 0;

  override async open(path: string, mode: "existing" | "new") {
    if (mode === "new") this.made++;
    return await super.open(path, mode);
  }
}

describe("the file of a segment that is not needed any more", () => {
  test("is used again, without what it held", async () => {
    const files = new CountingFiles();
    const { log, states } = await writeLog(files, new Random(1), 2000);
    const segments = segmentsOf(files.contents());
    expect(Number(/\d{12}/.exec(segments.at(-1) ?? "")?.[0])).toBeGreaterThan(100);
    expect(files.made).toBeLessThan(50);
    expect(log.diskBytes).toBeLessThanOrEqual((segments.length + 5) * SEGMENT_BYTES);
    await log.close();
    expect([...files.contents().keys()].sort()).toEqual(segments);
    const reopened = await open(files);
    expect(reopened.state).toEqual(states.at(-1));
    expect(reopened.cut).toBeNull();
  });
});

/** Ends the world at some call of the file system. */
class Blackout extends Error {}

/** Lets others take so many steps. */
async function steps(count: number): Promise<void> {
  for (let step = 0; step < count; step++) await null;
}

/** Writes until the power fails. @returns the states that may be found afterwards */
async function writeUntilPowerFails(files: MemoryFiles, random: Random) {
  let callsLeft = random.between(1, 400);
  files.beforeCall = () => {
    if (callsLeft-- <= 0) throw new Blackout();
  };
  let acknowledged = EMPTY;
  let underWay = EMPTY;
  const removals: Promise<void>[] = [];
  try {
    const { log } = await open(files);
    for (;;) {
      const batch = randomBatch(random, acknowledged);
      underWay = stateAfter(acknowledged, batch);
      await log.append(batch);
      acknowledged = underWay;
      if (batch.base === null) continue;
      // A server goes on meanwhile, and comes to it at some time.
      const { index } = batch.base;
      const removal = steps(random.below(20)).then(() => log.removeUpTo(index));
      removals.push(removal);
      if (random.happens(300)) await removal;
    }
  } catch (error) {
    if (!(error instanceof Blackout)) throw error;
  }
  await Promise.allSettled(removals);
  return { acknowledged, underWay };
}

describe("a loss of power", () => {
  test("takes nothing that was acknowledged, and leaves nothing that was not written", async () => {
    let inFull = 0;
    let torn = 0;
    for (let seed = 1; seed <= RUNS * 20; seed++) {
      const random = new Random(seed);
      const files = new MemoryFiles();
      const { acknowledged, underWay } = await writeUntilPowerFails(files, random);
      const { state, cut } = await open(files.afterPowerLoss(random));
      const wasWritten = JSON.stringify(state) === JSON.stringify(underWay);
      if (!wasWritten) expect({ seed, state }).toEqual({ seed, state: acknowledged });
      inFull += wasWritten ? 1 : 0;
      torn += cut === null ? 0 : 1;
    }
    expect({ inFull: inFull > 0, torn: torn > 0 }).toEqual({ inFull: true, torn: true });
  });

  test("takes nothing that a start has read, also what a killed process had left unsynced", async () => {
    let beyondAcknowledged = 0;
    for (let seed = 1; seed <= RUNS * 2; seed++) {
      const random = new Random(seed);
      const files = new MemoryFiles();
      const { acknowledged } = await writeUntilPowerFails(files, random);
      files.beforeCall = () => {};
      const read = await open(files);
      if (JSON.stringify(read.state) !== JSON.stringify(acknowledged)) beyondAcknowledged++;
      const { state } = await open(files.afterPowerLoss(random));
      expect({ seed, state }).toEqual({ seed, state: read.state });
    }
    expect(beyondAcknowledged).toBeGreaterThan(0);
  });

  test("takes no segment that a start went on after, though it was read from the cache", async () => {
    for (let seed = 1; seed <= RUNS * 2; seed++) {
      const random = new Random(seed);
      const files = new MemoryFiles();
      await writeUntilPowerFails(files, random);
      files.beforeCall = () => {};
      const { log, state: before } = await open(files);
      const batch = randomBatch(random, before);
      await log.append(batch);
      const { state } = await open(files.afterPowerLoss(random));
      expect({ seed, state }).toEqual({ seed, state: stateAfter(before, batch) });
    }
  });

  test("loses what was acknowledged where the fsync is left out: the test can fail", async () => {
    let lost = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const random = new Random(seed);
      const files = new MemoryFiles();
      files.faults.syncsNothing = true;
      const { acknowledged, underWay } = await writeUntilPowerFails(files, random);
      const found = await open(files.afterPowerLoss(random)).then(
        ({ state }) => JSON.stringify(state),
        () => "refused",
      );
      const isKept = [acknowledged, underWay].some((state) => JSON.stringify(state) === found);
      lost += isKept ? 0 : 1;
    }
    expect(lost).toBeGreaterThan(40);
  });
});

function segmentsOf(contents: ReadonlyMap<string, Buffer>): readonly string[] {
  return [...contents.keys()].filter((path) => path.endsWith(".wal")).sort();
}

describe("a disk that fails", () => {
  test("an fsync that failed is final: nothing is written any more, and nothing tried again", async () => {
    const files = new MemoryFiles();
    const { log, states } = await writeLog(files, new Random(1), 5);
    const state = states.at(-1) ?? EMPTY;
    const batch = randomBatch(new Random(2), state);
    files.faults.sync = "EIO";
    await expect(log.append(batch)).rejects.toThrow("EIO");
    delete files.faults.sync;
    const before = files.contents();
    await expect(log.append(batch)).rejects.toThrow("EIO");
    expect(files.contents()).toEqual(before);
  });

  test("what an fsync did not write is not lost once a start has read it", async () => {
    let read = 0;
    for (let seed = 1; seed <= RUNS * 2; seed++) {
      const random = new Random(seed);
      const files = new MemoryFiles();
      const { log, states } = await writeLog(files, random, random.below(30));
      files.faults.sync = "EIO";
      const batch = randomBatch(random, states.at(-1) ?? EMPTY);
      await expect(log.append(batch)).rejects.toThrow("EIO");
      delete files.faults.sync;
      const second = await open(files);
      if (JSON.stringify(second.state) !== JSON.stringify(states.at(-1))) read++;
      let expected = second.state;
      if (random.happens(500)) {
        const next = randomBatch(random, expected);
        await second.log.append(next);
        expected = stateAfter(expected, next);
      }
      const { state } = await open(files.afterPowerLoss(random));
      expect({ seed, state }).toEqual({ seed, state: expected });
    }
    expect(read).toBeGreaterThan(RUNS / 2);
  });

  test("a full one: the record that did not fit is taken back, and what was there is kept", async () => {
    const files = new MemoryFiles();
    const { log, states } = await writeLog(files, new Random(1), 5);
    const state = states.at(-1) ?? EMPTY;
    const before = files.contents();
    files.faults.write = "ENOSPC";
    const failed = log.append({ ...randomBatch(new Random(2), state), base: null });
    await expect(failed).rejects.toThrow("ENOSPC");
    delete files.faults.write;
    // What is left of it is at the end, and is cut off at the next start.
    expect((await open(files)).state).toEqual(state);
    expect(segmentsOf(files.contents())).toEqual(segmentsOf(before));
  });
});

describe("damage that no crash explains", () => {
  async function damaged(
    damage: (bytes: Buffer, path: string) => Buffer | null,
  ): Promise<LogDamage | null> {
    const files = new MemoryFiles();
    const { log } = await writeLog(files, new Random(3), 60, false);
    await log.close();
    const contents = new Map<string, Buffer>();
    for (const [path, bytes] of files.contents()) {
      const after = damage(bytes, path);
      if (after !== null) contents.set(path, after);
    }
    return await open(MemoryFiles.of(contents)).then(
      () => null,
      (error) => (error instanceof LogDamage ? error : Promise.reject(error)),
    );
  }

  const FIRST = `${FOLDER}/000000000001.wal`;

  test("before a valid record: refused, with file and offset", async () => {
    const refusal = await damaged((bytes, path) => {
      if (path === FIRST) bytes[200] = (bytes[200] ?? 0) ^ 1;
      return bytes;
    });
    expect(refusal).toMatchObject({ file: FIRST });
    expect(refusal?.offset).toBeLessThanOrEqual(200);
    expect(refusal?.message).toContain("do not delete");
  });

  test("a segment is missing in the middle: refused", async () => {
    const refusal = await damaged((bytes, path) => (path.endsWith("2.wal") ? null : bytes));
    expect(refusal?.message).toContain("is missing");
  });

  test("a segment was cut off, and others follow: refused", async () => {
    const refusal = await damaged((bytes, path) =>
      path === FIRST ? bytes.subarray(0, 900) : bytes,
    );
    expect(refusal).toBeInstanceOf(LogDamage);
  });

  test("the last segment ends within a record, wherever: refused, at the record", async () => {
    const files = new MemoryFiles();
    const { log } = await writeLog(files, new Random(3), 60, false);
    await log.close();
    const whole = (await open(MemoryFiles.of(files.contents()))).state;
    const [path, bytes] = [...files.contents()]
      .filter(([name]) => name.endsWith(".wal"))
      .at(-1) ?? ["", Buffer.alloc(0)];
    const size = bytes.length;
    const used = bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1).length;
    const ends = { refused: 0, taken: 0 };
    for (let end = used - 400; end <= size; end += end < used + 50 ? 1 : 64) {
      const contents = new Map(files.contents()).set(path, bytes.subarray(0, end));
      const outcome = await open(MemoryFiles.of(contents)).catch((error: unknown) => error);
      if (outcome instanceof LogDamage) {
        expect(outcome).toMatchObject({ file: path });
        expect(outcome.message).toContain("the file ends within the record there");
        expect(outcome.offset).toBeLessThan(end);
        ends.refused++;
      } else {
        // Between two records, or in the zeros after the last.
        expect(outcome).toHaveProperty("cut", null);
        if (end >= used) expect(outcome).toHaveProperty("state", whole);
        ends.taken++;
      }
    }
    expect(ends.refused).toBeGreaterThan(300);
    expect(ends.taken).toBeGreaterThan(50);
  });

  test("a file of another kind in a segment's place: refused", async () => {
    const refusal = await damaged((bytes, path) => (path === FIRST ? Buffer.from("notes") : bytes));
    expect(refusal).toMatchObject({ file: FIRST, offset: 0 });
  });
});
