import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shortCommand } from "../../../src/node/trace/command-text.ts";
import { EventText } from "../../../src/node/trace/event-text.ts";
import type { TraceEvent } from "../../../src/trace/format.ts";

const EXAMPLES = join(import.meta.dirname, "../../../spec/examples");

/** All events of the worked examples. */
function events(): readonly TraceEvent[] {
  return readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => readFileSync(join(EXAMPLES, name), "utf8").trim().split("\n").slice(1))
    .map((line) => JSON.parse(line));
}

test("the line of an event is its JSON", () => {
  const text = new EventText();
  for (const event of events()) {
    const line = text.line(event);
    expect(line.endsWith("}\n")).toBe(true);
    expect(JSON.parse(line)).toEqual(event);
  }
});

test("a long command stands by its hash, the same in every place", () => {
  const text = new EventText();
  const command = 'long " \n'.repeat(1000);
  const entry = { term: 1, command };
  const taken: TraceEvent = {
    server: "s1",
    seq: 1,
    action: "ClientRequest",
    command,
    changed: { log: [1, [entry]], commitIndex: 3 },
  };
  const sent: TraceEvent = {
    server: "s1",
    seq: 2,
    action: "SendAppendEntries",
    sent: [
      {
        id: "s1:2:1",
        type: "AppendEntriesRequest",
        from: "s1",
        to: "s2",
        term: 1,
        prevLogIndex: 0,
        prevLogTerm: 0,
        entries: [entry, { term: 1, command: null }],
        leaderCommit: 0,
      },
    ],
  };
  const short = shortCommand(command);
  expect(short).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(JSON.parse(text.line(taken))).toMatchObject({
    command: short,
    changed: { log: [1, [{ term: 1, command: short }]], commitIndex: 3 },
  });
  text.clear();
  const [message] = JSON.parse(text.line(sent)).sent;
  expect(message.entries).toEqual([
    { term: 1, command: short },
    { term: 1, command: null },
  ]);
});
