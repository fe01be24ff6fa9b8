import { afterEach, describe, expect, test } from "vitest";
import { Proposals } from "../../src/node/proposals.ts";
import { startServer } from "../../src/node/start-server.ts";
import type { ReplicatedStateMachine } from "../../src/node/state-machine.ts";
import { LocalCluster, until } from "./cluster.ts";

const LONG = "x".repeat(512 * 1024);
const REQUESTS = 64;

/** It is counted how many are made before others get their turn: one other takes each of them. */
class Answers implements ReplicatedStateMachine {
  readonly #text: string;
  mostBetweenTurns = 0;
  #sinceTurn = 0;
  #other: NodeJS.Immediate | undefined;

  constructor(text: string) {
    this.#text = text;
  }

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
    this.#sinceTurn++;
    this.mostBetweenTurns = Math.max(this.mostBetweenTurns, this.#sinceTurn);
    if (this.#other === undefined) this.#waitForTurn();
    return this.#text;
  }

  #waitForTurn(): void {
    this.#other = setImmediate(() => {
      this.#sinceTurn = 0;
      this.#waitForTurn();
    });
  }

  stop(): void {
    clearImmediate(this.#other);
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
    const machine = new Answers(LONG);
    const server = await serverOf(machine);
    try {
      const requests = Array.from({ length: REQUESTS }, () => server[method]("long"));
      const outcomes = await Promise.all(requests);
      expect(outcomes.every(({ status }) => status === "executed")).toBe(true);
      // A turn ends with the second, which fills the bound of one Mi characters. Two turns follow
      // each other where the first is the last of its round, and the second the first of the next.
      expect(machine.mostBetweenTurns).toBeLessThanOrEqual(4);
    } finally {
      machine.stop();
      await server.stop();
    }
  });

  test("a thousand short ones", async () => {
    const machine = new Answers("short");
    const server = await serverOf(machine);
    try {
      const requests = Array.from({ length: 1000 }, () => server.execute("short"));
      await Promise.all(requests);
      // The bound is 128; two turns may follow each other, as above.
      expect(machine.mostBetweenTurns).toBeLessThanOrEqual(256);
    } finally {
      machine.stop();
      await server.stop();
    }
  });

  test("those that wait for another turn are refused where the server stops", async () => {
    const machine = new Answers(LONG);
    const server = await serverOf(machine);
    const requests = Array.from({ length: REQUESTS }, () => server.query("long"));
    // The first have been answered, and the stop comes before the last.
    await requests[0];
    await server.stop();
    machine.stop();
    const statuses = new Set((await Promise.all(requests)).map(({ status }) => status));
    expect([...statuses]).toEqual(["executed", "refused"]);
  });
});

test("commands of several batches are answered in the order of the log, whatever lies between", () => {
  cluster = new LocalCluster(1);
  const outcomes: string[] = [];
  const limits = { maxCommands: 10, maxCharacters: 100 };
  const proposals = new Proposals(limits, ({ length }) => length);
  const add = (name: string): void => {
    proposals.add(name, (outcome) => {
      const where = outcome.status === "executed" ? ` ${outcome.index}` : "";
      outcomes.push(`${name} ${outcome.status}${where}`);
    });
  };
  for (const name of ["a", "b"]) add(name);
  proposals.enterLog(3);
  for (const name of ["c", "d"]) add(name);
  proposals.enterLog(7);
  add("e");
  expect(proposals.inLog).toBe(4);
  for (const index of [1, 2, 3, 4, 5, 6, 7]) proposals.answer(index, "");
  expect(outcomes).toEqual(["a executed 3", "b executed 4", "c executed 7"]);
  expect({ inLog: proposals.inLog, queued: proposals.queued }).toEqual({ inLog: 1, queued: 1 });
  proposals.abandonLog("another leader");
  proposals.answer(8, "");
  proposals.enterLog(8);
  proposals.answer(8, "");
  expect(outcomes.slice(3)).toEqual(["d unknown", "e executed 8"]);
  expect(proposals.isEmpty).toBe(true);
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
  // This server leads again before the rest is executed, and gives the index of "d" to another.
  proposals.add("e", ({ status }) => outcomes.push(`e ${status}`));
  proposals.enterLog(8);
  for (const index of [6, 7, 8]) proposals.answer(index, "");
  expect(outcomes.slice(2)).toEqual(["b executed", "c executed", "e executed"]);
  expect(proposals.size).toBe(0);
});
