import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteWriter } from "../../../src/node/codec/index.ts";
import { RangeChecksums } from "../../../src/node/wal/range-checksums.ts";
import { beginRecord, endRecord, findRecord } from "../../../src/node/wal/record.ts";

test("the checksum of any range is the one that zlib computes", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 3000 });
  fc.assert(
    fc.property(bytes, fc.nat(), fc.nat(), fc.nat(), fc.nat(2 ** 32 - 1), (all, a, b, c, salt) => {
      const [from = 0, begin = 0, end = 0] = [a, b, c]
        .map((at) => at % (all.length + 1))
        .sort((one, other) => one - other);
      const checksums = new RangeChecksums(Buffer.from(all), from);
      expect(checksums.of(begin, end, salt)).toBe(crc32(all.subarray(begin, end), salt));
    }),
    { numRuns: 500 },
  );
});

describe("a record after damage", () => {
  const SALT = 12345;

  /** What a client may write: headers of records that would be `length` bytes long. */
  function lookalikes(count: number, length: number): Buffer {
    const header = Buffer.alloc(20);
    header.write("rEc\xb7", "latin1");
    header.writeUInt32LE(length, 4);
    return Buffer.concat(new Array(count).fill(header));
  }

  test("is found behind whatever looks like one", () => {
    const writer = new ByteWriter();
    const fakes = lookalikes(100, 500);
    writer.bytes(fakes);
    const at = beginRecord(writer);
    writer.bytes(Buffer.from("payload"));
    endRecord(writer, at, 7, SALT);
    const bytes = Buffer.concat([writer.written(), Buffer.alloc(1000)]);
    expect(findRecord(bytes, 0, SALT)).toBe(fakes.length);
    expect(findRecord(bytes, fakes.length + 1, SALT)).toBe(-1);
    expect(findRecord(bytes, 0, SALT + 1)).toBe(-1);
    bytes[fakes.length + 25] = 0;
    expect(findRecord(bytes, 0, SALT)).toBe(-1);
  });

  test("is looked for in a time that does not grow with what looks like one", () => {
    const length = 6 * 1024 * 1024;
    const cpuTimeWith = (count: number): number => {
      const bytes = Buffer.concat([lookalikes(count, length), Buffer.alloc(length)]);
      const before = process.cpuUsage();
      expect(findRecord(bytes, 0, SALT)).toBe(-1);
      return process.cpuUsage(before).user;
    };
    cpuTimeWith(1);
    expect(cpuTimeWith(2000)).toBeLessThan(5 * cpuTimeWith(100));
  });
});
