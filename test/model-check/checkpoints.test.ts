/**
 * Long runs are saved, stopped and gone on with. TLC saves once a minute at the most, so the
 * whole way takes a model of minutes and is walked with LOCKSTEP_CHECKPOINTS=1.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { latestCheckpoint, workersOfCheckpoint } from "../../src/model-check/checkpoints.ts";
import { readManifest } from "../../src/model-check/manifest.ts";
import type { TlcReport } from "../../src/model-check/tlc-report.ts";
import { judge } from "../../src/model-check/verdict.ts";
import { lockstep, MAIN, ROOT } from "../cli/program.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-checkpoints-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function save(run: string, seconds: number): void {
  mkdirSync(join(folder, run), { recursive: true });
  writeFileSync(join(folder, run, "queue.chkpt"), "");
  utimesSync(join(folder, run, "queue.chkpt"), seconds, seconds);
}

test("the run that was saved last is gone on with", () => {
  expect(latestCheckpoint(folder)).toBeNull();
  expect(latestCheckpoint(join(folder, "none"))).toBeNull();
  save("26-11-24-10-00-00", 200);
  save("26-11-24-11-00-00", 100);
  mkdirSync(join(folder, "26-11-24-12-00-00"));
  expect(latestCheckpoint(folder)).toBe(join(folder, "26-11-24-10-00-00"));
  expect(latestCheckpoint(join(folder, "26-11-24-11-00-00"))).toBe(
    join(folder, "26-11-24-11-00-00"),
  );
});

test("where nothing was saved, --resume says so", async () => {
  const { exitCode, stderr } = await lockstep(["model", "Reduced3x2", "--resume", folder]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("holds nothing that");
});

test("what another model saved, or as many workers as are not asked for, is not gone on with", async () => {
  save("26-11-24-10-00-00", 100);
  const run = join(folder, "26-11-24-10-00-00");
  for (const name of ["MCReduced3x2.st", "MCReduced3x2-0", "MCReduced3x2-1"]) {
    writeFileSync(join(run, `${name}.chkpt`), "");
  }
  expect(workersOfCheckpoint(run)).toBe(2);
  const other = await lockstep(["model", "Reduced3x3", "--resume", folder]);
  expect(other).toMatchObject({ exitCode: 2 });
  expect(other.stderr).toContain("was not saved by the model Reduced3x3.");
  const args = ["model", "Reduced3x2", "--resume", folder, "--workers", "1"];
  const fewer = await lockstep(args);
  expect(fewer).toMatchObject({ exitCode: 2 });
  expect(fewer.stderr).toContain("was saved with --workers 2; TLC goes on with as many only.");
});

test("a run that goes on is held to the states found, not to those that it generated itself", () => {
  const model = readManifest().find(({ name }) => name === "Reduced3x2");
  if (model === undefined) throw new Error("there is no model Reduced3x2");
  const report: TlcReport = {
    result: "pass",
    violated: null,
    problem: null,
    counterexample: [],
    distinctStates: 187_495,
    generatedStates: 1_021_796,
    depth: 24,
    actions: new Map(),
  };
  const measured = { report, seconds: 65, workers: 2, folder };
  expect(judge(model, measured).problems).toEqual([
    "generated states: the manifest says 1689477, TLC 1021796",
  ]);
  expect(judge(model, { ...measured, isResumed: true }).problems).toEqual([]);
  const lost = { ...report, distinctStates: 187_494 };
  expect(judge(model, { ...measured, report: lost, isResumed: true }).problems).toEqual([
    "distinct states: the manifest says 187495, TLC 187494",
  ]);
});

test("saving and going on take one model, and minutes", async () => {
  const many = await lockstep(["model", "--checkpoints", folder]);
  expect(many).toMatchObject({ exitCode: 2 });
  expect(many.stderr).toContain("the name of one model");
  const wrong = await lockstep(["model", "Smoke", "--checkpoints", folder, "--every", "soon"]);
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(wrong.stderr).toContain("--every soon is not a number of minutes");
});

test.skipIf(process.env.LOCKSTEP_CHECKPOINTS === undefined)(
  "a run that is killed half way gives the counts of one that was not",
  async () => {
    const args = [MAIN, "model", "Reduced3x3"];
    const first = spawn(
      process.execPath,
      [...args, "--checkpoints", folder, "--every", "1", "--json"],
      { cwd: ROOT, stdio: "ignore" },
    );
    while (latestCheckpoint(folder) === null) {
      expect(first.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    first.kill("SIGTERM");
    await new Promise((resolve) => first.once("exit", resolve));
    const second = await lockstep([...args.slice(1), "--resume", folder, "--json"]);
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({
      models: [{ result: "pass", distinctStates: 1_123_081, ok: true }],
    });
  },
  1_200_000,
);
