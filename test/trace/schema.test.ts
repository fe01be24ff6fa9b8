import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ACTIONS,
  MAX_INTEGER,
  parseTrace,
  TRACE_FORMAT,
  TRACE_VERSION,
  TraceFormatError,
  traceText,
  VARIABLES,
} from "../../src/trace/index.ts";
import { MESSAGE_TYPES } from "../../src/trace/message.ts";
import { bytesOf, header, malformed } from "./malformed.ts";
import { recordRandomExecution } from "./recorded-cluster.ts";

const schema: unknown = JSON.parse(
  readFileSync(new URL("../../spec/trace.schema.json", import.meta.url), "utf8"),
);
if (typeof schema !== "object" || schema === null) throw new Error("the schema is no object");
const isLineBySchema = new Ajv2020({ strict: true }).compile(schema);

/** What only the lines before, the header or the event around can tell, in the reader's words. */
const NOT_OF_ONE_LINE = [
  /is not of the cluster/,
  /that is not of the cluster/,
  /leaves a gap/,
  /was there before/,
  /leaves a hole/,
  /the header does not list/,
  /this is the server itself/,
  /a message of this server itself/,
  /is not the server of this (event|file)/,
  /to its own sender/,
  /is not this message's id/,
  /missing from a Restart/,
  /behind its snapshot/,
  /header comes in the middle/,
  /begins without a header/,
];

describe("the schema of a trace's lines", () => {
  test("is taken by a strict validator of JSON Schema 2020-12", () => {
    expect(isLineBySchema({ ...header })).toBe(true);
  });

  test("takes every line of recorded executions", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const ids = ["s1", "s2", "s3"];
      const { header: fields, events } = recordRandomExecution(seed, 500, ids, seed > 2);
      for (const line of traceText(fields, events).trimEnd().split("\n")) {
        expect(isLineBySchema(JSON.parse(line)), line).toBe(true);
      }
    }
  });

  const ofOneLine = malformed.filter(({ lines }) => Array.isArray(lines));
  test.each(ofOneLine)("agrees with the reader on: $name", (example) => {
    const lines = Buffer.from(bytesOf(example)).toString("utf8").trimEnd().split("\n");
    const line: unknown = JSON.parse(lines[example.line - 1] ?? "null");
    expect(isLineBySchema(line)).toBe(!example.bySchema);
  });

  test("agrees with the reader on any line with one part replaced", () => {
    const { header: fields, events } = recordRandomExecution(11, 120, ["s1", "s2", "s3"], true);
    const lines = traceText(fields, events).trimEnd().split("\n");
    const parts = fc.constantFrom<unknown>(
      ...[null, true, 0, 1, -1, 0.5, 2 ** 31, "", "s1", "s2:1:1", "s1:1:1", "s 1"],
      ...["Leader", "Timeout", "Apply", "AppendEntriesResponse", [], [1], [[]], {}, { s2: 1 }],
    );
    const keys = fc.constantFrom("index", "matchIndex", "success", "sent", "x", "note", "format");
    let bothRefuse = 0;
    const property = fc.property(
      fc.nat({ max: lines.length - 1 }),
      fc.array(fc.nat({ max: 20 }), { maxLength: 5 }),
      fc.oneof(
        parts.map((part) => ({ kind: "replace", part }) as const),
        fc.tuple(keys, parts).map(([key, part]) => ({ kind: "add", key, part }) as const),
        fc.constant({ kind: "drop" } as const),
      ),
      (at, path, edit) => {
        const line = edited(JSON.parse(lines[at] ?? ""), path, edit) ?? null;
        const content = lines.slice(0, at + 1).with(at, JSON.stringify(line));
        // A header alone is refused for its lack of events, which is no matter of its line.
        const refusal = refusalOf(at === 0 ? [...content, lines[1] ?? ""] : content);
        const byReader = refusal !== null && refusal.line === at + 1;
        const bySchema = !isLineBySchema(line);
        const isBeyondTheLine = NOT_OF_ONE_LINE.some((words) => words.test(refusal?.problem ?? ""));
        if (bySchema) expect(byReader, JSON.stringify(line)).toBe(true);
        if (byReader && !isBeyondTheLine) expect(bySchema, refusal.message).toBe(true);
        if (bySchema && byReader) bothRefuse++;
      },
    );
    fc.assert(property, { numRuns: 3000 });
    expect(bothRefuse).toBeGreaterThan(500);
  });

  test("knows the format's name, version, actions, variables and message types", () => {
    const text = JSON.stringify(schema);
    expect(text).toContain(`"const":"${TRACE_FORMAT}"`);
    expect(text).toContain(`"version":{"const":${TRACE_VERSION}}`);
    expect(text).toContain(`"enum":${JSON.stringify(ACTIONS)}`);
    expect(text).toContain(`"enum":${JSON.stringify(VARIABLES)}`);
    for (const type of MESSAGE_TYPES) expect(text).toContain(`"type":{"const":"${type}"}`);
    const limits = text.match(/"maximum":\d+/g) ?? [];
    expect(new Set(limits)).toEqual(
      new Set([`"maximum":${MAX_INTEGER}`, `"maximum":${Number.MAX_SAFE_INTEGER}`]),
    );
  });
});

type Edit =
  | { readonly kind: "replace"; readonly part: unknown }
  | { readonly kind: "add"; readonly key: string; readonly part: unknown }
  | { readonly kind: "drop" };

/** Replaces, drops or adds to the part of a value that a path of places leads to. */
function edited(value: unknown, path: readonly number[], edit: Edit): unknown {
  const [step, ...rest] = path;
  const isLeaf = typeof value !== "object" || value === null || Object.keys(value).length === 0;
  if (step === undefined || isLeaf) {
    if (edit.kind === "replace") return edit.part;
    if (edit.kind === "drop") return undefined;
    return isLeaf || Array.isArray(value) ? edit.part : { ...value, [edit.key]: edit.part };
  }
  const keys = Object.keys(value);
  const key = keys[step % keys.length] ?? "";
  const part = edited(Reflect.get(value, key), rest, edit);
  if (Array.isArray(value)) {
    return value.flatMap((element, place) => {
      if (String(place) !== key) return [element];
      return part === undefined ? [] : [part];
    });
  }
  return JSON.parse(JSON.stringify({ ...value, [key]: part }));
}

function refusalOf(lines: readonly string[]): TraceFormatError | null {
  try {
    parseTrace(lines.join("\n"), "edited");
    return null;
  } catch (error) {
    if (error instanceof TraceFormatError) return error;
    throw error;
  }
}
