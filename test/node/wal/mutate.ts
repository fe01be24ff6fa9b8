/** Damages the files of a log at random. */
import { crc32 } from "node:zlib";
import { RECORD_HEADER_BYTES, readRecord } from "../../../src/node/wal/record.ts";
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES } from "../../../src/node/wal/segment.ts";
import type { Random } from "../../../src/sim/random.ts";

export type Contents = Map<string, Buffer>;

/** A record as it was written. */
export interface Written {
  readonly path: string;
  readonly at: number;
  readonly bytes: Buffer;
  readonly number: number;
}

/** All records of a log that is not damaged. */
export function recordsOf(contents: ReadonlyMap<string, Buffer>): readonly Written[] {
  const written: Written[] = [];
  for (const [path, bytes] of contents) {
    const header = decodeSegmentHeader(bytes);
    if (typeof header === "string") continue;
    let at = SEGMENT_HEADER_BYTES;
    for (let found = readRecord(bytes, at, header.salt); found !== null; ) {
      const { number, end } = found;
      written.push({ path, at, bytes: Buffer.from(bytes.subarray(at, end)), number });
      at = end;
      found = readRecord(bytes, at, header.salt);
    }
  }
  return written;
}

/**
 * Damages one to three places.
 *
 * @returns whether what is there may have been forged: a record with the checksum that it should have
 */
export function mutate(contents: Contents, random: Random): boolean {
  let isForged = false;
  for (let count = random.between(1, 3); count > 0; count--) {
    const paths = [...contents.keys()].sort();
    const path = paths[random.below(paths.length)] ?? "";
    const mutation = MUTATIONS[random.below(MUTATIONS.length)];
    const bytes = contents.get(path);
    if (bytes === undefined || mutation === undefined) continue;
    mutation(contents, path, bytes, random);
    isForged ||= mutation === forgeRecord || mutation === forgeHeader;
  }
  return isForged;
}

type Mutation = (contents: Contents, path: string, bytes: Buffer, random: Random) => void;

const MUTATIONS: readonly Mutation[] = [
  (_, __, bytes, random) => {
    const at = placeIn(bytes, random);
    if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  },
  (_, __, bytes, random) => {
    const at = placeIn(bytes, random);
    noise(random.between(1, 64), random).copy(bytes, at);
  },
  (_, __, bytes, random) => {
    const at = placeIn(bytes, random);
    bytes.fill(0, at, Math.min(bytes.length, at + random.between(1, 600)));
  },
  (_, __, bytes, random) => {
    // Everything from some place on is gone, as after a crash.
    bytes.fill(0, placeIn(bytes, random));
  },
  (contents, path, bytes, random) => {
    contents.set(path, bytes.subarray(0, placeIn(bytes, random)));
  },
  (contents, path, bytes, random) => {
    contents.set(path, Buffer.concat([bytes, noise(random.between(1, 2000), random)]));
  },
  (contents, path, bytes, random) => {
    // Bytes are put in between, or are missing.
    const at = placeIn(bytes, random);
    const rest = bytes.subarray(at + (random.happens(500) ? random.below(100) : 0));
    const more = noise(random.below(30), random);
    contents.set(path, Buffer.concat([bytes.subarray(0, at), more, rest]));
  },
  (contents, _, bytes, random) => {
    // A piece of any file turns up somewhere else.
    const paths = [...contents.keys()].sort();
    const from = contents.get(paths[random.below(paths.length)] ?? "") ?? bytes;
    const begin = placeIn(from, random);
    const piece = Buffer.from(from.subarray(begin, begin + random.between(1, 800)));
    piece.copy(bytes, placeIn(bytes, random));
  },
  (contents, path) => {
    contents.delete(path);
  },
  (contents, path, bytes, random) => {
    const paths = [...contents.keys()].sort();
    const other = paths[random.below(paths.length)] ?? path;
    contents.set(path, Buffer.from(contents.get(other) ?? bytes));
    contents.set(other, bytes);
  },
  (contents, path, bytes, random) => {
    contents.set(path, noise(random.below(2 * bytes.length + 1), random));
  },
  forgeRecord,
  forgeHeader,
];

/** Changes a record, and gives it the checksum that belongs to the change. */
function forgeRecord(_: Contents, __: string, bytes: Buffer, random: Random): void {
  const header = decodeSegmentHeader(bytes);
  if (typeof header === "string") return;
  let at = SEGMENT_HEADER_BYTES;
  for (let skip = random.below(30); skip > 0; skip--) {
    const found = readRecord(bytes, at, header.salt);
    if (found === null) break;
    at = found.end;
  }
  const found = readRecord(bytes, at, header.salt);
  if (found === null || found.payload.length === 0) return;
  for (let count = random.between(1, 4); count > 0; count--) {
    found.payload[random.below(found.payload.length)] = random.below(256);
  }
  const ofHeader = crc32(bytes.subarray(at, at + RECORD_HEADER_BYTES - 4), header.salt);
  bytes.writeUInt32LE(crc32(found.payload, ofHeader), at + RECORD_HEADER_BYTES - 4);
}

/** Gives a segment another number or version, with its checksum. */
function forgeHeader(_: Contents, __: string, bytes: Buffer, random: Random): void {
  if (bytes.length < SEGMENT_HEADER_BYTES) return;
  bytes[random.between(8, SEGMENT_HEADER_BYTES - 5)] = random.below(256);
  const checksumAt = SEGMENT_HEADER_BYTES - 4;
  bytes.writeUInt32LE(crc32(bytes.subarray(0, checksumAt)), checksumAt);
}

/** A place in a file; three times of four among the bytes that are not zero. */
function placeIn(bytes: Buffer, random: Random): number {
  if (bytes.length === 0) return 0;
  let used = bytes.length;
  if (random.happens(750)) {
    while (used > 1 && bytes[used - 1] === 0) used--;
  }
  return random.below(used);
}

function noise(length: number, random: Random): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = random.below(256);
  return bytes;
}
