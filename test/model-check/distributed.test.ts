/**
 * TLC's distributed mode: two worker processes on this machine find the states that one process
 * finds, and what that mode would pass unseen is refused.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkModel } from "../../src/model-check/check-model.ts";
import {
  freePort,
  joinDistributed,
  LOOPBACK,
  runDistributed,
  whyNotDistributed,
} from "../../src/model-check/distributed.ts";
import type { Model } from "../../src/model-check/manifest.ts";
import { lockstep } from "../cli/program.ts";
import { findChecker, TLC_MILLISECONDS } from "../spec/checker.ts";

// Three counters from 0 to 7, which end where all are full: 512 states.
const COUNTERS = `
------------------------------ MODULE MCCounters ------------------------------
EXTENDS Naturals
VARIABLE counts
Init == counts = <<0, 0, 0>>
Increment(i) == counts[i] < 7 /\\ counts' = [counts EXCEPT ![i] = @ + 1]
Next == \\E i \\in 1 .. 3 : Increment(i)
Spec == Init /\\ [][Next]_counts
Small == counts[1] + counts[2] + counts[3] < 22
Smaller == counts[1] + counts[2] + counts[3] < 12
Grows == [][counts' # counts]_counts
===============================================================================
`;

const CONFIGS = {
  passes: "SPECIFICATION Spec\nINVARIANT Small\nCHECK_DEADLOCK FALSE",
  falls: "SPECIFICATION Spec\nINVARIANT Smaller\nCHECK_DEADLOCK FALSE",
  steps: "SPECIFICATION Spec\nINVARIANT Small\nPROPERTY Grows\nCHECK_DEADLOCK FALSE",
} as const;

const checker = await findChecker();
let folder: string;

beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), "lockstep-distributed-test-")), "models");
  mkdirSync(folder);
  writeFileSync(join(folder, "MCCounters.tla"), COUNTERS);
  for (const [name, text] of Object.entries(CONFIGS)) {
    writeFileSync(join(folder, `${name}.cfg`), `${text}\n`);
  }
});

afterAll(() => {
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

function model(config: keyof typeof CONFIGS): Model {
  return {
    name: "Counters",
    module: "MCCounters",
    config: `${config}.cfg`,
    shows: "Three counters count.",
    kind: "safety",
    bounds: "7",
    expected: "pass",
    size: "smoke",
    seconds: 1,
  };
}

async function distribute(config: keyof typeof CONFIGS) {
  if (typeof checker === "string") throw new Error(checker);
  let workers = 0;
  const report = await runDistributed({
    ...checker,
    folder,
    model: model(config),
    meeting: { host: LOOPBACK, port: await freePort() },
    workers: 2,
    onWorker: () => {
      workers++;
    },
  });
  return { report, workers };
}

describe.skipIf(typeof checker === "string")("two workers", () => {
  test(
    "find the states that one process finds",
    async () => {
      if (typeof checker === "string") return;
      const alone = await checkModel(model("passes"), checker, { workers: 1, folder });
      const { report, workers } = await distribute("passes");
      expect(workers).toBe(2);
      expect(report).toMatchObject({ result: "pass", distinctStates: 512, problem: null });
      expect(alone.distinctStates).toBe(report.distinctStates);
    },
    TLC_MILLISECONDS,
  );

  test(
    "that come from elsewhere find them too",
    async () => {
      if (typeof checker === "string") return;
      const meeting = { host: LOOPBACK, port: await freePort() };
      const joined: Promise<number | null>[] = [];
      const report = await runDistributed({
        ...checker,
        folder,
        model: model("passes"),
        meeting,
        workers: 0,
        onReady: () => {
          for (let worker = 1; worker <= 2; worker++) {
            joined.push(joinDistributed(checker, meeting, 1));
          }
        },
      });
      expect(report).toMatchObject({ result: "pass", distinctStates: 512 });
      expect(await Promise.all(joined)).toEqual([0, 0]);
    },
    TLC_MILLISECONDS,
  );

  test(
    "find that an invariant falls",
    async () => {
      const { report } = await distribute("falls");
      expect(report).toMatchObject({ result: "fail", problem: null });
    },
    TLC_MILLISECONDS,
  );
});

test.skipIf(typeof checker !== "string")("the distributed mode is tried", ({ skip }) => {
  skip(`The distributed mode is not tried: ${typeof checker === "string" ? checker : ""}`);
});

test.each([
  [["--join", LOOPBACK, "--distributed"], "--join and --distributed do not go together"],
  [["Reads", "--listen", LOOPBACK, "--resume", "x"], "--listen and --resume do not go together"],
  [["Reads", "--join", LOOPBACK], "--join takes no NAME"],
])("lockstep model %s is refused", async (args, why) => {
  const { exitCode, stderr } = await lockstep(["model", ...args]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(why);
});

describe("what the distributed mode would pass unseen", () => {
  test("is named: a property of steps", async () => {
    expect(await whyNotDistributed(folder, model("passes"))).toBeNull();
    expect(await whyNotDistributed(folder, model("steps"))).toContain("would pass Grows unseen");
  });

  test("is named: a property that must fall, and random behaviours", async () => {
    const falling = { ...model("falls"), expected: "Smaller" };
    expect(await whyNotDistributed(folder, falling)).toContain("which property falls");
    const random = { ...model("passes"), simulate: { behaviours: 1, depth: 1, seed: 1 } };
    expect(await whyNotDistributed(folder, random)).toContain("random");
  });

  test.skipIf(typeof checker === "string")("is refused by the command", async () => {
    const { exitCode, stderr, stdout } = await lockstep(["model", "Smoke", "--distributed"]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("Smoke cannot be distributed");
    expect(stderr).toContain("LeaderAppendOnly");
  });
});
