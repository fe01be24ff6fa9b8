import { type Defect, gitHub } from "../defect.ts";

/** What is committed, and what is done with it: sections 5.3 and 5.4.2. */
export const commitmentDefects: readonly Defect[] = [
  {
    name: "CommitsOlderTermsByCounting",
    does: "A leader commits an entry of an earlier term once a majority holds it (Figure 8).",
    kind: "safety",
    sources: [
      gitHub("logcabin/logcabin", 44),
      gitHub("bakwc/PySyncObj", 169),
      gitHub("canonical/raft", 220),
      gitHub("async-raft/async-raft", 108),
      gitHub("nats-io/nats-server", 7955),
    ],
    planted: [
      {
        file: "src/core/commitment.ts",
        find: " &&\n    server.rules.entryIsOfThisTerm(server, index)",
        by: "",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "CommitIndexGoesBack",
    does: "A follower takes over the leader's commit index even where its own is larger.",
    kind: "safety",
    sources: [gitHub("bakwc/PySyncObj", 166)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "commitIndexAfter: (server, index) => Math.max(server.commitIndex, index),",
        by: "commitIndexAfter: (_server, index) => index,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "CommitsBeyondWhatMatched",
    does: "A follower commits up to the end of its log, where a deposed leader's entries may be.",
    kind: "safety",
    sources: [gitHub("scylladb/scylladb", 9965), gitHub("atomix/copycat", 265)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "commitIndexWithin: (message) => Math.min(message.leaderCommit, lastIndexOf(message)),",
        by: "commitIndexWithin: (message, lastIndex) => Math.min(message.leaderCommit, lastIndex),",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "CommitsBeyondItsLog",
    does: "A follower takes over the leader's commit index though its own log is shorter.",
    kind: "safety",
    sources: [gitHub("camunda/camunda", 30354), gitHub("atomix/copycat", 110)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "commitIndexWithin: (message) => Math.min(message.leaderCommit, lastIndexOf(message)),",
        by: "commitIndexWithin: (message) => message.leaderCommit,",
      },
      {
        file: "src/core/commitment.ts",
        find: "  return Math.max(server.lastApplied, server.commitIndex);",
        by: "  return Math.max(server.lastApplied, Math.min(server.commitIndex, server.log.lastIndex));",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "CountsOneEntryTooFar",
    does: "A leader counts a server that holds the entry before.",
    kind: "safety",
    sources: [gitHub("mgodave/barge", 75)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "if (match >= index) holders++;",
        by: "if (match >= index - 1) holders++;",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "AppliesBeforeCommitted",
    does: "A server executes entries as soon as they are in its log, and answers.",
    kind: "safety",
    sources: [gitHub("KanishJebaMathewM/Truxify", 6313), gitHub("camunda/camunda", 59177)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "mayApply: (server, index) => index <= server.commitIndex,",
        by: "mayApply: (server, index) => index <= server.log.lastIndex,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "CutsItsTailOnSteppingDown",
    does: "A leader that steps down drops what it has not committed yet, though a majority may count on it.",
    kind: "safety",
    sources: [
      gitHub("microsoft/CCF", 5674),
      gitHub("microsoft/CCF", 589),
      gitHub("vesoft-inc/nebula", 2483),
    ],
    planted: [
      {
        file: "src/core/term.ts",
        find: 'import { type Server, setRole, setTermAndVote } from "./server.ts";',
        by: 'import { type Server, setRole, setTermAndVote, writeLog } from "./server.ts";',
      },
      {
        file: "src/core/term.ts",
        find: "  const role = roleAfter(server, message);\n",
        by: `  if (server.role === "Leader") writeLog(server, server.commitIndex, []);
  const role = roleAfter(server, message);
`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "LooksNoFurtherThanTheNextEntry",
    does: "A leader looks whether the next entry may be committed, and gives up where it is of an earlier term.",
    kind: "liveness",
    sources: [gitHub("zhebrak/raftos", 30)],
    planted: [
      {
        file: "src/core/commitment.ts",
        find: `  let highest = isCommittable(server, server.log.lastIndex) ? server.log.lastIndex : 0;
  for (const match of server.matchIndex.values()) {
    if (match > highest && isCommittable(server, match)) highest = match;
  }
  return highest;`,
        by: `  const next = server.commitIndex + 1;
  return isCommittable(server, next) ? next : 0;`,
      },
    ],
    seenBy: "oracles",
    because: "A leader may commit late: each of its steps is one of the spec.",
  },
];
