import { describe, expect, it } from "vitest";
import { Acknowledged } from "../../src/sim/oracles/acknowledged.ts";
import { Replicas } from "../../src/sim/oracles/replicas.ts";

describe("acknowledged commands", () => {
  const entry = { term: 1, command: "a" };

  it("are missed on a server that lacks one, or holds something else there", () => {
    const acknowledged = new Acknowledged();
    expect(acknowledged.add(1, entry)).toBe(null);
    expect(acknowledged.check("s1", [entry], 1)).toBe(null);
    const lost = [
      acknowledged.check("s1", [], 0),
      acknowledged.check("s1", [{ ...entry, term: 2 }], 1),
    ];
    expect(lost.map((violation) => violation?.property)).toEqual([
      "AcknowledgedNeverLost",
      "AcknowledgedNeverLost",
    ]);
  });

  it("are not two at one index", () => {
    const acknowledged = new Acknowledged();
    acknowledged.add(1, entry);
    expect(acknowledged.add(1, { ...entry, command: "b" })?.property).toBe("AcknowledgedNeverLost");
  });
});

describe("replicas", () => {
  it("are seen to differ by their first different answer", () => {
    const replicas = new Replicas();
    expect(replicas.check("s1", 1, { status: "done", value: "1" })).toBe(null);
    expect(replicas.check("s2", 1, { status: "done", value: "1" })).toBe(null);
    const other = replicas.check("s3", 1, { status: "done", value: null });
    expect(other?.property).toBe("StateMachinesEqual");
    expect(replicas.check("s3", 1, { status: "noSession" })?.property).toBe("StateMachinesEqual");
  });
});
