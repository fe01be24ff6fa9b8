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
  readonly #texts: readonly string[];
  readonly #header: Buffer;
  readonly #isUtf16: boolean;

  private constructor(texts: readonly string[], bytes: readonly number[]) {
    const isUtf8 = texts.every((text, at) => bytes[at] === text.length || text.isWellFormed());
    this.#texts = isUtf8 ? texts : [texts.join("")];
    this.#isUtf16 = !isUtf8 && !this.#texts.every((text) => text.isWellFormed());
    const length = isUtf8 ? sum(bytes) : sum(this.#texts.map((text) => this.#bytesOf(text)));
    const header = new ByteWriter(16);
    header.integer(2 * length + (this.#isUtf16 ? 1 : 0));
    this.#header = header.written();
    this.length = this.#header.length + length;
  }

  /**
   * A text that is in parts, which are looked at at once.
   *
   * To put them together would take much longer: for a text of 200 MB, some hundred milliseconds.
   */
  static of(texts: readonly string[]): LongText {
    return new LongText(
      texts,
      texts.map((text) => Buffer.byteLength(text)),
    );
  }

  /** The same, where each part is looked at in a turn of its own, which ends with `nextTurn`. */
  static async inTurns(texts: readonly string[], nextTurn: () => Promise<void>): Promise<LongText> {
    const bytes: number[] = [];
    for (const text of texts) {
      bytes.push(Buffer.byteLength(text));
      await nextTurn();
    }
    return new LongText(texts, bytes);
  }

  *pieces(): Generator<Buffer> {
    yield this.#header;
    for (const text of this.#texts) yield* this.#piecesOf(text);
  }

  *#piecesOf(text: string): Generator<Buffer> {
    const encoding = this.#isUtf16 ? "utf16le" : "utf8";
    for (let at = 0; at < text.length; ) {
      const end = sliceEnd(text, at);
      const piece = Buffer.allocUnsafe((end - at) * UTF8_BYTES_A_CHARACTER);
      yield piece.subarray(0, piece.write(text.slice(at, end), encoding));
      at = end;
    }
  }

  #bytesOf(text: string): number {
    return this.#isUtf16 ? 2 * text.length : Buffer.byteLength(text);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A slice does not part the two halves of a pair of surrogates. */
function sliceEnd(text: string, at: number): number {
  const end = at + SLICE_CHARACTERS;
  if (end >= text.length) return text.length;
  const isHigh = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return isHigh ? end - 1 : end;
}
