import { setTimeout as pause } from "node:timers/promises";
import type { Files, OpenFile } from "../files/files.ts";
import { DRAFT_ENDING } from "../files/whole.ts";

export interface Spare {
  readonly file: OpenFile;
  readonly size: number;
}

interface SpareOptions {
  readonly files: Files;
  readonly folder: string;
  readonly segmentBytes: number;
}

/** What is written at once, and made durable: so little that the log's fsyncs hardly wait for it. */
const ZEROS = Buffer.alloc(256 * 1024);
/** In between the disk is the log's alone. */
const PAUSE_MILLISECONDS = 10;
/** The most files that are kept to be used again. */
const MOST_RETIRED = 4;

/**
 * The segment that comes next, written full of zeros while the one before it is in use, so that the
 * log need not wait for it. The file of a segment that the log needs no more is used again (PostgreSQL
 * recycles its log's: its manual, "WAL Configuration"): one that is made, grown or removed has the file
 * system's journal written, which the fsyncs of the log then wait for.
 */
export class SpareSegment {
  readonly #options: SpareOptions;
  #counter = 0;
  #next: Promise<Spare> | null = null;
  /** Paths of files that can be used again. */
  #retired: string[] = [];
  /** Whether somebody waits for the next one. */
  #isAwaited = false;

  constructor(options: SpareOptions) {
    this.#options = options;
  }

  /** Bytes of the disk that it takes, or is about to. */
  get diskBytes(): number {
    const files = this.#retired.length + (this.#next === null ? 0 : 1);
    return files * this.#options.segmentBytes;
  }

  /** Begins to write the next one. What goes wrong is told to the one who takes it. */
  prepare(): void {
    this.#next ??= this.#make(this.#options.segmentBytes);
    this.#next.catch(() => {});
  }

  /** The next segment's file, of at least `bytes`, under the name of a draft. */
  async take(bytes: number): Promise<Spare> {
    this.#isAwaited = true;
    const isLonger = bytes > this.#options.segmentBytes;
    const spare = await (isLonger ? this.#make(bytes) : this.#takeNext());
    this.#isAwaited = false;
    return spare;
  }

  async #takeNext(): Promise<Spare> {
    const spare = await (this.#next ?? this.#make(this.#options.segmentBytes));
    this.#next = null;
    return spare;
  }

  /** Takes over the files of segments that the log needs no more, or removes them: the oldest first. */
  async retire(
    segments: readonly { readonly path: string; readonly size: number }[],
  ): Promise<void> {
    const { files, folder, segmentBytes } = this.#options;
    const kept: string[] = [];
    for (const { path, size } of segments) {
      if (size === segmentBytes && this.#retired.length + kept.length < MOST_RETIRED) {
        const draft = this.#draft();
        await files.rename(path, draft);
        kept.push(draft);
      } else {
        await files.remove(path);
      }
    }
    await files.syncFolder(folder);
    // Only now: until then a loss of power may give them their names back, and they must be whole.
    this.#retired.push(...kept);
  }

  /** Waits for what is being written, and removes it, and what was kept. */
  async discard(): Promise<void> {
    const next = this.#next;
    const retired = this.#retired;
    this.#next = null;
    this.#retired = [];
    this.#isAwaited = true;
    const spare = await next?.catch(() => null);
    await spare?.file.close();
    const paths = spare === undefined || spare === null ? [] : [spare.file.path];
    for (const path of [...paths, ...retired]) await this.#options.files.remove(path);
  }

  #draft(): string {
    this.#counter++;
    return `${this.#options.folder}/next-${this.#counter}${DRAFT_ENDING}`;
  }

  async #make(size: number): Promise<Spare> {
    const { files, segmentBytes } = this.#options;
    const retired = size === segmentBytes ? this.#retired.shift() : undefined;
    const file = await (retired === undefined
      ? files.open(this.#draft(), "new")
      : files.open(retired, "existing"));
    try {
      await this.#fill(file, size);
    } catch (error) {
      await file.close().catch(() => {});
      await files.remove(file.path).catch(() => {});
      throw error;
    }
    return { file, size };
  }

  async #fill(file: OpenFile, size: number): Promise<void> {
    for (let at = 0; at < size; at += ZEROS.length) {
      if (at > 0 && !this.#isAwaited) await pause(PAUSE_MILLISECONDS);
      await file.write(ZEROS.subarray(0, Math.min(ZEROS.length, size - at)), at);
      await file.sync();
    }
  }
}
