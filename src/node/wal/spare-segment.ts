import { DRAFT_ENDING, type Files, type OpenFile } from "../files/files.ts";

export interface Spare {
  readonly file: OpenFile;
  readonly size: number;
}

const ZEROS = Buffer.alloc(1024 * 1024);

/**
 * The segment that comes next, written full of zeros while the one before it is in use, so that the
 * log need not wait for it.
 */
export class SpareSegment {
  readonly #files: Files;
  readonly #folder: string;
  readonly #segmentBytes: number;
  #counter = 0;
  #next: Promise<Spare> | null = null;
  #diskBytes = 0;

  constructor(options: {
    readonly files: Files;
    readonly folder: string;
    readonly segmentBytes: number;
  }) {
    this.#files = options.files;
    this.#folder = options.folder;
    this.#segmentBytes = options.segmentBytes;
  }

  get diskBytes(): number {
    return this.#diskBytes;
  }

  /** Begins to write the next one. What goes wrong is told to the one who takes it. */
  prepare(): void {
    this.#next ??= this.#make(this.#segmentBytes);
    this.#next.then(
      ({ size }) => {
        this.#diskBytes = size;
      },
      () => {},
    );
  }

  /** The next segment's file, of at least `bytes`, under the name of a draft. */
  async take(bytes: number): Promise<Spare> {
    if (bytes > this.#segmentBytes) return await this.#make(bytes);
    this.prepare();
    const next = await (this.#next ?? this.#make(this.#segmentBytes));
    this.#next = null;
    this.#diskBytes = 0;
    return next;
  }

  /** Waits for what is being written, and removes it. */
  async discard(): Promise<void> {
    const next = this.#next;
    this.#next = null;
    this.#diskBytes = 0;
    const spare = await next?.catch(() => null);
    if (spare === undefined || spare === null) return;
    await spare.file.close();
    await this.#files.remove(spare.file.path);
  }

  async #make(size: number): Promise<Spare> {
    this.#counter++;
    const path = `${this.#folder}/next-${this.#counter}${DRAFT_ENDING}`;
    const file = await this.#files.open(path, "new");
    try {
      for (let at = 0; at < size; at += ZEROS.length) {
        await file.write(ZEROS.subarray(0, Math.min(ZEROS.length, size - at)), at);
      }
      await file.sync();
    } catch (error) {
      await file.close().catch(() => {});
      await this.#files.remove(path).catch(() => {});
      throw error;
    }
    return { file, size };
  }
}
