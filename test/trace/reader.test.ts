import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  eventLine,
  headerLine,
  lineOfEvent,
  MAX_LINE_BYTES,
  openTrace,
  parseTrace,
  readHeader,
  readTrace,
  TraceFormatError,
  TraceParser,
  traceText,
} from "../../src/trace/index.ts";
import { bytesOf, header, malformed, timeout } from "./malformed.ts";
import { recordRandomExecution } from "./recorded-cluster.ts";

const small = `${JSON.stringify(header)}\n${JSON.stringify(timeout)}\n`;

function refusalOf(read: () => unknown): TraceFormatError {
  try {
    read();
  } catch (error) {
    if (error instanceof TraceFormatError) return error;
    throw error;
  }
  throw new Error("the trace was not refused");
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.subarray(start, start + size);
}

describe("a trace that was written is read as it was", () => {
  test("whatever the execution and however the bytes are cut into chunks", async () => {
    const property = fc.asyncProperty(
      fc.integer(),
      fc.integer({ min: 1, max: 3000 }),
      async (seed, size) => {
        const { header: fields, events } = recordRandomExecution(seed, 60);
        const bytes = Buffer.from(traceText(fields, events));
        const trace = await readTrace(chunksOf(bytes, size), "random");
        expect(trace.events).toEqual(events);
        expect(trace.header).toMatchObject(fields);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  test("with commands of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (command) => {
        const event = { server: "a", seq: 1, action: "ClientRequest", command } as const;
        const bytes = `${JSON.stringify(header)}\n${eventLine(event)}`;
        expect(parseTrace(bytes, "text").events).toEqual([event]);
      }),
    );
  });

  test("in batches whose lines are known", async () => {
    const { header: fields, events } = recordRandomExecution(1, 300);
    const bytes = Buffer.from(traceText(fields, events));
    const { batches } = await openTrace(chunksOf(bytes, 1000), "batches");
    let next = 0;
    for await (const batch of batches) {
      expect(batch.firstLine).toBe(lineOfEvent(next));
      expect(batch.events).toEqual(events.slice(next, next + batch.events.length));
      next += batch.events.length;
    }
    expect(next).toBe(events.length);
  });

  test("from a file, with or without a newline at its end, and with Windows' line ends", async () => {
    const folder = mkdtempSync(join(tmpdir(), "trace-"));
    try {
      const path = join(folder, "trace.ndjson");
      for (const content of [small, small.trimEnd(), small.replaceAll("\n", "\r\n")]) {
        writeFileSync(path, content);
        expect((await readTrace(path)).events).toEqual([timeout]);
        expect((await readHeader(path)).servers).toEqual(["a", "b", "c"]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a server's own file may have no events yet", () => {
    const own = JSON.stringify({ ...header, server: "a", execution: "e" });
    expect(parseTrace(own, "own").events).toEqual([]);
  });

  test("server names may look like addresses, and messages ids still tell them apart", () => {
    const servers = ["10.0.0.1:2380", "10.0.0.2:2380"];
    const { header: fields, events } = recordRandomExecution(4, 100, servers);
    expect(parseTrace(traceText(fields, events), "addresses").events).toEqual(events);
  });
});

describe("a malformed trace is refused by line and field", () => {
  test.each(malformed)("$name", (example) => {
    const error = refusalOf(() => parseTrace(bytesOf(example), "bad.ndjson"));
    expect({ line: error.line, field: error.field }).toEqual({
      line: example.line,
      field: example.field,
    });
    expect(error.problem).toMatch(example.problem);
    expect(error.message).toContain(`bad.ndjson:${example.line}: `);
    expect(error.remedy).not.toBe("");
    expect(error.message.split("\n")).toHaveLength(1);
  });

  test("the same, however the bytes are cut into chunks", async () => {
    for (const example of malformed) {
      const whole = refusalOf(() => parseTrace(bytesOf(example), "bad"));
      const cut = readTrace(chunksOf(bytesOf(example), 7), "bad");
      await expect(cut).rejects.toThrow(whole.message);
    }
  });

  test("in words that tell one fault from another", () => {
    const problems = malformed.map((example) => refusalOf(() => parseTrace(bytesOf(example), "x")));
    expect(new Set(problems.map(({ problem }) => problem)).size).toBeGreaterThan(60);
  });

  test("an event of another server in a server's own file", () => {
    const own = JSON.stringify({ ...header, server: "b", execution: "e" });
    const error = refusalOf(() => parseTrace(`${own}\n${JSON.stringify(timeout)}\n`, "own"));
    expect(error.message).toMatch(/own:2: server: "a" is not the server of this file, "b"/);
  });

  test("the first fault, though later lines are worse", () => {
    const lines = [header, { ...timeout, seq: 5 }].map((line) => JSON.stringify(line));
    const bytes = Buffer.concat([Buffer.from(`${lines.join("\n")}\n`), Buffer.from([0xff, 0x0a])]);
    expect(refusalOf(() => parseTrace(bytes, "x")).message).toMatch(/^x:2: seq: 5 leaves a gap/);
  });

  test.each([
    ["a path without a file", "/nowhere/trace.ndjson", /no such file/],
    ["a folder", tmpdir(), /folder/],
  ])("%s", async (_name, path, problem) => {
    await expect(readTrace(path)).rejects.toThrow(problem);
    await expect(readTrace(path)).rejects.toBeInstanceOf(TraceFormatError);
  });
});

describe("a line has a stated maximum length", () => {
  const long = (length: number): string => {
    const event = { server: "a", seq: 1, action: "ClientRequest", command: "" };
    return JSON.stringify({ ...event, command: "x".repeat(length - JSON.stringify(event).length) });
  };

  test("a line of just that length is read, one byte more is refused", () => {
    const fits = `${JSON.stringify(header)}\n${long(MAX_LINE_BYTES)}\n`;
    expect(parseTrace(fits, "long").events).toHaveLength(1);
    const exceeds = `${JSON.stringify(header)}\n${long(MAX_LINE_BYTES + 1)}\n`;
    expect(refusalOf(() => parseTrace(exceeds, "long")).message).toMatch(
      /^long:2: the line is longer than 16777216 bytes/,
    );
  });

  test("letters of several bytes count as what they take", () => {
    const event = { server: "a", seq: 1, action: "ClientRequest", command: "ä".repeat(2 ** 23) };
    const bytes = `${JSON.stringify(header)}\n${JSON.stringify(event)}\n`;
    expect(refusalOf(() => parseTrace(bytes, "long")).problem).toMatch(/longer than/);
  });

  test("a line of a gigabyte is refused without being held", () => {
    const parser = new TraceParser("huge");
    const chunk = Buffer.alloc(2 ** 20, "x");
    let taken = 0;
    const error = refusalOf(() => {
      parser.push(Buffer.from(headerLine({ ...header, variables: [] })));
      for (; taken < 1024; taken++) parser.push(chunk);
    });
    expect(error.message).toMatch(/^huge:2: the line is longer than/);
    expect(taken * chunk.length).toBe(MAX_LINE_BYTES);
  });
});
