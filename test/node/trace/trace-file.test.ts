import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TraceFile, TraceNotResumable } from "../../../src/node/trace/trace-file.ts";
import { MAX_LINE_BYTES } from "../../../src/trace/format.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-trace-file-"));
  path = join(folder, "s1.ndjson");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = {
  servers: ["s1"],
  variables: [],
  implementation: { name: "test", version: "1" },
  server: "s1",
  execution: "test",
} as const;

/** Events as they are taken; only their numbers matter here. */
function events(firstSeq: number, lastSeq: number, more = "") {
  let text = "";
  for (let seq = firstSeq; seq <= lastSeq; seq++) text += `{"seq":${seq}${more}}\n`;
  return { firstSeq, lastSeq, lines: Buffer.from(text) };
}

function seqs(): readonly number[] {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n").slice(1);
  return lines.map((line) => JSON.parse(line).seq);
}

test("a torn last line is cut, and what the log has besides is appended", async () => {
  const file = TraceFile.open(path, HEADER);
  await file.append(events(1, 3));
  await file.close();
  appendFileSync(path, '{"seq":4,"chan');
  const again = TraceFile.open(path, HEADER);
  expect(again.lastSeq).toBe(3);
  await again.append(events(1, 2));
  await again.append(events(2, 5));
  await again.close();
  expect(seqs()).toEqual([1, 2, 3, 4, 5]);
});

test("what a loss of power has left at the end, and is no event, is cut too", async () => {
  const file = TraceFile.open(path, HEADER);
  await file.append(events(1, 3));
  await file.close();
  appendFileSync(path, `${"\0".repeat(100)}\n${"\0".repeat(70_000)}`);
  const again = TraceFile.open(path, HEADER);
  expect(again.lastSeq).toBe(3);
  await again.close();
  expect(seqs()).toEqual([1, 2, 3]);
});

test("long and short pieces, not waited for, come in order", async () => {
  const file = TraceFile.open(path, HEADER);
  const long = `,"note":"${"x".repeat(200_000)}"`;
  const waits: (Promise<void> | null)[] = [];
  for (let seq = 1; seq <= 200; seq++) {
    const lines = events(seq, seq, seq % 3 === 0 ? long : "");
    const text = lines.lines.toString();
    const isText = seq % 2 === 0;
    waits.push(isText ? file.appendText(seq, text, text.length) : file.append(lines));
    if (seq % 20 === 0) await waits.at(-1);
  }
  await Promise.all(waits);
  expect(seqs()).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  await file.close();
});

test("a gap between the trace and the log is refused", async () => {
  const file = TraceFile.open(path, HEADER);
  await file.append(events(1, 3));
  expect(() => file.append(events(5, 6))).toThrow(TraceNotResumable);
  await file.close();
});

const FORMAT = '{"format":"lockstep-raft-trace"';
test.each([
  ["of a line", "notes\n"],
  ["of a line without its end", "notes without a newline"],
  ["of lines, the last without its end", "notes\nwithout a last newline"],
  ["of an empty line", "\n"],
  ["of more zeros than a header has bytes", "\0".repeat(1000)],
  ["that begins almost like a header", `${FORMAT}, and then notes`],
  ["that is long", "x".repeat(100_000)],
])("a file %s that is no trace is refused, and not changed", (_, notes) => {
  writeFileSync(path, notes);
  expect(() => TraceFile.open(path, HEADER)).toThrow(TraceNotResumable);
  expect(() => TraceFile.open(path, HEADER)).toThrow("name a file that is not there yet");
  expect(readFileSync(path, "utf8")).toBe(notes);
});

test("a header of this server that a crash has torn, wherever, is written anew", async () => {
  await TraceFile.open(path, HEADER).close();
  const header = readFileSync(path);
  for (let length = 0; length < header.length; length++) {
    writeFileSync(path, header.subarray(0, length));
    await TraceFile.open(path, HEADER).close();
    expect(readFileSync(path).equals(header)).toBe(true);
  }
});

test.each([0, 20])("so is one of which a loss of power left zeros behind byte %i", async (kept) => {
  await TraceFile.open(path, HEADER).close();
  const header = readFileSync(path);
  const begin = header.subarray(0, kept);
  for (const size of [kept + 1, header.length]) {
    writeFileSync(path, Buffer.concat([begin, Buffer.alloc(size - kept)]));
    await TraceFile.open(path, HEADER).close();
    expect(readFileSync(path).equals(header)).toBe(true);
  }
  // The header was synced before anything came after it: this is no trace.
  for (const end of [Buffer.alloc(1), Buffer.from("x")]) {
    const notes = Buffer.concat([begin, Buffer.alloc(header.length - kept), end]);
    writeFileSync(path, notes);
    expect(() => TraceFile.open(path, HEADER)).toThrow(TraceNotResumable);
    expect(readFileSync(path).equals(notes)).toBe(true);
  }
});

test("a torn header of another server is refused, and not changed", async () => {
  await TraceFile.open(path, { ...HEADER, execution: "another" }).close();
  const torn = readFileSync(path).subarray(0, -1);
  writeFileSync(path, torn);
  expect(() => TraceFile.open(path, HEADER)).toThrow(TraceNotResumable);
  expect(readFileSync(path).equals(torn)).toBe(true);
});

test("a line that is too long to be checked keeps no server from going on", async () => {
  const file = TraceFile.open(path, HEADER);
  await file.append(events(1, 3));
  await file.append(events(4, 4, `,"note":"${"x".repeat(MAX_LINE_BYTES)}"`));
  await file.close();
  const again = TraceFile.open(path, HEADER);
  expect(again.lastSeq).toBe(4);
  await again.close();
});

test("nobody is told to empty the folder of a server that has run", () => {
  const { message } = new TraceNotResumable(path, "why");
  expect(message).not.toContain("begin with an empty folder");
  expect(message).toContain("Never empty the folder");
});
