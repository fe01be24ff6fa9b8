import { expect, test } from "vitest";
import { EngineError } from "../../trace-check/engine.ts";
import { record } from "./record.ts";
import { TLC_MILLISECONDS, tlcForTests } from "./tlc.ts";

const tlc = tlcForTests();
const options = { timeout: TLC_MILLISECONDS };
const traces = [1, 2].map((seed) => record({ seed, events: 60 }));

/** Checks the traces with operators of TraceRaft planted, and gives what the engine says. */
async function withPlanted(operator: string, parameters: string, body: string): Promise<string> {
  const engine = tlc({
    overrides: { [operator]: "Planted" },
    definitions: [`Planted${parameters} == ${body}`],
  });
  try {
    await engine.check(traces);
    return "passed";
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}

test("a trace without a verdict does not pass", options, async () => {
  const said = await withPlanted("Verdict", "(kind, findings, decisions)", "TRUE");
  expect(said).toContain("TLC gave 0 verdicts on 2 traces");
});

test("a trace that ends with no step taken does not pass", options, async () => {
  const said = await withPlanted("Step", "(e, s)", "FALSE");
  expect(said).toContain("TLC gave 0 verdicts on 2 traces");
});

test("a trace that is done before its end does not pass", options, async () => {
  const done = 'Verdict("DONE", <<>>, <<>>)';
  const said = await withPlanted("StepIsRight", "(e, s)", `${done} /\\ position < 9`);
  expect(said).toMatch(/verdicts on 2 traces/);
});

test("a trace of which events are skipped does not pass", options, async () => {
  const said = await withPlanted(
    "Step",
    "(e, s)",
    `/\\ UNCHANGED <<vars, snapshotIndex, readVars, sent, trace>>
  /\\ position' = (IF position = 0 THEN TraceLength(trace) - 1 ELSE position + 1)
  /\\ \\/ position + 1 < TraceLength(trace)
     \\/ Verdict("DONE", <<>>, <<>>)`,
  );
  expect(said).toMatch(/TLC counted \d+ states where the verdicts imply \d+/);
});

test("an error of TLC is told with the name of a trace", options, async () => {
  const said = await withPlanted("AnyCommand", "", "{}[1]");
  expect(said).toContain("seed 1");
  expect(said).toContain("Error:");
});

test("a trace without events is refused", async () => {
  const empty = { ...record({ seed: 1, events: 10 }), events: [] };
  await expect(tlc().check([empty])).rejects.toThrow("there is nothing to check");
});

test(
  "a property that a forgotten rule breaks is named, and ends that trace alone",
  options,
  async () => {
    // A majority that every server has: the spec as planted lets two lead one term.
    const lonely = record({ seed: 3, events: 60 });
    const [first] = lonely.header.servers;
    const [second] = lonely.header.servers.slice(1);
    if (first === undefined || second === undefined) throw new Error("no servers");
    const elect = (server: string) => [
      {
        server,
        seq: 1,
        action: "Timeout" as const,
        sent: lonely.header.servers
          .filter((peer) => peer !== server)
          .map((to, place) => ({
            id: `${server}:1:${place + 1}`,
            type: "RequestVoteRequest" as const,
            from: server,
            to,
            term: 1,
            lastLogIndex: 0,
            lastLogTerm: 0,
          })),
        changed: {
          currentTerm: 1,
          votedFor: server,
          role: "Candidate" as const,
          votesGranted: [server],
        },
      },
      { server, seq: 2, action: "BecomeLeader" as const, changed: { role: "Leader" as const } },
    ];
    const twoLeaders = {
      ...lonely,
      name: "two leaders",
      events: [...elect(first), ...elect(second)],
    };
    const engine = tlc({
      overrides: { IsMajority: "Anybody" },
      definitions: ["Anybody(servers) == servers # {}"],
    });
    const verdicts = await engine.check([twoLeaders, { ...lonely, name: "one leader" }]);
    expect(verdicts[0]?.divergence).toMatchObject({
      kind: "violated",
      event: 3,
      action: "BecomeLeader",
      findings: [{ name: "ElectionSafety" }],
    });
    expect(verdicts[1]?.divergence).toBeNull();
  },
);
