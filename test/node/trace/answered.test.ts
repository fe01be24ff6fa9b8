/** What a client was answered by is in the trace when the answer comes, where no batch is under way. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Outcome } from "../../../src/node/door.ts";
import type { NodeServer } from "../../../src/node/node-server.ts";
import type { TraceEvent } from "../../../src/trace/format.ts";
import { LocalCluster } from "../cluster.ts";

let cluster: LocalCluster;
beforeEach(async () => {
  cluster = new LocalCluster(3);
  await cluster.startAll();
});
afterEach(() => cluster.remove());

/** The outcome, and the events of the server that its trace has at that very moment. */
async function asked(
  server: NodeServer,
  ask: (done: (outcome: Outcome) => void) => void,
): Promise<{ readonly outcome: Outcome; readonly events: readonly TraceEvent[] }> {
  return await new Promise((resolve) => {
    ask((outcome) => {
      const [, ...lines] = readFileSync(cluster.traceOf(server.status().id), "utf8")
        .trimEnd()
        .split("\n");
      resolve({ outcome, events: lines.map((line): TraceEvent => JSON.parse(line)) });
    });
  });
}

test("a command's commit", async () => {
  await cluster.execute("first");
  await cluster.settle();
  const leader = await cluster.leader();
  // One alone may meet a heartbeat, with which its commit is traced by chance.
  for (let number = 0; number < 20; number++) {
    const { outcome, events } = await asked(leader, (done) => leader.propose("second", done));
    if (outcome.status !== "executed") throw new Error(`it is ${outcome.status}`);
    for (const action of ["AdvanceCommitIndex", "Apply"]) {
      expect(events.findLast((event) => event.action === action)?.index).toBe(outcome.index);
    }
  }
});

test("a read's confirmation", async () => {
  await cluster.execute("first");
  await cluster.settle();
  const leader = await cluster.leader();
  const { outcome, events } = await asked(leader, (done) => leader.read("0", done));
  expect(outcome).toMatchObject({ status: "executed", answer: "first" });
  expect(events.filter(({ action }) => action === "AnswerRead")).toHaveLength(1);
});
