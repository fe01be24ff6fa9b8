/** A history that is too much for the check of linearizability is no pass, whoever asks. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import type { CommandIo } from "../../src/cli/command.ts";
import { fuzzCommand } from "../../src/cli/fuzz.ts";
import { runLoop } from "../../src/cli/starting/loop.ts";
import { summaryText } from "../../src/cli/starting/summary.ts";
import { defaultDials } from "../../src/sim/campaign.ts";
import { recordSchedule } from "../../src/sim/schedule.ts";
import { formatSchedule } from "../../src/sim/schedule-file.ts";

/** Every history is too much for a check that may look at nothing. */
vi.mock("../../src/history/index.ts", async (original) => {
  const history = await original<typeof import("../../src/history/index.ts")>();
  const { checkLinearizability } = history;
  return {
    ...history,
    checkLinearizability: (operations: Parameters<typeof checkLinearizability>[0]) =>
      checkLinearizability(operations, 0),
  };
});

const io: CommandIo = { stdout: () => {}, stderr: () => {}, env: {}, color: false };

const folder = mkdtempSync(join(tmpdir(), "lockstep-undecided-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function fuzz(...args: readonly string[]) {
  let stdout = "";
  const write = (text: string) => {
    stdout += text;
  };
  const exitCode = await fuzzCommand.run(args, { ...io, stdout: write });
  return { exitCode, stdout };
}

const NOT_EVERYTHING =
  /^undecided {2}nothing was found wrong, and not everything could be decided$/m;

test("lockstep fuzz ends with 3, and names the seed and the key", async () => {
  const { exitCode, stdout } = await fuzz("--runs", "3", "--seed", "7");
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(
    /^undecided {2}\d+ histories were too much for the check of linearizability: \w+ of seed 7,/m,
  );
  expect(stdout).toMatch(NOT_EVERYTHING);
  expect(stdout).not.toContain("holds");
  const json = await fuzz("--runs", "3", "--seed", "7", "--json");
  expect(json.exitCode).toBe(3);
  const { verdict, undecided, failures } = JSON.parse(json.stdout);
  expect({ verdict, failures }).toEqual({ verdict: "undecided", failures: [] });
  expect(undecided).toContainEqual({ seed: 7, key: expect.any(String) });
});

test("so it does where a rule is forgotten and not noticed, and with --replay", async () => {
  const unnoticed = await fuzz("--runs", "2", "--forget", "RoleUnderLeader", "--servers", "1");
  expect(unnoticed.exitCode).toBe(3);
  expect(unnoticed.stdout).toMatch(NOT_EVERYTHING);
  const dials = defaultDials({ sizes: [3], forgotten: null })(7);
  const file = join(folder, "run.schedule.json");
  writeFileSync(file, formatSchedule(recordSchedule(dials, 7, null)));
  const replayed = await fuzz("--replay", file, "--out", folder);
  expect(replayed.exitCode).toBe(3);
  expect(replayed.stdout).toMatch(
    /^undecided .*; the histories of k3, k2 were too much for the check of linearizability/,
  );
});

test("what is found counts more than what is not decided", async () => {
  const caught = await fuzz("--forget", "IsMajority", "--servers", "3", "--out", folder);
  expect(caught.exitCode).toBe(1);
  expect(caught.stdout).toMatch(/^failure {2}/m);
});

test("lockstep start does not say that everything holds", async () => {
  const sizes = [3, 5];
  const quiet = { modelEngine: null, engines: [], onStage: () => {} };
  const result = await runLoop({ runs: 200, seed: 1, sizes, ...quiet });
  expect(result.verdict).toBe("undecided");
  const text = summaryText({ result, sizes, leftOut: [], seconds: 1 }, io);
  expect(text).toMatch(/^\? seed \d+: the history of \w+ was too much for the check/m);
  expect(text).toContain("Nothing was found wrong, and not everything could be decided.");
  expect(text).not.toContain("Everything holds");
});
