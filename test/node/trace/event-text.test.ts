import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Entry } from "../../../src/core/index.ts";
import { DecodeError } from "../../../src/node/codec/index.ts";
import { spellOut } from "../../../src/node/trace/abbreviation.ts";
import {
  commandJson,
  entryJson,
  entryJsonBytes,
  shortCommand,
} from "../../../src/node/trace/command-text.ts";
import { EventText, NO_ENTRIES } from "../../../src/node/trace/event-text.ts";
import type { TraceEvent } from "../../../src/trace/format.ts";

const EXAMPLES = join(import.meta.dirname, "../../../spec/examples");

/** All events of the worked examples. */
function events(): readonly TraceEvent[] {
  return readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => readFileSync(join(EXAMPLES, name), "utf8").trim().split("\n").slice(1))
    .map((line) => JSON.parse(line));
}

/** The line of one event that no record carries. */
function lineOf(event: TraceEvent): string {
  const text = new EventText(NO_ENTRIES);
  text.add(event);
  expect(text.abbreviated).toBe(text.whole);
  return text.whole;
}

test("the line of an event is its JSON", () => {
  for (const event of events()) {
    const line = lineOf(event);
    expect(line.endsWith("}\n")).toBe(true);
    expect(JSON.parse(line)).toEqual(event);
  }
});

const LONG = 'long " \n'.repeat(1000);
const ENTRIES: readonly Entry[] = [
  { term: 1, command: LONG },
  { term: 1, command: null },
  { term: 2, command: "\u0001 \u0002 \ud800 ☃" },
];
const TAKEN: TraceEvent = {
  server: "s1",
  seq: 1,
  action: "ClientRequest",
  command: LONG,
  changed: { log: [4, ENTRIES.slice(0, 1)], commitIndex: 3 },
};

/** An event that sends entries, of which the first is at `index`. */
function sentFrom(index: number, entries: readonly Entry[], seq = 2): TraceEvent {
  return {
    server: "s1",
    seq,
    action: "SendAppendEntries",
    sent: [
      {
        id: `s1:${seq}:1`,
        type: "AppendEntriesRequest",
        from: "s1",
        to: "s2",
        term: 1,
        prevLogIndex: index - 1,
        prevLogTerm: 0,
        entries,
        leaderCommit: 0,
      },
    ],
  };
}

test("a long command stands by its hash, the same in every place", () => {
  const short = shortCommand(LONG);
  expect(short).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(JSON.parse(lineOf(TAKEN))).toMatchObject({
    command: short,
    changed: { log: [4, [{ term: 1, command: short }]], commitIndex: 3 },
  });
  const [message] = JSON.parse(lineOf(sentFrom(4, ENTRIES))).sent;
  expect(message.entries).toEqual([{ ...ENTRIES[0], command: short }, ...ENTRIES.slice(1)]);
});

describe("lines that a record carries", () => {
  test("refer to its entries, and are the same when they are spelled out", () => {
    const text = new EventText({ from: 4, entries: ENTRIES });
    const told = [
      TAKEN,
      sentFrom(4, ENTRIES, 2),
      sentFrom(4, ENTRIES, 3),
      sentFrom(5, ENTRIES.slice(1), 4),
      ...events(),
    ];
    for (const event of told) text.add(event);
    expect(text.whole).toBe(told.map(lineOf).join(""));
    expect(text.abbreviated.length).toBeLessThan(text.whole.length);
    const [first = ""] = text.abbreviated.split("\n");
    expect(first).not.toContain("sha256");
    const spelled = spellOut(Buffer.from(text.abbreviated), ENTRIES);
    expect(spelled.toString()).toBe(Buffer.from(text.whole).toString());
  });

  test("refer to no entry that the log has at that place no more, or that is not the record's", () => {
    const before = ENTRIES.map((entry) => ({ ...entry }));
    const text = new EventText({ from: 4, entries: ENTRIES });
    text.add(sentFrom(4, before));
    text.add(sentFrom(3, ENTRIES));
    text.add(sentFrom(5, ENTRIES));
    text.add({ ...TAKEN, changed: { log: [5, ENTRIES.slice(0, 1)] } });
    expect(text.abbreviated).toBe(text.whole);
  });

  test.each([
    "\u00013\u0003",
    "\u0001\u0003",
    "\u00010",
    "\u00022,2\u0003",
    "\u00020,0\u0003",
    "\u00021\u0003",
  ])("are refused where they refer to what the record has not: %j", (reference) => {
    expect(() => spellOut(Buffer.from(`{"a":${reference}}`), ENTRIES)).toThrow(DecodeError);
  });
});

test.each([
  null,
  "",
  "plain",
  'quotes " and \\',
  "\n\t\u0001",
  "ä☃😀",
  "\ud800",
  "x".repeat(1024),
  "x".repeat(1025),
])("an entry is known to take as many bytes as its JSON does (%#)", (command) => {
  const json = entryJson(12, commandJson(command));
  expect(entryJsonBytes(12, command)).toBe(Buffer.byteLength(json));
});
