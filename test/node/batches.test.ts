import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BatchPace } from "../../src/node/batch-pace.ts";
import { Proposals } from "../../src/node/proposals.ts";
import { KeyValueMachine } from "../../src/node/state-machine.ts";
import { LocalCluster, propose, Register, until } from "./cluster.ts";

describe("the pace of batches", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    { batches: 0, commands: 0 },
    { batches: 1, commands: 1000 },
    { batches: 5, commands: 15 },
  ])("the next may begin at once after $batches of $commands commands", (uncommitted) => {
    const pace = new BatchPace(() => {});
    pace.begun();
    expect(pace.allows(uncommitted)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a third waits while many commands are on their way, a millisecond at most", () => {
    let due = 0;
    const pace = new BatchPace(() => due++);
    const uncommitted = { batches: 2, commands: 16 };
    expect(pace.allows(uncommitted)).toBe(true);
    pace.begun();
    expect([pace.allows(uncommitted), pace.allows(uncommitted)]).toEqual([false, false]);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(due).toBe(1);
    expect(pace.allows(uncommitted)).toBe(true);
  });

  test("nothing is called after the stop", () => {
    const pace = new BatchPace(() => expect.unreachable());
    pace.begun();
    pace.allows({ batches: 2, commands: 16 });
    pace.stop();
    vi.advanceTimersByTime(10);
  });
});

let cluster: LocalCluster | null = null;
afterEach(async () => {
  await cluster?.remove();
  cluster = null;
});

test("commands enter the log though none before them can be committed", async () => {
  cluster = new LocalCluster(3);
  await cluster.startAll();
  const leader = await cluster.leader();
  const { lastIndex } = await until(() => {
    const status = leader.status();
    return status.commitIndex === status.lastIndex ? status : null;
  });
  cluster.passes = () => false;
  const outcomes: Promise<unknown>[] = [];
  for (let batch = 1; batch <= 4; batch++) {
    for (let i = 0; i < 20; i++) outcomes.push(propose(leader, `command ${batch} ${i}`));
    await until(() => (leader.status().lastIndex === lastIndex + 20 * batch ? batch : null));
  }
  expect(leader.status().commitIndex).toBe(lastIndex);
  await cluster.stopAll();
  await Promise.all(outcomes);
});

test("the batches of the log are counted that have an entry after an index", () => {
  const proposals = new Proposals({ maxCommands: 10, maxCharacters: 100 }, () => 1);
  for (const [first, count] of [
    [3, 2],
    [7, 3],
  ] as const) {
    for (let i = 0; i < count; i++) proposals.add("x", () => {});
    proposals.enterLog(first);
  }
  expect([3, 4, 8, 9].map((index) => proposals.batchesAfter(index))).toEqual([
    { batches: 2, commands: 5 },
    { batches: 1, commands: 3 },
    { batches: 1, commands: 3 },
    { batches: 0, commands: 0 },
  ]);
});

/** Remembers for which commands a client waits. */
class AwaitedCommands extends Register {
  awaited: boolean[] = [];

  override apply(command: string, _index = 0, isAwaited = false): string {
    this.awaited.push(isAwaited);
    return super.apply(command);
  }
}

describe("a state machine is told whether a client waits for the answer", () => {
  test("on the leader that took the command, and nowhere else", async () => {
    cluster = new LocalCluster(3);
    const machines = new Map(cluster.names.map((id) => [id, new AwaitedCommands()]));
    for (const [id, machine] of machines) await cluster.start(id, {}, machine);
    const leader = await cluster.leader();
    const commands = ["a", "b", "c"];
    const outcomes = await Promise.all(commands.map((command) => propose(leader, command)));
    expect(outcomes).toMatchObject([{ answer: "1" }, { answer: "2" }, { answer: "3" }]);
    await cluster.settle();
    for (const [id, { awaited }] of machines) {
      expect(awaited).toEqual(commands.map(() => id === leader.status().id));
    }
  });

  test("the store gives no text where none does, and comes to the same state", () => {
    const command = '{"operation":{"type":"put","key":"x","value":"1"}}';
    const [here, elsewhere] = [new KeyValueMachine(), new KeyValueMachine()];
    expect(here.apply(command, 1, true)).toBe('{"status":"done","value":null}');
    expect(elsewhere.apply(command, 1, false)).toBe("");
    expect([...elsewhere.snapshot()]).toEqual([...here.snapshot()]);
  });
});
