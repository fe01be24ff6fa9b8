/** Files as the page and `lockstep explore` read them. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { RecordedPath } from "../../src/explorer/model/recorded.ts";
import { readTraceFiles } from "../../src/explorer/model/trace-files.ts";
import { readTraceText, textOfTrace } from "../../src/explorer/model/trace-text.ts";
import { TraceFormatError } from "../../src/trace/error.ts";
import { MAX_LINE_BYTES } from "../../src/trace/format.ts";
import { parseTrace } from "../../src/trace/reader.ts";

const EXAMPLES = resolve(import.meta.dirname, "../../spec/examples");
const ELECTION = readFileSync(join(EXAMPLES, "election.ndjson"));

function faultOfPage(bytes: Uint8Array): string | null {
  try {
    return readTraceText("t", textOfTrace("t", bytes)).fault?.message ?? null;
  } catch (error) {
    if (error instanceof TraceFormatError) return error.message;
    throw error;
  }
}

function faultOfCheck(bytes: Uint8Array): string | null {
  try {
    parseTrace(bytes, "t");
    return null;
  } catch (error) {
    if (error instanceof TraceFormatError) return error.message;
    throw error;
  }
}

const HEADER = ELECTION.subarray(0, ELECTION.indexOf("\n") + 1);
const NOTE = ELECTION.toString().replace('"action"', '"note":"NOTE","action"');

test("a file that is longer than any text is told to be so, and not to be none", () => {
  const bytes = new Uint8Array(2 ** 29);
  expect(() => textOfTrace("t", bytes)).toThrow("t: the file is longer than 536870888 bytes");
});

describe("the page reads a trace as the check does", () => {
  test.each([
    ["as it was written", ELECTION, null],
    ["with a byte order mark", Buffer.from(`\ufeff${ELECTION}`), /^t:1: .* byte order mark/],
    ["in UTF-16", Buffer.from(`\ufeff${ELECTION}`, "utf16le"), /^t:1: the file is in UTF-16/],
    ["compressed", Buffer.of(0x1f, 0x8b, 8, 0), /^t:1: the file is compressed/],
    [
      "with bytes that are no text",
      Buffer.concat([ELECTION, Buffer.of(0xe4, 10)]),
      /^t:34: .*UTF-8/,
    ],
    ["with a zero in it", Buffer.concat([ELECTION, Buffer.of(0, 10)]), /^t:34: .*not JSON/],
    [
      "with a line that is too long",
      Buffer.from(NOTE.replace("NOTE", "é".repeat(MAX_LINE_BYTES / 2))),
      /^t:2: the line is longer than/,
    ],
    [
      "with a line that is not",
      Buffer.from(NOTE.replace("NOTE", "e".repeat(MAX_LINE_BYTES / 2))),
      null,
    ],
    ["cut off", ELECTION.subarray(0, -9), /^t:33: the last line is cut off/],
    ["without an end to its last line", ELECTION.subarray(0, -1), null],
    ["with an empty line", Buffer.concat([ELECTION, Buffer.of(10)]), /^t:34: the line is empty/],
    [
      "with lines that end as on Windows",
      Buffer.from(`${ELECTION}`.replaceAll("\n", "\r\n")),
      null,
    ],
    ["with nothing", Buffer.of(), /^t:1: the file is empty/],
    ["with a header alone", HEADER, /^t:1: the trace has a header and no events/],
    [
      "with a key twice",
      Buffer.from(NOTE.replace('"note":"NOTE"', '"note":"a","note":"b"')),
      /^t:2: note: .*twice/,
    ],
  ])("%s", (_how, bytes, fault) => {
    const told = faultOfPage(bytes);
    expect(told).toBe(faultOfCheck(bytes));
    if (fault === null) expect(told).toBeNull();
    else expect(told).toMatch(fault);
  });
});

describe("the files of one execution", () => {
  const parts = ["s1", "s2", "s3"].map((id) => ({
    name: id,
    text: readFileSync(join(EXAMPLES, "a-file-a-server", `${id}.ndjson`), "utf8"),
  }));

  function cut(id: string, lines: number) {
    return parts.map(({ name, text }) => {
      if (name !== id) return { name, text };
      return { name, text: `${text.split("\n").slice(0, lines).join("\n")}\n{"server":"s9"}\n` };
    });
  }

  test("a server may have taken no step", () => {
    const silent = `${parts[2]?.text.split("\n")[0]}\n`;
    const { malformed } = readTraceFiles([
      ...cut("s1", 3).slice(0, 2),
      { name: "s3", text: silent },
    ]);
    expect(malformed.map(({ file }) => file)).toEqual(["s1"]);
  });

  test.each(["s1", "s2", "s3"])(
    "of which that of %s ends early are shown up to what hangs on its missing end",
    (id) => {
      const whole = readTraceFiles(parts).trace;
      for (let lines = 2; lines < 8; lines++) {
        const { trace, malformed } = readTraceFiles(cut(id, lines));
        expect(malformed).toMatchObject([{ file: id, line: lines + 1, field: "server" }]);
        if (typeof trace === "string" || typeof whole === "string") throw new Error(`${trace}`);
        expect(trace.events.length).toBeGreaterThan(0);
        expect(trace.events.length).toBeLessThan(whole.events.length);
        expect(new RecordedPath(trace).divergesAt).toBeNull();
      }
    },
  );
});
