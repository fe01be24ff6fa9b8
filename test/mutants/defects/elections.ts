import { type Defect, gitHub } from "../defect.ts";

/** Terms, votes and who may lead: sections 5.1, 5.2 and 5.4.1. */
export const electionDefects: readonly Defect[] = [
  {
    name: "CountsStaleVotes",
    does: "A candidate counts votes that were given to it in an earlier term.",
    kind: "safety",
    sources: [
      gitHub("andreev-io/little-raft", 44),
      gitHub("ktoso/akka-raft", 46),
      gitHub("xnnyygn/xraft", 33),
    ],
    planted: [
      {
        file: "src/core/election.ts",
        find: "    rules.voteIsOfThisTerm(server, message) &&\n",
        by: "",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "CountsAVoteTwice",
    does: "A candidate counts answers and not voters, so that one vote that comes twice is two.",
    kind: "safety",
    sources: [
      gitHub("xnnyygn/xraft", 27),
      gitHub("ktoso/akka-raft", 45),
      gitHub("nats-io/nats-server", 5149),
    ],
    planted: [
      {
        file: "src/core/election.ts",
        find: "    server.votesGranted.add(message.from);\n",
        by: `    const isCounted = server.votesGranted.has(message.from);
    const another = server.peers.find((peer) => !server.votesGranted.has(peer));
    server.votesGranted.add(isCounted && another !== undefined ? another : message.from);
`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "LeaderVotesForOthers",
    does: "A leader votes for whoever asks in the term that it leads.",
    kind: "safety",
    sources: [gitHub("wenweihu86/raft-java", 22), gitHub("deventlab/d-engine", 15)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "voteIsFree: (_server, message, vote) => vote === null || vote === message.from,",
        by: `voteIsFree: (server, message, vote) =>
    vote === null || vote === message.from || server.role === "Leader",`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "ForgetsItsVoteUnderALeader",
    does: "A candidate that hears the leader of its term forgets that it has voted for itself.",
    kind: "safety",
    sources: [
      gitHub("ktoso/akka-raft", 56),
      gitHub("microsoft/CCF", 5891),
      gitHub("nats-io/nats-server", 5314),
      gitHub("eliben/raft", 27),
    ],
    planted: [
      {
        file: "src/core/replication.ts",
        find: "  const after = underLeader(server, message);\n",
        by: `  const heard = underLeader(server, message);
  const after = server.role === "Candidate" && !heard.isStale ? { ...heard, vote: null } : heard;
`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "VotesByAnotherTerm",
    does: "A server compares its vote with a term that a stale request may have taken back.",
    kind: "safety",
    sources: [gitHub("vesoft-inc/nebula", 2405)],
    planted: [
      {
        file: "src/core/term.ts",
        find: `  return server.rules.termIsLarger(server, message)
    ? server.rules.voteInLargerTerm(server)
    : server.votedFor;`,
        by: `  const isOfAnotherTerm = message.term !== server.currentTerm;
  return isOfAnotherTerm ? server.rules.voteInLargerTerm(server) : server.votedFor;`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "DoesNotVoteForItself",
    does: "A candidate counts its own vote and does not note that it has given it.",
    kind: "safety",
    sources: [gitHub("vesoft-inc/nebula", 3415)],
    planted: [
      {
        file: "src/core/election.ts",
        find: "setTermAndVote(server, server.rules.termOfElection(server), server.id);",
        by: "setTermAndVote(server, server.rules.termOfElection(server), null);",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "HalfIsAMajority",
    does: "Half of an even number of servers elects a leader, and commits.",
    kind: "safety",
    sources: [gitHub("async-raft/async-raft", 143)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "isMajority: (server, servers) => 2 * servers > server.servers.length,",
        by: "isMajority: (server, servers) => 2 * servers >= server.servers.length,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "VotesForAnyLog",
    does: "A server votes without a look at the candidate's log.",
    kind: "safety",
    sources: [gitHub("jgroups-extras/jgroups-raft", 14), gitHub("streed/simpleRaft", 10)],
    planted: [
      {
        file: "src/core/election.ts",
        find: "rules.voteIsFree(server, message, vote) &&\n    rules.logIsUpToDate(server, message);",
        by: "rules.voteIsFree(server, message, vote);",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "ComparesLogsByLength",
    does: "A server compares its log with the candidate's by the index of the last entry alone.",
    kind: "safety",
    sources: [gitHub("sile/noraft", 22)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: `    server.rules.lastTermsDiffer(server, message)
      ? message.lastLogTerm > server.log.lastTerm
      : server.rules.logIsAtLeastAsLong(server, message),`,
        by: "    server.rules.logIsAtLeastAsLong(server, message),",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "RefusesOnlyWorseInBoth",
    does: "A server refuses its vote only where its own last entry is larger in term and in index.",
    kind: "safety",
    sources: [gitHub("markwylde/liferaft", 8)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: `    server.rules.lastTermsDiffer(server, message)
      ? message.lastLogTerm > server.log.lastTerm
      : server.rules.logIsAtLeastAsLong(server, message),`,
        by: "    message.lastLogTerm >= server.log.lastTerm || message.lastLogIndex >= server.log.lastIndex,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "ComparesWithItsCurrentTerm",
    does: "The lengths of logs count only where the candidate's last entry is of the voter's current term.",
    kind: "safety",
    sources: [gitHub("influxdata/influxdb", 1663)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "logIsAtLeastAsLong: (server, message) => message.lastLogIndex >= server.log.lastIndex,",
        by: `logIsAtLeastAsLong: (server, message) =>
    message.lastLogTerm !== server.currentTerm || message.lastLogIndex >= server.log.lastIndex,`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "RefusesWorseInEither",
    does: "A server refuses its vote where its own last entry is larger in term or in index, so that no server may be electable.",
    kind: "liveness",
    sources: [gitHub("hashicorp/raft", 94), gitHub("dotnet/dotNext", 298)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: `      ? message.lastLogTerm > server.log.lastTerm
      : server.rules`,
        by: `      ? message.lastLogTerm > server.log.lastTerm &&
        server.rules.logIsAtLeastAsLong(server, message)
      : server.rules`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "VotesOnlyOnce",
    does: "A server does not give its vote again to the candidate that has it, whose answer was lost.",
    kind: "liveness",
    sources: [gitHub("ktoso/akka-raft", 29), gitHub("willemt/raft", 116)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "voteIsFree: (_server, message, vote) => vote === null || vote === message.from,",
        by: "voteIsFree: (_server, _message, vote) => vote === null,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "AnswersInItsOldTerm",
    does: "The answer to a vote request of a larger term carries the term from before it.",
    kind: "liveness",
    sources: [gitHub("nats-io/nats-server", 5021)],
    planted: [
      {
        file: "src/core/election.ts",
        find: "  const term: Term = termAfter(server, message);\n",
        by: "  const term: Term = termAfter(server, message);\n  const termBefore = server.currentTerm;\n",
      },
      {
        file: "src/core/election.ts",
        find: "    term,\n    voteGranted,",
        by: "    term: termBefore,\n    voteGranted,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "RefusesWithoutAdoptingTheTerm",
    does: "A server that refuses its vote for the candidate's log stays in its own, smaller term.",
    kind: "liveness",
    sources: [gitHub("vesoft-inc/nebula", 685)],
    planted: [
      {
        file: "src/core/election.ts",
        find: "  setTermAndVote(server, term, voteGranted ? message.from : vote);\n",
        by: "  if (voteGranted) setTermAndVote(server, term, message.from);\n",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "StaysCandidateUnderALeader",
    does: "A candidate that hears the leader of its term goes on as one.",
    kind: "cost",
    sources: [gitHub("goraft/raft", 53), gitHub("adjoint-io/raft", 121), gitHub("sile/noraft", 24)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: 'roleUnderLeader: () => "Follower",',
        by: `roleUnderLeader: (server, message) =>
    server.rules.termIsLarger(server, message) ? "Follower" : server.role,`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "LeaderIgnoresLargerTerms",
    does: "A leader does not adopt the larger term that a follower answers with, and leads on.",
    kind: "liveness",
    sources: [gitHub("uwplse/verdi-raft", 29)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: `  if (rules.termIsLarger(server, message)) {
    adoptTerm(server, message);
  } else if (server.role === "Leader" && rules.responseIsOfThisTerm`,
        by: `  if (rules.termIsLarger(server, message) && server.role !== "Leader") {
    adoptTerm(server, message);
  } else if (server.role === "Leader" && rules.responseIsOfThisTerm`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "LeadsOnInALargerTerm",
    does: "A leader that comes to a larger term goes on leading, in that term.",
    kind: "safety",
    sources: [
      gitHub("hashicorp/raft", 695),
      gitHub("willemt/raft", 10),
      gitHub("eliben/raft", 13),
      gitHub("nats-io/nats-server", 7297),
    ],
    planted: [
      {
        file: "src/core/rules.ts",
        find: 'roleInLargerTerm: () => "Follower",',
        by: 'roleInLargerTerm: (server) => (server.role === "Leader" ? "Leader" : "Follower"),',
      },
    ],
    seenBy: "trace check",
  },
];
