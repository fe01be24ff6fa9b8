import type { Entries, Entry } from "../core/index.ts";
import { ByteReader, ByteWriter, entry as entryField } from "./codec/index.ts";

/** How many entries are packed together. */
const PAGE_ENTRIES = 256;

/** The newest entries are objects, so many at most: those that are sent, made durable and executed. */
const MOST_LOOSE_ENTRIES = 3 * PAGE_ENTRIES;

/** A page is made so many bytes long, or a multiple of it, so that it serves again for other entries. */
const PAGE_BYTES = 16 * 1024;

/** Pages are kept to be used again while they have no more than this together. */
const MOST_SPARE_BYTES = 32 * 1024 * 1024;

/** Entries as bytes, PAGE_ENTRIES of them. */
interface Page {
  readonly bytes: Buffer;
  /** Where in the bytes each entry begins. */
  readonly offsets: Uint32Array;
}

/**
 * The entries of a log, of which only the newest are objects. The others, which are needed where a
 * follower lags behind, are kept as bytes outside of the heap, where no collection of garbage copies or
 * visits them, however many there are. On a busy leader they were most of what is alive.
 */
export class PackedEntries implements Entries {
  /** The oldest entries. */
  #pages: Page[] = [];
  /** So many entries at the beginning of the first page were dropped; fewer than it has. */
  #dropped = 0;
  /** The entries after those of the pages. */
  #loose: Entry[] = [];
  readonly #spare: Page[] = [];
  #spareBytes = 0;
  readonly #writer = new ByteWriter();

  get length(): number {
    return this.#packed + this.#loose.length;
  }

  at(place: number): Entry | undefined {
    const packed = this.#packed;
    if (place >= packed) return this.#loose[place - packed];
    return place < 0 ? undefined : this.#unpack(place);
  }

  slice(begin: number, end: number): Entry[] {
    const packed = this.#packed;
    if (begin >= packed) return this.#loose.slice(begin - packed, end - packed);
    const entries: Entry[] = [];
    for (let place = begin; place < Math.min(end, packed); place++) {
      entries.push(this.#unpack(place));
    }
    if (end > packed) entries.push(...this.#loose.slice(0, end - packed));
    return entries;
  }

  push(entry: Entry): void {
    this.#loose.push(entry);
    if (this.#loose.length >= MOST_LOOSE_ENTRIES) this.#packOldest();
  }

  truncate(length: number): void {
    const packed = this.#packed;
    if (length >= packed) {
      this.#loose.length = length - packed;
      return;
    }
    const keptPages = Math.floor((length + this.#dropped) / PAGE_ENTRIES);
    // What is left of the page that is cut becomes loose.
    this.#loose = this.slice(Math.max(0, keptPages * PAGE_ENTRIES - this.#dropped), length);
    this.#keepAsSpare(this.#pages.splice(keptPages));
    if (keptPages === 0) this.#dropped = 0;
  }

  dropFirst(count: number): void {
    const packed = this.#packed;
    const dropped = this.#dropped + Math.min(count, packed);
    this.#keepAsSpare(this.#pages.splice(0, Math.floor(dropped / PAGE_ENTRIES)));
    this.#dropped = dropped % PAGE_ENTRIES;
    if (count > packed) this.#loose = this.#loose.slice(count - packed);
  }

  /** How many entries the pages hold that were not dropped. */
  get #packed(): number {
    return this.#pages.length * PAGE_ENTRIES - this.#dropped;
  }

  #packOldest(): void {
    const offsets: number[] = [];
    const writer = this.#writer;
    for (const entry of this.#loose.splice(0, PAGE_ENTRIES)) {
      offsets.push(writer.length);
      entryField.write(writer, entry);
    }
    const page = this.#pageFor(writer.length);
    page.offsets.set(offsets);
    writer.written().copy(page.bytes);
    writer.clear();
    this.#pages.push(page);
  }

  #pageFor(length: number): Page {
    const spare = this.#spare.pop();
    if (spare !== undefined) {
      this.#spareBytes -= spare.bytes.length;
      if (spare.bytes.length >= length) return spare;
    }
    const bytes = Buffer.allocUnsafeSlow(Math.ceil(length / PAGE_BYTES) * PAGE_BYTES);
    return { bytes, offsets: new Uint32Array(PAGE_ENTRIES) };
  }

  #keepAsSpare(pages: readonly Page[]): void {
    for (const page of pages) {
      if (this.#spareBytes + page.bytes.length > MOST_SPARE_BYTES) return;
      this.#spareBytes += page.bytes.length;
      this.#spare.push(page);
    }
  }

  #unpack(place: number): Entry {
    const at = place + this.#dropped;
    const { bytes, offsets } = this.#pages[Math.floor(at / PAGE_ENTRIES)] as Page;
    return entryField.read(new ByteReader(bytes, offsets[at % PAGE_ENTRIES]));
  }
}
