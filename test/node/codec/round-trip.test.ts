import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InstallSnapshotRequest } from "../../../src/core/index.ts";
import {
  ByteReader,
  ByteWriter,
  beginFrame,
  DecodeError,
  endFrame,
  FRAME,
  FrameReader,
  FrameTooLong,
  LongText,
  longSnapshot,
  readMessage,
  writeMessage,
} from "../../../src/node/codec/index.ts";
import { anyMessage } from "./messages.ts";

/** What reads the bytes without an error reads the value that was written. */
function throughBytes(write: (writer: ByteWriter) => void): ByteReader {
  const writer = new ByteWriter(1);
  write(writer);
  return new ByteReader(Buffer.from(writer.written()));
}

describe("a value comes out of bytes as it went in", () => {
  test("an integer up to 2^53 - 1, in as few bytes as it takes", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const reader = throughBytes((writer) => writer.integer(value));
        expect(reader.remaining).toBe(Math.max(1, Math.ceil(value.toString(2).length / 7)));
        expect(reader.integer()).toBe(value);
        reader.end();
      }),
    );
    expect(() => throughBytes((writer) => writer.integer(-1))).toThrow(RangeError);
    expect(() => throughBytes((writer) => writer.integer(2 ** 53))).toThrow(RangeError);
  });

  test.each(["", "plain", "ä€😀", "\ud800 half", "\udc00\ud800", "\ufffd", "\0"])(
    "the text %j",
    (value) => {
      expect(throughBytes((writer) => writer.text(value)).text()).toBe(value);
    },
  );

  test("every message", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const reader = throughBytes((writer) => writeMessage(writer, message));
        expect(readMessage(reader, "s1", "s2")).toEqual(message);
      }),
    );
  });
});

describe("a long snapshot in pieces", () => {
  const around = "x".repeat(65_535);
  test.each([
    "",
    "plain",
    `${around}😀`,
    `${around}\ud800`,
    "ä€😀".repeat(100_000),
    "\ud800".repeat(200_000),
  ])("has the bytes of its message (%#)", (data) => {
    const message: InstallSnapshotRequest = {
      ...{ type: "InstallSnapshotRequest", id: "s1:1:1", from: "s1", to: "s2", term: 3 },
      ...{ lastIncludedIndex: 300, lastIncludedTerm: 2, data },
    };
    const writer = new ByteWriter();
    writer.byte(FRAME.message);
    writeMessage(writer, message);
    const { length, pieces } = longSnapshot(message);
    const made: Buffer[] = [];
    for (let next = pieces.next(); next.done !== true; next = pieces.next()) made.push(next.value);
    expect(length).toBe(writer.length);
    expect(Buffer.concat(made).equals(writer.written())).toBe(true);
    expect(Math.max(...made.map((piece) => piece.length))).toBeLessThan(200_000);
  });
});

test.each([[[]], [["a", "ä"]], [["x\ud83d", "\ude00y"]], [["\ud800", "z"]]])(
  "a long text in parts has the bytes of the whole (%j)",
  async (texts) => {
    const writer = new ByteWriter();
    writer.text(texts.join(""));
    const long = await LongText.inTurns(texts, async () => {});
    expect(Buffer.concat([...long.pieces()]).equals(writer.written())).toBe(true);
    expect(long.length).toBe(writer.length);
  },
);

describe("what was not written so is refused", () => {
  const refused: readonly (readonly [
    string,
    readonly number[],
    (reader: ByteReader) => unknown,
  ])[] = [
    ["an integer that ends too early", [0x80], (reader) => reader.integer()],
    ["an integer in more bytes than it takes", [0x80, 0x00], (reader) => reader.integer()],
    ["an integer of 2^53", [128, 128, 128, 128, 128, 128, 128, 16], (reader) => reader.integer()],
    ["an integer of nine bytes", new Array<number>(9).fill(0xff), (reader) => reader.integer()],
    ["a boolean of 2", [2], (reader) => reader.boolean()],
    ["a text that ends too early", [4, 65], (reader) => reader.text()],
    ["a text that is no UTF-8", [2, 0xff], (reader) => reader.text()],
    ["half a character of UTF-16", [3, 65], (reader) => reader.text()],
    ["a message of no type", [0], (reader) => readMessage(reader, "s1", "s2")],
    ["a byte too many", [2, 0, 1, 1, 7], (reader) => readMessage(reader, "s1", "s2")],
    [
      "more entries than there are bytes",
      [3, 0, 1, 0, 0, 255, 255, 255, 255, 127],
      (reader) => readMessage(reader, "s1", "s2"),
    ],
  ];

  test.each(refused)("%s", (_, bytes, read) => {
    expect(() => read(new ByteReader(Buffer.from(bytes)))).toThrow(DecodeError);
  });
});

describe("frames", () => {
  const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 });

  function framed(all: readonly Uint8Array[]): Buffer {
    const writer = new ByteWriter(1);
    for (const body of all) {
      const start = beginFrame(writer);
      writer.bytes(body);
      endFrame(writer, start);
    }
    return writer.written();
  }

  test("come out as they went in, in whatever pieces they arrive", () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 50 })), (all, sizes) => {
        const bytes = framed(all);
        const reader = new FrameReader(300);
        const read: Buffer[] = [];
        for (let at = 0, piece = 0; at < bytes.length; piece++) {
          const size = sizes[piece % sizes.length] ?? 1;
          reader.push(bytes.subarray(at, at + size));
          at += size;
          for (let body = reader.next(); body !== null; body = reader.next()) read.push(body);
        }
        expect(read.map((body) => [...body])).toEqual(all.map((body) => [...body]));
      }),
    );
  });

  test("that are too long are read past and not kept, and those after them come out", () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 50 })), (all, sizes) => {
        const bytes = framed(all);
        const reader = new FrameReader(100);
        reader.maxPassedOverBytes = 300;
        const read: (readonly number[])[] = [];
        for (let at = 0, piece = 0; at < bytes.length; piece++) {
          const size = sizes[piece % sizes.length] ?? 1;
          reader.push(bytes.subarray(at, at + size));
          at += size;
          for (let one = nextOrError(reader); one !== null; one = nextOrError(reader)) {
            const found = one instanceof FrameTooLong ? one.beginning : one;
            read.push(found instanceof Buffer ? [...found] : [-1]);
          }
        }
        const expected = all.map((body) => (body.length > 100 ? body.subarray(0, 32) : body));
        expect(read).toEqual(expected.map((body) => [...body]));
      }),
    );
  });

  test("that are too long and damaged are no frames", () => {
    const bytes = framed([new Uint8Array(200)]);
    bytes[150] = 1;
    const reader = new FrameReader(100);
    reader.maxPassedOverBytes = 300;
    reader.push(bytes);
    const error = nextOrError(reader);
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).not.toBeInstanceOf(FrameTooLong);
  });

  test("of which a bit is flipped are refused, or their end never comes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), (body, bit) => {
        const bytes = framed([body]);
        const at = bit % (8 * bytes.length);
        bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
        const reader = new FrameReader(2 ** 32);
        reader.push(bytes);
        expect(nextOrError(reader)).not.toBeInstanceOf(Buffer);
      }),
    );
  });

  test.each([
    ["empty", Buffer.alloc(8)],
    ["too long", Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])],
  ])("that are %s are refused as soon as their length is known", (_, bytes) => {
    const reader = new FrameReader(1000);
    reader.push(bytes);
    expect(nextOrError(reader)).toBeInstanceOf(DecodeError);
  });

  function nextOrError(reader: FrameReader): unknown {
    try {
      return reader.next();
    } catch (error) {
      return error;
    }
  }
});
