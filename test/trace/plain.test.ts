/**
 * Lines in the plain form are read from their bytes, all others by JSON.parse and a check of every
 * field. The first takes nothing that the second does not take in the same way: held against each
 * other on lines of recorded traces that were damaged at random.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkEvent } from "../../src/trace/event.ts";
import { eventLine, type TraceEvent, type TraceHeader, VARIABLES } from "../../src/trace/index.ts";
import { checkDuplicates, parseLine } from "../../src/trace/parser.ts";
import { PlainEvents } from "../../src/trace/plain/event.ts";
import { type TraceForm, traceForm } from "../../src/trace/trace-form.ts";
import { record } from "../trace-check/record.ts";
import { header } from "./malformed.ts";

const { header: fields, events } = record({
  seed: 5,
  events: 500,
  timeouts: 60,
  crashes: 20,
  compactions: 60,
  reads: 60,
});
const lines = events.map((event) => eventLine(event).trimEnd());

/** What each server has logged, before each of the events. */
const progressBefore = (() => {
  const form = traceForm(fields);
  return events.map((event) => {
    const before = [...form.progress].map(([server, each]) => [server, { ...each }] as const);
    checkEvent(event, form);
    return before;
  });
})();

/** The form of a trace of which so many events have been read. */
function formAt(place: number, variables: TraceHeader["variables"] = VARIABLES): TraceForm {
  const progress = progressBefore[place]?.map(([server, each]) => [server, { ...each }] as const);
  return { ...traceForm({ ...fields, variables }), progress: new Map(progress) };
}

interface Read {
  readonly event: TraceEvent | null;
  readonly fault: string;
  readonly progress: unknown;
}

function read(form: TraceForm, take: () => TraceEvent | null): Read {
  try {
    const event = take();
    return { event, fault: "", progress: [...form.progress] };
  } catch (error) {
    return { event: null, fault: String(error), progress: [] };
  }
}

function readPlainly(line: string, form: TraceForm): Read {
  const bytes = Buffer.from(`${line}\n`);
  return read(form, () => new PlainEvents(form).read(bytes, 0, bytes.length - 1));
}

function readByCheck(line: string, form: TraceForm): Read {
  return read(form, () => {
    form.keys = 0;
    const event = checkEvent(parseLine(line, true), form);
    checkDuplicates(line, form.keys);
    return event;
  });
}

/** Compares both on a line in the place of an event. @returns whether it is in the plain form */
function compare(line: string, place: number, variables?: TraceHeader["variables"]): boolean {
  const plain = readPlainly(line, formAt(place, variables));
  if (plain.event === null && plain.fault === "") return false;
  const checked = readByCheck(line, formAt(place, variables));
  expect(plain, line).toStrictEqual(checked);
  return true;
}

describe("the plain form", () => {
  test("is that of every event that this package writes, of each action", () => {
    const actions = new Set(events.map(({ action }) => action));
    expect(actions.size).toBe(20);
    for (const [place, line] of lines.entries()) expect(compare(line, place), line).toBe(true);
  });

  test("may have its fields in any order behind server and seq, blanks and a carriage return", () => {
    for (const [place, { server, seq, ...rest }] of events.slice(0, 100).entries()) {
      const backwards = Object.fromEntries(Object.entries(rest).reverse());
      const line = JSON.stringify({ seq, server, ...backwards });
      const spaced = line.replaceAll('":', '": ').replaceAll(/,(?=["{[\d])/g, ", ");
      expect(compare(`${spaced}\r`, place), spaced).toBe(true);
    }
  });

  test("holds commands and notes of any text that needs no escape", () => {
    const form = traceForm(header as TraceHeader);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 50 }), (command) => {
        const event = { server: "a", seq: 1, action: "ClientRequest", command, note: command };
        const plain = readPlainly(JSON.stringify(event), form);
        const needsEscape = JSON.stringify(command).includes("\\");
        expect(plain.event).toStrictEqual(needsEscape ? null : event);
        for (const each of form.progress.values()) each.seq = 0;
      }),
    );
  });
});

/** Pieces of JSON that take a line out of the plain form, or to another event. */
const PIECES = ['"', ":", ",", "{", "}", "[", "]", "0", "1", "-", ".", "e", " ", "\\", "null", "é"];
const WORDS = ["seq", "term", "index", "round", "success", "n1", "n2", "n9", "Leader", "Timeout"];

const damage = fc.record({
  place: fc.nat(lines.length - 1),
  at: fc.nat(400),
  length: fc.nat(12),
  piece: fc.constantFrom(...PIECES, ...WORDS, ""),
});

describe("a damaged line", () => {
  test("of any bytes is not taken in the plain form where it is refused otherwise", () => {
    let taken = 0;
    let left = 0;
    fc.assert(
      fc.property(damage, ({ place, at, length, piece }) => {
        const line = lines[place] ?? "";
        const from = at % line.length;
        if (compare(line.slice(0, from) + piece + line.slice(from + length), place)) taken++;
        else left++;
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(10);
    expect(left).toBeGreaterThan(10);
  });

  test("with another value, a field too few, too many, twice or of another object neither", () => {
    const values = fc.constantFrom<unknown>(
      ...[null, true, false, 0, 1, 2, 7, -1, 1.5, 2 ** 31 - 1, 2 ** 31, 2 ** 40, "", "n1", "n2"],
      ...["n1:1:1", "n2:3:1", "n3:01:1", "n3:1:0", "Leader", "Restart", "RequestVoteRequest"],
      ...["AppendEntriesResponse", [], ["n1", "n1"], {}, { n1: 1 }, { n2: 0 }, { n3: 1, n2: 2 }],
      [1, [{ term: 0, command: null }]],
    );
    const keys = fc.constantFrom(
      ...["server", "seq", "action", "command", "index", "round", "received", "sent", "changed"],
      ...["id", "type", "to", "term", "success", "matchIndex", "prevLogIndex", "lastLogIndex"],
      ...["voteGranted", "entries", "lastIncludedIndex", "log", "role", "votedFor", "votesGranted"],
      ...["nextIndex", "snapshotIndex", "confirmedRound", "n1", "n2", "note"],
    );
    const change = fc.record({
      place: fc.nat(lines.length - 1),
      object: fc.nat(8),
      field: fc.nat(12),
      how: fc.constantFrom("change", "remove", "add", "repeat"),
      key: keys,
      value: values,
    });
    fc.assert(
      fc.property(change, ({ place, object, field, how, key, value }) => {
        const line = lines[place] ?? "";
        const opens = [...line.matchAll(/\{/g)].map(({ index }) => index);
        const open = opens[object % opens.length] ?? 0;
        const text = JSON.stringify(value);
        if (how === "add" || how === "repeat") {
          const first = /^"\w+":/.exec(line.slice(open + 1))?.[0] ?? '"seq":';
          const added = how === "add" ? `"${key}":${text},` : `${first}${text},`;
          compare(line.slice(0, open + 1) + added + line.slice(open + 1), place);
          return;
        }
        const found = [...line.matchAll(/"\w+":("[^"]*"|\d+|true|false|null),?/g)];
        const chosen = found[field % found.length];
        const whole = chosen?.[0] ?? "";
        const changed = how === "remove" ? "" : whole.replace(/:.*?(,?)$/, `:${text}$1`);
        const at = chosen?.index ?? 0;
        const damaged = line.slice(0, at) + changed + line.slice(at + whole.length);
        compare(damaged.replaceAll(",}", "}"), place);
      }),
      { numRuns: 6000 },
    );
  });

  test("that changes what the trace does not log is left to the check", () => {
    const variables = VARIABLES.filter((name) => name !== "matchIndex");
    const place = events.findIndex(({ changed }) => changed?.matchIndex !== undefined);
    expect(compare(lines[place] ?? "", place, variables)).toBe(false);
  });
});
