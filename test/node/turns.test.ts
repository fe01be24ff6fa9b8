import { afterEach, describe, expect, test } from "vitest";
import { Proposals } from "../../src/node/proposals.ts";
import { startServer } from "../../src/node/start-server.ts";
import type { ReplicatedStateMachine } from "../../src/node/state-machine.ts";
import { LocalCluster, until } from "./cluster.ts";

const LONG = "x".repeat(512 * 1024);
const REQUESTS = 64;

/** Every answer is long, and it is counted how many are made before others get their turn. */
class LongAnswers implements ReplicatedStateMachine {
  mostInOneTurn = 0;
  #inThisTurn = 0;

  apply(): string {
    return this.#answer();
  }

  query(): string {
    return this.#answer();
  }

  *snapshot(): Generator<string> {
    yield "";
  }

  restore(): void {}

  #answer(): string {
    this.#inThisTurn++;
    this.mostInOneTurn = Math.max(this.mostInOneTurn, this.#inThisTurn);
    if (this.#inThisTurn === 1) setImmediate(() => setImmediate(() => (this.#inThisTurn = 0)));
    return LONG;
  }
}

let cluster: LocalCluster;
afterEach(() => cluster.remove());

async function serverOf(machine: ReplicatedStateMachine) {
  cluster = new LocalCluster(1);
  const server = await startServer({
    id: "s1",
    clusterId: "test",
    servers: cluster.servers,
    folder: cluster.folderOf("s1"),
    machine,
    timing: { heartbeatMs: 30, electionTimeoutMs: 60 },
    openTransport: async () => ({ send: () => {}, close: async () => {} }),
  });
  await until(() => (server.status().role === "Leader" ? server : null));
  await until(() => (server.status().lastApplied > 0 ? server : null));
  return server;
}

describe("what is answered at once has a bound, and others get their turn in between", () => {
  test.each(["query", "execute"] as const)("%s of long values", async (method) => {
    const machine = new LongAnswers();
    const server = await serverOf(machine);
    try {
      const requests = Array.from({ length: REQUESTS }, () => server[method]("long"));
      const outcomes = await Promise.all(requests);
      expect(outcomes.every(({ status }) => status === "executed")).toBe(true);
      // The bound is one Mi characters; two turns may lie between two looks.
      expect(machine.mostInOneTurn).toBeLessThanOrEqual(8);
    } finally {
      await server.stop();
    }
  });

  test("those that wait for another turn are refused where the server stops", async () => {
    const server = await serverOf(new LongAnswers());
    const requests = Array.from({ length: REQUESTS }, () => server.query("long"));
    // The first have been answered, and the stop comes before the last.
    await requests[0];
    await server.stop();
    const statuses = new Set((await Promise.all(requests)).map(({ status }) => status));
    expect([...statuses]).toEqual(["executed", "refused"]);
  });
});

test("commands in the log are abandoned up to an index, or after it", () => {
  cluster = new LocalCluster(1);
  const outcomes: string[] = [];
  const limits = { maxCommands: 10, maxCharacters: 100 };
  const proposals = new Proposals(limits, ({ length }) => length);
  for (const name of ["a", "b", "c", "d"]) {
    proposals.add(name, ({ status }) => outcomes.push(`${name} ${status}`));
  }
  proposals.enterLog(5);
  proposals.abandonAfter(7, "another leader");
  proposals.abandonUpTo(5, "a snapshot");
  expect(outcomes).toEqual(["d unknown", "a unknown"]);
  proposals.answer(6, "");
  proposals.answer(7, "");
  expect(outcomes.slice(2)).toEqual(["b executed", "c executed"]);
  expect(proposals.size).toBe(0);
});
