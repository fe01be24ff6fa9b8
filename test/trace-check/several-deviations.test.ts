/** Where a step differs from the spec in several ways at once, all of them are told. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import {
  type TraceAction,
  type TraceChanges,
  type TraceEvent,
  VARIABLES,
} from "../../src/trace/format.ts";
import { readTrace } from "../../src/trace/reader.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import { type Explanation, explain } from "../../trace-check/explain.ts";
import { explanationText } from "../../trace-check/report.ts";
import { readWords } from "../../trace-check/words.ts";
import { TLC_MILLISECONDS, tlcForTests } from "./tlc.ts";

const words = await readWords(packageFolder());
const tlc = tlcForTests();
const compiled = createCompiledEngine();

async function example(name: string): Promise<TraceToCheck> {
  const file = join(packageFolder(), "spec", "examples", `${name}.ndjson`);
  const { header, events } = await readTrace(file);
  return { name, header, events };
}

const [election, replication, restart, reads] = await Promise.all(
  ["election", "replication", "crash-and-restart", "reads"].map(example),
);

/** A trace up to the first event that suits, which is damaged. */
function damaged(
  trace: TraceToCheck | undefined,
  suits: (event: TraceEvent) => boolean,
  damage: (event: TraceEvent) => TraceEvent,
): TraceToCheck {
  const place = trace?.events.findIndex(suits) ?? -1;
  const event = trace?.events[place];
  if (trace === undefined || event === undefined) throw new Error("no event suits");
  return { ...trace, events: [...trace.events.slice(0, place), damage(event)] };
}

const isOf = (action: TraceAction) => (event: TraceEvent) => event.action === action;

const withChanges = (changes: TraceChanges) => (event: TraceEvent) => ({
  ...event,
  changed: { ...event.changed, ...changes },
});

interface Case {
  readonly what: string;
  readonly trace: TraceToCheck;
  /** From "why not" on, up to "event". */
  readonly told: string;
}

const CASES: readonly Case[] = [
  {
    what: "a second vote in a term, and another role",
    trace: damaged(
      election,
      ({ sent }) =>
        sent?.some((message) => "voteGranted" in message && !message.voteGranted) ?? false,
      (event) =>
        withChanges({ votedFor: "s1", role: "Follower" })({
          ...event,
          sent: (event.sent ?? []).map((message) =>
            message.type === "RequestVoteResponse" ? { ...message, voteGranted: true } : message,
          ),
        }),
    ),
    told: `
  why not    VoteIsFree is false: One vote a term, first come first served; the same candidate may ask again.
             (Raft, section 5.2)
             s2 had voted for s2 in term 1.
             votedFor: The spec keeps s2, the trace says s1.
             role: The spec keeps Candidate, the trace says Follower.
             sent: The RequestVoteResponse to s1 has voteGranted false by the spec, true in the trace.
  instead    It should send its RequestVoteResponse with voteGranted false, leave votedFor at s2 and leave
             role at "Candidate".
  looks like VoteIsFree forgotten, in part: A server votes for whoever asks. That leaves role.`,
  },
  {
    what: "a restart that loses the term, the vote and the log",
    trace: damaged(
      restart,
      isOf("Restart"),
      withChanges({ currentTerm: 0, votedFor: null, log: [1, []] }),
    ),
    told: `
  why not    RecoveredCurrentTerm: The term survives a restart. (Raft, section 5 (Figure 2))
             Before the crash s1 was in term 1, had voted for s1, and its log ends with entry 2 of term 1.
             RecoveredVotedFor: The vote survives a restart. (Raft, section 5 (Figure 2))
             RecoveredLog: The log survives a restart. (Raft, section 5 (Figure 2))
             currentTerm: The spec keeps 1, the trace says 0.
             votedFor: The spec keeps s1, the trace says nobody.
             log: The spec has 2 entries, the trace none.
  instead    It should leave currentTerm at 1, leave votedFor at s1 and have at index 1 of its log the empty
             entry of term 1, and not end before it.
  looks like RecoveredCurrentTerm and RecoveredVotedFor forgotten together, in part: The term does not survive
             a restart. The vote does not survive a restart. That leaves log.`,
  },
  {
    what: "a command that is appended, committed and applied at once",
    trace: damaged(
      replication,
      isOf("ClientRequest"),
      withChanges({ commitIndex: 1, lastApplied: 1 }),
    ),
    told: `
  why not    commitIndex: The spec keeps 0, the trace says 1.
             lastApplied: The spec keeps 0, the trace says 1.
  instead    It should leave commitIndex at 0 and leave lastApplied at 0.`,
  },
  {
    what: "entries that take the place of others, and are committed too far",
    trace: damaged(
      replication,
      ({ action, changed }) => action === "HandleAppendEntriesRequest" && changed?.log?.[0] === 2,
      (event) => withChanges({ log: [1, event.changed?.log?.[1] ?? []], commitIndex: 3 })(event),
    ),
    told: `
  why not    log: At index 1 the spec has the command put x 1 of term 1, the trace the command put x 2 of term
             1.
             commitIndex: The spec gives 1, the trace says 3.
  instead    It should have at index 1 of its log the command put x 1 of term 1, and not the command put x 2
             of term 1 and set commitIndex to 1.`,
  },
  {
    what: "a commit that no majority has, and its application, in one event",
    trace: damaged(
      replication,
      ({ sent }) =>
        sent?.some((message) => "entries" in message && message.entries.length > 0) ?? false,
      ({ server, seq }) => ({
        server,
        seq,
        action: "AdvanceCommitIndex",
        index: 1,
        changed: { commitIndex: 1, lastApplied: 1 },
      }),
    ),
    told: `
  why not    IsMajority is false: It takes a majority of the full cluster. (Raft, section 5.2)
             Only s1 holds entry 1, as far as s1 knows: 1 of 3 servers, and it takes 2.
             HoldersOf: A server holds the entry at an index only if its matchIndex reaches it. (Raft, section
             5.3)
             lastApplied: The spec would keep 0, the trace says 1.
  instead    It should leave its commit index until an entry of its own term is on more than half of all
             servers.
  looks like IsMajority forgotten, in part: Half of the servers, rounded down, is taken for a majority. That
             leaves lastApplied.
             HoldersOf forgotten, in part: A server counts for the entry after the last that it acknowledged.
             That leaves lastApplied.`,
  },
  {
    what: "a read that is answered before it is confirmed, and a commit with it",
    trace: damaged(
      reads,
      isOf("HandleConfirmLeadershipResponse"),
      ({ server, seq }): TraceEvent => ({
        ...{ server, seq, action: "AnswerRead", index: 1, round: 1 },
        changed: { commitIndex: 2 },
      }),
    ),
    told: `
  why not    ConfirmersOf is false: A majority confirms the read's round, or a later one. (Raft, section 8)
             Only s1 confirmed round 1, or a later one: 1 of 3 servers, and it takes 2.
             IsMajority: It takes a majority of the full cluster. (Raft, section 5.2)
             commitIndex: The spec would keep 1, the trace says 2.
  instead    It should answer once a majority has confirmed that it leads, and it has applied up to the read's
             index.
  looks like IsMajority forgotten, in part: Half of the servers, rounded down, is taken for a majority. That
             leaves commitIndex.
             ConfirmersOf forgotten, in part: A leader answers without being confirmed. That leaves
             commitIndex.`,
  },
  {
    what: "a read that a follower takes, which has committed nothing",
    trace: damaged(reads, isOf("ReadRequest"), (event) => ({ ...event, server: "s2", seq: 3 })),
    told: `
  why not    role is false: The action belongs to another role. (Raft, section 5.1)
             s2 was a follower of term 1.
             HasCommittedInTerm is false: A leader reads once an entry of its term is committed. (Raft,
             section 8)
             s2 had committed nothing, and is in term 1.
  instead    It should take reads only as leader, once it has committed an entry of its term.
  looks like HasCommittedInTerm forgotten, in part: A leader reads before it has committed anything in its
             term. That leaves role.`,
  },
  {
    what: "a round and a snapshot that change with something else",
    trace: damaged(
      reads,
      isOf("Apply"),
      withChanges({ round: 3, snapshotIndex: 1, confirmedRound: { s2: 1 } }),
    ),
    told: `
  why not    snapshotIndex: The spec keeps 0, the trace says 1.
             round: The spec keeps 0, the trace says 3.
             confirmedRound: Of s2 the spec keeps 0, the trace says 1.
  instead    It should leave snapshotIndex at 0, leave round at 0 and have a confirmedRound of 0 for s2.`,
  },
  {
    what: "a command that is logged as another of several lines",
    trace: damaged(
      replication,
      isOf("ClientRequest"),
      withChanges({ log: [1, [{ term: 1, command: "put x 1\nput y 2" }]] }),
    ),
    told: `
  why not    log: At index 1 the spec has the command put x 1 of term 1, the trace the command put x 1 put y 2
             of term 1.
  instead    It should have at index 1 of its log the command put x 1 of term 1, and not the command put x 1
             put y 2 of term 1.`,
  },
  {
    what: "an entry that is logged past the end of the log",
    trace: damaged(
      replication,
      isOf("ClientRequest"),
      withChanges({ log: [2, [{ term: 1, command: "put x 1" }]] }),
    ),
    told: `
  why not    log: At index 1 the spec has the command put x 1 of term 1, the trace a gap.
  instead    It should have at index 1 of its log the command put x 1 of term 1, and not a gap.`,
  },
  {
    what: "an election of another term, for somebody else, with another log",
    trace: damaged(election, isOf("Timeout"), (event) =>
      withChanges({ currentTerm: 2, votedFor: "s3" })({
        ...event,
        sent: (event.sent ?? []).map((message) => ({ ...message, term: 2, lastLogIndex: 1 })),
      }),
    ),
    told: `
  why not    currentTerm: The spec gives 1, the trace says 2.
             votedFor: The spec gives s1, the trace says s3.
             sent: The RequestVoteRequest to s2 and s3 has term 1 by the spec, 2 in the trace.
             sent: The RequestVoteRequest to s2 and s3 has lastLogIndex 0 by the spec, 1 in the trace.
  instead    It should send s2 a RequestVoteRequest (term 1, lastLogIndex 0, lastLogTerm 0), send s3 a
             RequestVoteRequest (term 1, lastLogIndex 0, lastLogTerm 0), not send s2 a RequestVoteRequest
             (term 2, lastLogIndex 1, lastLogTerm 0) and not send s3 a RequestVoteRequest (term 2,
             lastLogIndex 1, lastLogTerm 0), set currentTerm to 1 and set votedFor to s1.`,
  },
  {
    what: "an action under the name of another",
    trace: damaged(replication, isOf("BecomeLeader"), (event) => ({
      ...event,
      action: "AppendNoOp",
    })),
    told: `
  why not    role is false: The action belongs to another role. (Raft, section 5.1)
             s1 was a candidate of term 1.
             log: The spec would have 1 entry, the trace none.
             role: The spec would keep Candidate, the trace says Leader.
  instead    It should append the empty entry only as leader, and once, at the start of its term.
  nearest    As BecomeLeader it would be a step of the spec.`,
  },
  {
    what: "two steps in one",
    trace: damaged(
      election,
      ({ changed }) => changed?.votesGranted?.length === 2,
      withChanges({ role: "Leader" }),
    ),
    told: `
  why not    role: The spec keeps Candidate, the trace says Leader.
  instead    It should leave role at "Candidate".
  or logged  The event is several steps of the spec in one: HandleRequestVoteResponse and then BecomeLeader.
             Each is logged as an event of its own (spec/TRACE.md, The actions).`,
  },
  {
    what: "a commit beyond the log, behind which nothing can be compared",
    trace: damaged(replication, isOf("AdvanceCommitIndex"), (event) => ({
      ...event,
      index: 2,
      changed: { commitIndex: 2, lastApplied: 2 },
    })),
    told: `
  why not    index is false: The index must be of the log, and above the one reached so far. (Raft, section
             5.3)
             s1's log had 1 entry, its commit index was 0, and it had applied up to index 0.
             What else may be another is not told: behind that guard the action has no value.
  instead    It should leave its commit index until an entry of its own term is on more than half of all
             servers.`,
  },
];

describe("an action is not told of as nearest", () => {
  test.each([
    [
      "Restart, of an event that received a message",
      damaged(
        replication,
        ({ action, changed }) =>
          action === "HandleAppendEntriesRequest" && changed?.log !== undefined,
        (event) =>
          withChanges({ currentTerm: 99, log: [1, [{ term: 1, command: "other" }]] })({
            ...event,
            sent: [],
          }),
      ),
    ],
    [
      "Restart, of what has another term",
      damaged(
        replication,
        isOf("BecomeLeader"),
        withChanges({ currentTerm: 5, commitIndex: 1, nextIndex: { s2: 7, s3: 7 } }),
      ),
    ],
    [
      "one from which it differs in half of what it tells",
      damaged(
        replication,
        ({ sent }) =>
          sent?.some((message) => "entries" in message && message.entries.length > 0) ?? false,
        (event) => ({
          ...withChanges({ currentTerm: 9, votedFor: "s2", log: [1, []], role: "Follower" })(event),
          ...{ action: "AdvanceCommitIndex", index: 1, command: "a" },
          sent: (event.sent ?? []).map((message) => ({ ...message, from: "s2", term: 9 })),
        }),
      ),
    ],
  ])("%s", async (_, trace) => {
    const explanation = await explained(trace);
    expect(explanation?.because).not.toEqual([]);
    expect(explanation?.nearActions).toEqual([]);
  });
});

function toldOf(explanation: Explanation | null): string {
  const lines = explanation === null ? [] : explanationText(explanation).split("\n");
  const [from, to] = ["  why not", "  event"].map((label) =>
    lines.findIndex((line) => line.startsWith(label)),
  );
  return lines.slice(from, to).join("\n");
}

async function explained(trace: TraceToCheck, engine = compiled): Promise<Explanation | null> {
  const [verdict] = await engine.check([trace]);
  if (verdict === undefined || verdict.divergence === null) return null;
  const placeOf = (event: number) => ({ file: "trace.ndjson", line: event + 2 });
  return explain({ trace, placeOf }, verdict.divergence, words);
}

describe.each(CASES)("$what", ({ trace, told }) => {
  test("is told whole", async () => {
    expect(`\n${toldOf(await explained(trace))}`).toBe(told);
  });
});

test("trace-check/README.md shows the first of them as it is", () => {
  const readme = readFileSync(join(packageFolder(), "trace-check", "README.md"), "utf8");
  expect(readme).toContain(CASES[0]?.told);
});

test(
  "is told the same whichever engine found it",
  async () => {
    const traces = CASES.map(({ trace }) => trace);
    const [ours, theirs] = await Promise.all(
      [compiled, tlc()].map((engine) => engine.check(traces)),
    );
    expect(ours).toHaveLength(CASES.length);
    expect(ours).toEqual(theirs);
  },
  TLC_MILLISECONDS,
);

describe("a restart", () => {
  const LOSSES: readonly (readonly [string, TraceChanges])[] = [
    ["RecoveredCurrentTerm", { currentTerm: 7 }],
    ["RecoveredVotedFor", { votedFor: "s3" }],
    ["RecoveredLog", { log: [1, [{ term: 1, command: "another" }]] }],
    ["RecoveredSnapshotIndex", { snapshotIndex: 1 }],
  ];
  const sets = Array.from({ length: 2 ** LOSSES.length }, (_, bits) => {
    const losses = LOSSES.filter((__, place) => Math.floor(bits / 2 ** place) % 2 === 1);
    return { losses, rules: losses.map(([rule]) => rule) };
  });

  test.each(sets.slice(1))("has each of its losses told: $rules", async ({ losses, rules }) => {
    const changes = Object.assign({}, ...losses.map(([, change]) => change));
    const trace = damaged(restart, isOf("Restart"), withChanges(changes));
    const header = { ...trace.header, variables: VARIABLES };
    const explanation = await explained({ ...trace, header });
    const told = explanation?.because.filter(({ meaning }) => meaning !== undefined) ?? [];
    expect(told.map(({ name }) => name)).toEqual(rules);
    expect(explanation?.looksLike).toEqual([]);
  });
});
