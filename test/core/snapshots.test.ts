import { describe, expect, test } from "vitest";
import {
  canCompactLog,
  compactLog,
  electionTimeout,
  heartbeat,
  type InstallSnapshotRequest,
  type Output,
  propose,
  receive,
  restart,
  type Server,
  takeOutput,
} from "../../src/core/index.ts";
import { type Cluster, collect, createCluster, deliver, serverOf, without } from "./cluster.ts";

const THREE = ["s1", "s2", "s3"];

function withLeader(options = {}): Cluster {
  const cluster = createCluster(THREE, options);
  electionTimeout(serverOf(cluster, "s1"));
  deliver(cluster);
  return cluster;
}

function settle(cluster: Cluster, ...cutOff: readonly string[]): void {
  heartbeat(serverOf(cluster, "s1"));
  deliver(cluster, without(...cutOff));
}

/** s3 is cut off while s1 and s2 commit three commands and s1 compacts up to `index`. */
function withCompactedLeader(index: number): Cluster {
  const cluster = withLeader();
  propose(serverOf(cluster, "s1"), ["a", "b", "c"]);
  settle(cluster, "s3");
  compactLog(serverOf(cluster, "s1"), index, `state at ${index}`);
  return cluster;
}

const entriesAfterSnapshot = (server: Server): string[] =>
  server.log
    .slice(server.snapshotIndex + 1, server.log.lastIndex)
    .map(({ command }) => command ?? "");

function snapshotTo(to: string, fields: Partial<InstallSnapshotRequest>): InstallSnapshotRequest {
  return {
    id: "",
    type: "InstallSnapshotRequest",
    from: "s1",
    to,
    term: 1,
    lastIncludedIndex: 3,
    lastIncludedTerm: 1,
    data: "state at 3",
    ...fields,
  };
}

describe("log compaction (§7)", () => {
  test("a server forgets what its snapshot includes, and keeps the term of the last entry", () => {
    const server = serverOf(withCompactedLeader(3), "s1");
    expect(server.snapshotIndex).toBe(3);
    expect(server.log.termAt(3)).toBe(1);
    expect(() => server.log.entryAt(3)).toThrow(RangeError);
    expect(() => server.log.slice(3, 4)).toThrow(RangeError);
    expect(entriesAfterSnapshot(server)).toEqual(["c"]);
    expect(takeOutput(server).snapshot).toEqual({
      lastIncludedIndex: 3,
      lastIncludedTerm: 1,
      data: "state at 3",
    });
  });

  // @claim LogIsCompacted
  test("only what is applied is compacted, and once", () => {
    const cluster = withLeader();
    const leader = serverOf(cluster, "s1");
    propose(leader, ["a"]);
    expect(leader.lastApplied).toBe(1);
    expect(canCompactLog(leader, 2)).toBe(false);
    expect(() => compactLog(leader, 2, "")).toThrow("index 2 may not be compacted");
    compactLog(leader, 1, "");
    expect(canCompactLog(leader, 1)).toBe(false);
  });

  test("what was not durable yet is due from behind the snapshot only", () => {
    const cluster = createCluster(["s1"]);
    const server = serverOf(cluster, "s1");
    electionTimeout(server);
    propose(server, ["a", "b"]);
    compactLog(server, 2, "");
    expect(takeOutput(server)).toMatchObject({
      snapshot: { lastIncludedIndex: 2 },
      logChangedFrom: 3,
    });
  });

  test("a request that overlaps with the snapshot is taken in behind it", () => {
    const cluster = withCompactedLeader(2);
    settle(cluster, "s3");
    const server = serverOf(cluster, "s2");
    compactLog(server, 3, "state at 3");
    const entries = ["a", "b", "c", "d"].map((command) => ({ term: 1, command }));
    receive(server, {
      ...{ id: "", type: "AppendEntriesRequest", from: "s1", to: "s2", term: 1 },
      ...{ prevLogIndex: 1, prevLogTerm: 1, entries, leaderCommit: 1 },
    });
    expect(entriesAfterSnapshot(server)).toEqual(["c", "d"]);
    expect(takeOutput(server).messages.at(-1)).toMatchObject({ success: true, matchIndex: 5 });
  });
});

describe("InstallSnapshot (§7, Figure 13)", () => {
  // @claim SnapshotBringsUpToDate
  test("goes to a follower that needs what the leader has compacted, and entries after it", () => {
    const cluster = withCompactedLeader(3);
    settle(cluster);
    const follower = serverOf(cluster, "s3");
    expect(follower.snapshotIndex).toBe(3);
    expect(follower.snapshotData).toBe("state at 3");
    expect(entriesAfterSnapshot(follower)).toEqual(["c"]);
    const sent = cluster.steps.filter(({ step }) => step.action === "SendInstallSnapshot");
    expect(sent).toHaveLength(1);
  });

  test("is sent once until it is answered, and again once it is seen to be lost", () => {
    const cluster = withCompactedLeader(3);
    const isSnapshot = (type: string): boolean => type === "InstallSnapshotRequest";
    let lost = 0;
    heartbeat(serverOf(cluster, "s1"));
    deliver(cluster, ({ type }) => {
      if (!isSnapshot(type)) return true;
      lost++;
      return false;
    });
    expect(lost).toBe(1);
    settle(cluster);
    expect(serverOf(cluster, "s3").snapshotIndex).toBe(3);
  });

  // @claim SnapshotBringsUpToDate
  test("gives the follower its state machine's state, durable before it is acknowledged", () => {
    const server = serverOf(createCluster(THREE), "s3");
    receive(server, snapshotTo("s3", {}));
    const output: Output = takeOutput(server);
    expect(output).toMatchObject({
      voteChanged: true,
      snapshot: { lastIncludedIndex: 3, lastIncludedTerm: 1, data: "state at 3" },
      snapshotInstalled: true,
      logChangedFrom: 4,
      appliedFrom: 0,
    });
    expect(output.messages).toMatchObject([{ success: true, matchIndex: 3 }]);
    expect([server.commitIndex, server.lastApplied]).toEqual([3, 3]);
  });

  // @claim SnapshotKeepsWhatFollows
  test("keeps the entries after it, and the state machine, where the log holds it", () => {
    const cluster = withLeader();
    propose(serverOf(cluster, "s1"), ["a", "b", "c"]);
    deliver(cluster);
    const server = serverOf(cluster, "s3");
    expect(server.commitIndex).toBe(1);
    receive(server, snapshotTo("s3", {}));
    const output = takeOutput(server);
    expect(output).toMatchObject({ snapshot: null, snapshotInstalled: false, appliedFrom: 2 });
    expect([server.snapshotIndex, server.log.lastIndex, server.lastApplied]).toEqual([0, 4, 3]);
  });

  // @claim SnapshotKeepsWhatFollows
  test("takes the place of a log that conflicts with it", () => {
    const cluster = withLeader();
    propose(serverOf(cluster, "s1"), ["a", "b", "c"]);
    deliver(cluster);
    const server = serverOf(cluster, "s3");
    receive(server, snapshotTo("s3", { term: 2, lastIncludedTerm: 2 }));
    expect([server.snapshotIndex, server.log.lastIndex, server.log.lastTerm]).toEqual([3, 3, 2]);
  });

  test("that arrives late takes nothing back", () => {
    const cluster = withCompactedLeader(3);
    settle(cluster);
    const server = serverOf(cluster, "s2");
    receive(server, snapshotTo("s2", { lastIncludedIndex: 2 }));
    expect([server.commitIndex, server.snapshotIndex]).toEqual([4, 0]);
    expect(takeOutput(server).messages).toMatchObject([{ success: true, matchIndex: 2 }]);
  });

  test("of a smaller term is refused", () => {
    const cluster = withLeader();
    electionTimeout(serverOf(cluster, "s3"));
    collect(cluster);
    const server = serverOf(cluster, "s3");
    receive(server, snapshotTo("s3", {}));
    expect(server.snapshotIndex).toBe(0);
    expect(takeOutput(server).messages).toMatchObject([{ success: false, term: 2 }]);
  });

  test("is not taken by the leader of its term", () => {
    const cluster = withLeader();
    expect(receive(serverOf(cluster, "s1"), snapshotTo("s1", { from: "s2" }))).toBe(false);
  });
});

test("a server restarts from its snapshot, which is committed and applied", () => {
  const snapshot = { lastIncludedIndex: 3, lastIncludedTerm: 1, data: "state at 3" };
  const log = [{ term: 2, command: "d" }];
  const stored = { currentTerm: 2, votedFor: null, snapshot, log };
  const server = restart({ id: "s1", servers: THREE }, stored);
  expect([server.snapshotIndex, server.commitIndex, server.lastApplied]).toEqual([3, 3, 3]);
  expect([server.log.lastIndex, server.log.lastTerm, server.log.termAt(3)]).toEqual([4, 2, 1]);
});
