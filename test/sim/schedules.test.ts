import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deltaDebug } from "../../src/sim/delta-debugging.ts";
import { calmDials } from "../../src/sim/dials.ts";
import { formatMove, type Move, parseMove } from "../../src/sim/moves.ts";
import { replaySchedule, type Schedule } from "../../src/sim/schedule.ts";
import { parseSchedule, ScheduleFormatError } from "../../src/sim/schedule-file.ts";
import { shrinkSchedule } from "../../src/sim/shrink.ts";

const place = fc.nat(4);
const held = fc.boolean();
const moves: fc.Arbitrary<Move> = fc.oneof<fc.Arbitrary<Move>[]>(
  fc.record({ type: fc.constantFrom("timeout", "heartbeat"), server: place, held }),
  fc.record({
    type: fc.constant("deliver"),
    from: place,
    to: place,
    message: fc.constantFrom(
      "RequestVoteRequest",
      "RequestVoteResponse",
      "AppendEntriesRequest",
      "AppendEntriesResponse",
    ),
    age: fc.oneof(fc.constant(0), fc.nat(3)),
    held,
  }),
  fc.record({
    type: fc.constant("ask"),
    clients: fc.uniqueArray(fc.nat(2), { minLength: 1 }),
    server: place,
    held,
  }),
  fc.record({ type: fc.constant("answer"), client: fc.nat(2) }),
  fc.record({ type: fc.constantFrom("persist", "restart"), server: place }),
  fc.record({ type: fc.constant("crash"), server: place, survive: fc.nat(3) }),
);

const ELECTION = [
  "timeout s1",
  "deliver s1 to s2 RequestVoteRequest",
  "deliver s2 to s1 RequestVoteResponse",
];

function schedule(lines: readonly string[], forgotten: string | null = null): Schedule {
  const parsed = lines.map((line) => parseMove(line));
  if (parsed.includes(null)) throw new Error("a line is no move");
  return { dials: calmDials, forgotten, moves: parsed.filter((move) => move !== null) };
}

describe("moves", () => {
  it("are what their lines say", () => {
    fc.assert(
      fc.property(moves, (move) => {
        expect(parseMove(formatMove(move))).toEqual(move);
      }),
    );
  });

  it.each(["", "timeout", "timeout s0", "timeout 1", "deliver s1 s2 RequestVoteRequest", "crash"])(
    "are not %j",
    (line) => expect(parseMove(line)).toBe(null),
  );
});

describe("any schedule whatever", () => {
  it("keeps every invariant and oracle, and moves that do not apply are skipped", () => {
    const lists = fc.array(moves, { minLength: 50, maxLength: 300, size: "max" });
    const property = fc.property(lists, fc.integer({ min: 1, max: 5 }), (list, servers) => {
      const dials = { ...calmDials, servers, maxEntriesPerRequest: 2, clients: 3 };
      expect(replaySchedule({ dials, forgotten: null, moves: list }, false).violation).toBe(null);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("is found and shrunk by fast-check where a rule is forgotten", () => {
    const lists = fc.array(moves, { minLength: 50, maxLength: 300, size: "max" });
    const property = fc.property(lists, (list) => {
      const dials = { ...calmDials, servers: 3 };
      const moves = list.filter((move) => !("server" in move) || move.server < 3);
      return replaySchedule({ dials, forgotten: "VoteIsFree", moves }, false).violation === null;
    });
    const { failed, counterexample } = fc.check(property, { numRuns: 300, seed: 1 });
    expect(failed).toBe(true);
    expect(counterexample?.[0].length).toBeLessThan(60);
  });

  it("elects a leader where it says so", () => {
    const { events, applied } = replaySchedule(schedule(ELECTION), true);
    expect(events.map(({ action }) => action)).toEqual([
      "Timeout",
      "HandleRequestVoteRequest",
      "HandleRequestVoteResponse",
      "BecomeLeader",
      "AppendNoOp",
      "SendAppendEntries",
      "SendAppendEntries",
    ]);
    expect(applied.length).toBe(3);
  });
});

describe("crashes", () => {
  it("before persisting undo the step, and its seq is used again", () => {
    const lines = ["timeout s1 held", "crash s1", "restart s1"];
    const { events } = replaySchedule(schedule(lines), true);
    expect(events.map(({ action, seq }) => [action, seq])).toEqual([["Restart", 1]]);
    expect(events[0]?.changed).toMatchObject({ currentTerm: 0, votedFor: null });
  });

  it("between persisting and sending keep the step and lose its messages", () => {
    const lines = ["timeout s1 held", "crash s1 after 1", "deliver s1 to s2 RequestVoteRequest"];
    const { events, applied } = replaySchedule(schedule([...lines, "restart s1"]), true);
    expect(applied.map(formatMove)).toEqual(["timeout s1 held", "crash s1 after 1", "restart s1"]);
    expect(events[1]?.changed).toMatchObject({ currentTerm: 1, votedFor: "s1" });
  });

  it("in the middle of a group keep a prefix of it", () => {
    const group = ["ask c1 s1 held", "ask c2 s1 held", "crash s1 after 1", "restart s1"];
    const { events } = replaySchedule(schedule([...ELECTION, ...group]), true);
    const recovered = events.at(-1)?.changed?.log?.[1] ?? [];
    expect(recovered.map(({ command }) => command?.includes("c1.1") ?? null)).toEqual([null, true]);
  });
});

describe("shrinking", () => {
  const failsWith =
    (...needed: readonly number[]) =>
    async (candidates: readonly (readonly number[])[]) =>
      candidates.map((items) => needed.every((item) => items.includes(item)));
  const all = Array.from({ length: 100 }, (_, n) => n);

  it.each([1, 8, 1000])("leaves the items that are needed, %i at a time", async (batchSize) => {
    const left = await deltaDebug(all, failsWith(3, 50, 97), batchSize);
    expect(left).toEqual([3, 50, 97]);
    expect(await deltaDebug(all, failsWith(), batchSize)).toEqual([]);
    expect(await deltaDebug(all, failsWith(...all), batchSize)).toEqual(all);
  });

  it("leaves no move that could be left out, and numbers the servers anew", async () => {
    const lines = [
      ...["timeout s3", "ask c1 s2", "timeout s2", "heartbeat s2", "restart s1"],
      ...["deliver s2 to s3 RequestVoteRequest", "timeout s2"],
    ];
    const before = schedule(lines, "VoteIsFree");
    const failing = async (schedules: readonly Schedule[]) =>
      schedules.map((one) => replaySchedule(one, false).violation?.property === "OneVoteATerm");
    expect(await failing([before])).toEqual([true]);
    const after = await shrinkSchedule(before, failing, 1);
    expect(after.moves.map(formatMove)).toEqual([
      "timeout s1",
      "timeout s2",
      "deliver s2 to s1 RequestVoteRequest",
    ]);
    expect(after.dials.servers).toBe(2);
  });
});

describe("a schedule's file", () => {
  const head = '{"format":"lockstep-schedule","version":1';
  it.each([
    ["", "not JSON"],
    ["[]", "not a JSON object"],
    ["{}", '"format"'],
    ['{"format":"lockstep-schedule","version":2}', "version is 2"],
    [`${head},"dials":7}`, '"dials"'],
    [`${head},"dials":{"speed":7}}`, '"dials.speed" is no dial'],
    [`${head},"dials":{"servers":8}}`, '"dials.servers"'],
    [`${head},"dials":{"servers":-1}}`, '"dials.servers"'],
    [`${head},"dials":{"keys":0}}`, '"dials.keys"'],
    [`${head},"dials":{},"forgotten":"Nothing"}`, '"forgotten"'],
    [`${head},"dials":{},"forgotten":null}`, '"moves"'],
    [`${head},"dials":{},"forgotten":null,"moves":["run"]}`, "number 1"],
  ])("is refused: %s", (text, told) => {
    expect(() => parseSchedule(text)).toThrow(ScheduleFormatError);
    expect(() => parseSchedule(text)).toThrow(told);
  });
});
