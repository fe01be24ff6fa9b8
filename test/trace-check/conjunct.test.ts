/** Where an event diverges, the explanation has the conjunct of the spec that it does not fit. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { textFrom } from "../../src/compiler/conjunct-text.ts";
import { packageFolder } from "../../src/setup/environment.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { readTrace } from "../../src/trace/reader.ts";
import { judge } from "../../trace-check/compiled/engine.ts";
import type { Divergence } from "../../trace-check/engine.ts";
import { type Explanation, explain } from "../../trace-check/explain.ts";
import { explanationText } from "../../trace-check/report.ts";
import { readWords } from "../../trace-check/words.ts";

const SPEC = join(packageFolder(), "spec");
const words = await readWords(packageFolder());
const example = await readTrace(join(SPEC, "examples", "replication.ndjson"));

/** The example with the first event of an action changed, explained. */
function explained(
  action: TraceEvent["action"],
  change: (event: TraceEvent) => TraceEvent,
): Explanation {
  const place = example.events.findIndex((event) => event.action === action);
  const event = example.events[place];
  if (event === undefined) throw new Error(`the example has no ${action}`);
  const events = example.events.with(place, change(event));
  const trace = { name: "changed", header: example.header, events };
  const divergence: Divergence | null = judge(trace).divergence;
  if (divergence === null) throw new Error("nothing diverges");
  expect(divergence.event).toBe(place);
  const loaded = { trace, placeOf: (at: number) => ({ file: "changed", line: at + 2 }) };
  return explain(loaded, divergence, words);
}

/** What spec/Raft.tla has on a line, from 1. */
function lineOfSpec(place: string | undefined): string {
  const [file, line] = place?.split(":") ?? [];
  const text = readFileSync(join(packageFolder(), file ?? ""), "utf8");
  return text.split("\n")[Number(line) - 1] ?? "";
}

describe("the conjunct that is false", () => {
  test("has its line, its text and both sides of a comparison", () => {
    const { conjunct, spec, kind } = explained("Apply", (event) => ({ ...event, index: 2 }));
    expect(kind).toBe("notEnabled");
    expect(conjunct).toMatchObject({
      text: "index \\in (lastApplied[s] + 1) .. LastIndex(s)",
      values: "2 \\in 1..1",
    });
    expect(conjunct?.place).toBe(spec);
    expect(lineOfSpec(conjunct?.place)).toBe(`  /\\ ${conjunct?.text}`);
  });

  test("is compared as the spec writes it", () => {
    const explanation = explained("SendAppendEntries", (event) => ({
      ...event,
      sent: (event.sent ?? []).map((message) =>
        message.type === "AppendEntriesRequest" ? { ...message, prevLogIndex: 1 } : message,
      ),
    }));
    expect(explanation.conjunct?.text).toBe("prevLogIndex + count <= LastIndex(s)");
    expect(explanation.conjunct?.values).toBe("1 <= 0");
    expect(explanationText(explanation)).toContain(
      "is false: prevLogIndex + count <= LastIndex(s)\n             here: 1 <= 0",
    );
  });

  test("has the parameters of a rule, servers by the names that the trace has for them", () => {
    const { conjunct } = explained("AdvanceCommitIndex", (event) => ({ ...event, server: "s2" }));
    expect(conjunct?.text).toMatch(/^role\[s\] = Leader/);
    expect(conjunct?.values).toBe('"Follower" = "Leader"');
    const rule = explainedWithout("HandleAppendEntriesResponse", "AdvanceCommitIndex");
    expect(rule.conjunct?.text).toBe("IsMajority(HoldersOf(s, index))");
    expect(lineOfSpec(rule.spec ?? "")).toContain("IsMajority(HoldersOf(s, index))");
  });

  test("of a mismatch is what gives the variable its value", () => {
    const { conjunct, kind, property } = explained("Timeout", (event) => ({
      ...event,
      changed: { ...event.changed, currentTerm: 7 },
    }));
    expect({ kind, property }).toEqual({ kind: "mismatch", property: "currentTerm" });
    expect(conjunct?.values).toBeNull();
    expect(conjunct?.text).toMatch(/^currentTerm' += \[currentTerm EXCEPT !\[s\]/);
    expect(lineOfSpec(conjunct?.place)).toContain(conjunct?.text);
  });
});

test("of a variable that what the action applies gives, no other action's is told", () => {
  const { conjunct, spec } = explained("ClientRequest", (event) => ({
    ...event,
    changed: { ...event.changed, commitIndex: 1 },
  }));
  expect(conjunct).toBeNull();
  expect(lineOfSpec(spec ?? "")).toBe("ClientRequest(s, command) ==");
});

/** The example without the events of an action up to the first of another, explained. */
function explainedWithout(left: TraceEvent["action"], action: TraceEvent["action"]): Explanation {
  const end = example.events.findIndex((event) => event.action === action);
  const kept = example.events.slice(0, end + 1).filter((event) => event.action !== left);
  const counts = new Map<string, number>();
  const renumbered = kept.map((event): TraceEvent => {
    const seq = (counts.get(event.server) ?? 0) + 1;
    counts.set(event.server, seq);
    const sent = event.sent?.map((message, k) => {
      const id = `${event.server}:${seq}:${k + 1}`;
      ids.set(message.id, id);
      return { ...message, id };
    });
    const received = event.received === undefined ? undefined : ids.get(event.received);
    return {
      ...event,
      seq,
      ...(sent === undefined ? {} : { sent }),
      ...(received === undefined ? {} : { received }),
    };
  });
  const trace = { name: "left out", header: example.header, events: renumbered };
  const { divergence } = judge(trace);
  if (divergence === null) throw new Error("nothing diverges");
  const loaded = { trace, placeOf: (at: number) => ({ file: "left out", line: at + 2 }) };
  return explain(loaded, divergence, words);
}

const ids = new Map<string, string>();

test("a conjunct is taken with what is further in below it, without comments", () => {
  const lines = [
    "  /\\ x \\in {a,  \\* first",
    "           b} (* last *)",
    "  /\\ y",
    "     = z",
    "",
    "     more",
  ];
  expect(textFrom(lines, 1, 6)).toBe("x \\in {a, b}");
  expect(textFrom(lines, 3, 6)).toBe("y = z");
});
