import { describe, expect, test } from "vitest";
import {
  MAX_INTEGER,
  type TraceAction,
  type TraceEvent,
  type TraceMessage,
} from "../../src/trace/format.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import type { TraceToCheck, Verdict } from "../../trace-check/engine.ts";
import { record } from "./record.ts";
import { TLC_MILLISECONDS, tlcForTests } from "./tlc.ts";

const tlc = tlcForTests();

/** Damage to one event of a valid trace, and what must be said of it. */
interface Plant {
  readonly what: string;
  readonly action: TraceAction;
  /** Which of the events of that action; by default one late in the trace. */
  suits?(event: TraceEvent, events: readonly TraceEvent[], place: number): boolean;
  damage(event: TraceEvent): TraceEvent;
  readonly kind: string;
  readonly finding: string;
}

const base = record({ seed: 4, events: 600, timeouts: 30, crashes: 15 });

const PLANTS: readonly Plant[] = [
  {
    what: "a term that is not the next one",
    action: "Timeout",
    damage: (event) => ({
      ...event,
      changed: { ...event.changed, currentTerm: (event.changed?.currentTerm ?? 0) + 1 },
    }),
    kind: "mismatch",
    finding: "currentTerm",
  },
  {
    what: "a vote for somebody else",
    action: "Timeout",
    damage: (event) => ({ ...event, changed: { ...event.changed, votedFor: null } }),
    kind: "mismatch",
    finding: "votedFor",
  },
  {
    what: "a vote that no message grants",
    action: "HandleRequestVoteResponse",
    suits: (event) => event.changed?.votesGranted !== undefined,
    damage: (event) => ({ ...event, changed: { votesGranted: base.header.servers } }),
    kind: "mismatch",
    finding: "votesGranted",
  },
  {
    what: "a vote granted that the spec refuses",
    action: "HandleRequestVoteRequest",
    suits: (event) => event.sent?.some((m) => "voteGranted" in m && !m.voteGranted) ?? false,
    damage: (event) =>
      withSent(event, (message) =>
        message.type === "RequestVoteResponse" ? { ...message, voteGranted: true } : message,
      ),
    kind: "mismatch",
    finding: "sent",
  },
  {
    what: "an election won in silence",
    action: "BecomeLeader",
    damage: (event) => ({ ...event, changed: { ...event.changed, role: "Candidate" } }),
    kind: "mismatch",
    finding: "role",
  },
  {
    what: "a command that is not logged",
    action: "ClientRequest",
    damage: ({ changed: _, ...event }) => event,
    kind: "mismatch",
    finding: "log",
  },
  {
    what: "another command than the one logged",
    action: "ClientRequest",
    damage: (event) => ({ ...event, command: "something else" }),
    kind: "mismatch",
    finding: "log",
  },
  {
    what: "a request of another term",
    action: "SendAppendEntries",
    damage: (event) => withSent(event, (message) => ({ ...message, term: message.term + 1 })),
    kind: "mismatch",
    finding: "sent",
  },
  {
    what: "a request beyond the log",
    action: "SendAppendEntries",
    damage: (event) =>
      withSent(event, (message) =>
        message.type === "AppendEntriesRequest" ? { ...message, prevLogIndex: 99 } : message,
      ),
    kind: "notEnabled",
    finding: "prevLogIndex",
  },
  {
    what: "a request beyond all integers",
    action: "SendAppendEntries",
    suits: (event) => event.sent?.some((m) => "entries" in m && m.entries.length > 0) ?? false,
    damage: (event) =>
      withSent(event, (message) =>
        message.type === "AppendEntriesRequest"
          ? { ...message, prevLogIndex: MAX_INTEGER }
          : message,
      ),
    kind: "notEnabled",
    finding: "prevLogIndex",
  },
  {
    what: "a SendAppendEntries that sends nothing",
    action: "SendAppendEntries",
    damage: ({ sent: _, ...event }) => event,
    kind: "notEnabled",
    finding: "to",
  },
  {
    what: "a nextIndex beyond the log",
    action: "HandleAppendEntriesResponse",
    suits: (event) => event.changed?.matchIndex !== undefined,
    damage: (event) => ({
      ...event,
      changed: {
        ...event.changed,
        nextIndex: Object.fromEntries(
          Object.keys(event.changed?.matchIndex ?? {}).map((peer) => [peer, 99]),
        ),
      },
    }),
    kind: "notEnabled",
    finding: "NextIndexChoices",
  },
  {
    what: "a matchIndex that nobody acknowledged",
    action: "HandleAppendEntriesResponse",
    suits: (event) => event.changed?.matchIndex !== undefined,
    damage: (event) => ({
      ...event,
      changed: {
        ...event.changed,
        matchIndex: Object.fromEntries(
          Object.entries(event.changed?.matchIndex ?? {}).map(([peer, index]) => [peer, index - 1]),
        ),
      },
    }),
    kind: "mismatch",
    finding: "matchIndex",
  },
  {
    what: "a commit index that did not move",
    action: "AdvanceCommitIndex",
    damage: ({ changed: _, ...event }) => event,
    kind: "mismatch",
    finding: "commitIndex",
  },
  {
    what: "an index committed beyond the log",
    action: "AdvanceCommitIndex",
    damage: (event) => ({ ...event, index: 99 }),
    kind: "notEnabled",
    finding: "index",
  },
  {
    what: "entries applied that are not committed",
    action: "Apply",
    damage: (event) => ({ ...event, index: 99 }),
    kind: "notEnabled",
    finding: "MayApply",
  },
  {
    what: "a term lost in a restart",
    action: "Restart",
    damage: (event) => ({ ...event, changed: { ...event.changed, currentTerm: 0 } }),
    kind: "mismatch",
    finding: "currentTerm",
  },
  {
    what: "a log lost in a restart",
    action: "Restart",
    suits: (event) => (event.changed?.log?.[1].length ?? 0) > 0,
    damage: (event) => ({ ...event, changed: { ...event.changed, log: [1, []] } }),
    kind: "mismatch",
    finding: "log",
  },
  {
    what: "a log change that begins after the log's end",
    action: "ClientRequest",
    damage: (event) => ({
      ...event,
      changed: {
        ...event.changed,
        log: [(event.changed?.log?.[0] ?? 0) + 5, event.changed?.log?.[1] ?? []],
      },
    }),
    kind: "mismatch",
    finding: "log",
  },
  {
    what: "a message from nowhere",
    action: "HandleAppendEntriesRequest",
    damage: (event) => ({ ...event, received: "n1:99999:1" }),
    kind: "notSent",
    finding: "received",
  },
  {
    what: "a message of another type",
    action: "HandleAppendEntriesRequest",
    damage: (event) => ({ ...event, action: "HandleRequestVoteRequest" }),
    kind: "notEnabled",
    finding: "type",
  },
  {
    what: "a message for another server",
    action: "HandleAppendEntriesResponse",
    damage: (event) => ({ ...event, server: event.server === "n1" ? "n2" : "n1" }),
    kind: "notEnabled",
    finding: "to",
  },
  {
    what: "a leader's election timeout",
    action: "AppendNoOp",
    damage: (event) => ({ server: event.server, seq: event.seq, action: "Timeout" }),
    kind: "notEnabled",
    finding: "role",
  },
  {
    what: "a leader elected by itself alone",
    action: "HandleRequestVoteResponse",
    suits: (event) => (event.changed?.votesGranted?.length ?? 0) === 2,
    damage: (event) => ({
      server: event.server,
      seq: event.seq,
      action: "BecomeLeader",
      changed: { role: "Leader" },
    }),
    kind: "notEnabled",
    finding: "IsMajority",
  },
  {
    what: "a follower that takes a command",
    action: "HandleAppendEntriesRequest",
    damage: (event) => ({
      server: event.server,
      seq: event.seq,
      action: "ClientRequest",
      command: "x",
    }),
    kind: "notEnabled",
    finding: "TakesCommands",
  },
  {
    what: "a second empty entry in a term",
    action: "ClientRequest",
    damage: (event) => ({ server: event.server, seq: event.seq, action: "AppendNoOp" }),
    kind: "notEnabled",
    finding: "LastTerm",
  },
  {
    what: "a commit without a majority",
    action: "ClientRequest",
    damage: (event) => ({
      server: event.server,
      seq: event.seq,
      action: "AdvanceCommitIndex",
      index: (event.changed?.log?.[0] ?? 1) - 1,
    }),
    suits: (event, events, place) => {
      const before = events[place - 1];
      return before?.action === "AppendNoOp" || before?.action === "ClientRequest"
        ? before.server === event.server
        : false;
    },
    kind: "notEnabled",
    finding: "IsMajority",
  },
];

function withSent(event: TraceEvent, damage: (message: TraceMessage) => TraceMessage): TraceEvent {
  return { ...event, sent: (event.sent ?? []).map(damage) };
}

function plant(damage: Plant): { readonly trace: TraceToCheck; readonly place: number } {
  for (let seed = 4; seed < 60; seed++) {
    const trace = seed === 4 ? base : record({ seed, events: 600, timeouts: 30, crashes: 15 });
    const place = trace.events.findLastIndex(
      (event, at) =>
        event.action === damage.action && (damage.suits?.(event, trace.events, at) ?? true),
    );
    const event = trace.events[place];
    if (event === undefined) continue;
    return {
      trace: {
        ...trace,
        name: damage.what,
        events: trace.events.with(place, damage.damage(event)),
      },
      place,
    };
  }
  throw new Error(`no trace has an event to plant ${damage.what} in`);
}

describe.each(["tlc", "compiled"])("damage to one event, judged by %s", (name) => {
  test("is found at that event, and named", { timeout: TLC_MILLISECONDS }, async () => {
    const engine = name === "tlc" ? tlc() : createCompiledEngine();
    const planted = PLANTS.map(plant);
    const verdicts = await engine.check(planted.map(({ trace }) => trace));
    expect(verdicts.map(outline)).toEqual(
      PLANTS.map(({ what, kind, finding }, number) => ({
        what,
        event: planted[number]?.place,
        kind,
        finding,
      })),
    );
  });
});

function outline(verdict: Verdict) {
  const { divergence } = verdict;
  const names = divergence?.findings.map((finding) => finding.name) ?? [];
  const planted = PLANTS.find(({ what }) => what === verdict.trace)?.finding ?? "";
  return {
    what: verdict.trace,
    event: divergence?.event,
    kind: divergence?.kind,
    finding: names.includes(planted) ? planted : names.join(),
  };
}
