import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockstep, MAIN, ROOT, runProgram } from "./program.ts";

/** The commands, by what `lockstep --help` lists. */
async function commands(): Promise<readonly string[]> {
  const { stdout } = await lockstep(["--help"]);
  const list = stdout.slice(stdout.indexOf("Commands:"), stdout.indexOf("lockstep COMMAND --help"));
  return [...list.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map((match) => match[1] ?? "");
}

/** A machine without Java: a PATH with nothing on it, and an empty home. */
let bare: string;

beforeAll(() => {
  bare = mkdtempSync(join(tmpdir(), "lockstep-bare-"));
});

afterAll(() => {
  rmSync(bare, { recursive: true, force: true });
});

function withoutJava() {
  return { HOME: bare, LOCKSTEP_CACHE: join(bare, "cache"), PATH: bare, NO_COLOR: "1" };
}

describe("every command", () => {
  test("of the design is there", async () => {
    const there = await commands();
    for (const name of ["start", "model", "fuzz", "check", "bench", "doctor"]) {
      expect(there).toContain(name);
    }
  });

  test("has help with usage, at least two examples, and exit codes", async () => {
    for (const name of await commands()) {
      const { exitCode, stdout } = await lockstep([name, "--help"]);
      expect(exitCode, name).toBe(0);
      expect(stdout, name).toContain(`Usage: lockstep ${name}`);
      expect(stdout, name).toMatch(/Exit codes?: 0 /);
      const examples = stdout.slice(stdout.indexOf("Examples:"));
      expect(
        [...examples.matchAll(/^ {2}(npx )?(lockstep|npm start)/gm)].length,
        name,
      ).toBeGreaterThanOrEqual(2);
      const wide = stdout.split("\n").filter((line) => line.length > 100);
      expect(wide, name).toEqual([]);
    }
  });

  test("refuses an option that it does not have, in one line, with exit code 2", async () => {
    for (const name of await commands()) {
      const { exitCode, stdout, stderr } = await lockstep([name, "--no-such-option"]);
      expect({ name, exitCode, stdout }).toEqual({ name, exitCode: 2, stdout: "" });
      expect(stderr, name).toMatch(/^lockstep \w+: .*--no-such-option/);
      expect(stderr.trim().split("\n"), name).toHaveLength(1);
    }
  });

  test("has --json in its help", async () => {
    for (const name of await commands()) {
      expect((await lockstep([name, "--help"])).stdout, name).toContain("--json");
    }
  });
});

describe("the program", () => {
  test("is what npx finds in the clone", async () => {
    const linked = join(ROOT, "node_modules", ".bin", "lockstep");
    const { exitCode, stdout } = await runProgram(linked, ["--version"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "0.1.0\n" });
  });

  test("ends in peace when nobody reads its output", async () => {
    const child = spawn(process.execPath, [MAIN, "model", "--list"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toBe("");
  });

  test("goes on to its verdict when nobody reads its output", async () => {
    const traces = join(ROOT, "spec", "counterexamples");
    const check = ["check", "--engine", "compiled", "--resume", join(bare, "unread.journal")];
    // A pipe of the shell: one that Node makes is a socket, which tells later of no reader.
    const script = '{ { "$@" 2>&1; echo $? >&3; } | :; } 3>&1';
    const args = ["-c", script, "sh", process.execPath, MAIN, ...check, traces];
    const { stdout } = await runProgram("/bin/sh", args);
    expect(stdout).toBe("1\n");
  });

  test("colours where it is asked to, and never with NO_COLOR", async () => {
    const { PATH } = process.env;
    const plain = await lockstep(["doctor"], { env: { PATH, NO_COLOR: "1", FORCE_COLOR: "1" } });
    const colored = await lockstep(["doctor"], { env: { PATH, FORCE_COLOR: "1" } });
    expect(plain.stdout).not.toContain("\u001b[");
    expect(colored.stdout).toContain("\u001b[");
  });
});

describe("lockstep doctor", () => {
  test("finds what is here", async () => {
    const { exitCode, stdout } = await lockstep(["doctor", "--json"]);
    const { ok, findings } = JSON.parse(stdout);
    expect({ exitCode, ok }).toEqual({ exitCode: 0, ok: true });
    expect(findings).toContainEqual(expect.objectContaining({ name: "Java", state: "here" }));
    expect(findings).toContainEqual(expect.objectContaining({ name: "TLC", state: "here" }));
  });

  test("says what is missing and how to get it, with exit code 3", async () => {
    const text = await lockstep(["doctor"], { env: withoutJava() });
    expect(text.exitCode).toBe(3);
    expect(text.stdout).toMatch(/✗ Java .*\n.*Install|✗ Java .*\n.*install/);
    expect(text.stdout).toContain("✗ TLC");
    const { stdout, exitCode } = await lockstep(["doctor", "--json"], { env: withoutJava() });
    expect(exitCode).toBe(3);
    const { findings } = JSON.parse(stdout);
    for (const { state, remedy } of findings) expect(remedy === null).toBe(state === "here");
  });
});

describe("without Java", () => {
  test("lockstep model and check end with exit code 3, and say what to install", async () => {
    const examples = join(ROOT, "spec", "examples");
    for (const args of [["model"], ["check", examples, "--engine", "tlc"]]) {
      const { exitCode, stdout, stderr } = await lockstep(args, { env: withoutJava() });
      expect({ args, exitCode, stdout }).toEqual({ args, exitCode: 3, stdout: "" });
      expect(stderr).toMatch(/No Java was found\..*openjdk-17/);
      if (args[0] === "model") expect(stderr).toContain("lockstep model --engine compiled");
    }
  });

  test("lockstep model --engine compiled runs all the same", async () => {
    const args = ["model", "ForgetVoteIsFree", "--engine", "compiled"];
    const { exitCode, stdout } = await lockstep(args, { env: withoutJava() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^✓ ForgetVoteIsFree: ElectionSafety falls, as it must/);
    expect(stdout).toMatch(/2 {2}Timeout\(server = s\d\)\n +role\[s\d\]: "Follower" → "Candidate"/);
  });

  test("lockstep start runs the whole loop, and says what TLC would have added", async () => {
    const { exitCode, stdout } = await lockstep(["start", "--runs", "200"], { env: withoutJava() });
    expect(stdout).toMatch(/✓ the implementation .*200 executions/);
    expect(stdout).toMatch(/✓ checked, compiled .*200 executions are steps/);
    expect(stdout).toMatch(/✓ the spec +all 34,970 states of the model Smoke keep every property/);
    expect(stdout).toContain("left out  a second opinion on the smoke model and on the steps: TLC");
    expect(stdout).toMatch(/No Java was found\..*openjdk-17/);
    expect(exitCode).toBe(0);
  });

  test("and with Java but no network, TLC is said to be what is missing", async () => {
    const tools = join(bare, "tools");
    mkdirSync(tools, { recursive: true });
    const { stdout } = await runProgram("/bin/sh", ["-c", "command -v java"]);
    symlinkSync(stdout.trim(), join(tools, "java"));
    const unreachable = "http://127.0.0.1:1";
    const env = { ...withoutJava(), PATH: tools, LOCKSTEP_MAVEN_REPOSITORY: unreachable };
    const { exitCode, stderr } = await lockstep(["model"], { env });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/TLC could not be fetched/);
  });
});

describe("lockstep model", () => {
  test("lists the models, and as JSON", async () => {
    const { exitCode, stdout } = await lockstep(["model", "--list"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^MODEL +SIZE +EXPECTED/);
    const { models } = JSON.parse((await lockstep(["model", "--list", "--json"])).stdout);
    expect(models.length).toBe(stdout.trim().split("\n").length - 1);
  });

  test("gives the verdict on a model as one JSON document, progress elsewhere", async () => {
    const { exitCode, stdout, stderr } = await lockstep(["model", "ForgetVoteIsFree", "--json"]);
    const [model] = JSON.parse(stdout).models;
    expect(model).toMatchObject({
      name: "ForgetVoteIsFree",
      expected: "ElectionSafety",
      result: "fail",
      violated: "ElectionSafety",
      ok: true,
    });
    for (const field of ["distinctStates", "generatedStates", "depth", "seconds"]) {
      expect(model[field]).toBeGreaterThan(0);
    }
    expect(exitCode).toBe(0);
    expect(stderr).toContain("ForgetVoteIsFree");
  });

  test("explains a counterexample by actions, parameters and what changed", async () => {
    const { stdout } = await lockstep(["model", "ForgetVoteIsFree"], {
      env: { ...process.env, NO_COLOR: "1" },
    });
    expect(stdout).toMatch(/✓ ForgetVoteIsFree: ElectionSafety falls, as it must/);
    expect(stdout).toMatch(/2 {2}Timeout\(server = s\d\)\n +role\[s\d\]: "Follower" → "Candidate"/);
  });

  test.each([
    [["model", "ForgetVoteIsFre"], /Did you mean ForgetVoteIsFree\?/],
    [["model", "--size", "huge"], /--size huge is not smoke, full, deep/],
    [["model", "--workers", "0"], /--workers 0 is not a number of threads/],
    [["model", "--engine", "tlx"], /--engine tlx is not tlc or compiled/],
    [["model", "Smoke", "--engine", "compiled", "--workers", "2"], /--workers is of TLC/],
    [
      ["model", "LivenessWithoutMajority", "--engine", "compiled"],
      /LivenessWithoutMajority is not run: a liveness property .*lockstep model LivenessWithoutMajority has TLC/,
    ],
    [["model", "--checkpoints=", "Smoke"], /--checkpoints is empty/],
    [["model", "--resume", "/dev/null/x", "Smoke"], /\/dev\/null\/x holds nothing/],
    [["model", "Reads", "--size", "smoke"], /Reads is of the size full: leave --size smoke out/],
  ])("%j is bad usage", async (args, message) => {
    const { exitCode, stderr, stdout } = await lockstep(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
