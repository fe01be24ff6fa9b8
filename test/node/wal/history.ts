/** A log that is written at random, and the states that it went through. */
import type { Entry } from "../../../src/core/index.ts";
import type { Batch } from "../../../src/node/wal/batch-types.ts";
import type { DurableState } from "../../../src/node/wal/replay.ts";
import { openLog, type WriteAheadLog } from "../../../src/node/wal/write-ahead-log.ts";
import type { Random } from "../../../src/sim/random.ts";
import type { MemoryFiles } from "../memory-files.ts";

export const FOLDER = "wal";
export const SEGMENT_BYTES = 4096;

export function open(files: MemoryFiles) {
  return openLog({ files, folder: FOLDER, segmentBytes: SEGMENT_BYTES, onTrace: () => {} });
}

export const EMPTY: DurableState = {
  currentTerm: 0,
  votedFor: null,
  base: { index: 0, term: 0 },
  entries: [],
  isTraced: true,
};

/** What a server could do next. A base is never ahead of the log's end by chance alone. */
export function randomBatch(random: Random, state: DurableState): Batch {
  const lastIndex = state.base.index + state.entries.length;
  const currentTerm = state.currentTerm + (random.happens(100) ? 1 : 0);
  const votedFor = random.happens(700) ? `s${random.between(1, 3)}` : null;
  const kind = random.below(20);
  if (kind === 0 && lastIndex > state.base.index) {
    // A snapshot takes the place of entries.
    const index = random.between(state.base.index + 1, lastIndex);
    const term = state.entries[index - state.base.index - 1]?.term ?? 0;
    const base = { index, term };
    return { currentTerm, votedFor, base, logChangedFrom: 0, entries: [], trace: trace(random) };
  }
  if (kind === 1) {
    // A leader's snapshot takes the place of the log.
    const base = { index: lastIndex + random.between(1, 50), term: currentTerm };
    const logChangedFrom = base.index + 1;
    const entries = entriesOf(random, currentTerm, random.below(3));
    return { currentTerm, votedFor, base, logChangedFrom, entries, trace: trace(random) };
  }
  const cut = random.happens(150) ? random.below(4) : 0;
  const logChangedFrom = Math.max(state.base.index + 1, lastIndex + 1 - cut);
  const isChange = random.happens(900);
  return {
    currentTerm,
    votedFor,
    base: null,
    logChangedFrom: isChange ? logChangedFrom : 0,
    entries: isChange ? entriesOf(random, currentTerm, random.below(6)) : [],
    trace: trace(random),
  };
}

function entriesOf(random: Random, term: number, count: number): Entry[] {
  return Array.from({ length: count }, () => ({
    term,
    command: random.happens(100) ? null : "x".repeat(random.below(200)) + random.next(),
  }));
}

function trace(random: Random): Batch["trace"] {
  if (random.happens(20)) return null;
  return { firstSeq: 1, lastSeq: 1, lines: Buffer.from(`{"seq":${random.next()}}\n`) };
}

/** The state after the batch, told again and by other code than the log's own. */
export function stateAfter(state: DurableState, batch: Batch): DurableState {
  const base = batch.base ?? state.base;
  const entries = new Map(
    state.entries.map((entry, place) => [state.base.index + 1 + place, entry] as const),
  );
  if (batch.logChangedFrom > 0) {
    for (const index of [...entries.keys()]) {
      if (index >= batch.logChangedFrom) entries.delete(index);
    }
    batch.entries.forEach((entry, place) => {
      entries.set(batch.logChangedFrom + place, entry);
    });
  }
  const kept = [...entries].filter(([index]) => index > base.index).sort(([a], [b]) => a - b);
  return {
    currentTerm: batch.currentTerm,
    votedFor: batch.votedFor,
    base,
    entries: kept.map(([, entry]) => entry),
    isTraced: state.isTraced && batch.trace !== null,
  };
}

/**
 * Writes batches.
 *
 * @param compacts whether segments that are of no more use are removed
 * @returns the states before the first batch and after each
 */
export async function writeLog(
  files: MemoryFiles,
  random: Random,
  count: number,
  compacts = true,
): Promise<{ readonly log: WriteAheadLog; readonly states: readonly DurableState[] }> {
  const { log, state } = await open(files);
  const states = [state];
  for (let i = 0; i < count; i++) {
    const before = states.at(-1) ?? EMPTY;
    const batch = randomBatch(random, before);
    await log.append(batch);
    const after = stateAfter(before, batch);
    states.push(after);
    const isTime = compacts && random.happens(500);
    if (batch.base !== null && isTime) await log.removeUpTo(batch.base.index);
  }
  return { log, states };
}
