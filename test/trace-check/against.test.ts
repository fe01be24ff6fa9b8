import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import type { TraceChanges, TraceEvent } from "../../src/trace/format.ts";
import { readTrace } from "../../src/trace/reader.ts";
import { judge } from "../../trace-check/compiled/engine.ts";
import { explain } from "../../trace-check/explain.ts";
import { AGAINST_WHERE_TRUE } from "../../trace-check/explaining/against.ts";
import { readWords } from "../../trace-check/words.ts";

const spec = (...names: readonly string[]) => join(packageFolder(), "spec", ...names);

describe("a rule under why not", () => {
  test("speaks against an event by the answer that the spec's forgotten rule never gives", () => {
    const modules = ["ForgottenRules", "ForgottenSnapshotRules", "ForgottenReadRules"];
    const text = modules.map((name) => readFileSync(spec(`${name}.tla`), "utf8")).join("\n");
    const neverTrue = [...text.matchAll(/^Forgotten(\w+)\([^)]*\) == FALSE$/gm)];
    expect([...AGAINST_WHERE_TRUE].sort()).toEqual(neverTrue.map(([, rule]) => rule).sort());
  });

  test("is not told where it allowed what the server did", async () => {
    const trace = await readTrace(spec("examples", "election.ndjson"));
    // The voter of term 1 gives a second vote in it, to a request of term 2.
    const events = [
      election("s1", 1, 1, ["s2", "s3"]),
      vote("s2", 1, "s1:1:1", { currentTerm: 1, votedFor: "s1" }),
      vote("s3", 1, "s1:1:2", { currentTerm: 1, votedFor: "s1" }),
      election("s3", 2, 2, ["s1", "s2"]),
      vote("s2", 2, "s3:2:2", { votedFor: "s3" }),
    ];
    const told = { name: "two votes", header: trace.header, events };
    const { divergence } = judge(told);
    if (divergence === null) throw new Error("no divergence");
    const placeOf = (place: number) => ({ file: "trace.ndjson", line: place + 2 });
    const words = await readWords(packageFolder());
    const { because, comesNearest } = explain({ trace: told, placeOf }, divergence, words);
    expect(divergence.event).toBe(4);
    expect(comesNearest.map(({ rules }) => rules)).toEqual([["TermIsLarger", "VoteIsFree"]]);
    const rules = because.filter(({ meaning }) => meaning !== undefined);
    expect(rules.map(({ name, holds }) => [name, holds])).toEqual([["TermIsLarger", true]]);
  });
});

function election(
  server: string,
  seq: number,
  term: number,
  others: readonly string[],
): TraceEvent {
  const sent = others.map((to, place) => {
    const log = { lastLogIndex: 0, lastLogTerm: 0 };
    const id = `${server}:${seq}:${place + 1}`;
    return { id, type: "RequestVoteRequest" as const, from: server, to, term, ...log };
  });
  const changed = {
    ...{ currentTerm: term, votedFor: server, role: "Candidate" as const },
    votesGranted: [server],
  };
  return { server, seq, action: "Timeout", sent, changed };
}

/** A vote of term 1 for the sender of a request. */
function vote(server: string, seq: number, received: string, changed: TraceChanges): TraceEvent {
  const [to = ""] = received.split(":");
  const id = `${server}:${seq}:1`;
  const message = { id, type: "RequestVoteResponse", from: server, to } as const;
  const sent = [{ ...message, term: 1, voteGranted: true }];
  return { server, seq, action: "HandleRequestVoteRequest", received, sent, changed };
}
