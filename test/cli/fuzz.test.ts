import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAIN, type ProgramResult, runProgram } from "./program.ts";

/** No Java and no TLC: what the simulator sees by itself. */
const BARE = { PATH: "/nowhere", HOME: "/nowhere" };

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-fuzz-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function fuzz(...args: readonly string[]): Promise<ProgramResult> {
  return runProgram(process.execPath, [MAIN, "fuzz", ...args], { env: BARE, cwd: folder });
}

async function hashesIn(name: string): Promise<readonly string[]> {
  const files = (await readdir(join(folder, name))).toSorted();
  const texts = files.map((file) => readFile(join(folder, name, file)));
  return (await Promise.all(texts)).map(
    (text, at) => `${files[at]} ${createHash("sha256").update(text).digest("hex")}`,
  );
}

describe("lockstep fuzz", { timeout: 60_000 }, () => {
  it("finds nothing wrong, and needs no Java for it; TLC may be asked for and does", async () => {
    const { exitCode, stdout, stderr } = await fuzz("--runs", "50", "--servers", "3,5", "--json");
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ runs: 50, seed: 1, failures: [], forgotten: null });
    expect(document.checked).toEqual({ traces: 50, events: document.events });
    expect(document.events).toBeGreaterThan(1000);
    expect(document.eventsPerSecond).toBeGreaterThan(0);
    expect(document.faults.crash).toBeGreaterThan(0);
    expect(stderr).not.toContain("Java");
    const byTlc = await fuzz("--runs", "1", "--engine", "tlc");
    expect(byTlc).toMatchObject({ exitCode: 3, stdout: "" });
    expect(byTlc.stderr).toContain("Java");
  });

  it.each(["/dev/null/traces", "/proc/nowhere/traces"])(
    "says at once that it cannot write to %s",
    async (out) => {
      const { exitCode, stderr } = await fuzz("--runs", "1", "--out", out);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`--out ${out} cannot be made`);
    },
  );

  it("writes the same traces for the same seed", async () => {
    const args = ["--runs", "5", "--servers", "3", "--seed", "7", "--out"];
    for (const out of ["one", "other"]) expect((await fuzz(...args, out)).exitCode).toBe(0);
    const hashes = await hashesIn("one");
    expect(hashes.length).toBe(5);
    expect(await hashesIn("other")).toEqual(hashes);
  });

  it("catches a forgotten rule, and leaves a schedule that shows it again", async () => {
    const { exitCode, stdout } = await fuzz("--forget", "VoteIsFree", "--out", "caught", "--json");
    expect(exitCode).toBe(1);
    const { failures } = JSON.parse(stdout);
    expect(failures[0]).toMatchObject({ property: "OneVoteATerm" });
    expect(failures[0].moves.length).toBeLessThanOrEqual(4);
    expect(failures[0].replay).toBe(`npx lockstep fuzz --replay ${failures[0].scheduleFile}`);
    const again = await fuzz("--replay", failures[0].scheduleFile, "--out", "caught");
    expect(again.exitCode).toBe(1);
    expect(again.stdout).toContain("OneVoteATerm");
  });

  it("tells a failure without what says nothing, or says it twice", async () => {
    const { stdout } = await fuzz("--forget", "VoteIsFree", "--out", "told");
    expect(stdout).not.toMatch(/\b0 traces/);
    expect(stdout).not.toMatch(/\b1 (traces|runs|events|commands|moves)/);
    expect(stdout.match(/npx lockstep fuzz/g)).toHaveLength(1);
    expect(stdout).toMatch(/^replay +npx lockstep fuzz --replay \S+$/m);
  });

  it("says where a forgotten rule was not caught", async () => {
    const { exitCode, stdout } = await fuzz("--forget", "MayBeOverwritten", "--runs", "5");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("5 runs without MayBeOverwritten show nothing wrong");
    const once = await fuzz("--forget", "MayBeOverwritten", "--runs", "1");
    expect(once.stdout).toContain("1 run without MayBeOverwritten shows nothing wrong");
    expect(once.stdout).toMatch(/^1 run, /m);
    expect(once.stdout).toMatch(/^checked {2}1 trace, /m);
  });

  it("replays a schedule that shows nothing wrong", async () => {
    const schedule = {
      format: "lockstep-schedule",
      version: 1,
      forgotten: null,
      dials: {},
      moves: ["timeout s1"],
    };
    const file = join(folder, "calm.schedule.json");
    await writeFile(file, JSON.stringify(schedule));
    const { exitCode, stdout } = await fuzz("--replay", file);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("holds");
  });

  it("has TLC judge every trace, where there is TLC", async (context) => {
    const args = ["fuzz", "--runs", "12", "--servers", "3,5", "--out", "judged", "--json"];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, [MAIN, ...args], {
      cwd: folder,
    });
    if (stderr.includes("in place of TLC")) context.skip();
    expect(exitCode).toBe(0);
    const { runs, events, checked } = JSON.parse(stdout);
    expect(runs).toBe(12);
    expect(checked).toEqual({ traces: 12, events });
    expect((await hashesIn("judged")).length).toBe(12);
  });

  it("leaves no temporary folder when it is interrupted", async (context) => {
    const temporary = join(folder, "temporary");
    await mkdir(temporary);
    const args = [MAIN, "fuzz", "--engine", "tlc", "--runs", "2000"];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      told += text;
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    while (child.exitCode === null && (await readdir(temporary)).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGINT");
    await ended;
    if (told.includes("No Java")) context.skip();
    expect(child.exitCode).toBe(130);
    expect(told).toContain("stopped by SIGINT");
    expect(await readdir(temporary)).toEqual([]);
  });

  it("has TLC explain the first wrong step of a forgotten rule", async (context) => {
    const args = ["fuzz", "--forget", "EntryIsOfThisTerm", "--out", "explained", "--json"];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, [MAIN, ...args], {
      cwd: folder,
    });
    expect(exitCode).toBe(1);
    if (stderr.includes("in place of TLC")) context.skip();
    const { firstWrongStep } = JSON.parse(stdout).failures[0];
    expect(firstWrongStep).toMatchObject({
      kind: "notEnabled",
      action: "AdvanceCommitIndex",
      property: "EntryIsOfThisTerm",
    });
  });

  it("lists the rules that can be forgotten", async () => {
    const { exitCode, stdout } = await fuzz("--list-rules", "--json");
    expect(exitCode).toBe(0);
    const { rules } = JSON.parse(stdout);
    expect(rules.length).toBe(42);
    expect(rules[0]).toMatchObject({ name: "TermIsLarger", kind: "liveness", section: "5.1" });
  });

  it.each([
    [["--forget", "LogIsUpTodate"], 'did you mean "LogIsUpToDate"'],
    [["--runs", "many"], "--runs many"],
    [["--runs", "0"], "--runs 0"],
    [["--servers", "3,8"], "--servers 8"],
    [["--servers", ""], "--servers"],
    [["--seed", "-1"], "--seed -1: a whole number from 0 to"],
    [["--runs=-2"], "--runs -2: a whole number from 1 to"],
    [["--seed", "--json"], "--seed is followed by an option and not by a value"],
    [["--replay", "/dev/zero"], "it is too long for a schedule"],
    [["--check-every", "0"], "--check-every 0"],
    [["--out="], "--out is empty"],
    [["--replay", "x", "--forget", "IsMajority"], "--forget has no part in that"],
    [
      ["--replay", "nowhere.json"],
      "nowhere.json cannot be read (ENOENT: no such file or directory): check the path.",
    ],
    [["--replay", "."], "cannot be read (EISDIR: illegal operation on a directory): name a file"],
    [["--quick"], "--quick"],
  ] as const)("refuses %j", async (args, told) => {
    const { exitCode, stderr } = await fuzz(...args);
    expect(stderr).toContain(told);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(exitCode).toBe(2);
  });

  it.each([
    [{ moves: [] }, "one move or more"],
    [{ moves: ["timeout s9"] }, "names a server beyond s3"],
    [{ forgotten: undefined }, '"forgotten"'],
    [{ mvoes: [] }, '"mvoes" is no field'],
  ])("refuses a schedule with %j", async (fault, told) => {
    const calm = {
      format: "lockstep-schedule",
      version: 1,
      forgotten: null,
      dials: { servers: 3 },
    };
    const file = join(folder, "faulty.schedule.json");
    await writeFile(file, JSON.stringify({ ...calm, moves: ["timeout s1"], ...fault }));
    const { exitCode, stderr } = await fuzz("--replay", file);
    expect(stderr).toContain(told);
    expect(exitCode).toBe(2);
  });

  it("replays a schedule that an editor has begun with a byte order mark", async () => {
    const schedule = { format: "lockstep-schedule", version: 1, forgotten: null, dials: {} };
    const file = join(folder, "marked.schedule.json");
    await writeFile(file, `\uFEFF${JSON.stringify({ ...schedule, moves: ["timeout s1"] })}`);
    const { exitCode, stdout } = await fuzz("--replay", file);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("the 1 move made");
  });

  it("says how many moves of a schedule could be made", async () => {
    const moves = ["timeout s1", "deliver s2 to s3 RequestVoteRequest"];
    const schedule = { format: "lockstep-schedule", version: 1, forgotten: null, dials: {}, moves };
    const file = join(folder, "skipped.schedule.json");
    await writeFile(file, JSON.stringify(schedule));
    const { exitCode, stdout } = await fuzz("--replay", file);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("1 of 2 moves could be made");
  });

  it("refuses a file that is no schedule", async () => {
    const file = join(folder, "other.json");
    await writeFile(file, "{}");
    const { exitCode, stderr } = await fuzz("--replay", file);
    expect(stderr).toContain('it is no schedule: "format"');
    expect(exitCode).toBe(2);
  });
});
