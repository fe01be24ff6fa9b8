import { crc32 } from "node:zlib";
import type { ByteWriter } from "../codec/index.ts";
import { RangeChecksums } from "./range-checksums.ts";

/**
 * How a record lies in a segment: a marker, the payload's length, the record's number, a checksum
 * of all of it and of the segment's salt, the payload. The numbers of records count up without a
 * gap through all segments, so that none can be missing unseen. The salt is drawn for each segment,
 * so that nothing that a client writes into its commands can be taken for a record.
 */
const MARKER = Buffer.from("rEc\xb7", "latin1");
const LENGTH_AT = 4;
const NUMBER_AT = 8;
const CHECKSUM_AT = 16;
export const RECORD_HEADER_BYTES = 20;

/** Leaves room for the header of a record. @returns where it begins */
export function beginRecord(writer: ByteWriter): number {
  const at = writer.length;
  writer.reserve(RECORD_HEADER_BYTES);
  writer.length += RECORD_HEADER_BYTES;
  return at;
}

/** Fills in the header of the record that began at `at` and ends where the writer stands. */
export function endRecord(writer: ByteWriter, at: number, number: number, salt: number): void {
  const bytes = writer.written();
  MARKER.copy(bytes, at);
  bytes.writeUInt32LE(bytes.length - at - RECORD_HEADER_BYTES, at + LENGTH_AT);
  writeNumber(bytes, number, at + NUMBER_AT);
  bytes.writeUInt32LE(checksum(bytes, at, bytes.length, salt), at + CHECKSUM_AT);
}

/** A record as it was found. */
export interface FoundRecord {
  readonly number: number;
  readonly payload: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/** The record at `at`; null where there is no valid one. */
export function readRecord(bytes: Buffer, at: number, salt: number): FoundRecord | null {
  const end = endByHeader(bytes, at);
  if (end === null) return null;
  if (checksum(bytes, at, end, salt) !== bytes.readUInt32LE(at + CHECKSUM_AT)) return null;
  const number = readNumber(bytes, at + NUMBER_AT);
  return { number, payload: bytes.subarray(at + RECORD_HEADER_BYTES, end), end };
}

/**
 * Where the first valid record from `from` on begins; -1 where there is none. The work grows with
 * the bytes alone: a client may have filled its commands with what looks like the headers of long
 * records.
 */
export function findRecord(bytes: Buffer, from: number, salt: number): number {
  let checksums: RangeChecksums | null = null;
  for (let at = bytes.indexOf(MARKER, from); at >= 0; at = bytes.indexOf(MARKER, at + 1)) {
    const end = endByHeader(bytes, at);
    if (end === null) continue;
    checksums ??= new RangeChecksums(bytes, at);
    const ofHeader = crc32(bytes.subarray(at, at + CHECKSUM_AT), salt);
    const ofRecord = checksums.of(at + RECORD_HEADER_BYTES, end, ofHeader);
    if (ofRecord === bytes.readUInt32LE(at + CHECKSUM_AT)) return at;
  }
  return -1;
}

/**
 * Whether the bytes end within the record that begins at `at`. A segment has its size before it is
 * written to, and a record is only begun where it fits: no crash leaves that, but a copy that was
 * made in part does.
 */
export function endsWithinRecord(bytes: Buffer, at: number): boolean {
  const header = bytes.subarray(at, at + RECORD_HEADER_BYTES);
  if (header.length < RECORD_HEADER_BYTES) return header.some((byte) => byte !== 0);
  const isMarked = MARKER.compare(header, 0, MARKER.length) === 0;
  return isMarked && endByHeader(bytes, at) === null;
}

/** Where the record at `at` ends, if one is there; null where none can be. */
function endByHeader(bytes: Buffer, at: number): number | null {
  const payloadAt = at + RECORD_HEADER_BYTES;
  if (payloadAt > bytes.length || MARKER.compare(bytes, at, at + MARKER.length) !== 0) return null;
  const end = payloadAt + bytes.readUInt32LE(at + LENGTH_AT);
  return end > bytes.length ? null : end;
}

/** Of the header up to the checksum, and of the payload. */
function checksum(bytes: Buffer, at: number, end: number, salt: number): number {
  const ofHeader = crc32(bytes.subarray(at, at + CHECKSUM_AT), salt);
  return crc32(bytes.subarray(at + RECORD_HEADER_BYTES, end), ofHeader);
}

const LOW = 2 ** 32;

export function writeNumber(bytes: Buffer, number: number, at: number): void {
  bytes.writeUInt32LE(number % LOW, at);
  bytes.writeUInt32LE(Math.floor(number / LOW), at + 4);
}

export function readNumber(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * LOW;
}
