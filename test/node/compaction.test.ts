import { expect, test } from "vitest";
import { createServer, electionTimeout, propose, type Snapshot } from "../../src/core/index.ts";
import { Compaction } from "../../src/node/compaction.ts";
import { nextTurn } from "../../src/node/next-turn.ts";

const COMMAND = "c".repeat(64 * 1024);
/** So many commands are a MiB of log. */
const MIB = 16;
const MIB_BYTES = 1024 * 1024;

/**
 * Appends and executes commands on a server alone, and lets its log be compacted meanwhile.
 *
 * @returns how many commands had come since the last snapshot, at each
 */
async function commandsAtSnapshots(
  commands: number,
  snapshotBytes: number,
  state = "state",
): Promise<number[]> {
  const core = createServer({ id: "n1", servers: ["n1"] });
  electionTimeout(core);
  const counts: number[] = [];
  let since = 0;
  const compaction = new Compaction({
    core,
    storage: {
      persist: async () => {},
      saveSnapshot: async (_: Snapshot) => {
        counts.push(since);
        since = 0;
      },
      compact: async () => {},
      close: async () => {},
      diskBytes: 0,
    },
    machine: {
      apply: () => "",
      query: () => "",
      snapshot: () => [state],
      restore: () => {},
    },
    trace: null,
    snapshotBytes,
    onProgress: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  for (let command = 0; command < commands; command++) {
    propose(core, [COMMAND]);
    compaction.noteExecuted(core.log.entryAt(core.lastApplied));
    since++;
    compaction.compact();
    compaction.begin(core.lastApplied);
    for (let turn = 0; turn < 3; turn++) await nextTurn();
  }
  await compaction.close();
  return counts;
}

test("a server that has just begun compacts early, and then ever later up to the bound", async () => {
  const counts = await commandsAtSnapshots(80 * MIB, 32 * MIB_BYTES);
  expect(counts).toEqual([1 / 8, 2, 32, 32].map((mebibytes) => mebibytes * MIB));
});

test("a bound that is less holds from the beginning", async () => {
  const counts = await commandsAtSnapshots(4, MIB_BYTES / 16);
  expect(counts).toEqual([1, 1, 1, 1]);
});

test("a state that is larger than the bound waits for as much of log", async () => {
  const counts = await commandsAtSnapshots(30 * MIB, 2 * MIB_BYTES, "s".repeat(8 * MIB_BYTES));
  expect(counts).toEqual([1 / 8, 8, 8, 8].map((mebibytes) => mebibytes * MIB));
});
