import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTrace, TraceFormatError, traceText } from "../../src/trace/index.ts";
import { header } from "./malformed.ts";
import { recordRandomExecution } from "./recorded-cluster.ts";

/** Reads what may be anything: true where it is a trace. Lets every other error out. */
function isTrace(content: string | Uint8Array): boolean {
  try {
    parseTrace(content, "damaged");
    return true;
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    expect(error.message).not.toMatch(/undefined|\[object|\n/);
    return false;
  }
}

const { header: fields, events } = recordRandomExecution(11, 80);
const text = traceText(fields, events);
const lines = text.trimEnd().split("\n");

/** JSON values that are near to what a trace holds. */
const nearby = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 1.5, 2 ** 31, 1e300, "", "s1", "s1:1:1"),
    fc.constantFrom<unknown>("Leader", "Timeout", "x", [], {}),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom("server", "seq", "term", "__proto__", "constructor", "s2"),
      tie("value"),
      {
        maxKeys: 3,
      },
    ),
  ),
})).value;

/** Puts a value in place of a random part of a parsed line. */
function withPart(value: unknown, path: readonly number[], part: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return part;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return part;
  const changed: unknown = withPart(Reflect.get(value, key), rest, part);
  if (Array.isArray(value)) {
    return value.map((element, place) => (String(place) === key ? changed : element));
  }
  return { ...value, [key]: changed };
}

describe("damage never brings down the reader", () => {
  test("random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(isTrace(bytes)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("random JSON lines after a header", () => {
    fc.assert(
      fc.property(fc.array(nearby, { minLength: 1, maxLength: 5 }), (values) => {
        const content = [header, ...values].map((value) => JSON.stringify(value)).join("\n");
        expect(isTrace(content)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("one part of one line replaced by another value", () => {
    let refused = 0;
    const place = fc.nat({ max: lines.length - 1 });
    const path = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(place, path, nearby, (at, steps, part) => {
        const line: unknown = JSON.parse(lines[at] ?? "");
        const damaged = lines.with(at, JSON.stringify(withPart(line, steps, part)));
        if (!isTrace(damaged.join("\n"))) refused++;
      }),
      { numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  test("one byte changed, dropped or inserted", () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(
        fc.nat({ max: bytes.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        fc.constantFrom("change", "drop", "insert"),
        (at, byte, how) => {
          const after = bytes.subarray(how === "insert" ? at : at + 1);
          const middle = how === "drop" ? [] : [byte];
          isTrace(Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), after]));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("a file cut off anywhere but at the end of a line", () => {
    const bytes = Buffer.from(text);
    const ends = new Set([...bytes.keys()].filter((at) => bytes[at] === 0x0a));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length - 2 }), (length) => {
        const isAtEnd = ends.has(length) || ends.has(length - 1);
        fc.pre(!isAtEnd);
        expect(isTrace(bytes.subarray(0, length))).toBe(false);
      }),
    );
  });

  test("deep nesting", () => {
    const deep = `${JSON.stringify(header)}\n${"[".repeat(1e6)}${"]".repeat(1e6)}\n`;
    expect(isTrace(deep)).toBe(false);
    expect(isTrace(`${JSON.stringify(header)}\n${'{"a":'.repeat(1e6)}1${"}".repeat(1e6)}\n`)).toBe(
      false,
    );
  });
});
