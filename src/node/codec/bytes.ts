/** Numbers and texts as bytes: what every message, entry and request is written with. */

/** Bytes that stand for nothing: damaged, cut off, or of another format. */
export class DecodeError extends Error {
  constructor(what: string) {
    super(what);
    this.name = "DecodeError";
  }
}

const INITIAL_CAPACITY = 64 * 1024;

/** The most bytes that one integer takes: seven bits a byte, 53 bits. */
const MAX_INTEGER_BYTES = 8;

/** A buffer that grows as it is written to. What was written is `buffer[0 .. length - 1]`. */
export class ByteWriter {
  buffer: Buffer;
  length = 0;

  constructor(capacity = INITIAL_CAPACITY) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** What was written, without a copy: it holds until the next write. */
  written(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Forgets what was written; a buffer that one large message made large is given back. */
  clear(): void {
    this.length = 0;
    if (this.buffer.length > 16 * INITIAL_CAPACITY) {
      this.buffer = Buffer.allocUnsafe(INITIAL_CAPACITY);
    }
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  boolean(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** An integer from 0 to 2^53 - 1, in as few bytes as it takes: seven bits a byte. */
  integer(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`${value} is no integer from 0 to 2^53 - 1`);
    }
    this.reserve(MAX_INTEGER_BYTES);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest % 0x80) | 0x80;
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.buffer[this.length++] = rest;
  }

  /**
   * Any text, preceded by its length: as UTF-8, or, where it has half of a surrogate pair and
   * UTF-8 would change it, as UTF-16.
   */
  text(value: string): void {
    const bytes = Buffer.byteLength(value);
    if (bytes !== value.length && !value.isWellFormed()) {
      this.integer(2 * 2 * value.length + 1);
      this.reserve(2 * value.length);
      this.length += this.buffer.write(value, this.length, "utf16le");
      return;
    }
    this.integer(2 * bytes);
    this.reserve(bytes);
    this.length += this.buffer.write(value, this.length, "utf8");
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  /** Makes room for so many more bytes. */
  reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** Reads what a ByteWriter wrote. Throws a DecodeError for anything else, and never reads beyond. */
export class ByteReader {
  readonly #buffer: Buffer;
  #offset: number;

  constructor(buffer: Buffer, offset = 0) {
    this.#buffer = buffer;
    this.#offset = offset;
  }

  /** How many bytes have not been read. */
  get remaining(): number {
    return this.#buffer.length - this.#offset;
  }

  byte(): number {
    const value = this.#buffer[this.#offset];
    if (value === undefined) throw new DecodeError("it ends too early");
    this.#offset++;
    return value;
  }

  boolean(): boolean {
    const value = this.byte();
    if (value > 1) throw new DecodeError(`${value} is neither true nor false`);
    return value === 1;
  }

  integer(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < MAX_INTEGER_BYTES; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (byte === 0 && count > 0) throw new DecodeError("an integer is longer than it need be");
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
      scale *= 0x80;
    }
    throw new DecodeError("an integer is larger than 2^53 - 1");
  }

  text(): string {
    const header = this.integer();
    const isUtf16 = header % 2 === 1;
    const bytes = this.rest((header - (isUtf16 ? 1 : 0)) / 2);
    if (!isUtf16) {
      const text = bytes.toString("utf8");
      if (text.includes("\ufffd") && !bytes.equals(Buffer.from(text))) {
        throw new DecodeError("a text is no UTF-8");
      }
      return text;
    }
    if (bytes.length % 2 === 1) throw new DecodeError("a text has half a character");
    const text = bytes.toString("utf16le");
    if (text.isWellFormed()) throw new DecodeError("a text is UTF-16 that could be UTF-8");
    return text;
  }

  /** So many bytes, or all that remain, without a copy. */
  rest(length = this.remaining): Buffer {
    if (length > this.remaining) throw new DecodeError("it ends too early");
    const bytes = this.#buffer.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return bytes;
  }

  /** Throws unless everything has been read. */
  end(): void {
    if (this.remaining > 0) throw new DecodeError(`${this.remaining} bytes are too many`);
  }
}
