import { isUtf8 } from "node:buffer";
import { FormFault } from "./error.ts";
import { MAX_LINE_BYTES } from "./format.ts";

const NEWLINE = 0x0a;

/** Takes a line, without its newline; `isWhole` is false for a last line that has none. */
export type TakeLine = (line: string, isWhole: boolean) => void;

/**
 * Splits a stream of bytes into lines of UTF-8. It holds no more than one line, and of a
 * line no more than the longest that a trace may have.
 */
export class LineSplitter {
  readonly #take: TakeLine;
  /** What came of a line whose newline has not come yet. */
  #begun: Buffer[] = [];
  #begunBytes = 0;

  constructor(take: TakeLine) {
    this.#take = take;
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
      this.#finishBegun(true);
      start = firstEnd + 1;
    }
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > start) this.#takeBlock(bytes.subarray(start, end));
    this.#begin(bytes.subarray(end));
  }

  /** No more bytes come. */
  end(): void {
    if (this.#begunBytes > 0) this.#finishBegun(false);
  }

  #begin(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#begunBytes += bytes.length;
    if (this.#begunBytes > MAX_LINE_BYTES) throw tooLong();
    this.#begun.push(Buffer.from(bytes));
  }

  #finishBegun(isWhole: boolean): void {
    const line = Buffer.concat(this.#begun, this.#begunBytes);
    this.#begun = [];
    this.#begunBytes = 0;
    this.#take(decode(line), isWhole);
  }

  /** Whole lines, decoded as one where they are UTF-8: by far the faster way. */
  #takeBlock(block: Buffer): void {
    if (!isUtf8(block)) {
      this.#takeOneByOne(block);
      return;
    }
    const text = block.toString("utf8");
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      const line = text.slice(start, end);
      if (isTooLong(line)) throw tooLong();
      this.#take(line, true);
      start = end + 1;
    }
  }

  #takeOneByOne(block: Buffer): void {
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
      const line = block.subarray(start, end);
      if (line.length > MAX_LINE_BYTES) throw tooLong();
      this.#take(decode(line), true);
      start = end + 1;
    }
  }
}

/** A character of a string takes one to three bytes, so that only long lines need measuring. */
function isTooLong(line: string): boolean {
  return line.length > MAX_LINE_BYTES / 3 && Buffer.byteLength(line) > MAX_LINE_BYTES;
}

function decode(line: Buffer): string {
  if (!isUtf8(line)) {
    const isGzip = line[0] === 0x1f && line[1] === 0x8b;
    if (isGzip) throw new FormFault("", "the file is compressed", "Decompress it first");
    throw new FormFault(
      "",
      "the line is not UTF-8",
      "Write the trace in UTF-8; put bytes that are no text into a command as hex or base64",
    );
  }
  return line.toString("utf8");
}

function tooLong(): FormFault {
  return new FormFault(
    "",
    `the line is longer than ${MAX_LINE_BYTES} bytes`,
    "Write one event a line, end every line with a newline, and log a command's hash where commands are large",
  );
}
