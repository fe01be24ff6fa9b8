import { describe, expect, test } from "vitest";
import {
  type AppendEntriesRequest,
  type Entry,
  electionTimeout,
  heartbeat,
  propose,
  receive,
  takeOutput,
} from "../../src/core/index.ts";
import {
  type Cluster,
  collect,
  createCluster,
  deliver,
  logOf,
  serverOf,
  without,
} from "./cluster.ts";

const THREE = ["s1", "s2", "s3"];
const FIVE = ["s1", "s2", "s3", "s4", "s5"];

function withLeader(ids: readonly string[], options = {}): Cluster {
  const cluster = createCluster(ids, options);
  electionTimeout(serverOf(cluster, "s1"));
  deliver(cluster);
  return cluster;
}

function request(fields: Partial<AppendEntriesRequest>): AppendEntriesRequest {
  return {
    id: "",
    type: "AppendEntriesRequest",
    from: "s1",
    to: "s2",
    term: 5,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
    leaderCommit: 0,
    ...fields,
  };
}

const entries = (...terms: readonly number[]): Entry[] =>
  terms.map((term, offset) => ({ term, command: `c${offset + 1}` }));

describe("log replication (§5.3)", () => {
  // @claim OneRoundACommand
  test("a command is committed after one round of RPCs to a majority", () => {
    const cluster = withLeader(FIVE);
    const leader = serverOf(cluster, "s1");
    propose(leader, ["x"]);
    const requests = takeOutput(leader).messages;
    expect(requests.map((message) => message.to)).toEqual(["s2", "s3", "s4", "s5"]);
    for (const message of requests.slice(0, 2)) {
      const follower = serverOf(cluster, message.to);
      receive(follower, message);
      for (const answer of takeOutput(follower).messages) receive(leader, answer);
    }
    expect([leader.commitIndex, leader.lastApplied]).toEqual([2, 2]);
  });

  // @claim SlowMinority
  test("a slow minority does not slow it", () => {
    const cluster = withLeader(FIVE);
    propose(serverOf(cluster, "s1"), ["x", "y"]);
    deliver(cluster, without("s4", "s5"));
    expect(serverOf(cluster, "s1").commitIndex).toBe(3);
  });

  test("without a majority nothing is committed", () => {
    const cluster = withLeader(FIVE);
    propose(serverOf(cluster, "s1"), ["x"]);
    deliver(cluster, without("s3", "s4", "s5"));
    expect(serverOf(cluster, "s1").commitIndex).toBe(1);
  });

  test("followers apply what the leader says is committed", () => {
    const cluster = withLeader(THREE);
    propose(serverOf(cluster, "s1"), ["x"]);
    deliver(cluster);
    heartbeat(serverOf(cluster, "s1"));
    deliver(cluster);
    for (const server of cluster.servers.values()) expect(server.lastApplied).toBe(2);
  });

  // @claim ClientsFindTheLeader
  test("a follower takes no command and says whom to ask", () => {
    const cluster = withLeader(THREE);
    expect(propose(serverOf(cluster, "s2"), ["x"])).toBeNull();
    expect(serverOf(cluster, "s2").knownLeader).toBe("s1");
  });

  test("requests are pipelined: the second goes out before the first is answered", () => {
    const cluster = withLeader(THREE);
    const leader = serverOf(cluster, "s1");
    takeOutput(leader);
    propose(leader, ["x"]);
    propose(leader, ["y"]);
    const toS2 = takeOutput(leader).messages.filter((message) => message.to === "s2");
    expect(toS2).toMatchObject([
      { prevLogIndex: 1, entries: [{ command: "x" }] },
      { prevLogIndex: 2, entries: [{ command: "y" }] },
    ]);
  });

  test("a full pipeline holds entries back and then sends them as one batch", () => {
    const cluster = withLeader(THREE, { maxRequestsInFlight: 1 });
    const leader = serverOf(cluster, "s1");
    for (const command of ["x", "y", "z"]) propose(leader, [command]);
    const first = takeOutput(leader).messages.filter((message) => message.to === "s2");
    expect(first).toHaveLength(1);
    const follower = serverOf(cluster, "s2");
    for (const message of first) receive(follower, message);
    for (const answer of takeOutput(follower).messages) receive(leader, answer);
    expect(takeOutput(leader).messages).toMatchObject([
      { to: "s2", entries: [{ command: "y" }, { command: "z" }] },
    ]);
  });

  test("a batch holds no more entries than it may", () => {
    const cluster = withLeader(THREE, { maxEntriesPerRequest: 2 });
    const leader = serverOf(cluster, "s1");
    propose(leader, ["a", "b", "c", "d", "e"]);
    const sizes = takeOutput(leader)
      .messages.filter((message) => message.to === "s2")
      .map((message) => (message as AppendEntriesRequest).entries.length);
    expect(sizes).toEqual([2, 2, 1]);
  });

  // @claim LogMatchingPrefix LogsAreBroughtToAgree
  test("the leader brings a follower's inconsistent log to its own, Figure 7 (f)", () => {
    const cluster = createCluster(THREE);
    const leader = serverOf(cluster, "s1");
    for (const entry of entries(1, 1, 1, 4, 4, 5, 5, 6, 6, 6)) leader.log.append(entry);
    const behind = serverOf(cluster, "s2");
    for (const entry of entries(1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3)) behind.log.append(entry);
    leader.currentTerm = 7;
    electionTimeout(leader);
    deliver(cluster);
    expect(logOf(behind)).toEqual(logOf(leader));
    expect(leader.matchIndex.get("s2")).toBe(leader.log.lastIndex);
  });

  test("finding where logs agree costs refusals by the logarithm of the wrong tail", () => {
    const cluster = createCluster(THREE);
    const leader = serverOf(cluster, "s1");
    const behind = serverOf(cluster, "s2");
    for (let index = 0; index < 1000; index++) leader.log.append({ term: 2, command: "right" });
    for (let index = 0; index < 1000; index++) behind.log.append({ term: 1, command: "wrong" });
    leader.currentTerm = 2;
    electionTimeout(leader);
    deliver(cluster);
    expect(logOf(behind)).toEqual(logOf(leader));
    const refusals = cluster.steps.filter(({ step }) =>
      step.sent.some(
        (message) =>
          message.type === "AppendEntriesResponse" && !message.success && message.from === "s2",
      ),
    );
    expect(refusals.length).toBeGreaterThan(1);
    expect(refusals.length).toBeLessThanOrEqual(12);
  });

  test("after a loss the next heartbeat finds the gap and the pipeline goes on", () => {
    const cluster = withLeader(THREE);
    const leader = serverOf(cluster, "s1");
    propose(leader, ["x"]);
    deliver(cluster, without("s2", "s3"));
    heartbeat(leader);
    deliver(cluster);
    expect(leader.commitIndex).toBe(2);
    expect(logOf(serverOf(cluster, "s3"))).toEqual(["1:", "1:x"]);
  });
});

describe("what a follower does with entries (Figure 2, AppendEntries)", () => {
  test("refuses a term smaller than its own", () => {
    const server = serverOf(createCluster(THREE), "s2");
    server.currentTerm = 6;
    receive(server, request({ term: 5, entries: entries(5) }));
    expect(takeOutput(server).messages[0]).toMatchObject({ success: false, term: 6 });
    expect(server.log.lastIndex).toBe(0);
  });

  // @claim ConsistencyCheck
  test("refuses where it holds no entry at prevLogIndex, and says where its log ends", () => {
    const server = serverOf(createCluster(THREE), "s2");
    receive(server, request({ prevLogIndex: 3, prevLogTerm: 1 }));
    expect(takeOutput(server).messages[0]).toMatchObject({
      success: false,
      prevLogIndex: 3,
      lastLogIndex: 0,
    });
  });

  // @claim ConsistencyCheck
  test("refuses where its entry at prevLogIndex is of another term", () => {
    const server = serverOf(createCluster(THREE), "s2");
    for (const entry of entries(1, 1)) server.log.append(entry);
    receive(server, request({ prevLogIndex: 2, prevLogTerm: 2 }));
    expect(takeOutput(server).messages[0]).toMatchObject({ success: false });
    expect(server.log.lastIndex).toBe(2);
  });

  // @claim LogsAreBroughtToAgree
  test("a conflict cuts the log; what follows it goes too", () => {
    const server = serverOf(createCluster(THREE), "s2");
    for (const entry of entries(1, 2, 2)) server.log.append(entry);
    receive(
      server,
      request({ prevLogIndex: 1, prevLogTerm: 1, entries: [{ term: 3, command: "new" }] }),
    );
    expect(logOf(server)).toEqual(["1:c1", "3:new"]);
    expect(takeOutput(server).logChangedFrom).toBe(2);
  });

  test("a delayed request erases nothing that agrees", () => {
    const server = serverOf(createCluster(THREE), "s2");
    for (const entry of entries(1, 1, 1)) server.log.append(entry);
    receive(server, request({ entries: entries(1, 1) }));
    expect(server.log.lastIndex).toBe(3);
    const output = takeOutput(server);
    expect(output.messages[0]).toMatchObject({ success: true, matchIndex: 2 });
    expect(output.logChangedFrom).toBe(0);
  });

  test("commits no further than the request showed to match, and never back", () => {
    const server = serverOf(createCluster(THREE), "s2");
    for (const entry of entries(1, 1, 1)) server.log.append(entry);
    receive(server, request({ entries: entries(1, 1), leaderCommit: 3 }));
    expect(server.commitIndex).toBe(2);
    receive(server, request({ entries: entries(1), leaderCommit: 1 }));
    expect(server.commitIndex).toBe(2);
  });

  test("a leader too refuses a term smaller than its own, so that a deposed one learns of it", () => {
    const cluster = withLeader(THREE);
    const leader = serverOf(cluster, "s1");
    leader.currentTerm = 4;
    takeOutput(leader);
    receive(leader, request({ from: "s3", to: "s1", term: 2, entries: entries(2) }));
    expect(takeOutput(leader).messages).toMatchObject([{ to: "s3", success: false, term: 4 }]);
    expect([leader.role, logOf(leader)]).toEqual(["Leader", ["1:"]]);
  });

  // @claim LeaderAppendOnly
  test("a leader takes no entries of its own term", () => {
    const cluster = withLeader(THREE);
    const leader = serverOf(cluster, "s1");
    const before = logOf(leader);
    expect(
      receive(leader, request({ from: "s2", to: "s1", term: 1, entries: entries(1, 1, 1) })),
    ).toBe(false);
    expect(logOf(leader)).toEqual(before);
  });
});

describe("what a leader does with answers", () => {
  test("a late acknowledgement does not take matchIndex back", () => {
    const cluster = withLeader(THREE);
    const leader = serverOf(cluster, "s1");
    propose(leader, ["x", "y"]);
    deliver(cluster);
    expect(leader.matchIndex.get("s2")).toBe(3);
    receive(leader, {
      id: "",
      type: "AppendEntriesResponse",
      from: "s2",
      to: "s1",
      term: 1,
      success: true,
      matchIndex: 1,
    });
    expect(leader.matchIndex.get("s2")).toBe(3);
    expect(leader.nextIndex.get("s2")).toBe(4);
  });

  test("a late refusal does not take nextIndex to matchIndex or below", () => {
    const cluster = withLeader(THREE);
    const leader = serverOf(cluster, "s1");
    propose(leader, ["x", "y"]);
    deliver(cluster);
    receive(leader, {
      id: "",
      type: "AppendEntriesResponse",
      from: "s2",
      to: "s1",
      term: 1,
      success: false,
      prevLogIndex: 1,
      lastLogIndex: 0,
    });
    expect(leader.nextIndex.get("s2")).toBeGreaterThan(leader.matchIndex.get("s2") ?? 0);
  });

  test("an answer from an earlier term is dropped", () => {
    const cluster = withLeader(THREE);
    const leader = serverOf(cluster, "s1");
    leader.currentTerm = 2;
    propose(leader, ["x"]);
    collect(cluster);
    const before = new Map(leader.matchIndex);
    receive(leader, {
      id: "",
      type: "AppendEntriesResponse",
      from: "s2",
      to: "s1",
      term: 1,
      success: true,
      matchIndex: 2,
    });
    expect(leader.matchIndex).toEqual(before);
  });
});
