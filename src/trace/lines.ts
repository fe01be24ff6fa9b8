import { isUtf8 } from "node:buffer";
import { FormFault } from "./error.ts";
import { MAX_LINE_BYTES } from "./format.ts";

const NEWLINE = 0x0a;
const NEWLINE_BYTES = Buffer.of(NEWLINE);

/** Takes a line, without its newline; `isWhole` is false for a last line that has none. */
export type TakeLine = (line: string, isWhole: boolean) => void;

/**
 * Takes a line of UTF-8 as the bytes from `start` to its newline at `end`, if it can: false where
 * it is to be given as a string.
 */
export type TakeBytes = (bytes: Buffer, start: number, end: number) => boolean;

/**
 * Splits a stream of bytes into lines of UTF-8. It holds no more than one line, and of a
 * line no more than the longest that a trace may have.
 */
export class LineSplitter {
  readonly #take: TakeLine;
  readonly #takeBytes: TakeBytes;
  /** What came of a line whose newline has not come yet. */
  #begun: Buffer[] = [];
  #begunBytes = 0;

  /** `takeBytes` is asked first, where it is given. */
  constructor(take: TakeLine, takeBytes: TakeBytes = () => false) {
    this.#take = take;
    this.#takeBytes = takeBytes;
  }

  /** Takes the next bytes, which may end anywhere. Throws a FormFault on a line that is none. */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const firstEnd = bytes.indexOf(NEWLINE);
    if (firstEnd < 0) {
      this.#begin(bytes);
      return;
    }
    let start = 0;
    if (this.#begunBytes > 0) {
      this.#begin(bytes.subarray(0, firstEnd));
      this.#takeBlock(Buffer.concat([this.#takeBegun(), NEWLINE_BYTES]));
      start = firstEnd + 1;
    }
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > start) this.#takeBlock(bytes.subarray(start, end));
    this.#begin(bytes.subarray(end));
  }

  /** No more bytes come. */
  end(): void {
    if (this.#begunBytes > 0) this.#take(decode(this.#takeBegun()), false);
  }

  #begin(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#begunBytes += bytes.length;
    if (this.#begunBytes > MAX_LINE_BYTES) throw tooLong();
    this.#begun.push(Buffer.from(bytes));
  }

  #takeBegun(): Buffer {
    const line = Buffer.concat(this.#begun, this.#begunBytes);
    this.#begun = [];
    this.#begunBytes = 0;
    return line;
  }

  /** Whole lines. */
  #takeBlock(block: Buffer): void {
    const isAllUtf8 = isUtf8(block);
    let start = 0;
    while (start < block.length) {
      const end = block.indexOf(NEWLINE, start);
      if (end - start > MAX_LINE_BYTES) throw tooLong();
      if (!isAllUtf8 || !this.#takeBytes(block, start, end)) {
        this.#take(decode(block.subarray(start, end)), true);
      }
      start = end + 1;
    }
  }
}

function decode(line: Buffer): string {
  if (!isUtf8(line)) throw notUtf8(line);
  return line.toString("utf8");
}

/** What bytes that are not UTF-8 may be instead. */
export function notUtf8(line: Uint8Array): FormFault {
  const isGzip = line[0] === 0x1f && line[1] === 0x8b;
  if (isGzip) return new FormFault("", "the file is compressed", "Decompress it first");
  const isUtf16 = (line[0] === 0xff && line[1] === 0xfe) || (line[0] === 0xfe && line[1] === 0xff);
  if (isUtf16) {
    return new FormFault("", "the file is in UTF-16", "Write UTF-8 without a byte order mark");
  }
  return new FormFault(
    "",
    "the line is not UTF-8",
    "Write the trace in UTF-8; put bytes that are no text into a command as hex or base64",
  );
}

/** A line is longer than MAX_LINE_BYTES. */
export function tooLong(): FormFault {
  return new FormFault(
    "",
    `the line is longer than ${MAX_LINE_BYTES} bytes`,
    "Write one event a line, end every line with a newline, and log a command's hash where commands are large",
  );
}
