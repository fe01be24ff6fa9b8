/** What is told of a divergence: what the server did, why not, what instead, what led there. */
import { describe, expect, test } from "vitest";
import { ActionNotEnabled } from "../../src/core/index.ts";
import { packageFolder } from "../../src/setup/environment.ts";
import { forgetRule } from "../../src/sim/forgotten-rules.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { causesOf } from "../../trace-check/causes.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import type { TraceToCheck, Value } from "../../trace-check/engine.ts";
import { type Explanation, explain } from "../../trace-check/explain.ts";
import { insteadOf } from "../../trace-check/explaining/remedy.ts";
import { explanationText } from "../../trace-check/report.ts";
import { readWords, rulesIn } from "../../trace-check/words.ts";
import { record, workloadOf } from "./record.ts";

const words = await readWords(packageFolder());
const engine = createCompiledEngine();
const base = record({ seed: 4, events: 600, timeouts: 30, crashes: 15 });

async function explained(trace: TraceToCheck): Promise<Explanation | null> {
  const [verdict] = await engine.check([trace]);
  if (verdict === undefined || verdict.divergence === null) return null;
  const placeOf = (event: number) => ({ file: "trace.ndjson", line: event + 2 });
  return explain({ trace, placeOf }, verdict.divergence, words);
}

/** The base with one event changed, the last one that suits. */
async function damaged(
  suits: (event: TraceEvent) => boolean,
  damage: (event: TraceEvent) => TraceEvent,
): Promise<Explanation> {
  const place = base.events.findLastIndex(suits);
  const event = base.events[place];
  if (event === undefined) throw new Error("no event suits");
  const explanation = await explained({ ...base, events: base.events.with(place, damage(event)) });
  if (explanation === null) throw new Error("it does not diverge");
  return explanation;
}

describe.each(rulesIn(words))("a server that forgets %s", (rule) => {
  test("is told of in whole sentences, with the rule named and nothing left blank", async () => {
    const forgetful = forgetRule(rule);
    if (forgetful === null) throw new Error(`${rule} cannot be forgotten`);
    for (let seed = 1; seed <= 60; seed++) {
      let explanation: Explanation | null = null;
      try {
        explanation = await explained(
          record({ seed, events: 200, timeouts: 60, rules: forgetful, ...workloadOf(rule) }),
        );
      } catch (error) {
        // The core itself stops at a step that makes no sense.
        if (!(error instanceof ActionNotEnabled)) throw error;
      }
      if (explanation === null) continue;
      const text = explanationText(explanation);
      expect(text).not.toMatch(/undefined|NaN|\[object|null's/);
      // Each noun and verb as its number has it, each article as its noun.
      expect(text).not.toMatch(/\ba [AEIO]|\b1 (servers|entries)|Only \w+ hold\b|None hold\b/);
      expect(explanation.did).toMatch(new RegExp(`^${explanation.server} .*\\.$`));
      expect(explanation.instead).toMatch(/^It .*\.$/);
      for (const reason of explanation.because) {
        expect(reason.meaning, reason.name).toBeDefined();
        if (reason.facts !== null) expect(reason.facts).toMatch(/\.$/);
      }
      return;
    }
  });
});

describe("an explanation", () => {
  test("says how many votes there were and how many it takes", async () => {
    const events: readonly TraceEvent[] = [
      {
        server: "n1",
        seq: 1,
        action: "Timeout",
        sent: ["n2", "n3", "n4", "n5"].map((to, place) => ({
          id: `n1:1:${place + 1}`,
          type: "RequestVoteRequest",
          from: "n1",
          to,
          term: 1,
          lastLogIndex: 0,
          lastLogTerm: 0,
        })),
        changed: { currentTerm: 1, votedFor: "n1", role: "Candidate", votesGranted: ["n1"] },
      },
      { server: "n1", seq: 2, action: "BecomeLeader", changed: { role: "Leader" } },
    ];
    const header = { ...base.header, servers: ["n1", "n2", "n3", "n4", "n5"] };
    const explanation = await explained({ name: "votes", header, events });
    expect(explanation?.because).toMatchObject([
      {
        name: "IsMajority",
        holds: false,
        facts: "Only n1 voted for it: 1 of 5 servers, and it takes 3.",
      },
    ]);
    expect(explanation?.did).toBe("n1 became leader.");
    expect(explanation?.spec).toMatch(/^spec\/Raft\.tla:\d+$/);
  });

  test("hints at the logger where a variable that changed is not logged", async () => {
    const explanation = await damaged(
      ({ action, changed }) =>
        action === "AdvanceCommitIndex" && changed?.commitIndex !== undefined,
      ({ changed: _, ...event }) => event,
    );
    expect(explanation.hints.join()).toContain("logs no change of commitIndex");
    expect(explanation.instead).toMatch(/^It should set commitIndex to \d+\.$/);
  });

  test("hints at the logger where an answer is not logged", async () => {
    const explanation = await damaged(
      ({ action }) => action === "HandleAppendEntriesRequest",
      ({ sent: _, ...event }) => event,
    );
    expect(explanation.hints.join()).toContain("logs no message in sent");
  });

  test("says where the message with an unknown id may be", async () => {
    const suits = ({ received }: TraceEvent) => received !== undefined;
    const beyond = await damaged(suits, (event) => ({ ...event, received: "n1:999:1" }));
    expect(beyond.because).toMatchObject([{ name: "received", holds: null }]);
    expect(beyond.hints).toEqual(["There is no event n1 #999 that could have sent it."]);
    const another = await damaged(suits, (event) => ({ ...event, received: `${event.received}9` }));
    expect(another.hints.join()).toMatch(/sent only n\d:\d+:\d/);
  });

  test("says that the end of a file may be lost where its server came back, and only there", async () => {
    const merged = { ...base, header: { ...base.header, execution: "e" } };
    const place = base.events.findLastIndex(
      ({ action }) => action === "HandleAppendEntriesRequest",
    );
    const event = base.events[place];
    if (event === undefined) throw new Error("no event suits");
    const before = base.events.slice(0, place);
    const sender = before.findLast(({ action }) => action === "Restart")?.server ?? "";
    const hintsOf = async (trace: TraceToCheck, damage: Partial<TraceEvent>) => {
      const events = [...before, { ...event, ...damage }];
      return (await explained({ ...trace, events }))?.hints.join() ?? "";
    };
    // Under the id of the request there is an answer now, or nothing.
    const answer = before
      .flatMap(({ server, sent = [] }) => (server === sender ? sent : []))
      .find(({ type }) => type.endsWith("Response"));
    expect(await hintsOf(merged, { received: answer?.id ?? "" })).toContain("lost power");
    expect(await hintsOf(merged, { received: `${sender}:99999:1` })).toContain("lost power");
    expect(await hintsOf(base, { received: `${sender}:99999:1` })).not.toContain("lost power");
    expect(await hintsOf(merged, { changed: { currentTerm: 99 } })).not.toContain("lost power");
  });

  test("hints at the logger where the value before the step is logged", async () => {
    const explanation = await damaged(
      ({ action }) => action === "Timeout",
      (event) => ({
        ...event,
        changed: { ...event.changed, currentTerm: (event.changed?.currentTerm ?? 1) - 1 },
      }),
    );
    expect(explanation.hints.join()).toContain("logs currentTerm as it was before the step");
  });

  test("hints at the Restart where a server applies anew", async () => {
    const explanation = await damaged(
      ({ action, index }) => action === "Apply" && (index ?? 0) > 1,
      (event) => ({ ...event, index: 1, changed: { lastApplied: 1 } }),
    );
    expect(explanation.hints.join()).toContain("logs a Restart first");
  });

  test("says which nextIndex a leader may choose", async () => {
    const explanation = await damaged(
      ({ action, changed }) => action === "SendAppendEntries" && changed?.nextIndex !== undefined,
      (event) => ({ ...event, changed: { nextIndex: { [event.sent?.[0]?.to ?? ""]: 99 } } }),
    );
    expect(explanation.instead).toMatch(
      /^It should have a nextIndex of \d+( to \d+)? for that server, and not of 99\.$/,
    );
  });

  test("says that a message is sent only later, and what that means in files of servers", async () => {
    const place = base.events.findIndex(({ received }) => received !== undefined);
    const [receipt] = base.events.slice(place, place + 1);
    const sending = base.events.findIndex(({ sent }) => {
      return sent?.some(({ id }) => id === receipt?.received);
    });
    const [sender] = base.events.slice(sending, sending + 1);
    if (receipt === undefined || sender === undefined) throw new Error("nothing is received");
    const events = base.events.with(sending, receipt).with(place, sender);
    const [alone, merged] = await Promise.all(
      [base.header, { ...base.header, server: sender.server, execution: "e" }].map((header) =>
        explained({ name: "swapped", header, events }),
      ),
    );
    expect(alone?.hints.join()).toContain("later in the trace");
    expect(merged?.hints.join()).toContain("a file lacks steps whose messages have left");
  });

  test("tells of a property that a step breaks", () => {
    const place = base.events.findLastIndex(({ action }) => action === "BecomeLeader");
    const event = base.events[place];
    if (event === undefined) throw new Error("nobody leads");
    const { server, seq, action } = event;
    const findings = [{ name: "ElectionSafety", expected: null, actual: null }];
    const divergence = { kind: "violated", event: place, server, seq, action, findings } as const;
    const placeOf = (number: number) => ({ file: "trace.ndjson", line: number + 2 });
    const told = explain({ trace: base, placeOf }, { ...divergence, decisions: [] }, words);
    expect(told.because).toMatchObject([
      { name: "ElectionSafety", holds: false, meaning: { section: "5.2" } },
    ]);
    expect(explanationText(told)).toContain("At most one leader can be elected in a given term.");
    expect(explanationText(told)).not.toMatch(/undefined|NaN/);
  });

  test("says which one field of the answer differs", async () => {
    const explanation = await damaged(
      ({ sent }) => sent?.some((message) => "success" in message && message.success) ?? false,
      (event) => ({
        ...event,
        sent: (event.sent ?? []).map((message) =>
          "matchIndex" in message ? { ...message, matchIndex: message.matchIndex + 1 } : message,
        ),
      }),
    );
    expect(explanation.instead).toMatch(
      /^It should send its AppendEntriesResponse with matchIndex \d+\.$/,
    );
  });
});

describe("what a server should have done", () => {
  const of = (name: string, expected: Value, actual: Value) =>
    insteadOf(
      {
        ...{ kind: "mismatch", event: 0, server: "s1", seq: 1, action: "BecomeLeader" },
        ...{ findings: [{ name, expected, actual }], decisions: [] },
      },
      null,
    );

  test("names of a variable that has a value for each peer those that differ", () => {
    const text = of("matchIndex", { s1: 2, s2: 0, s3: 2 }, { s1: 1, s2: 0, s3: 0 });
    expect(text).toBe("It should have a matchIndex of 2 for s1 and s3.");
  });

  test("leaves out whole fields of a message, and whole messages, where there are many", () => {
    const message = (to: string, command: string): Value => ({
      ...{ type: "AppendEntriesRequest", from: "s1", to, term: 1 },
      ...{ entries: [{ term: 1, command }], prevLogIndex: 0, prevLogTerm: 0 },
    });
    const many = ["s2", "s3", "s4", "s5", "s6"].map((to) => message(to, "a"));
    expect(of("sent", many, [])).toMatch(/prevLogTerm 0\), and so on for 1 more message\.$/);
    expect(of("sent", [message("s2", "a".repeat(70))], [])).toMatch(/"a+"}\], …\)\.$/);
  });
});

describe("the causes of an event", () => {
  test("are before it, each a send that was received or a change of what was looked at", () => {
    for (let place = 0; place < base.events.length; place += 7) {
      const causes = causesOf(base.events, place, 10);
      expect(causes.length).toBeLessThanOrEqual(10);
      expect(causes).toEqual([...causes].sort((a, b) => a - b));
      expect(causes.every((cause) => cause < place)).toBe(true);
      const { received } = base.events[place] ?? {};
      if (received === undefined) continue;
      const sending = base.events.findIndex(({ sent }) => sent?.some(({ id }) => id === received));
      expect(causes).toContain(sending);
    }
  });

  test("leave out what has no bearing: heartbeats between an entry and its application", () => {
    const place = base.events.findLastIndex(({ action }) => action === "Apply");
    const actions = causesOf(base.events, place, 3).map((cause) => base.events[cause]?.action);
    expect(actions.some((action) => action === "Timeout")).toBe(false);
  });
});
