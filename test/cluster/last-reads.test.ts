/** What the clients of a run left is read at its end: all of it, and not only what is in use then. */
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Workload, type WorkloadClient } from "../../src/cluster/workload/clients.ts";
import { History } from "../../src/cluster/workload/history.ts";
import { readAll } from "../../src/cluster/workload/last-reads.ts";
import { encodeCommand, KeyValueStore, type Operation } from "../../src/state-machine/index.ts";

/** Enough for each key to be replaced more than once. */
const OPERATIONS = 12_000;

const valueIn = (store: KeyValueStore, key: string) => {
  const answer = store.query(JSON.stringify({ type: "get", key }));
  return "value" in answer ? answer.value : null;
};

/** A workload on one store from its start to the last reads, and what is done to the store before these. */
async function runOn(store: KeyValueStore, atTheEnd: (keys: readonly string[]) => void) {
  let index = 0;
  const client: WorkloadClient = {
    execute: async (operation) => {
      await turn();
      const answer = store.apply(++index, encodeCommand({ operation }));
      if (answer === null) throw new Error("the store has no answer");
      return { answer, index };
    },
    read: async (key) => {
      await turn();
      return { status: "done", value: valueIn(store, key) };
    },
    close: () => {},
  };
  const history = new History(() => {});
  const workload = new Workload({
    clients: 8,
    seed: 1,
    pauseMilliseconds: 0,
    connect: () => client,
    history,
    onExecuted: () => {},
  });
  workload.start();
  while (history.answered < OPERATIONS) await turn();
  await workload.stop();
  atTheEnd(workload.keys);
  await readAll(client, workload.keys, history);
  return { judgement: history.finish(), keys: workload.keys };
}

describe("the last reads of a run", () => {
  it("find each key as it was left, those that others have replaced too", async () => {
    const { judgement, keys } = await runOn(new KeyValueStore(), () => {});
    expect(judgement).toMatchObject({ fault: null, undecided: [], unknown: 0 });
    expect(keys.length).toBeGreaterThan(32);
    expect(judgement.keys).toBe(keys.length);
  });

  it("miss what was lost of a key long after it was replaced", async () => {
    const store = new KeyValueStore();
    let lost = "";
    const { judgement } = await runOn(store, (keys) => {
      lost = keys.find((key) => key.endsWith(".1") && valueIn(store, key) !== null) ?? "";
      store.apply(0, encodeCommand({ operation: { type: "delete", key: lost } }));
    });
    expect(judgement.fault?.key).toBe(lost);
    expect(judgement.fault?.explanation).toContain("client 0");
  });
});

describe("a read of a key whose history is closed", () => {
  const put = (value: string): Operation => ({ type: "put", key: "k", value });

  /** Two puts under way at once, the first of which is answered or given up; then a read, at the end. */
  function readAfter(outcome: "answered" | "given up", value: string | null) {
    const history = new History(() => {});
    const [first, second] = [history.invoke(1, put("a")), history.invoke(2, put("b"))];
    const read = history.invoke(3, { type: "get", key: "k" });
    history.closeKey("k");
    if (outcome === "given up") history.giveUp(first);
    else history.answer(first, { status: "done", value: null });
    history.answer(second, {
      status: "done",
      value: outcome === "given up" ? null : "a",
    });
    history.giveUp(read);
    history.answer(history.invoke(0, { type: "get", key: "k" }), { status: "done", value });
    return history.finish().fault;
  }

  it("sees what the last change left", () => {
    expect(readAfter("answered", "b")).toBe(null);
    expect(readAfter("answered", "a")?.key).toBe("k");
    expect(readAfter("answered", null)?.key).toBe("k");
  });

  it("may see a change on which its client gave up", () => {
    expect(readAfter("given up", "b")).toBe(null);
    expect(readAfter("given up", "a")).toBe(null);
    expect(readAfter("given up", null)?.key).toBe("k");
  });

  it("accuses nobody twice, and nobody after a history that could not be decided", () => {
    const history = new History(() => {});
    history.answer(history.invoke(1, put("a")), { status: "done", value: "from nowhere" });
    history.closeKey("k");
    const { fault } = history.finish();
    history.answer(history.invoke(0, { type: "get", key: "k" }), { status: "done", value: "x" });
    expect(history.finish().fault).toBe(fault);
  });
});
