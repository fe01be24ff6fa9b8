import { randomInt } from "node:crypto";
import type { Index } from "../../core/index.ts";
import { ByteWriter } from "../codec/index.ts";
import type { Files, OpenFile } from "../files/files.ts";
import { DRAFT_ENDING } from "../files/whole.ts";
import { type Checkpoint, encodeBatch, encodeCheckpoint } from "./batch.ts";
import type { Batch, TraceLines } from "./batch-types.ts";
import { beginRecord, endRecord } from "./record.ts";
import { type FoundSegment, recoverLog } from "./recover.ts";
import type { DurableState } from "./replay.ts";
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentName } from "./segment.ts";
import { SpareSegment } from "./spare-segment.ts";

export interface LogOptions {
  readonly files: Files;
  readonly folder: string;
  /** The size of a segment's file. */
  readonly segmentBytes: number;
  /** Takes the traced lines of the records that are there, in order. */
  readonly onTrace: (lines: TraceLines) => void;
}

export interface OpenedLog {
  readonly log: WriteAheadLog;
  readonly state: DurableState;
  /** Whether there was none, so that it was begun. */
  readonly isNew: boolean;
  /** The torn end that a crash had left, and that was cut; null where there was none. */
  readonly cut: { readonly path: string; readonly offset: number; readonly bytes: number } | null;
}

/** A segment that the log consists of. */
interface Segment {
  readonly segment: number;
  readonly path: string;
  highestIndex: Index;
  readonly size: number;
}

const MAX_SALT = 2 ** 32;

/**
 * Opens the log of a folder, which must exist, and cuts off what a crash has torn.
 *
 * @throws LogDamage where the log is damaged otherwise; nothing was changed then
 */
export async function openLog(options: LogOptions): Promise<OpenedLog> {
  const { files, folder } = options;
  const found = await recoverLog(files, folder, options.onTrace);
  await removeDrafts(files, folder);
  const last = found.segments.at(-1);
  if (last === undefined) {
    const log = await createLog(options, found.state);
    return { log, state: found.state, isNew: true, cut: null };
  }
  const file = await files.open(last.path, "existing");
  // What was read may be in the system's cache alone, where a killed process left it: a server that
  // goes by it, and traces it, must not lose it when the power fails next. It is written again, since
  // after an fsync that failed the system takes for written what the disk never got (the "fsyncgate"
  // of 2018), and another fsync would have nothing to do.
  await file.write(found.lastBytes, 0);
  const torn = last.usedEnd - last.end;
  if (torn > 0) await file.write(Buffer.alloc(torn), last.end);
  await file.sync();
  await files.syncFolder(folder);
  const log = new WriteAheadLog(options, found.state, {
    segments: found.segments.map(segmentFound),
    file,
    salt: last.salt,
    position: last.end,
    lastNumber: found.lastNumber,
  });
  const cut = torn === 0 ? null : { path: last.path, offset: last.end, bytes: torn };
  return { log, state: found.state, isNew: false, cut };
}

function segmentFound({ segment, path, highestIndex, size }: FoundSegment): Segment {
  return { segment, path, highestIndex, size };
}

async function createLog(options: LogOptions, state: DurableState): Promise<WriteAheadLog> {
  const log = new WriteAheadLog(options, state, {
    segments: [],
    file: null,
    salt: 0,
    position: 0,
    lastNumber: 0,
  });
  await log.begin();
  return log;
}

async function removeDrafts(files: Files, folder: string): Promise<void> {
  const drafts = (await files.list(folder)).filter((name) => name.endsWith(DRAFT_ENDING));
  for (const name of drafts) await files.remove(`${folder}/${name}`);
}

/** Where the log goes on being written. */
interface Place {
  readonly segments: Segment[];
  readonly file: OpenFile | null;
  readonly salt: number;
  readonly position: number;
  readonly lastNumber: number;
}

/**
 * The write-ahead log: a record a batch, in segments of a fixed size that are written full of zeros
 * beforehand. A record then changes no file's size, which makes it durable in half the time.
 *
 * One batch is written at a time; who calls gathers the next one meanwhile (group commit). After a
 * failure nothing is written any more: an fsync that failed is not tried again, since the system
 * may have dropped what it could not write and would report success (the "fsyncgate" of 2018).
 */
export class WriteAheadLog {
  readonly #options: LogOptions;
  readonly #spare: SpareSegment;
  readonly #segments: Segment[];
  readonly #writer = new ByteWriter();
  #file: OpenFile | null;
  #salt: number;
  #position: number;
  #lastNumber: number;
  /** What a new segment would begin with. */
  #state: Checkpoint;
  #failure: Error | null = null;

  constructor(options: LogOptions, state: DurableState, place: Place) {
    this.#options = options;
    this.#spare = new SpareSegment(options);
    this.#segments = place.segments;
    this.#file = place.file;
    this.#salt = place.salt;
    this.#position = place.position;
    this.#lastNumber = place.lastNumber;
    const { currentTerm, votedFor, base, entries, isTraced } = state;
    const lastIndex = base.index + entries.length;
    this.#state = { currentTerm, votedFor, base, lastIndex, isTraced };
  }

  /** Bytes of the disk that the log takes. */
  get diskBytes(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0) + this.#spare.diskBytes;
  }

  get segmentCount(): number {
    return this.#segments.length;
  }

  /** Makes the first segment of a new log. */
  async begin(): Promise<void> {
    this.#writer.clear();
    await this.#roll();
  }

  /**
   * Makes a batch durable. Not to be called again before it has ended.
   *
   * @throws the error of the system; the log is of no use from then on
   */
  async append(batch: Batch): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    try {
      await this.#append(batch);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      throw this.#failure;
    }
  }

  /** Gives up the segments that hold no entry after `index` and nothing else of use. */
  async removeUpTo(index: Index): Promise<void> {
    const segments = this.#segments;
    const kept = segments.findIndex(
      ({ highestIndex }, place) => highestIndex > index || place === segments.length - 1,
    );
    if (kept > 0) await this.#spare.retire(segments.splice(0, kept));
  }

  async close(): Promise<void> {
    await this.#spare.discard();
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async #append(batch: Batch): Promise<void> {
    const after = stateAfter(this.#state, batch);
    const writer = this.#writer;
    writer.clear();
    this.#encode(batch);
    const segment = this.#segments.at(-1);
    if (segment === undefined || this.#position + writer.length > segment.size) {
      await this.#rollWith(batch);
    } else {
      await this.#write(writer.written());
    }
    this.#lastNumber++;
    this.#state = after;
    const current = this.#segments.at(-1);
    if (current === undefined) return;
    const highest = batch.logChangedFrom + batch.entries.length - 1;
    current.highestIndex = Math.max(current.highestIndex, highest);
  }

  #encode(batch: Batch): void {
    const at = beginRecord(this.#writer);
    encodeBatch(this.#writer, batch);
    endRecord(this.#writer, at, this.#lastNumber + 1, this.#salt);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const file = this.#file;
    if (file === null) throw new Error("the log is closed");
    try {
      await file.write(bytes, this.#position);
    } catch (error) {
      await undo(file, this.#position, bytes.length);
      throw error;
    }
    await file.sync();
    this.#position += bytes.length;
  }

  /** Begins a new segment, with the batch as its first record after the checkpoint. */
  async #rollWith(batch: Batch): Promise<void> {
    this.#salt = randomInt(MAX_SALT);
    this.#writer.clear();
    this.#beginSegment();
    this.#encode(batch);
    await this.#finishRoll();
  }

  async #roll(): Promise<void> {
    this.#salt = randomInt(MAX_SALT);
    this.#beginSegment();
    await this.#finishRoll();
  }

  #beginSegment(): void {
    const at = beginRecord(this.#writer);
    encodeCheckpoint(this.#writer, this.#state);
    endRecord(this.#writer, at, this.#lastNumber + 1, this.#salt);
    this.#lastNumber++;
  }

  /** The segment gets its name only when all that it begins with is durable in it. */
  async #finishRoll(): Promise<void> {
    const { files, folder } = this.#options;
    const segment = (this.#segments.at(-1)?.segment ?? 0) + 1;
    const bytes = this.#writer.written();
    const spare = await this.#spare.take(SEGMENT_HEADER_BYTES + bytes.length);
    await spare.file.write(encodeSegmentHeader({ segment, salt: this.#salt }), 0);
    await spare.file.write(bytes, SEGMENT_HEADER_BYTES);
    await spare.file.sync();
    const path = `${folder}/${segmentName(segment)}`;
    await files.rename(spare.file.path, path);
    await files.syncFolder(folder);
    await this.#file?.close();
    this.#file = spare.file;
    this.#position = SEGMENT_HEADER_BYTES + bytes.length;
    this.#segments.push({ segment, path, highestIndex: 0, size: spare.size });
    this.#spare.prepare();
  }
}

/** A record that could not be written in full is taken back, as far as the disk allows it. */
async function undo(file: OpenFile, position: number, length: number): Promise<void> {
  try {
    await file.write(Buffer.alloc(length), position);
  } catch {
    // What is there is no valid record, and is cut off at the next start.
  }
}

/** What a segment after the batch would begin with. */
function stateAfter(state: Checkpoint, batch: Batch): Checkpoint {
  const { currentTerm, votedFor, logChangedFrom, entries, trace } = batch;
  const base = batch.base ?? state.base;
  const end = logChangedFrom === 0 ? state.lastIndex : logChangedFrom + entries.length - 1;
  const lastIndex = Math.max(base.index, end);
  return { currentTerm, votedFor, base, lastIndex, isTraced: state.isTraced && trace !== null };
}
