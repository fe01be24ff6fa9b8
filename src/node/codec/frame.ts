import { crc32 } from "node:zlib";
import { type ByteWriter, DecodeError } from "./bytes.ts";

/**
 * A frame: the length of its body and a checksum, four bytes each, then the body. The checksum
 * is the CRC-32 of the body, begun with the length in place of 0, so that it covers both.
 */
const HEADER_BYTES = 8;

/** Leaves room for a frame's header. @returns where the frame begins, for `endFrame` */
export function beginFrame(writer: ByteWriter): number {
  const start = writer.length;
  writer.reserve(HEADER_BYTES);
  writer.length += HEADER_BYTES;
  return start;
}

/** What was written since `beginFrame`, without a copy. */
export function bodyOf(writer: ByteWriter, start: number): Buffer {
  return writer.buffer.subarray(start + HEADER_BYTES, writer.length);
}

/** Makes what was written since `beginFrame` the body of a frame. */
export function endFrame(writer: ByteWriter, start: number): void {
  const body = bodyOf(writer, start);
  writer.buffer.writeUInt32LE(body.length, start);
  writer.buffer.writeUInt32LE(checksum(body), start + 4);
}

function checksum(body: Buffer): number {
  return crc32(body, body.length);
}

/** How much of the body of a frame that is too long is kept. */
const BEGINNING_BYTES = 32;

/** A frame that was longer than is taken. It came whole, was not kept, and others may follow. */
export class FrameTooLong extends DecodeError {
  /** What its body began with. */
  readonly beginning: Buffer;

  constructor(what: string, beginning: Buffer) {
    super(what);
    this.name = "FrameTooLong";
    this.beginning = beginning;
  }
}

/** A frame that is too long, while it is read past. */
interface PassedOver {
  readonly bytes: number;
  readonly checksum: number;
  readonly beginning: Buffer;
  /** Of what has come of its body. */
  checksumSoFar: number;
  left: number;
}

/**
 * Takes bytes as they come from a socket, and gives the bodies of frames. It keeps no more than
 * one frame that is not complete, and the piece that came last.
 */
export class FrameReader {
  /** The longest body that is taken. */
  maxFrameBytes: number;
  /** A frame that is longer, up to this, is read past; beyond, nothing more is read. */
  maxPassedOverBytes = 0;
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** Whether the buffer is the reader's own, so that it may write after what it received. */
  #isOwn = false;
  #passedOver: PassedOver | null = null;

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Takes the next piece. The reader keeps it, and does not change it. */
  push(arrived: Buffer): void {
    const piece = this.#passOver(arrived);
    const kept = this.#end - this.#start;
    if (kept === 0) {
      this.#buffer = piece;
      this.#start = 0;
      this.#end = piece.length;
      this.#isOwn = false;
      return;
    }
    if (!this.#isOwn || this.#end + piece.length > this.#buffer.length) this.#makeRoom(piece);
    piece.copy(this.#buffer, this.#end);
    this.#end += piece.length;
  }

  /** Reads past what belongs to a frame that is too long. @returns what follows */
  #passOver(piece: Buffer): Buffer {
    const passed = this.#passedOver;
    if (passed === null || passed.left === 0) return piece;
    const part = piece.subarray(0, passed.left);
    passed.checksumSoFar = crc32(part, passed.checksumSoFar);
    passed.left -= part.length;
    return piece.subarray(part.length);
  }

  #makeRoom(piece: Buffer): void {
    const kept = this.#end - this.#start;
    const larger = Buffer.allocUnsafe(Math.max(2 * (kept + piece.length), this.#awaited()));
    this.#buffer.copy(larger, 0, this.#start, this.#end);
    this.#buffer = larger;
    this.#start = 0;
    this.#end = kept;
    this.#isOwn = true;
  }

  /** The length of the frame that has begun, as far as it is known and allowed. */
  #awaited(): number {
    if (this.#end - this.#start < HEADER_BYTES) return 0;
    const length = this.#buffer.readUInt32LE(this.#start);
    return HEADER_BYTES + Math.min(length, this.maxFrameBytes);
  }

  /**
   * The body of the next frame, which is never overwritten; null where none is complete.
   * Throws a FrameTooLong for one that was read past: the next may be asked for. Throws another
   * DecodeError for what is no frame, or too long: nothing after it can be understood.
   */
  next(): Buffer | null {
    if (this.#passedOver !== null) return this.#endPassedOver(this.#passedOver);
    const available = this.#end - this.#start;
    if (available < HEADER_BYTES) return null;
    const length = this.#buffer.readUInt32LE(this.#start);
    if (length === 0) throw new DecodeError("a frame is empty");
    if (length > this.maxFrameBytes) {
      if (length > this.maxPassedOverBytes) {
        const stranger = strangerOf(this.#buffer.subarray(this.#start, this.#start + 4));
        throw new DecodeError(stranger ?? this.#tooLong(length));
      }
      // It is told by its beginning, which is waited for.
      if (available < HEADER_BYTES + Math.min(length, BEGINNING_BYTES)) return null;
      return this.#endPassedOver(this.#beginPassingOver(length));
    }
    if (available < HEADER_BYTES + length) return null;
    const begin = this.#start + HEADER_BYTES;
    const body = this.#buffer.subarray(begin, begin + length);
    if (checksum(body) !== this.#buffer.readUInt32LE(this.#start + 4)) {
      throw new DecodeError("a frame's checksum is wrong");
    }
    this.#start = begin + length;
    return body;
  }

  #tooLong(bytes: number): string {
    return `a frame of ${bytes} bytes is longer than ${this.maxFrameBytes}`;
  }

  #beginPassingOver(bytes: number): PassedOver {
    const begin = this.#start + HEADER_BYTES;
    const part = this.#buffer.subarray(begin, Math.min(begin + bytes, this.#end));
    const passed = {
      bytes,
      checksum: this.#buffer.readUInt32LE(this.#start + 4),
      beginning: Buffer.from(part.subarray(0, BEGINNING_BYTES)),
      checksumSoFar: crc32(part, bytes),
      left: bytes - part.length,
    };
    this.#start = begin + part.length;
    this.#passedOver = passed;
    return passed;
  }

  /** @returns null where more of it is to come; else throws */
  #endPassedOver(passed: PassedOver): null {
    if (passed.left > 0) return null;
    this.#passedOver = null;
    if (passed.checksumSoFar !== passed.checksum) {
      throw new DecodeError("a frame's checksum is wrong");
    }
    throw new FrameTooLong(this.#tooLong(passed.bytes), passed.beginning);
  }
}

/** What the first four bytes say that speaks another protocol; null for nothing that is known. */
function strangerOf(bytes: Buffer): string | null {
  const text = bytes.toString("latin1");
  if (text === "HTTP") {
    return "it speaks HTTP: this looks like a server's HTTP door, and its own address is meant";
  }
  if (["GET ", "PUT ", "POST", "HEAD", "DELE"].includes(text)) {
    return "it is a request over HTTP, and this is not the HTTP door";
  }
  const isTls = text.startsWith("\x16\x03") || text.startsWith("\x15\x03");
  return isTls ? "it begins as TLS does, and this side has none" : null;
}
