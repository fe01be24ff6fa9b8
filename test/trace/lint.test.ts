import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type LintReport,
  lintLines,
  lintTrace,
  type TraceEvent,
  traceText,
} from "../../src/trace/index.ts";
import { bytesOf, header, malformed, timeout } from "./malformed.ts";
import { recordRandomExecution } from "./recorded-cluster.ts";

async function* bytes(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof content === "string" ? Buffer.from(content) : content;
}

function lint(content: string | Uint8Array): Promise<LintReport> {
  return lintTrace(bytes(content), "t");
}

function lintOf(...lines: readonly unknown[]): Promise<LintReport> {
  return lint(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

const told = ({ findings }: LintReport): readonly string[] =>
  findings.map(({ line, rule }) => `${line} ${rule}`);

const { header: fields, events } = recordRandomExecution(2, 400);

/** The lint of a recorded execution after a change to its events. */
function lintChanged(change: (event: TraceEvent) => TraceEvent): Promise<LintReport> {
  return lint(traceText(fields, events.map(change)));
}

describe("the lint of a trace", () => {
  test("finds nothing in recorded executions", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const execution = recordRandomExecution(seed, 600);
      const report = await lint(traceText(execution.header, execution.events));
      expect(report.findings).toEqual([]);
      expect(report.events).toBe(execution.events.length);
    }
  });

  test("finds nothing in the worked executions", async () => {
    const folder = fileURLToPath(new URL("../../spec/examples/", import.meta.url));
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const paths = names
      .filter((name) => name.endsWith(".ndjson"))
      .map((name) => join(folder, name));
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) expect((await lintTrace(path)).findings).toEqual([]);
  });

  test.each(malformed)("finds, as the reader does: $name", async (example) => {
    const report = await lint(bytesOf(example));
    const [first] = report.findings.filter(({ severity }) => severity === "error");
    expect(first).toMatchObject({ line: example.line, rule: "malformed" });
    expect(`${first?.field}: ${first?.problem}`).toMatch(
      example.problem.source.includes("no events") ? /no events/ : example.problem,
    );
  });

  test("finds every malformed line, and does not report one fault again and again", async () => {
    const report = await lintOf(
      header,
      { ...timeout, changed: { ...timeout.changed, comitIndex: 1 } },
      { server: "a", seq: 2, action: "BecomeLeader" },
      { server: "a", seq: 4, action: "Apply", index: 0 },
      {
        server: "a",
        seq: 5,
        action: "AppendNoOp",
        changed: { log: [9, [{ term: 1, command: null }]] },
      },
      "not an object",
      { server: "a", seq: 6, action: "Apply", index: 9 },
    );
    const errors = report.findings.filter(({ severity }) => severity === "error");
    expect(errors.map(({ line, field }) => `${line} ${field}`)).toEqual([
      "2 changed.comitIndex",
      "4 seq",
      "6 ",
    ]);
    expect(report).toMatchObject({ errors: 3, events: 3 });
  });

  test("gives no more errors than asked for, and says how many there are", async () => {
    const lines = Array.from({ length: 100 }, () => "{}\n").join("");
    const content = `${JSON.stringify(header)}\n${lines}`;
    const report = await lintTrace(bytes(content), "t", 7);
    expect(report.findings).toHaveLength(7);
    expect(report.errors).toBe(100);
  });

  test("tells a file that is not there", async () => {
    const { findings } = await lintTrace("/nowhere/trace.ndjson");
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ line: 0, severity: "error", remedy: "Check the path" });
  });

  test("never throws, whatever the bytes", async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (content) => {
      expect((await lint(content)).errors).toBeGreaterThan(0);
    });
    await fc.assert(property, { numRuns: 500 });
  });
});

describe("what looks wrong though its form is right", () => {
  test("several steps in one event", async () => {
    const report = await lintOf(
      { ...header, servers: ["a"] },
      {
        server: "a",
        seq: 1,
        action: "Timeout",
        changed: {
          currentTerm: 1,
          votedFor: "a",
          role: "Leader",
          votesGranted: ["a"],
          log: [1, [{ term: 1, command: null }]],
          commitIndex: 1,
          lastApplied: 1,
        },
      },
    );
    const problems = report.findings.map(({ problem }) => problem);
    expect(problems).toEqual([
      "Timeout makes a leader",
      "Timeout changes the log",
      "Timeout moves the commit index",
      "Timeout applies entries",
    ]);
  });

  test("half a step", async () => {
    const without = await lintChanged((event) => {
      if (event.action.endsWith("Request")) {
        const { sent: _answer, ...rest } = event;
        return event.action === "ClientRequest" ? event : rest;
      }
      return event;
    });
    expect(without.findings.map(({ problem }) => problem)).toContain(
      "a HandleAppendEntriesRequest sends no answer",
    );
    const report = await lintOf(header, timeout);
    expect(told(report)).toContain("2 incompleteStep");
  });

  test("votes without the candidate's own", async () => {
    const changed = { ...timeout.changed, votesGranted: [] };
    const { findings } = await lintOf({ ...header, servers: ["a", "b"] }, { ...timeout, changed });
    expect(findings.map(({ problem }) => problem)).toContain(
      "votesGranted of a Timeout lacks the candidate itself",
    );
  });

  test("a variable that is listed and never logged", async () => {
    const report = await lintChanged((event) => {
      const { currentTerm: _term, ...changed } = event.changed ?? {};
      return event.action === "Restart" ? event : { ...event, changed };
    });
    expect(told(report).some((finding) => finding.endsWith("variableNeverLogged"))).toBe(true);
    const { findings } = await lintOf(
      { ...header, servers: ["a"] },
      { server: "a", seq: 1, action: "Timeout", changed: { currentTerm: 1 } },
    );
    expect(findings.map(({ problem }) => problem.split(" ")[0])).toEqual([
      "votedFor",
      "votesGranted",
    ]);
  });

  test.each(["nextIndex", "matchIndex", "lastApplied", "votesGranted", "votedFor"] as const)(
    "%s, listed and never logged but by a Restart",
    async (variable) => {
      const report = await lintChanged((event) => {
        const { [variable]: _, ...changed } = event.changed ?? {};
        return event.action === "Restart" ? event : { ...event, changed };
      });
      const found = report.findings.filter(({ rule }) => rule === "variableNeverLogged");
      expect(found.map(({ problem }) => problem.split(" ")[0])).toEqual([variable]);
    },
  );

  test("an action that does not log what it always changes, though others log it", async () => {
    const report = await lintChanged((event) => {
      const { currentTerm: _term, ...changed } = event.changed ?? {};
      return event.action === "Timeout" ? { ...event, changed } : event;
    });
    const [found] = report.findings.filter(({ rule }) => rule === "incompleteStep");
    expect(found?.problem).toBe("a Timeout does not log currentTerm, which it always changes");
    expect(found?.count).toBe(events.filter(({ action }) => action === "Timeout").length);
  });

  test("a variable worth logging that is not listed", async () => {
    const report = await lintOf(
      { ...header, servers: ["a"], variables: ["currentTerm", "votedFor", "log", "role"] },
      { server: "a", seq: 1, action: "Timeout", changed: { currentTerm: 1, votedFor: "a" } },
    );
    expect(told(report)).toEqual(["1 variableNotListed"]);
  });

  test("a server that never takes a step", async () => {
    const report = await lint(traceText({ ...fields, servers: [...fields.servers, "s4"] }, events));
    expect(told(report)).toContain("1 serverWithoutEvents");
  });

  test("a trace that begins in the middle, and a Restart that recovers nothing", async () => {
    const recovered = { currentTerm: 0, votedFor: null, log: [1, []] };
    const report = await lintOf(
      { ...header, servers: ["a"] },
      { server: "a", seq: 1, action: "Restart", changed: { ...recovered, currentTerm: 3 } },
      {
        server: "a",
        seq: 2,
        action: "ClientRequest",
        command: "x",
        changed: { log: [1, [{ term: 1, command: "x" }]] },
      },
      { server: "a", seq: 3, action: "Restart", changed: recovered },
    );
    expect(told(report)).toEqual(["2 restartAtFirst", "4 restartWithoutLog"]);
  });

  test("whole logs where a change would do", async () => {
    const entries = Array.from({ length: 4 }, (_, place) => ({ term: 1, command: `${place}` }));
    const appended = entries.map((entry, place) => ({
      server: "a",
      seq: place + 1,
      action: "ClientRequest",
      command: entry.command,
      changed: { log: [1, entries.slice(0, place + 1)] },
    }));
    const { findings } = await lintOf({ ...header, servers: ["a"] }, ...appended);
    expect(findings).toMatchObject([{ rule: "wholeLogs", line: 4, count: 2 }]);
  });

  test("messages of which none is ever received", async () => {
    const report = await lintOf(header, timeout);
    expect(told(report)).toContain("2 nothingReceived");
  });

  test("a receipt before its sending, of a message never sent, at the wrong server", async () => {
    const receipt = { server: "b", seq: 1, action: "HandleRequestVoteRequest", received: "a:1:1" };
    const early = await lintOf(header, receipt, timeout);
    expect(told(early)).toContain("2 receivedBeforeSent");
    const never = await lintOf(header, timeout, { ...receipt, received: "a:9:1" });
    expect(told(never)).toContain("3 neverSent");
    const wrong = await lintOf(header, timeout, { ...receipt, server: "c" });
    expect(told(wrong)).toContain("3 wrongReceiver");
    const { findings } = await lintOf(header, timeout, {
      ...receipt,
      action: "HandleAppendEntriesRequest",
    });
    expect(findings.find(({ rule }) => rule === "wrongReceiver")?.problem).toBe(
      "a:1:1 is a RequestVoteRequest to b, and b takes it in a HandleAppendEntriesRequest",
    );
  });

  test("a server's own file is not judged by the messages of others", async () => {
    const own = { ...fields, server: "s1", execution: "e" };
    const report = await lint(
      traceText(
        own,
        events.filter(({ server }) => server === "s1"),
      ),
    );
    expect(report.findings).toEqual([]);
  });
});

describe("the lint as lines", () => {
  test("gives each finding where an editor jumps to, and a sum", async () => {
    const lines = [header, { ...timeout, seq: 2 }, {}, {}].map((line) => JSON.stringify(line));
    const report = lintLines(await lintTrace(bytes(`${lines.join("\n")}\n`), "t", 1));
    expect(report[0]).toBe(
      "t:2: error: seq: 2 leaves a gap: 1 is due for server a. " +
        "Trace a server from its first start on: its first step is number 1",
    );
    expect(report.slice(1)).toEqual([
      "t: and 2 more errors",
      "t: 0 events of the right form, 3 errors, 0 warnings",
    ]);
  });

  test("says how often a suspicion showed", async () => {
    const again = { server: "a", action: "Timeout", changed: { currentTerm: 2 } };
    const report = await lintLinesOf([timeout, { ...again, seq: 2 }, { ...again, seq: 3 }]);
    expect(report).toContain(
      "t:3: warning: a Timeout sends 0 of 2 vote requests (2 times, first here). " +
        "Log the requests to all others in that event, also those that do not get through",
    );
  });
});

async function lintLinesOf(lines: readonly unknown[]): Promise<readonly string[]> {
  const content = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  return lintLines(await lint(content));
}
