import { type Defect, gitHub } from "../defect.ts";

/** How logs are brought to agree, and what the leader learns of it: section 5.3. */
export const replicationDefects: readonly Defect[] = [
  {
    name: "ErasesWhatMatches",
    does: "A follower cuts its log at prevLogIndex whether or not an entry conflicts, so that a late request erases what was acknowledged.",
    kind: "safety",
    sources: [gitHub("zhebrak/raftos", 26), gitHub("microsoft/CCF", 5991)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: `rules.entriesAgree(server, message)
    ? server.log.lastIndex
    : `,
        by: "",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "KeepsTheTailBehindAConflict",
    does: "A follower overwrites conflicting entries in their places and keeps what follows them.",
    kind: "safety",
    sources: [gitHub("mofa-org/mofa", 1151)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: "  writeLog(server, kept, message.entries.slice(Math.max(0, kept - message.prevLogIndex)));\n",
        by: `  const covered = message.prevLogIndex + message.entries.length;
  const tail = kept < covered ? server.log.slice(covered + 1, server.log.lastIndex) : [];
  const taken = message.entries.slice(Math.max(0, kept - message.prevLogIndex));
  writeLog(server, kept, [...taken, ...tail]);
`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "AppendsBehindAGap",
    does: "A follower takes entries that begin past the end of its log.",
    kind: "safety",
    sources: [gitHub("ktoso/akka-raft", 32)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: "    rules.previousEntryExists(server, message) &&\n",
        by: "",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "DoesNotCompareThePreviousTerm",
    does: "A follower takes entries behind an entry of another term than the leader's.",
    kind: "safety",
    sources: [gitHub("jasonrogena/lightraft", 11)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: " &&\n    rules.previousTermMatches(server, message);",
        by: ";",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "HeartbeatsSkipTheConsistencyCheck",
    does: "A follower accepts a request without entries whatever is at prevLogIndex, and commits by it.",
    kind: "safety",
    sources: [gitHub("cloud-software-foundation/c5", 43), gitHub("talent-plan/tinykv", 191)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: `    rules.previousEntryExists(server, message) &&
    rules.previousTermMatches(server, message);`,
        by: `    (message.entries.length === 0 ||
      (rules.previousEntryExists(server, message) && rules.previousTermMatches(server, message)));`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "ObeysDeposedLeaders",
    does: "A follower takes entries of an earlier term.",
    kind: "safety",
    sources: [gitHub("jasonrogena/lightraft", 11)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: "  const after = underLeader(server, message);\n",
        by: `  const heard = underLeader(server, message);
  const after = { ...heard, isStale: false, role: rules.roleUnderLeader(server, message) };
`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "AcknowledgesItsWholeLog",
    does: "A follower acknowledges the end of its log, and not what the request showed to match.",
    kind: "safety",
    sources: [gitHub("microsoft/CCF", 6001)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "acknowledgedIndex: (message) => lastIndexOf(message),",
        by: "acknowledgedIndex: (_message, lastIndex) => lastIndex,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "TakesRefusalsForAcknowledgements",
    does: "A leader takes a refusal for an acknowledgement of the index that it names.",
    kind: "safety",
    sources: [gitHub("microsoft/CCF", 5326)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "isAcknowledgement: (message) => message.success,",
        by: "isAcknowledgement: () => true,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "CountsStaleAcknowledgements",
    does: "A leader counts acknowledgements of entries that it sent in an earlier term.",
    kind: "safety",
    sources: [gitHub("willemt/raft", 97), gitHub("nats-io/nats-server", 7955)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: ' else if (server.role === "Leader" && rules.responseIsOfThisTerm(server, message)) {',
        by: ' else if (server.role === "Leader") {',
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "MatchIndexGoesBack",
    does: "A late acknowledgement takes matchIndex back.",
    kind: "cost",
    sources: [
      gitHub("bakwc/PySyncObj", 167),
      gitHub("zhebrak/raftos", 25),
      gitHub("wenweihu86/raft-java", 53),
      gitHub("etcd-io/etcd", 1761),
      gitHub("ongardie/raft.tla", 18),
    ],
    planted: [
      {
        file: "src/core/rules.ts",
        find: "matchIndexAfter: (current, acknowledged) => Math.max(current, acknowledged),",
        by: "matchIndexAfter: (_current, acknowledged) => acknowledged,",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "NextIndexNotAboveMatchIndex",
    does: "A late refusal takes nextIndex to matchIndex, or below it.",
    kind: "cost",
    sources: [
      gitHub("etcd-io/raft", 149),
      gitHub("tikv/raft-rs", 556),
      gitHub("microsoft/CCF", 5341),
      gitHub("andreev-io/little-raft", 18),
    ],
    planted: [
      {
        file: "src/core/replication.ts",
        find: `  if (isLate(message, next)) return next;
  const { prevLogIndex`,
        by: "  const { prevLogIndex",
      },
      {
        file: "src/core/rules.ts",
        find: "    Math.min(Math.max(wanted, match + 1), lastIndex + 1),",
        by: "    Math.min(Math.max(wanted, Math.min(match, 1)), lastIndex + 1),",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "LeavesAnEntryOut",
    does: "A leader that packs a request leaves out an entry and goes on with those behind it.",
    kind: "safety",
    sources: [gitHub("logcabin/logcabin", 160)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: "    entries: server.log.slice(prevLogIndex + 1, prevLogIndex + count),\n",
        by: `    entries: server.log
      .slice(prevLogIndex + 1, prevLogIndex + count)
      .filter((_, place) => count < 3 || place !== 1),
`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "AcknowledgesOnlyWhatIsNew",
    does: "A follower that has all entries of a request already acknowledges none of them, and its leader sends them for good.",
    kind: "liveness",
    sources: [gitHub("yugabyte/yugabyte-db", 8879)],
    planted: [
      {
        file: "src/core/replication.ts",
        find: "  if (matches) takeIn(server, message);\n",
        by: `  const lastBefore = server.log.lastIndex;
  if (matches) takeIn(server, message);
`,
      },
      {
        file: "src/core/replication.ts",
        find: "          matchIndex: rules.acknowledgedIndex(message, lastLogIndex),",
        by: `          matchIndex:
            lastLogIndex > lastBefore ? rules.acknowledgedIndex(message, lastLogIndex) : prevLogIndex,`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "LeaderTakesEntriesOfItsTerm",
    does: "A leader steps down for entries of its own term, which no other server can have.",
    kind: "none",
    sources: [gitHub("nats-io/nats-server", 5314)],
    planted: [
      {
        file: "src/core/rules.ts",
        find: '    server.role !== "Leader" || message.term !== server.currentTerm,',
        by: "    server.id !== message.from,",
      },
    ],
    seenBy: null,
    because:
      "While Election Safety holds, a leader never hears another of its term: the guard is a defence in depth, and without it every step is the same.",
  },
];
