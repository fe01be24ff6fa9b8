import { type Defect, gitHub } from "../defect.ts";

/** Log compaction and reads without a log entry: sections 7 and 8. */
export const extensionDefects: readonly Defect[] = [
  {
    name: "OldSnapshotTakesBack",
    does: "A snapshot that comes late takes the place of a log that is further.",
    kind: "safety",
    sources: [gitHub("camunda/camunda", 6092), gitHub("apache/ratis", 1091)],
    planted: [
      {
        file: "src/core/snapshot-rules.ts",
        find: "snapshotIsNews: (server, message) => message.lastIncludedIndex > server.commitIndex,",
        by: "snapshotIsNews: () => true,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "KeepsAConflictBehindASnapshot",
    does: "A follower keeps the log behind a snapshot though its entry there is of another term.",
    kind: "safety",
    sources: [gitHub("hashicorp/raft", 704), gitHub("scylladb/scylladb", 9965)],
    planted: [
      {
        file: "src/core/snapshot-rules.ts",
        find: " || log.termAt(lastIncludedIndex) === lastIncludedTerm),",
        by: " || lastIncludedTerm > 0),",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "DropsWhatFollowsASnapshot",
    does: "A snapshot of a part of the log takes the place of all of it.",
    kind: "safety",
    sources: [gitHub("camunda/camunda", 6092)],
    planted: [{ file: "src/core/snapshot.ts", find: "  if (matches) return;\n", by: "" }],
    seenBy: "trace check",
  },
  {
    name: "CompactsWhatIsNotApplied",
    does: "A server compacts entries that it has not applied.",
    kind: "safety",
    sources: [gitHub("databendlabs/openraft", 511)],
    planted: [
      {
        file: "src/core/snapshot-rules.ts",
        find: "mayCompact: (server, index) => index <= server.lastApplied,",
        by: "mayCompact: (server, index) => index <= server.log.lastIndex,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "SnapshotOfASmallerTerm",
    does: "A follower takes the snapshot of a leader that was deposed.",
    kind: "safety",
    sources: [gitHub("willemt/raft", 118)],
    planted: [
      {
        file: "src/core/snapshot.ts",
        find: "  const after = underLeader(server, message);\n",
        by: `  const heard = underLeader(server, message);
  const after = { ...heard, isStale: false, role: rules.roleUnderLeader(server, message) };
`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "TakesItsTermFromASnapshot",
    does: "A follower that takes in a snapshot goes back to the term of its last entry.",
    kind: "safety",
    sources: [gitHub("willemt/raft", 118)],
    planted: [
      {
        file: "src/core/snapshot.ts",
        find: "  const after = underLeader(server, message);\n",
        by: `  const heard = underLeader(server, message);
  const after = heard.isStale ? heard : { ...heard, term: message.lastIncludedTerm };
`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "ForgetsThatItsSnapshotIsCommitted",
    does: "A server that restarts does not know that what its snapshot includes is committed and applied.",
    kind: "safety",
    sources: [gitHub("RedisLabs/redisraft", 43)],
    planted: [
      {
        file: "src/core/snapshot-rules.ts",
        find: "recoveredSnapshotIndex: (stored) => stored.snapshot?.lastIncludedIndex ?? 0,",
        by: "recoveredSnapshotIndex: (stored) => Math.min(0, stored.snapshot?.lastIncludedIndex ?? 0),",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "ReadsBeforeItCommits",
    does: "A leader reads by its commit index before an entry of its term is committed.",
    kind: "safety",
    sources: [gitHub("etcd-io/etcd", 7331)],
    planted: [
      {
        file: "src/core/read-rules.ts",
        find: "server.log.termAt(server.commitIndex) === server.currentTerm,",
        by: "server.commitIndex >= 0,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "ReadsByAnEarlierRound",
    does: "A read counts confirmations of a question that was asked before it.",
    kind: "safety",
    sources: [gitHub("etcd-io/etcd", 20418), gitHub("antflydb/antfly", 599)],
    planted: [
      {
        file: "src/core/read-rules.ts",
        find: "roundOfRead: (server) => server.round + 1,",
        by: "roundOfRead: (server) => Math.max(1, server.round),",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "ReadsWithoutAMajority",
    does: "A leader of three confirms itself.",
    kind: "safety",
    sources: [gitHub("async-raft/async-raft", 143), gitHub("deventlab/d-engine", 381)],
    planted: [
      {
        file: "src/core/read-rules.ts",
        find: "    let confirmers = 1;\n",
        by: "    let confirmers = 2;\n",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "ReadsWhatIsNotApplied",
    does: "A leader answers a read before its state machine has what the read must see.",
    kind: "safety",
    sources: [gitHub("tikv/tikv", 7971)],
    planted: [
      {
        file: "src/core/read-rules.ts",
        find: "mayAnswer: (server, read) => server.lastApplied >= read.index,",
        by: "mayAnswer: (server, read) => server.lastApplied >= 0 || read.index === 0,",
      },
    ],
    seenBy: "trace check",
  },
];
