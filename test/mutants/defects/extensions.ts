import { gitHub, type TestedDefect } from "../defect.ts";

const SNAPSHOTS = ["test/core/snapshots.test.ts"];
const READS = ["test/core/reads.test.ts"];

/** Log compaction and reads without a log entry: sections 7 and 8. */
export const extensionDefects: readonly TestedDefect[] = [
  {
    name: "OldSnapshotTakesBack",
    does: "A snapshot that comes late takes the place of a log that is further.",
    sources: [gitHub("camunda/camunda", 6092), gitHub("apache/ratis", 1091)],
    planted: [
      {
        file: "src/core/snapshot-rules.ts",
        find: "snapshotIsNews: (server, message) => message.lastIncludedIndex > server.commitIndex,",
        by: "snapshotIsNews: () => true,",
      },
    ],
    tests: SNAPSHOTS,
  },
  {
    name: "KeepsAConflictBehindASnapshot",
    does: "A follower keeps the log behind a snapshot though its entry there is of another term.",
    sources: [gitHub("hashicorp/raft", 704), gitHub("scylladb/scylladb", 9965)],
    planted: [
      {
        file: "src/core/snapshot-rules.ts",
        find: " || log.termAt(lastIncludedIndex) === lastIncludedTerm),",
        by: " || lastIncludedTerm > 0),",
      },
    ],
    tests: SNAPSHOTS,
  },
  {
    name: "DropsWhatFollowsASnapshot",
    does: "A snapshot of a part of the log takes the place of all of it.",
    sources: [gitHub("camunda/camunda", 6092)],
    planted: [{ file: "src/core/snapshot.ts", find: "  if (matches) return;\n", by: "" }],
    tests: SNAPSHOTS,
  },
  {
    name: "CompactsWhatIsNotApplied",
    does: "A server compacts entries that it has not applied.",
    sources: [gitHub("databendlabs/openraft", 511)],
    planted: [
      {
        file: "src/core/snapshot-rules.ts",
        find: "mayCompact: (server, index) => index <= server.lastApplied,",
        by: "mayCompact: (server, index) => index <= server.log.lastIndex,",
      },
    ],
    tests: SNAPSHOTS,
  },
  {
    name: "SnapshotOfASmallerTerm",
    does: "A follower takes the snapshot of a leader that was deposed.",
    sources: [gitHub("willemt/raft", 118)],
    planted: [
      {
        file: "src/core/snapshot.ts",
        find: "  const isStale = rules.termIsStale(server, message);\n",
        by: "  const isStale = rules.termIsStale(server, message) && message.term < 0;\n",
      },
    ],
    tests: SNAPSHOTS,
  },
  {
    name: "ReadsBeforeItCommits",
    does: "A leader reads by its commit index before an entry of its term is committed.",
    sources: [gitHub("etcd-io/etcd", 7331)],
    planted: [
      {
        file: "src/core/read-rules.ts",
        find: "server.log.termAt(server.commitIndex) === server.currentTerm,",
        by: "server.commitIndex >= 0,",
      },
    ],
    tests: READS,
  },
  {
    name: "ReadsByAnEarlierRound",
    does: "A read counts confirmations of a question that was asked before it.",
    sources: [gitHub("etcd-io/etcd", 20418), gitHub("antflydb/antfly", 599)],
    planted: [
      {
        file: "src/core/read-rules.ts",
        find: "roundOfRead: (server) => server.round + 1,",
        by: "roundOfRead: (server) => Math.max(1, server.round),",
      },
    ],
    tests: READS,
  },
  {
    name: "ReadsWithoutAMajority",
    does: "A leader of three confirms itself.",
    sources: [gitHub("async-raft/async-raft", 143), gitHub("deventlab/d-engine", 381)],
    planted: [
      {
        file: "src/core/read-rules.ts",
        find: "    let confirmers = 1;\n",
        by: "    let confirmers = 2;\n",
      },
    ],
    tests: READS,
  },
  {
    name: "ReadsWhatIsNotApplied",
    does: "A leader answers a read before its state machine has what the read must see.",
    sources: [gitHub("tikv/tikv", 7971)],
    planted: [
      {
        file: "src/core/read-rules.ts",
        find: "mayAnswer: (server, read) => server.lastApplied >= read.index,",
        by: "mayAnswer: (server, read) => server.lastApplied >= 0 || read.index === 0,",
      },
    ],
    tests: READS,
  },
];
