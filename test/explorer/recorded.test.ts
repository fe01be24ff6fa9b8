import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { RecordedPath } from "../../src/explorer/model/recorded.ts";
import { readTraceText } from "../../src/explorer/model/trace-text.ts";

const SPEC = resolve(import.meta.dirname, "../../spec");

function pathOf(file: string, change = (text: string): string => text): RecordedPath {
  const { header, events, fault } = readTraceText(
    file,
    change(readFileSync(join(SPEC, file), "utf8")),
  );
  expect(fault).toBeNull();
  if (header === null) throw new Error("no header");
  return new RecordedPath({ name: file, header, events });
}

test("a valid trace goes to its end, all properties holding", () => {
  const path = pathOf("examples/replication.ndjson");
  expect(path.divergesAt).toBeNull();
  expect(path.fallenAt(path.length - 1).size).toBe(0);
  expect(path.stepAt(path.length - 1)).not.toBeNull();
});

test("a diverging trace ends at its divergence", () => {
  const path = pathOf("examples/election.ndjson", (text) =>
    text.replace('"voteGranted":true', '"voteGranted":false'),
  );
  expect(path.divergesAt).toBe(path.length - 1);
  expect(path.stepAt(path.length - 1)?.divergence?.kind).toBe("mismatch");
  expect(path.eventsLeftOut).toBeGreaterThan(0);
});

test("a malformed line is told, with what came before it", () => {
  const text = readFileSync(join(SPEC, "examples/election.ndjson"), "utf8");
  const cut = `${text.split("\n").slice(0, 4).join("\n")}\n{"server":"s9"}\n`;
  const { events, fault } = readTraceText("cut.ndjson", cut);
  expect(events.length).toBe(3);
  expect(fault?.line).toBe(5);
});
