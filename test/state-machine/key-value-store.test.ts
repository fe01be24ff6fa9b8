import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeCommand,
  KeyValueStore,
  type Operation,
  type StoreAnswer,
} from "../../src/state-machine/index.ts";

/** A store, a client's session on it, and the next index of its log. */
function storeWithSession(maxSessions = 10) {
  const store = new KeyValueStore({ maxSessions });
  let index = 0;
  const apply = (command: string | null): StoreAnswer | null => store.apply(++index, command);
  const secrets = new Map<number, string>();
  const register = (secret: string): number => {
    const answer = apply(encodeCommand({ type: "register", secret }));
    if (answer?.status !== "registered") throw new Error("not registered");
    secrets.set(answer.session, secret);
    return answer.session;
  };
  const run = (session: number, sequence: number, operation: Operation) =>
    apply(encodeCommand({ session, secret: secrets.get(session) ?? "", sequence, operation }));
  return { store, apply, register, run };
}

describe("the key-value store", () => {
  it("gets, puts, deletes, and sets only what it finds as expected", () => {
    const { register, run } = storeWithSession();
    const session = register("a");
    const key = "x";
    expect(run(session, 1, { type: "get", key })).toEqual({ status: "done", value: null });
    expect(run(session, 2, { type: "put", key, value: "1" })).toEqual({
      status: "done",
      value: null,
    });
    expect(run(session, 3, { type: "compareAndSet", key, expected: "2", value: "3" })).toEqual({
      status: "different",
      value: "1",
    });
    expect(run(session, 4, { type: "compareAndSet", key, expected: "1", value: "3" })).toEqual({
      status: "done",
      value: "1",
    });
    expect(run(session, 5, { type: "delete", key })).toEqual({ status: "done", value: "3" });
    expect(run(session, 6, { type: "compareAndSet", key, expected: null, value: "4" })).toEqual({
      status: "done",
      value: null,
    });
  });

  // @claim CommandsRunOnce
  it("runs a retried command once and gives the same answer again", () => {
    const { register, run } = storeWithSession();
    const session = register("a");
    const put: Operation = { type: "compareAndSet", key: "x", expected: null, value: "1" };
    const first = run(session, 1, put);
    expect(run(session, 1, put)).toEqual(first);
    expect(run(session, 2, { type: "get", key: "x" })).toEqual({ status: "done", value: "1" });
    expect(run(session, 1, put)).toEqual({ status: "superseded" });
  });

  it("takes the same sequence number of another session for another command", () => {
    const { register, run } = storeWithSession();
    const [a, b] = [register("a"), register("b")];
    run(a, 1, { type: "put", key: "x", value: "a" });
    expect(run(b, 1, { type: "put", key: "x", value: "b" })).toEqual({
      status: "done",
      value: "a",
    });
  });

  it("drops the session used longest ago, and refuses its commands instead of running them", () => {
    const { store, register, run } = storeWithSession(2);
    const [a, b] = [register("a"), register("b")];
    run(b, 1, { type: "put", key: "x", value: "b" });
    run(a, 1, { type: "put", key: "x", value: "a" });
    register("c");
    const before = store.describe();
    expect(run(b, 1, { type: "put", key: "x", value: "b" })).toEqual({ status: "noSession" });
    expect(store.describe()).toBe(before);
    expect(run(a, 2, { type: "get", key: "x" })).toEqual({ status: "done", value: "a" });
  });

  it("refuses a limit of sessions that is no positive integer", () => {
    for (const maxSessions of [0, -1, 1.5, Number.NaN]) {
      expect(() => new KeyValueStore({ maxSessions })).toThrow(RangeError);
    }
  });

  it.each([
    ["", "not a JSON object"],
    ["[]", "not a JSON object"],
    ["null", "not a JSON object"],
    ['{"type":"register"}', "secret: a text of 1 to 1024 characters is expected"],
    ['{"session":0}', "session: a positive integer is expected"],
    ['{"session":1,"secret":1}', "secret: a text of 1 to 1024 characters is expected"],
    ['{"session":1,"sequence":1.5}', "sequence: a positive integer is expected"],
    ['{"session":1,"sequence":1}', "operation: an object is expected"],
    [
      '{"session":1,"sequence":1,"operation":{"type":"get","key":""}}',
      "operation.key: a text of 1 to 1024 characters is expected",
    ],
    [
      '{"session":1,"sequence":1,"operation":{"type":"put","key":"__proto__"}}',
      "operation.value: a text is expected",
    ],
    [
      '{"session":1,"sequence":1,"operation":{"type":"drop","key":"x"}}',
      "operation.type: get, put, delete or compareAndSet is expected",
    ],
  ])("answers the malformed command %s alike everywhere, and changes nothing", (text, reason) => {
    const { store, apply } = storeWithSession();
    const before = store.describe();
    expect(apply(text)).toEqual({ status: "malformed", reason });
    expect(store.describe()).toBe(before);
  });

  it("never throws, whatever text is applied, and two replicas never differ", () => {
    const commands = fc.array(fc.oneof(fc.string(), fc.json()), { maxLength: 20 });
    fc.assert(
      fc.property(commands, (texts) => {
        const [one, other] = [new KeyValueStore(), new KeyValueStore()];
        texts.forEach((text, at) => {
          expect(other.apply(at + 1, text)).toEqual(one.apply(at + 1, text));
        });
        expect(other.describe()).toBe(one.describe());
      }),
    );
  });

  it("describes equal states by equal texts, and others by others", () => {
    const [one, other] = [storeWithSession(), storeWithSession()];
    const [a, b] = [one.register("a"), other.register("a")];
    one.run(a, 1, { type: "put", key: "x", value: "1" });
    other.run(b, 1, { type: "put", key: "x", value: "2" });
    expect(one.store.describe()).not.toBe(other.store.describe());
  });

  it("does nothing on a leader's empty entry", () => {
    const { store, apply } = storeWithSession();
    const before = store.describe();
    expect(apply(null)).toBe(null);
    expect(store.describe()).toBe(before);
  });
});
