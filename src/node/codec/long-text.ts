import { ByteWriter } from "./bytes.ts";

/** How much is encoded at once. */
const SLICE_CHARACTERS = 64 * 1024;

const UTF8_BYTES_A_CHARACTER = 3;

/**
 * A long text, a snapshot say, as `ByteWriter.text` writes it: in pieces that are made when they are
 * asked for, so that other things get their turn in between.
 */
export class LongText {
  /** How many bytes all pieces have together. */
  readonly length: number;
  readonly #text: string;
  readonly #header: Buffer;
  readonly #isUtf16: boolean;

  constructor(text: string) {
    const utf8Bytes = Buffer.byteLength(text);
    this.#text = text;
    this.#isUtf16 = utf8Bytes !== text.length && !text.isWellFormed();
    const bytes = this.#isUtf16 ? 2 * text.length : utf8Bytes;
    const header = new ByteWriter(16);
    header.integer(2 * bytes + (this.#isUtf16 ? 1 : 0));
    this.#header = header.written();
    this.length = this.#header.length + bytes;
  }

  *pieces(): Generator<Buffer> {
    yield this.#header;
    const text = this.#text;
    const encoding = this.#isUtf16 ? "utf16le" : "utf8";
    for (let at = 0; at < text.length; ) {
      const end = this.#sliceEnd(at);
      const piece = Buffer.allocUnsafe((end - at) * UTF8_BYTES_A_CHARACTER);
      yield piece.subarray(0, piece.write(text.slice(at, end), encoding));
      at = end;
    }
  }

  /** A slice does not part the two halves of a pair of surrogates. */
  #sliceEnd(at: number): number {
    const end = at + SLICE_CHARACTERS;
    if (end >= this.#text.length) return this.#text.length;
    const isHigh = (this.#text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    return isHigh ? end - 1 : end;
  }
}
