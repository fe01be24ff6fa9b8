import { describe, expect, test } from "vitest";
import {
  ActionNotEnabled,
  advanceCommitIndex,
  apply,
  type Entry,
  electionTimeout,
  type PersistentState,
  receive,
  restart,
  takeOutput,
} from "../../src/core/index.ts";
import { type Cluster, createCluster, deliver, logOf, serverOf, without } from "./cluster.ts";

const FIVE = ["s1", "s2", "s3", "s4", "s5"];

/** The paper's Figure 8 (c): s1 leads term 4, the entry of term 2 is on a majority. */
function figure8(): Cluster {
  const cluster = createCluster(FIVE, { appendsNoOp: false });
  const terms: Record<string, readonly number[]> = {
    s1: [1, 2],
    s2: [1, 2],
    s3: [1],
    s4: [1],
    s5: [1, 3],
  };
  for (const [id, log] of Object.entries(terms)) {
    const server = serverOf(cluster, id);
    for (const term of log) server.log.append({ term, command: `of-${term}` } satisfies Entry);
    server.currentTerm = 3;
  }
  return cluster;
}

describe("committing entries from previous terms (§5.4.2, Figure 8)", () => {
  // @claim OnlyOwnTermIsCounted
  test("an entry of an earlier term on a majority is not committed by counting", () => {
    const cluster = figure8();
    const leader = serverOf(cluster, "s1");
    electionTimeout(leader);
    deliver(cluster, without("s4", "s5"));
    expect(leader.role).toBe("Leader");
    expect(leader.currentTerm).toBe(4);
    expect(leader.commitIndex).toBe(0);
    expect(() => advanceCommitIndex(leader, 2)).toThrow(ActionNotEnabled);
  });

  test("it is committed with the first entry of the leader's own term", () => {
    const cluster = figure8();
    const leader = serverOf(cluster, "s1");
    electionTimeout(leader);
    deliver(cluster, without("s4", "s5"));
    receive(leader, {
      id: "",
      type: "AppendEntriesResponse",
      from: "s3",
      to: "s1",
      term: 4,
      success: true,
      matchIndex: 2,
    });
    expect(leader.commitIndex).toBe(0);
    leader.log.append({ term: 4, command: "own" });
    for (const peer of ["s2", "s3"]) {
      receive(leader, {
        id: "",
        type: "AppendEntriesResponse",
        from: peer,
        to: "s1",
        term: 4,
        success: true,
        matchIndex: 3,
      });
    }
    expect(leader.commitIndex).toBe(3);
  });

  // @claim LeaderCompleteness
  test("until then s5 may still be elected and overwrite it, Figure 8 (d)", () => {
    const cluster = figure8();
    electionTimeout(serverOf(cluster, "s1"));
    deliver(cluster, without("s4", "s5"));
    const other = serverOf(cluster, "s5");
    for (const id of ["s2", "s3", "s4", "s5"]) serverOf(cluster, id).currentTerm = 4;
    electionTimeout(other);
    deliver(cluster, without("s1"));
    expect(other.role).toBe("Leader");
    expect(logOf(serverOf(cluster, "s3"))).toEqual(["1:of-1", "3:of-3"]);
  });
});

describe("applying (§5.3)", () => {
  // @claim StateMachineSafety
  test("only committed entries are applied, once, in order", () => {
    const cluster = createCluster(["s1", "s2", "s3"]);
    const leader = serverOf(cluster, "s1");
    electionTimeout(leader);
    deliver(cluster);
    expect(leader.lastApplied).toBe(1);
    expect(() => apply(leader, 1)).toThrow(ActionNotEnabled);
    expect(() => apply(leader, 2)).toThrow(ActionNotEnabled);
    const applied = cluster.steps.filter(
      ({ step, server }) => step.action === "Apply" && server === "s1",
    );
    expect(applied.map(({ step }) => step.index)).toEqual([1]);
  });
});

describe("restart (§5, Figure 2)", () => {
  const stored: PersistentState = {
    currentTerm: 7,
    votedFor: "s3",
    log: [
      { term: 1, command: "a" },
      { term: 6, command: null },
    ],
  };

  // @claim CrashesAreSurvived
  test("the term, the vote and the log survive; all else is as at first", () => {
    const server = restart({ id: "s1", servers: FIVE }, stored);
    expect([server.currentTerm, server.votedFor, logOf(server)]).toEqual([7, "s3", ["1:a", "6:"]]);
    expect([server.role, server.commitIndex, server.lastApplied]).toEqual(["Follower", 0, 0]);
  });

  // @claim CrashesAreSurvived
  test("it votes for nobody else in the term it voted in", () => {
    const server = restart({ id: "s1", servers: FIVE }, stored);
    receive(server, {
      id: "",
      type: "RequestVoteRequest",
      from: "s2",
      to: "s1",
      term: 7,
      lastLogIndex: 9,
      lastLogTerm: 7,
    });
    expect(takeOutput(server).messages[0]).toMatchObject({ voteGranted: false });
  });
});

describe("what the host must do first", () => {
  // @claim CommittedIsDurable
  test("a vote, and entries, are to be durable before the answer leaves", () => {
    const cluster = createCluster(["s1", "s2", "s3"]);
    const follower = serverOf(cluster, "s2");
    receive(follower, {
      id: "",
      type: "AppendEntriesRequest",
      from: "s1",
      to: "s2",
      term: 3,
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: [{ term: 3, command: "a" }],
      leaderCommit: 0,
    });
    const output = takeOutput(follower);
    expect(output).toMatchObject({
      voteChanged: true,
      logChangedFrom: 1,
      electionTimerReset: true,
    });
    expect(output.messages).toHaveLength(1);
  });

  test("the same calls give the same steps", () => {
    const run = (): unknown => {
      const cluster = createCluster(FIVE);
      electionTimeout(serverOf(cluster, "s1"));
      deliver(cluster);
      electionTimeout(serverOf(cluster, "s2"));
      deliver(cluster, without("s1"));
      return cluster.steps;
    };
    expect(run()).toEqual(run());
  });
});
