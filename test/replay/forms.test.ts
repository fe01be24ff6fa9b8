/** What is replayed comes in several forms: each is read, and what is wrong with one is told. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { raftRules } from "../../src/core/index.ts";
import { BehaviourReader } from "../../src/replay/behaviours.ts";
import type { Replayed } from "../../src/replay/divergence.ts";
import { ReplayInputError } from "../../src/replay/input-error.ts";
import { replayBehaviours } from "../../src/replay/replay-behaviours.ts";
import { TraceReplay } from "../../src/replay/replay-trace.ts";
import { parseTrace } from "../../src/trace/reader.ts";

const ROOT = resolve(import.meta.dirname, "../..");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-forms-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const REQUEST = `[ type |-> "RequestVoteRequest",
    to |-> s2,
    term |-> 1,
    from |-> s1,
    lastLogIndex |-> 0,
    lastLogTerm |-> 0 ]`;

const INITIAL = `/\\ currentTerm = (s1 :> 0 @@ s2 :> 0)
/\\ votedFor = (s1 :> Nil @@ s2 :> Nil)
/\\ log = (s1 :> <<>> @@ s2 :> <<>>)
/\\ role = (s1 :> "Follower" @@ s2 :> "Follower")
/\\ commitIndex = (s1 :> 0 @@ s2 :> 0)
/\\ lastApplied = (s1 :> 0 @@ s2 :> 0)
/\\ votesGranted = (s1 :> {} @@ s2 :> {})
/\\ nextIndex = ( s1 :> (s1 :> 1 @@ s2 :> 1) @@
  s2 :> (s1 :> 1 @@ s2 :> 1) )
/\\ matchIndex = ( s1 :> (s1 :> 0 @@ s2 :> 0) @@
  s2 :> (s1 :> 0 @@ s2 :> 0) )
/\\ sent = {}
/\\ step = [action |-> "Init"]`;

const AFTER_TIMEOUT = INITIAL.replace("currentTerm = (s1 :> 0", "currentTerm = (s1 :> 1")
  .replace("votedFor = (s1 :> Nil", "votedFor = (s1 :> s1")
  .replace('role = (s1 :> "Follower"', 'role = (s1 :> "Candidate"')
  .replace("votesGranted = (s1 :> {}", "votesGranted = (s1 :> {s1}")
  .replace("sent = {}", `sent = { ${REQUEST} }`)
  .replace('action |-> "Init"', 'action |-> "Timeout", server |-> s1');

const FORMS = {
  "a file of -simulate": (states: readonly string[]) =>
    `---- MODULE b_0_0 ----\n${states.map((text, place) => `STATE_${place + 1} == \n${text}\n\n`).join("\n")}\n====\n`,
  "a printed counterexample": (states: readonly string[]) =>
    `TLC2 Version 2.18\nError: Invariant Safe is violated.\n${states
      .map((text, place) => `State ${place + 1}: <Take line 1>\n${text}\n`)
      .join("\n")}\n2 states generated\n`,
  "a counterexample with -tool": (states: readonly string[]) =>
    states
      .map(
        (text, place) =>
          `@!@!@STARTMSG 2217:4 @!@!@\n${place + 1}: <Take line 1>\n${text}\n\n@!@!@ENDMSG 2217 @!@!@\n`,
      )
      .join(""),
};

async function replay(text: string): Promise<readonly Replayed[]> {
  const file = join(folder, "behaviour");
  writeFileSync(file, text);
  const replayed: Replayed[] = [];
  for await (const one of replayBehaviours(file, new BehaviourReader(), raftRules)) {
    replayed.push(one);
  }
  return replayed;
}

describe.each(Object.entries(FORMS))("%s", (_form, write) => {
  test("is replayed", async () => {
    const replayed = await replay(write([INITIAL, AFTER_TIMEOUT]));
    expect(replayed).toEqual([{ kind: "behaviour", actions: ["Timeout"], divergence: null }]);
  });

  test("may hold several behaviours", async () => {
    const one = write([INITIAL, AFTER_TIMEOUT]);
    expect(await replay(one + one)).toHaveLength(2);
  });

  test.each([
    ["term |-> 1", "term |-> 2", ["sent"]],
    ["currentTerm = (s1 :> 1", "currentTerm = (s1 :> 2", ["currentTerm[s1]"]],
    ["commitIndex = (s1 :> 0 @@ s2 :> 0", "commitIndex = (s1 :> 0 @@ s2 :> 1", ["commitIndex[s2]"]],
    ["(s1 :> {s1}", "(s1 :> {s1, s2}", ["votesGranted[s1]"]],
  ])("diverges where %s is %s", async (from, to, names) => {
    const [one] = await replay(write([INITIAL, AFTER_TIMEOUT.replace(from, to)]));
    expect(one?.divergence).toMatchObject({ behaviour: 1, step: 2, action: "Timeout" });
    expect(one?.divergence?.differences.map(({ name }) => name)).toEqual(names);
  });

  test("diverges at an initial state that is another", async () => {
    const other = INITIAL.replace("currentTerm = (s1 :> 0", "currentTerm = (s1 :> 3");
    const [one] = await replay(write([other, AFTER_TIMEOUT]));
    expect(one?.divergence).toMatchObject({ step: 1, action: "Init", server: null });
  });

  test.each([
    ["a step of no action", "Timeout", "Elect", /step cannot be read: Elect is none of Timeout/],
    ["a missing step", "/\\ step", "/\\ stop", /no variable step.*MCBehaviours/],
    ["a missing variable", "/\\ log", "/\\ lock", /no variable log of spec\/Raft\.tla/],
    ["what is no value", "s1 :> s1", "s1 :> ", /votedFor cannot be read/],
  ])("is refused for %s", async (_what, from, to, message) => {
    const text = write([INITIAL, AFTER_TIMEOUT.replace(from, to)]);
    await expect(replay(text)).rejects.toThrow(message);
  });

  test("is refused where a state is missing", async () => {
    const text = write([INITIAL, AFTER_TIMEOUT, AFTER_TIMEOUT]);
    const states = text.replace(/STATE_2|State 2:|\b2: </, (it) => it.replace("2", "7"));
    await expect(replay(states)).rejects.toThrow(/state 7 has state 1 before it/);
  });
});

test("a file without a behaviour is refused", async () => {
  await expect(replay("nothing of TLC\n")).rejects.toThrow(ReplayInputError);
});

describe("a trace", () => {
  const text = readFileSync(join(ROOT, "spec/examples/replication.ndjson"), "utf8");

  function replayTrace(content: string): Replayed {
    const { header, events } = parseTrace(content, "trace");
    const replay = new TraceReplay(header, { rules: raftRules });
    for (const [place, event] of events.entries()) {
      replay.take(event, { file: "trace", line: place + 2 });
    }
    return replay.result();
  }

  test("is replayed", () => {
    expect(replayTrace(text).divergence).toBeNull();
  });

  test.each([
    ['"voteGranted":true', '"voteGranted":false', "sent"],
    ['"role":"Leader"', '"role":"Candidate"', "role[s1]"],
    ['"votedFor":"s1"', '"votedFor":"s2"', "votedFor[s1]"],
  ])("diverges where %s is %s", (from, to, name) => {
    const altered = text.replace(from, to);
    const line = text.slice(0, text.indexOf(from)).split("\n").length;
    const { divergence } = replayTrace(altered);
    expect(divergence?.line).toBe(line);
    expect(divergence?.differences.map((difference) => difference.name)).toContain(name);
  });
});
