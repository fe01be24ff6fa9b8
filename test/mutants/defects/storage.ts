import { type Defect, gitHub } from "../defect.ts";

/** Stable storage, as it is simulated: Figure 2, "persistent state". */
export const storageDefects: readonly Defect[] = [
  {
    name: "DoesNotStoreItsVote",
    does: "A server stores its term and its log, and not whom it voted for.",
    kind: "safety",
    sources: [gitHub("datatechnology/cornerstone", 65), gitHub("xnnyygn/xraft", 29)],
    planted: [{ file: "src/sim/disk.ts", find: "    this.#votedFor = record.votedFor;\n", by: "" }],
    seenBy: "trace check",
  },
  {
    name: "StoresTermAndVoteApart",
    does: "A server stores its vote at once and its term with the next write, so that a crash between leaves the one without the other.",
    kind: "safety",
    sources: [gitHub("hashicorp/raft", 661), gitHub("willemt/raft", 47)],
    planted: [
      {
        file: "src/sim/disk.ts",
        find: "    this.#currentTerm = record.currentTerm;\n",
        by: "    if (record.votedFor === this.#votedFor) this.#currentTerm = record.currentTerm;\n",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "TruncatedEntriesComeBack",
    does: "A cut of the log is not stored, so that what was cut off is there again after a restart.",
    kind: "safety",
    sources: [gitHub("etcd-io/etcd", 22442)],
    planted: [
      {
        file: "src/sim/disk.ts",
        find: `    this.#log.length = record.logChangedFrom - 1;
    for (const entry of record.newEntries) this.#log.push(entry);`,
        by: `    for (const [offset, entry] of record.newEntries.entries()) {
      this.#log[record.logChangedFrom - 1 + offset] = entry;
    }`,
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "AnswersBeforeItStores",
    does: "A server sends its messages before what they tell of is on disk.",
    kind: "safety",
    sources: [gitHub("etcd-io/etcd", 14370), gitHub("tikv/tikv", 994)],
    planted: [
      {
        file: "src/sim/world.ts",
        find: "    if (!held) this.persist(place);\n    return true;",
        by: `    for (const message of held ? (host.server?.output.messages.splice(0) ?? []) : []) {
      this.sent.push(message);
      this.messages?.add(message);
    }
    if (host.server !== null && held) host.server.sentBefore = 0;
    if (!held) this.persist(place);
    return true;`,
      },
      {
        file: "src/sim/seeded-run.ts",
        find: "    if (this.#isDoomed[place] === true) {\n      const pending",
        by: "    this.#takeEffects();\n    if (this.#isDoomed[place] === true) {\n      const pending",
      },
    ],
    seenBy: "trace check",
  },
  {
    name: "GoesOnAfterAFailedWrite",
    does: "A write of the log fails, and the server goes on writing behind it: what comes back after a crash ends there.",
    kind: "safety",
    sources: [gitHub("cockroachdb/cockroach", 37102)],
    planted: [
      {
        file: "src/sim/disk.ts",
        find: "    if (record.logChangedFrom === 0) return;\n",
        by: `    if (record.logChangedFrom === 0) return;
    if (record.lastIndex % 7 === 6) this.#failedFrom = Math.min(this.#failedFrom, record.lastIndex);
`,
      },
      {
        file: "src/sim/disk.ts",
        find: "  readonly #log: Entry[] = [];\n",
        by: "  readonly #log: Entry[] = [];\n  #failedFrom = Infinity;\n",
      },
      {
        file: "src/sim/disk.ts",
        find: "    return { currentTerm",
        by: `    if (this.#log.length >= this.#failedFrom) this.#log.length = this.#failedFrom - 1;
    this.#failedFrom = Infinity;
    return { currentTerm`,
      },
    ],
    seenBy: "trace check",
  },
];
