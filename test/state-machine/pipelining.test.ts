import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCommand, KeyValueStore, MAX_UNDER_WAY } from "../../src/state-machine/index.ts";
import { Session } from "../../src/state-machine/sessions.ts";

/** Counts how often each command runs. */
function runs() {
  const session = new Session<{ readonly sequence: number }>();
  const counts = new Map<number, number>();
  const send = (sequence: number, lowestUnanswered: number) =>
    session.runOnce(sequence, lowestUnanswered, () => {
      counts.set(sequence, (counts.get(sequence) ?? 0) + 1);
      return { sequence };
    });
  return { counts, send };
}

describe("commands of a session that are under way together", () => {
  it("run once each, in whichever order and however often they come", () => {
    const { counts, send } = runs();
    for (const sequence of [3, 1, 3, 2, 1, 4, 3]) {
      expect(send(sequence, 1)).toEqual({ sequence });
    }
    expect([...counts]).toEqual([1, 2, 3, 4].map((_, at) => [[3, 1, 2, 4][at], 1]));
  });

  it("are superseded once the client has said that it has had the answer", () => {
    const { counts, send } = runs();
    send(1, 1);
    send(3, 3);
    expect(send(1, 1)).toBe("superseded");
    expect(send(2, 1)).toBe("superseded");
    expect(send(3, 1)).toEqual({ sequence: 3 });
    expect([...counts.keys()]).toEqual([1, 3]);
  });

  it("do not run where too many are unanswered, so that what is remembered has a bound", () => {
    const { counts, send } = runs();
    expect(send(MAX_UNDER_WAY, 1)).toEqual({ sequence: MAX_UNDER_WAY });
    expect(send(MAX_UNDER_WAY + 1, 1)).toBe("tooManyUnderWay");
    expect(send(MAX_UNDER_WAY + 1, 2)).toEqual({ sequence: MAX_UNDER_WAY + 1 });
    expect(counts.size).toBe(2);
  });

  it("of any client that keeps its promise: each runs once, and gets its own answer", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 300 }), (choices) => {
        const { counts, send } = runs();
        const answered = new Set<number>();
        let lowest = 1;
        let next = 1;
        const onTheirWay: (readonly [number, number])[] = [];
        for (const choice of choices) {
          if (choice % 3 === 0 && next < lowest + 8) onTheirWay.push([next++, lowest]);
          const copy = onTheirWay[choice % Math.max(1, onTheirWay.length)];
          if (copy === undefined) continue;
          const answer = send(...copy);
          // Only a copy of a command that was answered long ago may be turned away.
          if (answer === "superseded") expect(answered.has(copy[0])).toBe(true);
          else expect(answer).toEqual({ sequence: copy[0] });
          answered.add(copy[0]);
          while (answered.has(lowest)) lowest++;
        }
        expect([...counts.values()].every((count) => count === 1)).toBe(true);
        expect(new Set(counts.keys())).toEqual(answered);
      }),
    );
  });
});

describe("the store", () => {
  it("takes commands of a session that are under way together, and each runs once", () => {
    const store = new KeyValueStore();
    store.apply(1, encodeCommand({ type: "register", secret: "a" }));
    const command = (sequence: number, expected: string | null, value: string) =>
      encodeCommand({
        session: 1,
        secret: "a",
        sequence,
        lowestUnanswered: 1,
        operation: { type: "compareAndSet", key: "x", expected, value },
      });
    const [first, second] = [command(1, "b", "a"), command(2, null, "b")];
    expect(store.apply(2, second)).toEqual({ status: "done", value: null });
    expect(store.apply(3, first)).toEqual({ status: "done", value: "b" });
    expect(store.apply(4, second)).toEqual({ status: "done", value: null });
    expect(store.query('{"type":"get","key":"x"}')).toEqual({ status: "done", value: "a" });
  });

  it("runs a command outside of any session as often as it comes", () => {
    const store = new KeyValueStore();
    const put = encodeCommand({ operation: { type: "put", key: "x", value: "1" } });
    expect(store.apply(1, put)).toEqual({ status: "done", value: null });
    expect(store.apply(2, put)).toEqual({ status: "done", value: "1" });
  });

  it("answers a query from its state, and is not changed by any", () => {
    const store = new KeyValueStore();
    const before = store.describe();
    expect(store.query('{"type":"get","key":"x"}')).toEqual({ status: "done", value: null });
    expect(store.query('{"type":"put","key":"x","value":"1"}')).toEqual({
      status: "malformed",
      reason: "type: only get can be asked without an entry",
    });
    expect(store.query("[]")).toMatchObject({ status: "malformed" });
    expect(store.describe()).toBe(before);
  });

  it("refuses a command that has had the answer to itself", () => {
    const text =
      '{"session":1,"sequence":1,"lowestUnanswered":2,"operation":{"type":"get","key":"x"}}';
    expect(new KeyValueStore().apply(1, text)).toEqual({
      status: "malformed",
      reason: "lowestUnanswered: a positive integer up to sequence is expected",
    });
  });
});
