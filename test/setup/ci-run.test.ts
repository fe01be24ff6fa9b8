import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ROOT, runProgram } from "../cli/program.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-ci-"));
  cpSync(join(ROOT, ".ci"), join(folder, ".ci"), { recursive: true });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs .ci/run where `npm test` ends with this exit code and leaves these counts. */
async function ciRun(exitCode: number, counts: { passed: number; failed: number } | null) {
  const scripts = { test: `exit ${exitCode}` };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "fake", scripts }));
  if (counts !== null) {
    const results = { numPassedTests: counts.passed, numFailedTests: counts.failed };
    mkdirSync(join(folder, ".lockstep"));
    writeFileSync(join(folder, ".lockstep", "test-results.json"), JSON.stringify(results));
  }
  const result = await runProgram("bash", [join(folder, ".ci", "run")], { cwd: folder });
  return { exitCode: result.exitCode, last: result.stdout.trimEnd().split("\n").at(-1) };
}

describe(".ci/run ends with the true counts, alone on a line", () => {
  test("and succeeds where all tests passed", async () => {
    expect(await ciRun(0, { passed: 12, failed: 0 })).toEqual({
      exitCode: 0,
      last: "12 passed, 0 failed",
    });
  });

  test.each([
    ["a test failed", 1, { passed: 11, failed: 1 }, "11 passed, 1 failed"],
    [
      "npm test did not notice that one failed",
      0,
      { passed: 11, failed: 1 },
      "11 passed, 1 failed",
    ],
    ["something else than a test failed", 1, { passed: 12, failed: 0 }, "12 passed, 0 failed"],
    ["no test ran", 0, { passed: 0, failed: 0 }, "0 passed, 0 failed"],
    ["npm test never came to the tests", 3, null, "0 passed, 0 failed"],
    ["npm test left no counts, and says that all is well", 0, null, "0 passed, 0 failed"],
  ] as const)("and fails where %s", async (_, code, counts, last) => {
    const result = await ciRun(code, counts);
    expect(result.last).toBe(last);
    expect(result.exitCode).not.toBe(0);
  });
});
