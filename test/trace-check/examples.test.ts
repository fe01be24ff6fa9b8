import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readTraces } from "../../trace-check/read.ts";
import { TLC_MILLISECONDS, tlcForTests } from "./tlc.ts";

const tlc = tlcForTests();

test(
  "the worked executions of spec/TRACE.md are executions of Raft, in one file and in one a server",
  async () => {
    const folder = fileURLToPath(new URL("../../spec/examples/", import.meta.url));
    const traces = [];
    for await (const result of readTraces([folder])) {
      if (result.kind !== "trace") throw new Error(JSON.stringify(result));
      traces.push(result.loaded.trace);
    }
    const verdicts = await tlc().check(traces);
    expect(verdicts).toHaveLength(6);
    for (const { trace, divergence } of verdicts) expect(divergence, trace).toBeNull();
    const events = verdicts.map(({ eventsChecked }) => eventsChecked);
    expect(events).toEqual([47, 32, 22, 43, 39, 47]);
  },
  TLC_MILLISECONDS,
);
