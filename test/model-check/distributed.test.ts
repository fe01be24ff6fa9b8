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
  type DistributedRun,
  freePort,
  joinDistributed,
  LOOPBACK,
  runDistributed,
  whyNotDistributed,
} from "../../src/model-check/distributed.ts";
import type { Model } from "../../src/model-check/manifest.ts";
import { lockstep } from "../cli/program.ts";
import { findChecker, TLC_MILLISECONDS } from "../spec/checker.ts";

// Three counters, which end where all are full. The constant says where: with 7, at 512 states.
const COUNTERS = `
------------------------------ MODULE MCCounters ------------------------------
EXTENDS Naturals
CONSTANT Full
VARIABLE counts
Init == counts = <<0, 0, 0>>
Increment(i) == counts[i] < Full /\\ counts' = [counts EXCEPT ![i] = @ + 1]
Next == \\E i \\in 1 .. 3 : Increment(i)
Spec == Init /\\ [][Next]_counts
Small == counts[1] + counts[2] + counts[3] <= 3 * Full
Smaller == counts[1] + counts[2] + counts[3] < 12
Grows == [][counts' # counts]_counts
===============================================================================
`;

const CONFIGS = {
  passes: "INVARIANT Small",
  falls: "INVARIANT Smaller",
  steps: "INVARIANT Small\nPROPERTY Grows",
} as const;

const checker = await findChecker();
let folder: string;

beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), "lockstep-distributed-test-")), "models");
  mkdirSync(folder);
  writeFileSync(join(folder, "MCCounters.tla"), COUNTERS);
  for (const [name, text] of Object.entries(CONFIGS)) writeConfig(name, text, 7);
});

function writeConfig(name: string, properties: string, full: number): void {
  const text = `SPECIFICATION Spec\nCONSTANT Full = ${full}\n${properties}\nCHECK_DEADLOCK FALSE\n`;
  writeFileSync(join(folder, `${name}.cfg`), text);
}

afterAll(() => {
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

/** The configurations above, and "shared", which has the invariant of "passes" and bounds of its own. */
type Config = keyof typeof CONFIGS | "shared";

function model(config: Config): Model {
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

async function distribute(config: Config, settings: Partial<DistributedRun> = {}) {
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
    ...settings,
  });
  return { report, workers };
}

/**
 * A Java that loses a search so many times, as TLC's server has been seen to (in 2 of 130 runs of
 * two seconds), and is then the real one.
 */
function losingJava(times: number): string {
  if (typeof checker === "string") throw new Error(checker);
  const place = mkdtempSync(join(folder, "java-"));
  const java = join(place, "java");
  const lines = [
    "#!/bin/sh",
    `runs=$(ls ${place} | wc -l)`,
    `if [ "$runs" -gt ${times} ]; then exec "${checker.java}" "$@"; fi`,
    `touch ${place}/run-$runs`,
    "echo '@!@!@STARTMSG 1000:1 @!@!@'",
    "echo 'The exception was a java.lang.NullPointerException'",
    `echo ': Cannot read the array length because "this.states" is null'`,
    "echo '@!@!@ENDMSG 1000 @!@!@'",
    "exit 1",
  ];
  writeFileSync(java, `${lines.join("\n")}\n`, { mode: 0o755 });
  return java;
}

describe.skipIf(typeof checker === "string")("two workers", () => {
  // TLC gives all work to the worker that comes first, and a small search may be over before the
  // second has come: then it is run again with eight times the states.
  test(
    "find the states that one process finds",
    async () => {
      if (typeof checker === "string") return;
      let joined = 0;
      for (let full = 7; joined < 2 && full < 128; full = 2 * full + 1) {
        writeConfig("shared", CONFIGS.passes, full);
        const alone = await checkModel(model("shared"), checker, { workers: 1, folder });
        const { report, workers } = await distribute("shared");
        const distinctStates = (full + 1) ** 3;
        expect(alone).toMatchObject({ result: "pass", distinctStates });
        expect(report).toMatchObject({ result: "pass", distinctStates, problem: null });
        joined = workers;
      }
      expect(joined).toBe(2);
    },
    TLC_MILLISECONDS,
  );

  test(
    "of one process that comes from elsewhere find them too",
    async () => {
      if (typeof checker === "string") return;
      const meeting = { host: LOOPBACK, port: await freePort() };
      let joined: Promise<number | null> | undefined;
      const report = await runDistributed({
        ...checker,
        folder,
        model: model("passes"),
        meeting,
        workers: 0,
        onReady: () => {
          joined = joinDistributed(checker, meeting, 2);
        },
      });
      expect(report).toMatchObject({ result: "pass", distinctStates: 512, problem: null });
      expect(await joined).toBe(0);
    },
    TLC_MILLISECONDS,
  );

  test(
    "are asked again where TLC's server loses the search at its end",
    async () => {
      const once = await distribute("passes", { java: losingJava(1) });
      expect(once.report).toMatchObject({ result: "pass", distinctStates: 512, problem: null });
      const always = await distribute("passes", { java: losingJava(100) });
      expect(always.report.result).toBe("error");
      expect(always.report.problem).toContain("Run it again");
    },
    TLC_MILLISECONDS,
  );

  test(
    "are not asked again where the search of other machines is lost",
    async () => {
      const lost = await distribute("passes", { java: losingJava(1), workers: 0 });
      expect(lost.report.result).toBe("error");
      expect(lost.report.problem).toContain("lost a whole search at its end");
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
