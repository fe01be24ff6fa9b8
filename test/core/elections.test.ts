import { describe, expect, test } from "vitest";
import {
  electionTimeout,
  heartbeat,
  type Message,
  receive,
  takeOutput,
} from "../../src/core/index.ts";
import { collect, createCluster, deliver, serverOf, without } from "./cluster.ts";

const THREE = ["s1", "s2", "s3"];
const FIVE = ["s1", "s2", "s3", "s4", "s5"];

describe("leader election (§5.2)", () => {
  // @claim Roles
  test("servers start up as followers of term 0", () => {
    const cluster = createCluster(THREE);
    for (const server of cluster.servers.values()) {
      expect([server.role, server.currentTerm, server.votedFor]).toEqual(["Follower", 0, null]);
    }
  });

  // @claim TermsBeginWithElections
  test("a follower that begins an election increments its term, votes for itself and asks all others", () => {
    const server = serverOf(createCluster(FIVE), "s1");
    electionTimeout(server);
    expect([server.role, server.currentTerm, server.votedFor]).toEqual(["Candidate", 1, "s1"]);
    const { messages, voteChanged } = takeOutput(server);
    expect(voteChanged).toBe(true);
    expect(messages.map((message) => [message.type, message.to])).toEqual(
      ["s2", "s3", "s4", "s5"].map((peer) => ["RequestVoteRequest", peer]),
    );
  });

  // @claim ElectionSafety
  test("a candidate wins with the votes of a majority of the full cluster, not before", () => {
    const cluster = createCluster(FIVE);
    const candidate = serverOf(cluster, "s1");
    electionTimeout(candidate);
    deliver(cluster, without("s3", "s4", "s5"));
    expect(candidate.role).toBe("Candidate");
    electionTimeout(candidate);
    deliver(cluster, without("s4", "s5"));
    expect(candidate.role).toBe("Leader");
  });

  // @claim AvailableWithAMajority
  test("a majority of the servers that are up is not enough where it is none of the cluster", () => {
    const cluster = createCluster(["s1", "s2", "s3", "s4"]);
    const candidate = serverOf(cluster, "s1");
    electionTimeout(candidate);
    deliver(cluster, without("s3", "s4"));
    expect(candidate.role).toBe("Candidate");
  });

  test("a server alone in its cluster elects itself and commits", () => {
    const server = serverOf(createCluster(["s1"]), "s1");
    electionTimeout(server);
    expect([server.role, server.commitIndex, server.lastApplied]).toEqual(["Leader", 1, 1]);
  });

  test("once elected, it sends to all others to establish its authority", () => {
    const cluster = createCluster(THREE, { appendsNoOp: false });
    electionTimeout(serverOf(cluster, "s1"));
    deliver(cluster);
    expect(serverOf(cluster, "s2").knownLeader).toBe("s1");
    expect(serverOf(cluster, "s3").knownLeader).toBe("s1");
  });

  // @claim OneVoteATerm
  test("a server gives one vote a term, first come first served", () => {
    const cluster = createCluster(THREE);
    electionTimeout(serverOf(cluster, "s1"));
    electionTimeout(serverOf(cluster, "s2"));
    collect(cluster);
    const voter = serverOf(cluster, "s3");
    for (const message of cluster.inFlight.filter((sent) => sent.to === "s3"))
      receive(voter, message);
    const answers = takeOutput(voter).messages;
    expect(
      answers.map((answer) => [answer.to, "voteGranted" in answer && answer.voteGranted]),
    ).toEqual([
      ["s1", true],
      ["s2", false],
    ]);
  });

  test("a request that is delivered twice is granted twice, to the same candidate", () => {
    const cluster = createCluster(THREE);
    electionTimeout(serverOf(cluster, "s1"));
    collect(cluster);
    const request = cluster.inFlight.find((message) => message.to === "s3") as Message;
    const voter = serverOf(cluster, "s3");
    receive(voter, request);
    receive(voter, request);
    const answers = takeOutput(voter).messages;
    expect(answers.every((answer) => "voteGranted" in answer && answer.voteGranted)).toBe(true);
  });

  // @claim ElectionsEnd
  test("a split vote elects nobody; each candidate times out into a new term", () => {
    const cluster = createCluster(["s1", "s2", "s3", "s4"]);
    electionTimeout(serverOf(cluster, "s1"));
    electionTimeout(serverOf(cluster, "s2"));
    const split = (message: Message): boolean =>
      [message.from, message.to].sort().join() === "s1,s3" ||
      [message.from, message.to].sort().join() === "s2,s4";
    deliver(cluster, split);
    expect([...cluster.servers.values()].filter((server) => server.role === "Leader")).toEqual([]);
    electionTimeout(serverOf(cluster, "s2"));
    deliver(cluster);
    expect([serverOf(cluster, "s2").role, serverOf(cluster, "s2").currentTerm]).toEqual([
      "Leader",
      2,
    ]);
    expect(serverOf(cluster, "s1").role).toBe("Follower");
  });

  test("a candidate that hears of a leader of at least its term becomes a follower", () => {
    const cluster = createCluster(THREE);
    electionTimeout(serverOf(cluster, "s1"));
    electionTimeout(serverOf(cluster, "s2"));
    deliver(cluster, without("s2"));
    expect(serverOf(cluster, "s2").role).toBe("Candidate");
    heartbeat(serverOf(cluster, "s1"));
    deliver(cluster);
    expect([serverOf(cluster, "s2").role, serverOf(cluster, "s2").knownLeader]).toEqual([
      "Follower",
      "s1",
    ]);
  });

  test("a candidate rejects a leader of a smaller term and remains one", () => {
    const cluster = createCluster(THREE);
    electionTimeout(serverOf(cluster, "s1"));
    deliver(cluster, without("s3"));
    const candidate = serverOf(cluster, "s3");
    electionTimeout(candidate);
    electionTimeout(candidate);
    takeOutput(candidate);
    heartbeat(serverOf(cluster, "s1"));
    collect(cluster);
    const stale = cluster.inFlight.find((message) => message.to === "s3") as Message;
    receive(candidate, stale);
    expect([candidate.role, candidate.currentTerm]).toEqual(["Candidate", 2]);
    expect(takeOutput(candidate).messages[0]).toMatchObject({ success: false, term: 2 });
  });

  // @claim LargerTermIsAdopted
  test("a leader or candidate that sees a larger term reverts to follower", () => {
    const cluster = createCluster(THREE);
    electionTimeout(serverOf(cluster, "s1"));
    deliver(cluster, without("s3"));
    for (let times = 0; times < 3; times++) electionTimeout(serverOf(cluster, "s3"));
    deliver(cluster, (message) => message.type === "RequestVoteRequest");
    expect([serverOf(cluster, "s1").role, serverOf(cluster, "s1").currentTerm]).toEqual([
      "Follower",
      3,
    ]);
  });
});

// @claim ElectionRestriction
describe("election restriction (§5.4.1)", () => {
  const request = (lastLogTerm: number, lastLogIndex: number): Message => ({
    id: "",
    type: "RequestVoteRequest",
    from: "s2",
    to: "s1",
    term: 9,
    lastLogIndex,
    lastLogTerm,
  });

  test.each([
    {
      lastLogTerm: 3,
      lastLogIndex: 1,
      granted: true,
      why: "a later last term wins whatever the length",
    },
    {
      lastLogTerm: 1,
      lastLogIndex: 9,
      granted: false,
      why: "an earlier last term loses whatever the length",
    },
    { lastLogTerm: 2, lastLogIndex: 2, granted: true, why: "an equal log is up-to-date enough" },
    { lastLogTerm: 2, lastLogIndex: 3, granted: true, why: "of equal terms the longer log wins" },
    {
      lastLogTerm: 2,
      lastLogIndex: 1,
      granted: false,
      why: "of equal terms the shorter log loses",
    },
  ])("$why", ({ lastLogTerm, lastLogIndex, granted }) => {
    const server = serverOf(createCluster(THREE), "s1");
    server.log.append({ term: 1, command: "a" });
    server.log.append({ term: 2, command: "b" });
    receive(server, request(lastLogTerm, lastLogIndex));
    expect(takeOutput(server).messages[0]).toMatchObject({ voteGranted: granted });
    expect(server.votedFor).toBe(granted ? "s2" : null);
  });
});
