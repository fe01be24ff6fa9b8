import * as fs from "node:fs";
import { MAX_LINE_BYTES, type TraceHeader } from "../../trace/format.ts";
import { sameServers } from "../../trace/same-servers.ts";
import type { HeaderFields } from "../../trace/writer.ts";
import { headerLine } from "../../trace/writer.ts";
import type { TraceLines } from "../wal/batch-types.ts";

const RUN_WITHOUT =
  "A trace tells of a server from its first start on: run the server without a trace. Never empty " +
  "the folder of a server that has run, which would forget its vote and what it acknowledged; a new " +
  "trace begins with a new cluster.";

/** A trace cannot be gone on with; says why, and what to do. */
export class TraceNotResumable extends Error {
  constructor(path: string, why: string, advice = RUN_WITHOUT) {
    super(`the trace ${path} cannot be gone on with: ${why}. ${advice}`);
    this.name = "TraceNotResumable";
  }
}

const NEWLINE = 0x0a;

/** What is shorter is written at once, which then takes less than to hand it to a thread. */
const WRITTEN_AT_ONCE_BYTES = 256 * 1024;

/**
 * The trace of one server, to which lines are only appended. Once they are given to the operating
 * system they outlive the process; `sync` makes them outlive the machine.
 */
export class TraceFile {
  readonly path: string;
  readonly #descriptor: number;
  #lastSeq: number;
  #bytes: number;
  /** Lines that wait for the write before them. */
  #pending: Uint8Array[] = [];
  #writing: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  private constructor(path: string, descriptor: number, lastSeq: number, bytes: number) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#lastSeq = lastSeq;
    this.#bytes = bytes;
  }

  /**
   * Opens the trace of a server, or begins it with its header; its folder is there. A line that a crash has torn is cut.
   *
   * @throws TraceNotResumable where the file is another server's, or no trace; it is as it was then
   */
  static open(path: string, header: HeaderFields): TraceFile {
    const descriptor = fs.openSync(path, "a+", 0o600);
    try {
      return TraceFile.#over(path, descriptor, header);
    } catch (error) {
      fs.closeSync(descriptor);
      throw error;
    }
  }

  static #over(path: string, descriptor: number, header: HeaderFields): TraceFile {
    const { size } = fs.fstatSync(descriptor);
    const line = Buffer.from(headerLine(header));
    if (size === 0 || isTornHeader(descriptor, size, line)) {
      fs.ftruncateSync(descriptor, 0);
      writeAll(descriptor, line);
      fs.fsyncSync(descriptor);
      return new TraceFile(path, descriptor, 0, line.length);
    }
    checkHeader(path, descriptor, header);
    const { seq, end } = lastSeqBefore(path, descriptor, lastWholeLine(descriptor, size));
    if (end < size) fs.ftruncateSync(descriptor, end);
    return new TraceFile(path, descriptor, seq, end);
  }

  /** The `seq` of the last event; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Appends the events that the file does not have yet, of lines that may begin before its end.
   *
   * @returns when the operating system has them; null where it has them already
   */
  append(trace: TraceLines): Promise<void> | null {
    const { firstSeq, lastSeq } = trace;
    if (lastSeq <= this.#lastSeq) return this.#next ?? this.#writing;
    const missing = firstSeq - this.#lastSeq - 1;
    if (missing > 0) {
      throw new TraceNotResumable(
        this.path,
        `it ends with event ${this.#lastSeq}, and the server's log begins with event ${firstSeq}`,
      );
    }
    const lines = afterLines(trace.lines, -missing);
    this.#bytes += lines.length;
    this.#lastSeq = lastSeq;
    const isFree = this.#writing === null && this.#next === null;
    if (isFree && lines.length < WRITTEN_AT_ONCE_BYTES) {
      writeAll(this.#descriptor, lines);
      return null;
    }
    this.#pending.push(lines);
    this.#next ??= this.#writeNext(this.#writing);
    return this.#next;
  }

  /**
   * Appends the events that come next.
   *
   * @param bytes the length of the lines in UTF-8
   * @returns when the operating system has them; null where it has them already
   */
  appendText(lastSeq: number, text: string, bytes: number): Promise<void> | null {
    if (this.#writing !== null || this.#next !== null || bytes > WRITTEN_AT_ONCE_BYTES) {
      return this.append({ firstSeq: this.#lastSeq + 1, lastSeq, lines: Buffer.from(text) });
    }
    this.#bytes += bytes;
    this.#lastSeq = lastSeq;
    // A string costs no buffer. That not all of it is written is rare: a disk that is nearly full.
    const done = fs.writeSync(this.#descriptor, text);
    if (done < bytes) writeAll(this.#descriptor, Buffer.from(text).subarray(done));
    return null;
  }

  /** Writes, after what is being written, all that has come until then. */
  async #writeNext(before: Promise<void> | null): Promise<void> {
    await before;
    const lines = this.#pending;
    this.#pending = [];
    this.#writing = this.#next;
    this.#next = null;
    await writeWhole(this.#descriptor, Buffer.concat(lines));
    if (this.#next === null) this.#writing = null;
  }

  /** Makes durable what was appended. */
  async sync(): Promise<void> {
    await (this.#next ?? this.#writing);
    await new Promise<void>((resolve, reject) => {
      fs.fdatasync(this.#descriptor, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  async close(): Promise<void> {
    await (this.#next ?? this.#writing);
    fs.closeSync(this.#descriptor);
  }

  /** Takes back a trace that holds no event, so that no file is left that says nothing. */
  discard(): void {
    fs.closeSync(this.#descriptor);
    fs.rmSync(this.path);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += fs.writeSync(descriptor, bytes, done);
}

async function writeWhole(descriptor: number, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += await new Promise<number>((resolve, reject) => {
      fs.write(descriptor, bytes, done, (error, count) =>
        error === null ? resolve(count) : reject(error),
      );
    });
  }
}

/** What follows the first `count` lines. */
function afterLines(lines: Uint8Array, count: number): Uint8Array {
  let at = 0;
  for (let i = 0; i < count; i++) at = lines.indexOf(NEWLINE, at) + 1;
  return lines.subarray(at);
}

const CHUNK_BYTES = 64 * 1024;

/** A line that is too long to be checked is no reason for a server not to start. */
const MOST_READ_BYTES = 16 * MAX_LINE_BYTES;

/** Where the last line ends that has its newline; 0 where none has. */
function lastWholeLine(descriptor: number, size: number): number {
  for (let end = size; end > 0; ) {
    const begin = Math.max(0, end - CHUNK_BYTES);
    const at = readAt(descriptor, begin, end - begin).lastIndexOf(NEWLINE);
    if (at >= 0) return begin + at + 1;
    end = begin;
  }
  return 0;
}

/** The last line before `end` that is an event, or the header; what follows it is to be cut. */
function lastSeqBefore(
  path: string,
  descriptor: number,
  end: number,
): { readonly seq: number; readonly end: number } {
  for (let lineEnd = end; lineEnd > 0; ) {
    const begin = lastWholeLine(descriptor, lineEnd - 1);
    if (lineEnd - begin > MOST_READ_BYTES) break;
    const line = parse(readAt(descriptor, begin, lineEnd - begin).toString("utf8"));
    if (line !== null && typeof line.seq === "number") return { seq: line.seq, end: lineEnd };
    if (begin === 0) return { seq: 0, end: lineEnd };
    lineEnd = begin;
  }
  throw new TraceNotResumable(path, "its end is no event");
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  fs.readSync(descriptor, bytes, 0, length, position);
  return bytes;
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/**
 * Whether a crash tore the first line: anything else that is no header is a file of the user's. A
 * loss of power can leave zeros in place of what was not synced yet, which is the header alone.
 */
function isTornHeader(descriptor: number, size: number, line: Buffer): boolean {
  if (size > line.length) return false;
  const bytes = readAt(descriptor, 0, size);
  const differs = bytes.findIndex((byte, place) => byte !== line[place]);
  if (differs < 0) return size < line.length;
  return bytes.subarray(differs).every((byte) => byte === 0);
}

function checkHeader(path: string, descriptor: number, wanted: HeaderFields): void {
  const bytes = readAt(descriptor, 0, CHUNK_BYTES);
  const found = parse(bytes.toString("utf8", 0, Math.max(0, bytes.indexOf(NEWLINE))));
  if (found?.format !== "lockstep-raft-trace") {
    throw new TraceNotResumable(
      path,
      "the file does not begin with the header of a trace",
      "It was left as it is: for the trace name a file that is not there yet.",
    );
  }
  const keys: readonly (keyof TraceHeader)[] = ["server", "execution", "servers", "variables"];
  for (const key of keys) {
    const [is, should] = [found[key], wanted[key as keyof HeaderFields]].map((value) =>
      JSON.stringify(value),
    );
    if (is === should || (key === "servers" && areServers(found[key], wanted[key]))) continue;
    throw new TraceNotResumable(path, `its header has the ${key} ${is}, and this server ${should}`);
  }
}

function areServers(found: unknown, wanted: readonly string[]): boolean {
  return Array.isArray(found) && sameServers(found.map(String), wanted);
}
