import { describe, expect, test } from "vitest";
import { encodeCommand, KeyValueStore, type Operation } from "../../src/state-machine/index.ts";

const put = (value: string): Operation => ({ type: "put", key: "x", value });
const get: Operation = { type: "get", key: "x" };

/** A store in which a client has the session 1, and has put "mine" by its first command. */
function storeWithSession(): KeyValueStore {
  const store = new KeyValueStore({ maxSessions: 2 });
  store.apply(1, encodeCommand({ type: "register", secret: "s3cret" }));
  store.apply(2, own(1, put("mine")));
  return store;
}

function own(sequence: number, operation: Operation): string {
  return encodeCommand({ session: 1, secret: "s3cret", sequence, operation });
}

/** What somebody may send who guesses the number of the session. */
const guesses: readonly (readonly [what: string, command: string])[] = [
  ["no secret", encodeCommand({ session: 1, sequence: 2, operation: put("theirs") })],
  [
    "another secret",
    encodeCommand({ session: 1, secret: "guess", sequence: 2, operation: put("theirs") }),
  ],
  [
    "a number far ahead, by which the client's commands would be turned away",
    encodeCommand({ session: 1, secret: "guess", sequence: 1_000_000, operation: get }),
  ],
  [
    "the number of a command that has run, whose answer would be told",
    encodeCommand({ session: 1, secret: "guess", sequence: 1, operation: get }),
  ],
];

describe("a session whose number is guessed", () => {
  test.each(guesses)("is not changed by a command with %s", (_, command) => {
    const store = storeWithSession();
    const before = store.describe();
    expect(store.apply(3, command)).toEqual({ status: "noSession" });
    expect(store.describe()).toBe(before);
    // The client's command of the same number runs, and is not answered by the other's.
    expect(store.apply(4, own(2, put("again")))).toEqual({ status: "done", value: "mine" });
    expect(store.query('{"type":"get","key":"x"}')).toEqual({ status: "done", value: "again" });
  });

  test("is not kept open by who does not know its secret", () => {
    const store = storeWithSession();
    store.apply(3, encodeCommand({ type: "register", secret: "other" }));
    for (const [, command] of guesses) store.apply(4, command);
    store.apply(5, encodeCommand({ type: "register", secret: "third" }));
    expect(store.apply(6, own(2, get))).toEqual({ status: "noSession" });
  });

  test("is not taken over by another registration with a secret of its own", () => {
    const store = storeWithSession();
    store.apply(3, encodeCommand({ type: "register", secret: "theirs" }));
    const command = encodeCommand({ session: 1, secret: "theirs", sequence: 2, operation: get });
    expect(store.apply(4, command)).toEqual({ status: "noSession" });
  });
});

describe("secrets in a snapshot", () => {
  test("are as they were", () => {
    const store = storeWithSession();
    const restored = new KeyValueStore({ maxSessions: 2 });
    restored.restore([...store.snapshot()].join(""));
    expect(restored.describe()).toBe(store.describe());
    for (const [, command] of guesses) {
      expect(restored.apply(3, command)).toEqual({ status: "noSession" });
    }
    expect(restored.apply(4, own(1, put("mine")))).toEqual({ status: "done", value: null });
  });

  test("of a later version are refused, and the state stays", () => {
    const store = storeWithSession();
    const before = store.describe();
    expect(() => store.restore('{"version":3,"values":[],"sessions":[]}')).toThrow(
      "the snapshot holds a store of version 3, and this reads versions up to 2",
    );
    expect(store.describe()).toBe(before);
  });
});

describe("logs and snapshots of before there were secrets", () => {
  const operation = get;

  test("give the state that they gave", () => {
    const store = new KeyValueStore();
    expect(store.apply(7, '{"type":"register","nonce":"a"}')).toEqual({
      status: "registered",
      session: 7,
    });
    const done = { status: "done", value: null };
    expect(store.apply(8, encodeCommand({ session: 7, sequence: 1, operation }))).toEqual(done);
    // A secret belongs to no session that has none.
    expect(
      store.apply(9, encodeCommand({ session: 7, secret: "a", sequence: 2, operation })),
    ).toEqual({ status: "noSession" });
  });

  test("are restored", () => {
    const store = new KeyValueStore();
    const answer = { status: "done", value: "kept" };
    const sessions = [[7, 3, [3, answer]]];
    store.restore(JSON.stringify({ values: [["x", "old"]], sessions }));
    expect(store.apply(8, encodeCommand({ session: 7, sequence: 3, operation }))).toEqual(answer);
    expect(store.apply(9, encodeCommand({ session: 7, sequence: 4, operation }))).toEqual({
      status: "done",
      value: "old",
    });
  });
});
