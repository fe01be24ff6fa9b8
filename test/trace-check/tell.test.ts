import { describe, expect, test } from "vitest";
import type { TraceEvent, TraceMessage } from "../../src/trace/format.ts";
import { tellEvent } from "../../trace-check/explaining/tell.ts";

const entries = ["a", "b"].map((command) => ({ term: 1, command }));
const received: TraceMessage = {
  id: "s3:1:1",
  type: "AppendEntriesRequest",
  from: "s3",
  to: "s1",
  term: 1,
  prevLogIndex: 1,
  prevLogTerm: 1,
  entries,
  leaderCommit: 0,
};
const answer = {
  id: "s1:1:1",
  type: "AppendEntriesResponse",
  from: "s1",
  to: "s3",
  term: 1,
  success: true,
  matchIndex: 3,
} as const;
const taken: TraceEvent = {
  server: "s1",
  seq: 1,
  action: "HandleAppendEntriesRequest",
  received: "s3:1:1",
  sent: [answer],
  changed: { log: [2, entries] },
};
const what = "s3's entries 2 to 3 of term 1";

describe("what an event did is told by the trace, and not by what it should have done", () => {
  test.each<readonly [string, Partial<TraceEvent>]>([
    [`acknowledged index 3 to ${what}, now entries 2 to 3 of its log`, {}],
    [
      `acknowledged index 3 to ${what}, and wrote entries 2 to 3 of its log, not as they came`,
      { changed: { log: [2, [{ term: 1, command: "other" }, ...entries.slice(1)]] } },
    ],
    [
      `acknowledged index 3 to ${what}, and wrote no more than entry 2 of its log`,
      { changed: { log: [2, entries.slice(0, 1)] } },
    ],
    [
      `acknowledged index 3 to ${what}, now entry 3 of its log`,
      { changed: { log: [3, entries.slice(1)] } },
    ],
    [
      `acknowledged index 3 to ${what}, and wrote entries 1 to 2 of its log`,
      { changed: { log: [1, entries] } },
    ],
    [
      `sent s2, and not s3, its acknowledgement of index 3 in term 1, to ${what}`,
      { sent: [{ ...answer, to: "s2" }], changed: {} },
    ],
    [
      `acknowledged index 3 to ${what}`,
      { sent: [{ ...answer, to: "s2", matchIndex: 9 }, answer], changed: {} },
    ],
  ])("s1 %s", (told, event) => {
    expect(tellEvent({ ...taken, ...event }, received)).toBe(`s1 ${told}`);
  });

  test.each<readonly [string, Pick<TraceEvent, "action"> & Partial<TraceEvent>]>([
    ["committed up to index 18", { action: "AdvanceCommitIndex", index: 18 }],
    [
      "committed up to index 18, and set commitIndex to 19",
      { action: "AdvanceCommitIndex", index: 18, changed: { commitIndex: 19 } },
    ],
    [
      "applied up to index 2, and set lastApplied to 3",
      { action: "Apply", index: 2, changed: { lastApplied: 3 } },
    ],
    [
      "took the command a, and wrote entry 4 of its log, not as it came",
      { action: "ClientRequest", command: "a", changed: { log: [4, entries.slice(1)] } },
    ],
    [
      "came back after a crash with a log of 3 entries",
      { action: "Restart", changed: { log: [4, []] } },
    ],
    [
      "sent s2, and not s3, its vote in term 1, to s3's request for a vote in term 1",
      {
        action: "HandleRequestVoteRequest",
        sent: [
          {
            id: "s1:1:1",
            type: "RequestVoteResponse",
            from: "s1",
            to: "s2",
            term: 1,
            voteGranted: true,
          },
        ],
      },
    ],
  ])("s1 %s", (told, event) => {
    const request: TraceMessage = {
      ...{ id: "s3:1:1", type: "RequestVoteRequest", from: "s3", to: "s1" },
      ...{ term: 1, lastLogIndex: 0, lastLogTerm: 0 },
    };
    expect(tellEvent({ server: "s1", seq: 1, ...event }, request)).toBe(`s1 ${told}`);
  });
});
