import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
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
    const events: TraceEvent[] = [
      {
        server: "s1",
        seq: 1,
        action: "Timeout",
        sent: ["s2", "s3"].map((to, place) => ({
          id: `s1:1:${place + 1}`,
          ...request,
          from: "s1",
          to,
          term: 1,
        })),
        changed: { currentTerm: 1, votedFor: "s1", role: "Candidate", votesGranted: ["s1"] },
      },
      {
        server: "s2",
        seq: 1,
        action: "HandleRequestVoteRequest",
        received: "s1:1:1",
        sent: [{ id: "s2:1:1", ...vote, from: "s2", to: "s1" }],
        changed: { currentTerm: 1, votedFor: "s1" },
      },
      {
        server: "s3",
        seq: 1,
        action: "HandleRequestVoteRequest",
        received: "s1:1:2",
        sent: [{ id: "s3:1:1", ...vote, from: "s3", to: "s1" }],
        changed: { currentTerm: 1, votedFor: "s1" },
      },
      {
        server: "s3",
        seq: 2,
        action: "Timeout",
        sent: ["s1", "s2"].map((to, place) => ({
          id: `s3:2:${place + 1}`,
          ...request,
          from: "s3",
          to,
          term: 2,
        })),
        changed: { currentTerm: 2, votedFor: "s3", role: "Candidate", votesGranted: ["s3"] },
      },
      {
        server: "s2",
        seq: 2,
        action: "HandleRequestVoteRequest",
        received: "s3:2:2",
        sent: [{ id: "s2:2:1", ...vote, from: "s2", to: "s3" }],
        changed: { votedFor: "s3" },
      },
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

const request = { type: "RequestVoteRequest", lastLogIndex: 0, lastLogTerm: 0 } as const;
const vote = { type: "RequestVoteResponse", term: 1, voteGranted: true } as const;
