import type { Index } from "../../core/index.ts";
import { DecodeError } from "../codec/index.ts";
import type { Files } from "../files/files.ts";
import { readWhole } from "../files/whole.ts";
import { spellOut } from "../trace/abbreviation.ts";
import { decodeRecord, type WalRecord } from "./batch.ts";
import type { Batch, TraceLines } from "./batch-types.ts";
import { LogDamage } from "./damage.ts";
import { endsWithinRecord, findRecord, readRecord } from "./record.ts";
import { type DurableState, Replay } from "./replay.ts";
import {
  decodeSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
  segmentName,
  segmentOfName,
} from "./segment.ts";

/** A segment as recovery found it. */
export interface FoundSegment {
  readonly segment: number;
  readonly salt: number;
  readonly path: string;
  /** The highest index of an entry in it; 0 for none. */
  readonly highestIndex: Index;
  /** Where its valid records end. */
  readonly end: number;
  /** Where the bytes end that are not zero. */
  readonly usedEnd: number;
  readonly size: number;
}

export interface Recovered {
  readonly state: DurableState;
  /** In their order; empty for a new log. */
  readonly segments: readonly FoundSegment[];
  /** The number of the last record; 0 where there is none. */
  readonly lastNumber: number;
  /** The last segment up to its `end`, as it was read and checked. */
  readonly lastBytes: Buffer;
}

/**
 * Reads a log from its folder and changes nothing there. Each record is checked; the state is that
 * of the valid ones. Only the very end can have been torn by a crash, since a record is begun when
 * the one before is durable: what follows the last valid record counts for nothing, as long as there
 * is no valid record in it.
 *
 * @param onTrace takes the traced lines of each record that has some, in order; they share memory
 *   with what is read, which holds for the time of the call
 * @throws LogDamage where a record is not valid and a valid one follows
 */
export async function recoverLog(
  files: Files,
  folder: string,
  onTrace: (lines: TraceLines) => void,
): Promise<Recovered> {
  const names = (await files.list(folder)).filter((name) => segmentOfName(name) !== null).sort();
  const replay = new Replay();
  const segments: FoundSegment[] = [];
  let lastNumber = 0;
  let lastBytes: Buffer = Buffer.alloc(0);
  for (const [place, name] of names.entries()) {
    const path = `${folder}/${name}`;
    const bytes = await readWhole(files, path);
    const { segment, salt } = headerOf(path, name, bytes, segments.at(-1));
    const scanned = scan(path, bytes, salt, place === 0 ? null : lastNumber, replay, onTrace);
    lastNumber = scanned.lastNumber;
    if (place < names.length - 1) checkEnd(path, bytes, scanned.end);
    const { highestIndex, end } = scanned;
    const usedEnd = endOfUse(bytes, end);
    segments.push({ segment, salt, path, highestIndex, end, usedEnd, size: bytes.length });
    lastBytes = bytes.subarray(0, end);
  }
  const state = replay.state();
  if (typeof state === "string") {
    throw new LogDamage(segments[0]?.path ?? folder, SEGMENT_HEADER_BYTES, state);
  }
  return { state, segments, lastNumber, lastBytes };
}

function headerOf(
  path: string,
  name: string,
  bytes: Buffer,
  before: FoundSegment | undefined,
): SegmentHeader {
  const header = decodeSegmentHeader(bytes);
  if (typeof header === "string") throw new LogDamage(path, 0, header);
  if (segmentName(header.segment) !== name) {
    throw new LogDamage(path, 0, `the segment is number ${header.segment}, by its header`);
  }
  if (before !== undefined && header.segment !== before.segment + 1) {
    throw new LogDamage(path, 0, `the segment before it, ${header.segment - 1}, is missing`);
  }
  return header;
}

interface Scanned {
  readonly lastNumber: number;
  readonly highestIndex: Index;
  readonly end: number;
}

/** Takes the records of a segment; `before` is the number of the last one before it. */
function scan(
  path: string,
  bytes: Buffer,
  salt: number,
  before: number | null,
  replay: Replay,
  onTrace: (lines: TraceLines) => void,
): Scanned {
  let lastNumber = before;
  let highestIndex = 0;
  let at = SEGMENT_HEADER_BYTES;
  for (let found = readRecord(bytes, at, salt); found !== null; ) {
    if (lastNumber !== null && found.number !== lastNumber + 1) {
      throw new LogDamage(path, at, `record ${lastNumber + 1} is missing before ${found.number}`);
    }
    const { payload } = found;
    const record: WalRecord = decoded(path, at, () => decodeRecord(payload));
    if ((record.kind === "checkpoint") !== (at === SEGMENT_HEADER_BYTES)) {
      throw new LogDamage(path, at, "a segment begins with its state, and only with that");
    }
    const problem = replay.take(record);
    if (problem !== null) throw new LogDamage(path, at, problem);
    if (record.kind === "batch") {
      const { logChangedFrom, entries } = record.batch;
      highestIndex = Math.max(highestIndex, logChangedFrom + entries.length - 1);
      const lines = linesOf(record.batch, path, at);
      if (lines !== null) onTrace(lines);
    }
    lastNumber = found.number;
    at = found.end;
    found = readRecord(bytes, at, salt);
  }
  const next = findRecord(bytes, at + 1, salt);
  if (next >= 0) {
    throw new LogDamage(path, at, `no valid record is there, and a valid one follows at ${next}`);
  }
  if (endsWithinRecord(bytes, at)) {
    throw new LogDamage(path, at, "the file ends within the record there, and was longer once");
  }
  if (at === SEGMENT_HEADER_BYTES || lastNumber === null) {
    throw new LogDamage(path, at, "the state that a segment begins with is not there");
  }
  return { lastNumber, highestIndex, end: at };
}

/** What a record holds. Throws LogDamage where that makes no sense. */
function decoded<Value>(path: string, at: number, decode: () => Value): Value {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new LogDamage(path, at, `the record has its checksum, but ${error.message}`);
  }
}

/** The traced lines that a record carries, spelled out when they are looked at: few are missing. */
function linesOf({ trace, entries }: Batch, path: string, at: number): TraceLines | null {
  if (trace?.areAbbreviated !== true) return trace;
  const { firstSeq, lastSeq, lines } = trace;
  return {
    firstSeq,
    lastSeq,
    get lines() {
      return decoded(path, at, () => spellOut(lines, entries));
    },
  };
}

/** A segment that others follow was written to its end: nothing but zeros can be left. */
function checkEnd(path: string, bytes: Buffer, end: number): void {
  if (endOfUse(bytes, end) === end) return;
  throw new LogDamage(path, end, "no valid record is there, and another segment follows");
}

function endOfUse(bytes: Buffer, end: number): number {
  let used = bytes.length;
  while (used > end && bytes[used - 1] === 0) used--;
  return used;
}
