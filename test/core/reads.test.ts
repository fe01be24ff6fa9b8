import { describe, expect, test } from "vitest";
import {
  advanceCommitIndex,
  answerRead,
  apply,
  canAnswerRead,
  clientRequest,
  confirmLeadership,
  electionTimeout,
  handleAppendEntriesResponse,
  handleConfirmLeadershipResponse,
  heartbeat,
  isConfirmed,
  propose,
  readRequest,
  receive,
  requestRead,
  type Server,
  takeOutput,
} from "../../src/core/index.ts";
import { type Cluster, createCluster, deliver, serverOf, without } from "./cluster.ts";

const THREE = ["s1", "s2", "s3"];

function withLeader(ids: readonly string[] = THREE): Cluster {
  const cluster = createCluster(ids);
  electionTimeout(serverOf(cluster, "s1"));
  deliver(cluster);
  return cluster;
}

/** What the leader sends is answered by s2, and nothing else is delivered. */
function exchange(cluster: Cluster, leader: Server): void {
  const other = serverOf(cluster, "s2");
  for (const message of takeOutput(leader).messages) {
    if (message.to === "s2") receive(other, message);
  }
  for (const message of takeOutput(other).messages) receive(leader, message);
}

describe("reads without a log entry (§8)", () => {
  // @claim ReadsAreLinearizable
  test("are answered once a majority has confirmed the leader", () => {
    const cluster = withLeader();
    const leader = serverOf(cluster, "s1");
    const read = requestRead(leader);
    expect(read).toEqual({ round: 1, index: 1 });
    expect(leader.output.answeredReads).toEqual([]);
    exchange(cluster, leader);
    expect(takeOutput(leader).answeredReads).toEqual([read]);
    expect(leader.log.lastIndex).toBe(1);
  });

  test("are not taken by others than the leader", () => {
    expect(requestRead(serverOf(withLeader(), "s2"))).toBe(null);
  });

  // @claim LeaderKnowsWhatIsCommitted
  test("are not taken before an entry of the leader's term is committed", () => {
    const cluster = createCluster(THREE);
    const leader = serverOf(cluster, "s1");
    electionTimeout(leader);
    deliver(cluster, ({ type }) => type.startsWith("RequestVote"));
    expect(leader.role).toBe("Leader");
    expect(requestRead(leader)).toBe(null);
  });

  // @claim ReadsAreLinearizable
  test("are confirmed by a round that began after they were asked", () => {
    const cluster = withLeader();
    const leader = serverOf(cluster, "s1");
    const first = requestRead(leader);
    const question = takeOutput(leader).messages.find(({ to }) => to === "s2");
    propose(leader, ["x"]);
    const second = requestRead(leader);
    expect([first, second]).toMatchObject([{ round: 1 }, { round: 2 }]);
    if (question !== undefined) receive(serverOf(cluster, "s2"), question);
    for (const message of takeOutput(serverOf(cluster, "s2")).messages) receive(leader, message);
    const output = takeOutput(leader);
    expect(output.answeredReads).toEqual([first]);
    expect(output.messages).toMatchObject([
      ...[{ type: "AppendEntriesRequest" }, { type: "AppendEntriesRequest" }],
      ...[{ type: "ConfirmLeadershipRequest", round: 2 }, { round: 2 }],
    ]);
  });

  test("that wait for the same are one, and one round confirms them all", () => {
    const leader = serverOf(withLeader(), "s1");
    requestRead(leader);
    const [second, third] = [requestRead(leader), requestRead(leader)];
    expect(second).toBe(third);
    expect(leader.reads).toHaveLength(2);
  });

  test("are asked for again with the heartbeat, since questions get lost", () => {
    const cluster = withLeader();
    const leader = serverOf(cluster, "s1");
    const read = requestRead(leader);
    takeOutput(leader);
    heartbeat(leader);
    exchange(cluster, leader);
    expect(takeOutput(leader).answeredReads).toEqual([read]);
    heartbeat(leader);
    expect(takeOutput(leader).messages.map(({ type }) => type)).not.toContain(
      "ConfirmLeadershipRequest",
    );
  });

  test("wait no longer where the leader is deposed", () => {
    const cluster = withLeader();
    const leader = serverOf(cluster, "s1");
    const read = requestRead(leader);
    takeOutput(leader);
    electionTimeout(serverOf(cluster, "s2"));
    deliver(cluster, without("s1"));
    heartbeat(leader);
    exchange(cluster, leader);
    expect(takeOutput(leader)).toMatchObject({ answeredReads: [], droppedReads: [read] });
    expect([leader.role, leader.round, leader.reads]).toEqual(["Follower", 0, []]);
  });

  test("are not confirmed by an answer of an earlier term", () => {
    const cluster = withLeader();
    const leader = serverOf(cluster, "s1");
    requestRead(leader);
    receive(leader, {
      ...{ id: "", type: "ConfirmLeadershipResponse", from: "s2", to: "s1" },
      ...{ term: 0, round: 1 },
    });
    expect(leader.confirmedRound.get("s2")).toBe(0);
  });

  test("are not confirmed by who answers, in this term, what was asked in an earlier one", () => {
    const cluster = withLeader();
    const leader = serverOf(cluster, "s1");
    requestRead(leader);
    const old = takeOutput(leader).messages.find(({ to }) => to === "s2");
    electionTimeout(serverOf(cluster, "s3"));
    deliver(cluster, without("s2"));
    electionTimeout(leader);
    deliver(cluster);
    expect([leader.role, leader.currentTerm]).toEqual(["Leader", 3]);
    if (old !== undefined) receive(serverOf(cluster, "s2"), old);
    const [answer] = takeOutput(serverOf(cluster, "s2")).messages;
    expect(answer).toMatchObject({ term: 3, round: 0 });
    if (answer !== undefined) receive(leader, answer);
    requestRead(leader);
    expect(leader.output.answeredReads).toEqual([]);
  });

  test("wait until what they must see is applied", () => {
    const leader = serverOf(withLeader(), "s1");
    const index = clientRequest(leader, "a");
    const answer = { id: "", from: "s2", to: "s1", term: leader.currentTerm } as const;
    handleAppendEntriesResponse(leader, {
      ...answer,
      type: "AppendEntriesResponse",
      success: true,
      matchIndex: index,
    });
    advanceCommitIndex(leader, index);
    const read = readRequest(leader);
    confirmLeadership(leader);
    const { round } = read;
    handleConfirmLeadershipResponse(leader, {
      ...answer,
      type: "ConfirmLeadershipResponse",
      round,
    });
    expect([isConfirmed(leader, read), canAnswerRead(leader, read)]).toEqual([true, false]);
    expect(() => answerRead(leader, read)).toThrow("AnswerRead is not possible");
    apply(leader, index);
    expect(canAnswerRead(leader, read)).toBe(true);
  });

  test("are answered at once by a cluster of one", () => {
    const server = serverOf(withLeader(["s1"]), "s1");
    const read = requestRead(server);
    expect(takeOutput(server).answeredReads).toEqual([read]);
  });
});

test("the question resets the election timer, and names the leader", () => {
  const cluster = withLeader();
  requestRead(serverOf(cluster, "s1"));
  const question = takeOutput(serverOf(cluster, "s1")).messages.find(({ to }) => to === "s3");
  const follower = serverOf(cluster, "s3");
  takeOutput(follower);
  if (question !== undefined) receive(follower, question);
  expect(takeOutput(follower).electionTimerReset).toBe(true);
  expect(follower.knownLeader).toBe("s1");
});
