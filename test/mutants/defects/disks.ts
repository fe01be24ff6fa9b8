import { gitHub, type TestedDefect } from "../defect.ts";

const WAL = ["test/node/wal/write-ahead-log.test.ts"];
const DAMAGE = ["test/node/wal/fuzz.test.ts"];

/** A server's real disk: what a crash, a loss of power or a failing disk may do to it. */
export const diskDefects: readonly TestedDefect[] = [
  {
    name: "AnswersBeforeTheFsync",
    does: "A batch counts as durable once it is written, and not once it is fsynced.",
    sources: [
      gitHub("etcd-io/etcd", 14370),
      gitHub("tikv/tikv", 994),
      gitHub("lni/dragonboat", 201),
    ],
    planted: [
      {
        file: "src/node/wal/write-ahead-log.ts",
        find: "    await file.sync();\n    this.#position += bytes.length;\n",
        by: "    this.#position += bytes.length;\n",
      },
    ],
    tests: WAL,
  },
  {
    name: "GoesOnAfterAFailedFsync",
    does: "After an fsync that failed the log takes further batches.",
    sources: [gitHub("cockroachdb/cockroach", 37102), gitHub("tursodatabase/turso", 3077)],
    planted: [
      {
        file: "src/node/wal/write-ahead-log.ts",
        find: "    if (this.#failure !== null) throw this.#failure;\n",
        by: "",
      },
    ],
    tests: WAL,
  },
  {
    name: "DoesNotSyncTheFolder",
    does: "A new segment gets its name and the folder is not fsynced, so that a loss of power takes it.",
    sources: [gitHub("etcd-io/etcd", 6368)],
    planted: [
      {
        file: "src/node/wal/write-ahead-log.ts",
        find: "    await files.rename(spare.file.path, path);\n    await files.syncFolder(folder);\n",
        by: "    await files.rename(spare.file.path, path);\n",
      },
    ],
    tests: WAL,
  },
  {
    name: "CutsAtDamage",
    does: "A record that is damaged ends the log, though valid ones follow: they are dropped in silence.",
    sources: [gitHub("cockroachdb/pebble", 453), gitHub("ngaut/unistore", 567)],
    planted: [
      {
        file: "src/node/wal/recover.ts",
        find: "  if (next >= 0) {\n",
        by: "  if (next >= bytes.length) {\n",
      },
    ],
    tests: DAMAGE,
  },
  {
    name: "WritesBehindATornTail",
    does: "What a crash has torn stays, and the log goes on behind it, where recovery does not come.",
    sources: [gitHub("amelielabs/amelie", 17), gitHub("kuzudb/kuzu", 5852)],
    planted: [
      {
        file: "src/node/wal/write-ahead-log.ts",
        find: "    position: last.end,\n",
        by: "    position: last.usedEnd,\n",
      },
      {
        file: "src/node/wal/write-ahead-log.ts",
        find: "  if (torn > 0) await file.write(Buffer.alloc(torn), last.end);\n",
        by: "",
      },
    ],
    tests: DAMAGE,
  },
  {
    name: "ReplaysNoTruncation",
    does: "Replay writes entries in their places and does not cut what was cut, which comes back.",
    sources: [gitHub("etcd-io/etcd", 22442)],
    planted: [
      {
        file: "src/node/wal/replay.ts",
        find: `    this.#entries.length = from - this.#first;
    for (const entry of batch.entries) this.#entries.push(entry);
`,
        by: `    for (const [offset, entry] of batch.entries.entries()) {
      this.#entries[from - this.#first + offset] = entry;
    }
`,
      },
    ],
    tests: WAL,
  },
  {
    name: "StoresNoVote",
    does: "The record of a batch has the term and not the vote.",
    sources: [gitHub("NodeDB-Lab/nodedb", 161), gitHub("datatechnology/cornerstone", 65)],
    planted: [
      {
        file: "src/node/wal/batch.ts",
        find: '  writer.text(vote ?? "");\n',
        by: '  writer.text(vote === null ? "" : "");\n',
      },
    ],
    tests: WAL,
  },
  {
    name: "TrustsARecordWithoutItsChecksum",
    does: "A record is taken for whole by its length alone, so that a torn one counts.",
    sources: [gitHub("cockroachdb/pebble", 453)],
    planted: [
      {
        file: "src/node/wal/record.ts",
        find: "  if (checksum(bytes, at, end, salt) !== bytes.readUInt32LE(at + CHECKSUM_AT)) return null;\n",
        by: "  if (checksum(bytes, at, end, salt) < 0) return null;\n",
      },
    ],
    tests: WAL,
  },
];
