import { crc32 } from "node:zlib";
import { readNumber, writeNumber } from "./record.ts";

/** What a segment file begins with. */
export interface SegmentHeader {
  /** Counts the segments of a log up from 1; also the file's name. */
  readonly segment: number;
  /** Drawn for the segment; its records' checksums begin with it. */
  readonly salt: number;
}

const MAGIC = Buffer.from("lockstep", "latin1");
const VERSION = 1;
const VERSION_AT = 8;
const SALT_AT = 12;
const SEGMENT_AT = 16;
const CHECKSUM_AT = 24;
export const SEGMENT_HEADER_BYTES = 28;

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(VERSION, VERSION_AT);
  bytes.writeUInt32LE(header.salt, SALT_AT);
  writeNumber(bytes, header.segment, SEGMENT_AT);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CHECKSUM_AT)), CHECKSUM_AT);
  return bytes;
}

/** @returns what is wrong, as text, where the bytes do not begin with the header of a segment */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | string {
  if (bytes.length < SEGMENT_HEADER_BYTES) return "the file is shorter than a segment's header";
  if (MAGIC.compare(bytes, 0, MAGIC.length) !== 0) return "the file is no segment of a log";
  const version = bytes.readUInt32LE(VERSION_AT);
  if (version !== VERSION) {
    return `the segment is of version ${version}, and this reads version ${VERSION}`;
  }
  if (crc32(bytes.subarray(0, CHECKSUM_AT)) !== bytes.readUInt32LE(CHECKSUM_AT)) {
    return "the segment's header does not have its checksum";
  }
  return { segment: readNumber(bytes, SEGMENT_AT), salt: bytes.readUInt32LE(SALT_AT) };
}

const NAME = /^(\d{12})\.wal$/;

export function segmentName(segment: number): string {
  return `${String(segment).padStart(12, "0")}.wal`;
}

/** The number of the segment that a file of this name is; null where it is none. */
export function segmentOfName(name: string): number | null {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
