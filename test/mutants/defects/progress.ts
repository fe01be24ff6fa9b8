import { type Defect, gitHub } from "../defect.ts";

/** What happens in the end, once timing is kind: sections 5.2, 5.3 and 5.6. */
export const progressDefects: readonly Defect[] = [
  {
    name: "SendsNoEntriesAfterARefusal",
    does: "A leader that looks for where a follower's log agrees sends requests without entries, and takes them for sent.",
    kind: "liveness",
    sources: [gitHub("willemt/raft", 118)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: "    entries: server.log.slice(prevLogIndex + 1, prevLogIndex + count),\n",
        by: `    entries: server.probing.has(peer)
      ? []
      : server.log.slice(prevLogIndex + 1, prevLogIndex + count),
`,
      },
    ],
    seenBy: "oracles",
    because: "A leader may send as little as it likes: each of its steps is one of the spec.",
  },
  {
    name: "NeverGoesFurtherBack",
    does: "A leader sends a follower that refuses the same again, and never goes further back.",
    kind: "liveness",
    sources: [gitHub("Hoverbear/old-raft-rs", 99), gitHub("willemt/raft", 102)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: "    : nextIndexAfterRefusal(message, next, server.snapshotIndex);\n",
        by: "    : Math.max(next, nextIndexAfterRefusal(message, next, server.snapshotIndex));\n",
      },
    ],
    seenBy: "oracles",
    because: "nextIndex is a hint, and any value is allowed: each step is one of the spec.",
  },
  {
    name: "GivesUpAfterASplitVote",
    does: "A candidate that nobody elects does not begin another election.",
    kind: "liveness",
    sources: [gitHub("ktoso/akka-raft", 31), gitHub("atomix/copycat", 123)],
    planted: [
      {
        file: "src/core/step.ts",
        find: '  if (server.role === "Leader") return;\n  timeout(server);',
        by: '  if (server.role !== "Follower") return;\n  timeout(server);',
      },
    ],
    seenBy: "oracles",
    because: "A server need not do anything: each of its steps is one of the spec.",
  },
  {
    name: "DoesNotDrawItsTimeout",
    does: "All servers wait equally long for a leader, and so ask for votes at the same time for good.",
    kind: "liveness",
    sources: [
      gitHub("goraft/raft", 13),
      gitHub("databendlabs/openraft", 1838),
      gitHub("f-rustrated/EastGuard", 120),
    ],
    planted: [
      {
        file: "src/sim/timers.ts",
        find: "this.#electionTimeout + this.#random.below(this.#electionSpread + 1)",
        by: "this.#electionTimeout",
      },
    ],
    seenBy: "oracles",
    because: "The spec has no time: each step is one of the spec.",
  },
  {
    name: "OneAloneNeverCommits",
    does: "Only an answer makes a leader look for what it may commit, so that a cluster of one commits nothing.",
    kind: "liveness",
    sources: [gitHub("amino-os/Amino.Run", 143)],
    planted: [
      {
        file: "src/core/step.ts",
        find: "  for (const peer of server.peers) sendPending(server, peer);\n  commitAndApply(server);\n",
        by: "  for (const peer of server.peers) sendPending(server, peer);\n",
      },
      {
        file: "src/core/step.ts",
        find: "  if (server.appendsNoOp) appendNoOp(server);\n  commitAndApply(server);\n",
        by: "  if (server.appendsNoOp) appendNoOp(server);\n",
      },
    ],
    seenBy: "oracles",
    because: "A leader may commit late: each of its steps is one of the spec.",
  },
  {
    name: "StopsAtTheFirstThatIsSilent",
    does: "A leader whose message to one follower is not answered sends nothing to those behind it.",
    kind: "liveness",
    sources: [gitHub("willemt/raft", 79), gitHub("RedisLabs/raft", 49)],
    planted: [
      {
        file: "src/core/step.ts",
        find: "    server.requestsInFlight.set(peer, 0);\n    if (!sendPending",
        by: `    const isSilent = (server.requestsInFlight.get(peer) ?? 0) > 0;
    server.requestsInFlight.set(peer, 0);
    if (isSilent) {
      sendPending(server, peer);
      return;
    }
    if (!sendPending`,
      },
    ],
    seenBy: "oracles",
    because: "A leader may send as little as it likes: each of its steps is one of the spec.",
  },
  {
    name: "RefusesWithoutHearingItsLeader",
    does: "A follower that refuses its leader's request does not start its election timeout anew.",
    kind: "cost",
    sources: [gitHub("redpanda-data/redpanda", 30817)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: "  hearLeader(server, message, after);\n",
        by: `  const { electionTimerReset } = server.output;
  hearLeader(server, message, after);
  if (!matches) server.output.electionTimerReset = electionTimerReset;
`,
      },
    ],
    seenBy: null,
    because:
      "It costs elections that need not be, and the spec has no time. Once faults heal, the follower is brought up to date before its patience ends, and nothing is seen.",
  },
  {
    name: "DoesNotWaitAfterItsVote",
    does: "A follower that votes does not start its election timeout anew, and so disturbs whom it elected.",
    kind: "cost",
    sources: [gitHub("jgroups-extras/jgroups-raft", 45)],
    planted: [
      {
        file: "src/core/election.ts",
        find: "  if (voteGranted) server.output.electionTimerReset = true;\n",
        by: "",
      },
    ],
    seenBy: null,
    because: "It costs elections that need not be, and the spec has no time.",
  },
];
