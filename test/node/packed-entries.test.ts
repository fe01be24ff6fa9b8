import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { type Entries, EntryArray } from "../../src/core/index.ts";
import { PackedEntries } from "../../src/node/packed-entries.ts";
import { LocalCluster, propose, until } from "./cluster.ts";
import { collectGarbage } from "./collect-garbage.ts";

/** The texts that a log could have, half of a pair of surrogates too, and the empty entry. */
const command = fc.oneof(
  { arbitrary: fc.string({ maxLength: 12 }), weight: 6 },
  { arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }), weight: 2 },
  { arbitrary: fc.constant("\ud800 half of a pair"), weight: 1 },
  { arbitrary: fc.constant(null), weight: 1 },
);

type Change = (entries: Entries) => unknown;

const small = fc.double({ min: 0, max: 0.3, noNaN: true });
const large = small.map((part) => 1 - part);
const any = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1));

/** Many entries, no two alike, so that one in the place of another is seen. */
const push = fc
  .tuple(fc.nat(5), fc.array(command, { minLength: 1, maxLength: 4 }), fc.nat(1500), fc.nat(90))
  .map(
    ([term, commands, count, length]): Change =>
      (entries) => {
        for (let at = 0; at < count; at++) {
          const text = commands[at % commands.length] ?? null;
          const command = text === null ? null : `${text} ${at} ${"x".repeat(length)}`;
          entries.push({ term, command });
        }
      },
  );
const truncate = fc.oneof({ arbitrary: large, weight: 4 }, any).map(
  (part): Change =>
    (entries) =>
      entries.truncate(placeOf(entries, part)),
);
/** Within the first page, of which some may have been dropped. */
const truncateEarly = fc.nat(255).map(
  (length): Change =>
    (entries) =>
      entries.truncate(Math.min(length, entries.length)),
);
const dropFirst = fc.oneof({ arbitrary: small, weight: 4 }, any).map(
  (part): Change =>
    (entries) =>
      entries.dropFirst(placeOf(entries, part)),
);
const slice = fc.tuple(any, any).map(
  ([from, to]): Change =>
    (entries) => {
      const [begin, end] = [placeOf(entries, from), placeOf(entries, to)];
      return JSON.stringify(entries.slice(begin, end));
    },
);
const change = fc.oneof({ arbitrary: push, weight: 3 }, truncate, truncateEarly, dropFirst, slice);

function placeOf(entries: Entries, part: number): number {
  return Math.round(part * entries.length);
}

test("packed entries are what an array of them would be, whatever is done with them", () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 8, maxLength: 16 }), (changes) => {
      const [packed, plain] = [new PackedEntries(), new EntryArray()];
      for (const change of changes) {
        expect(change(packed)).toBe(change(plain));
        expect(packed.length).toBe(plain.length);
        for (const place of [-1, 0, packed.length >> 1, packed.length - 1, packed.length]) {
          expect(packed.at(place)).toEqual(plain.at(place));
        }
        const [all, wanted] = [packed.slice(0, packed.length), plain.slice(0, plain.length)];
        expect(JSON.stringify(all) === JSON.stringify(wanted)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test("all but the newest entries lie outside of the heap", () => {
  const entries = new PackedEntries();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let at = 0; at < 100_000; at++) {
    entries.push({ term: 1, command: `command ${at} `.padEnd(200, String(at)) });
  }
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(4 * 1024 * 1024);
  expect(entries.length).toBe(100_000);
});

test("a log that grows and is compacted takes memory once", () => {
  const entries = new PackedEntries();
  const text = "x".repeat(1000);
  const grow = () => {
    for (let at = 0; at < 8000; at++) entries.push({ term: 1, command: text });
    entries.dropFirst(entries.length - 100);
  };
  grow();
  const allocate = vi.spyOn(Buffer, "allocUnsafeSlow");
  for (let round = 0; round < 5; round++) grow();
  expect(allocate).toHaveBeenCalledTimes(0);
  for (let at = 0; at < 200_000; at++) entries.push({ term: 1, command: text });
  entries.truncate(0);
  allocate.mockClear();
  for (let at = 0; at < 200_000; at++) entries.push({ term: 1, command: text });
  const again = allocate.mock.calls.reduce((sum, [length]) => sum + length, 0);
  expect(200_000_000 - again).toBeGreaterThan(25 * 1024 * 1024);
  expect(200_000_000 - again).toBeLessThan(34 * 1024 * 1024);
});

let cluster: LocalCluster | null = null;
afterEach(async () => {
  vi.restoreAllMocks();
  await cluster?.remove();
  cluster = null;
});

test("a follower that missed thousands of entries gets them, and so does a leader that restarts", async () => {
  cluster = new LocalCluster(3);
  await cluster.startAll();
  const leader = await cluster.leader();
  const { id } = leader.status();
  const left = cluster.names.find((name) => name !== id) ?? "";
  cluster.passes = (from, to) => from !== left && to !== left;
  const commands = Array.from({ length: 3000 }, (_, at) => `command ${at} \ud800`);
  for (let at = 0; at < commands.length; at += 500) {
    await Promise.all(commands.slice(at, at + 500).map((text) => propose(leader, text)));
  }
  cluster.passes = () => true;
  const machine = cluster.machines.get(left);
  await until(() => (machine?.commands.length === commands.length ? true : null));
  expect(machine?.commands).toEqual(commands);

  await cluster.stopAll();
  await cluster.startAll();
  await until(() => {
    const all = cluster?.names.map((name) => cluster?.machines.get(name)?.commands.length);
    return all?.every((count) => count === commands.length) ? true : null;
  });
  for (const name of cluster.names) {
    expect(cluster.machines.get(name)?.commands).toEqual(commands);
  }
});
