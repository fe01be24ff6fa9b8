import { describe, expect, it } from "vitest";
import { Acknowledged } from "../../src/cluster/disk/acknowledged.ts";
import type { Disks } from "../../src/cluster/disk/read-disks.ts";
import type { DurableState } from "../../src/node/wal/replay.ts";
import { encodeCommand, type Operation } from "../../src/state-machine/index.ts";

const put = (value: string): Operation => ({ type: "put", key: "x", value });

/** A disk whose log begins after `base` and has these puts. */
function disk(base: number, ...values: readonly string[]): DurableState {
  const entries = values.map((value) => ({
    term: 1,
    command: encodeCommand({ session: 1, sequence: 1, operation: put(value) }),
  }));
  return {
    currentTerm: 1,
    votedFor: null,
    base: { index: base, term: 1 },
    entries,
    isTraced: true,
  };
}

const disks = (...states: readonly (DurableState | null)[]): Disks =>
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
