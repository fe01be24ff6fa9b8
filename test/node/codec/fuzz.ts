/** Damaged and invented frames, and what may come of them. */
import fc from "fast-check";
import type { Message } from "../../../src/core/index.ts";
import * as ourCodec from "../../../src/node/codec/index.ts";
import { anyMessage } from "./messages.ts";

/** The codec, or a copy of it with a fault. */
export type Codec = Pick<
  typeof ourCodec,
  | "ByteReader"
  | "ByteWriter"
  | "DecodeError"
  | "FrameReader"
  | "beginFrame"
  | "endFrame"
  | "readMessage"
  | "writeMessage"
>;

const MAX_FRAME_BYTES = 1 << 16;

/** Uniform integers below a bound, the same for the same seed: xorshift. */
export function randomBelow(seed: number): (bound: number) => number {
  let state = seed * 2 + 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

type Random = ReturnType<typeof randomBelow>;

/** Bodies of good messages, to be damaged. */
export function sampleBodies(count: number, seed: number): readonly Buffer[] {
  return fc.sample(anyMessage, { numRuns: count, seed }).map((message) => bodyOf(message));
}

function bodyOf(message: Message, codec: Codec = ourCodec): Buffer {
  const writer = new codec.ByteWriter(64);
  codec.writeMessage(writer, message);
  return writer.written();
}

/** The bodies as frames, each with the right checksum. */
export function framed(bodies: readonly Buffer[]): Buffer {
  const writer = new ourCodec.ByteWriter(64);
  for (const body of bodies) {
    const start = ourCodec.beginFrame(writer);
    writer.bytes(body);
    ourCodec.endFrame(writer, start);
  }
  return writer.written();
}

/** The bytes with one damage: bits flipped, cut, doubled, moved, overwritten or invented. */
export function damage(bytes: Buffer, random: Random): Buffer {
  const at = random(bytes.length);
  const length = 1 + random(Math.min(40, bytes.length - at));
  const copy = Buffer.from(bytes);
  switch (random(8)) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    case 3:
      return Buffer.concat([copy.subarray(0, at + length), copy.subarray(at)]);
    case 4:
      return Buffer.concat([copy.subarray(0, at), randomBytes(length, random), copy.subarray(at)]);
    case 5:
      return randomBytes(bytes.length, random);
    case 6:
      copy.writeUInt8([0, 1, 127, 128, 255][random(5)] ?? 0, at);
      return copy;
    default:
      return copy.fill(0, at, at + length);
  }
}

function randomBytes(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => random(256)));
}

/**
 * Holds the codec against one damaged stream of frames and one damaged body in a frame whose
 * checksum is right. @returns what is wrong; null where nothing is. It throws what the codec
 * throws and must not.
 */
export function faultOfCase(codec: Codec, bodies: readonly Buffer[], seed: number): string | null {
  const random = randomBelow(seed);
  const chosen = Array.from(
    { length: 1 + random(4) },
    () => bodies[random(bodies.length)] ?? Buffer.alloc(1),
  );
  const stream = random(20) === 0 ? oversize(chosen, random) : damage(framed(chosen), random);
  return faultOfStream(codec, stream, chosen, random) ?? faultOfBody(codec, chosen, random);
}

/** A good stream, then a frame that claims to be too long. */
function oversize(bodies: readonly Buffer[], random: Random): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(MAX_FRAME_BYTES + 1 + random(1 << 30));
  return Buffer.concat([framed(bodies), header]);
}

/** What was damaged is not delivered: each body is one of those that were sent. */
function faultOfStream(
  codec: Codec,
  stream: Buffer,
  sent: readonly Buffer[],
  random: Random,
): string | null {
  const reader = new codec.FrameReader(MAX_FRAME_BYTES);
  const most = random(3) === 0 ? 1 : 1 + random(2 * stream.length + 1);
  try {
    for (let at = 0; at < stream.length; ) {
      const length = 1 + random(most);
      reader.push(stream.subarray(at, at + length));
      at += length;
      for (let body = reader.next(); body !== null; body = reader.next()) {
        const received = body;
        if (!sent.some((one) => one.equals(received)))
          return "a body that nobody sent was delivered";
      }
    }
  } catch (error) {
    if (error instanceof codec.DecodeError) return null;
    throw error;
  }
  return declaresTooMuch(stream) ? "a frame that is too long was waited for" : null;
}

function declaresTooMuch(stream: Buffer): boolean {
  for (let at = 0; at + 8 <= stream.length; ) {
    const length = stream.readUInt32LE(at);
    if (length > MAX_FRAME_BYTES) return true;
    at += 8 + length;
  }
  return false;
}

/** What can be read is what would have been written so: no bytes stand for something else. */
function faultOfBody(codec: Codec, bodies: readonly Buffer[], random: Random): string | null {
  const body = damage(bodies[0] ?? Buffer.alloc(1), random);
  let message: Message;
  try {
    message = codec.readMessage(new codec.ByteReader(body), "s1", "s2");
  } catch (error) {
    if (error instanceof codec.DecodeError) return null;
    throw error;
  }
  return bodyOf(message, codec).equals(body) ? null : "bytes were read that nobody writes";
}
