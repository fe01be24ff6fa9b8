import { describe, expect, it } from "vitest";
import { Acknowledged } from "../../src/cluster/disk/acknowledged.ts";
import type { Disks } from "../../src/cluster/disk/read-disks.ts";
import { findDifference } from "../../src/cluster/disk/replicas.ts";
import type { StoredState } from "../../src/node/storage.ts";
import { encodeCommand, KeyValueStore, type Operation } from "../../src/state-machine/index.ts";

const put = (value: string): Operation => ({ type: "put", key: "x", value });

/** A disk whose log begins after `base` and has these puts. */
function disk(base: number, ...values: readonly string[]): StoredState {
  const entries = values.map((value) => ({
    term: 1,
    command: encodeCommand({ operation: put(value) }),
  }));
  return {
    currentTerm: 1,
    votedFor: null,
    snapshot:
      base === 0 ? null : { lastIncludedIndex: base, lastIncludedTerm: 1, data: snapshotOf(base) },
    entries,
    isTraced: true,
  };
}

/** The disk whose last entry is of that term. */
const inTerm = (term: number, state: StoredState): StoredState => ({
  ...state,
  currentTerm: term,
  entries: state.entries.map((entry, place) =>
    place === state.entries.length - 1 ? { ...entry, term } : entry,
  ),
});

/** The state of a store that has executed so many puts of "a". */
function snapshotOf(count: number): string {
  const store = new KeyValueStore();
  for (let index = 1; index <= count; index++) {
    store.apply(index, encodeCommand({ operation: put("a") }));
  }
  return [...store.snapshot()].join("");
}

const disks = (...states: readonly (StoredState | null)[]): Disks =>
  new Map(states.map((state, place) => [`s${place + 1}`, state]));

describe("acknowledged writes on the disks", () => {
  const acknowledged = new Acknowledged();
  acknowledged.add(1, put("a"));
  acknowledged.add(2, put("b"));

  it("are found on a majority", () => {
    expect(acknowledged.findLost(disks(disk(0, "a", "b"), disk(0, "a", "b"), disk(0)))).toBe(null);
  });

  it("are missed where a minority has them, or another entry is there", () => {
    const lost = acknowledged.findLost(disks(disk(0, "a", "b"), disk(0, "a"), disk(0, "a", "c")));
    expect(lost?.index).toBe(2);
    expect(lost?.explanation).toContain("only s1 holds it");
  });

  it("are missed where two of five have them", () => {
    const held = [disk(0, "a", "b"), disk(0, "a", "b"), disk(0, "a"), disk(0), disk(0)];
    const lost = new Acknowledged();
    lost.add(2, put("b"));
    expect(lost.findLost(disks(...held))?.explanation).toContain("only s1, s2 hold it");
  });

  it("may be in a snapshot", () => {
    expect(acknowledged.findLost(disks(disk(2), disk(1, "b"), disk(0)))).toBe(null);
  });

  it("are not on a disk that cannot be read", () => {
    expect(acknowledged.findLost(disks(disk(0, "a", "b"), null, null))?.index).toBe(1);
  });

  it("are not two at one index", () => {
    const twice = new Acknowledged();
    twice.add(1, put("a"));
    twice.add(1, put("b"));
    expect(twice.findLost(disks(disk(0, "b")))?.explanation).toContain("two different");
  });
});

describe("the state machines of the disks", () => {
  it("are equal where the logs are, from a snapshot or from the beginning", () => {
    expect(findDifference(disks(disk(0, "a", "a", "b"), disk(2, "b"), disk(0, "a")), 3)).toBe(null);
  });

  it("differ where one has executed something else", () => {
    const difference = findDifference(disks(disk(0, "a", "b"), disk(0, "a", "c"), null), 2);
    expect(difference).toContain("s1 and s2");
  });

  it("are not held against what a deposed leader left, even where most have that", () => {
    const committed = inTerm(2, disk(0, "a", "b"));
    const stale = disk(0, "a", "stale", "stale too");
    expect(findDifference(disks(stale, committed, committed), 2)).toBe(null);
    // The others that have the committed entry are further by their snapshots.
    expect(findDifference(disks(stale, stale, committed, disk(3), disk(3)), 2)).toBe(null);
    const wrong = inTerm(2, disk(0, "a", "c"));
    expect(findDifference(disks(stale, committed, wrong), 2)).toContain("s2 and s3");
  });

  it("are compared where one has it all in its snapshot, too", () => {
    expect(findDifference(disks(disk(2), disk(0, "a", "b")), 2)).toContain("s1 and s2");
  });
});
