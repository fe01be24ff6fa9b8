import { parseArgs } from "node:util";
import { describe, expect, test } from "vitest";
import { type Command, CommandError, type CommandIo, EXIT } from "../../src/cli/command.ts";
import { dispatch } from "../../src/cli/dispatch.ts";
import { mayColor } from "../../src/cli/io.ts";
import { EnvironmentError } from "../../src/setup/environment-error.ts";
import { EngineError } from "../../trace-check/engine.ts";

function command(name: string, run: Command["run"]): Command {
  return { name, summary: `Does ${name}.`, help: `Usage: lockstep ${name} [--size N]`, run };
}

function failing(name: string, error: unknown): Command {
  return command(name, () => Promise.reject(error));
}

const COMMANDS = [
  command("measure", async (args, io) => {
    const { values } = parseArgs({ args: [...args], options: { size: { type: "string" } } });
    io.stdout(`${values.size ?? "measured"}\n`);
    return EXIT.holds;
  }),
  failing("badly", new CommandError(EXIT.badInput, "line 3 of t.ndjson is no JSON: correct it.")),
  failing("bare", new EnvironmentError("No Java was found. Install it.")),
  failing("engine", new EngineError("TLC gave no verdict.")),
  failing(
    "disk",
    Object.assign(new Error("ENOENT: no such file, open 'x'"), { code: "ENOENT", syscall: "open" }),
  ),
  failing("fault", new TypeError("x is undefined")),
];

async function run(...args: string[]) {
  let stdout = "";
  let stderr = "";
  const io: CommandIo = {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env: {},
    color: false,
  };
  const exitCode = await dispatch(args, COMMANDS, io);
  return { exitCode, stdout, stderr };
}

describe("lockstep", () => {
  test("without a command shows what there is, and that it was bad usage", async () => {
    const { exitCode, stdout, stderr } = await run();
    expect(exitCode).toBe(EXIT.badInput);
    expect(stdout).toBe("");
    for (const { name, summary } of COMMANDS) {
      expect(stderr).toContain(name);
      expect(stderr).toContain(summary);
    }
  });

  test.each([["--help"], ["-h"], ["help"]])("%s shows what there is", async (flag) => {
    const { exitCode, stdout } = await run(flag);
    expect(exitCode).toBe(EXIT.holds);
    expect(stdout).toContain("measure");
    expect(stdout).toContain("Exit codes: 0 all holds");
  });

  test.each([
    ["measure", "--help"],
    ["measure", "-h"],
    ["help", "measure"],
    ["measure", "--size", "3", "--help"],
  ])("%s %s shows the help of a command", async (...args) => {
    expect(await run(...args)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching("Usage: lockstep measure"),
    });
  });

  test("--version is the package's", async () => {
    expect((await run("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("a command that is not there suggests the one that was meant", async () => {
    const { exitCode, stderr, stdout } = await run("mesure");
    expect({ exitCode, stdout }).toEqual({ exitCode: EXIT.badInput, stdout: "" });
    expect(stderr).toContain("Did you mean `lockstep measure`?");
    expect((await run("xyzzy")).stderr).toContain("Commands are: measure, badly");
    expect((await run("help", "mesure")).exitCode).toBe(EXIT.badInput);
  });

  test("an option that is not there suggests the one that was meant", async () => {
    const { exitCode, stderr } = await run("measure", "--sise", "3");
    expect(exitCode).toBe(EXIT.badInput);
    expect(stderr).toBe(
      "lockstep measure: Unknown option '--sise'. Did you mean --size? See lockstep measure --help.\n",
    );
  });

  test("an option without its value is bad usage", async () => {
    const { exitCode, stderr } = await run("measure", "--size");
    expect(exitCode).toBe(EXIT.badInput);
    expect(stderr).toMatch(/--size/);
    const other = await run("measure", "--size", "--json");
    expect(other).toEqual({
      exitCode: EXIT.badInput,
      stdout: expect.stringContaining('"exitCode":2'),
      stderr:
        "lockstep measure: --size is followed by an option and not by a value: name its value, as " +
        "--size=VALUE where that begins with a dash. See lockstep measure --help.\n",
    });
  });

  test("a negative number is an option's value, and its command's to judge", async () => {
    for (const args of [["--size", "-3"], ["--size=-3"]]) {
      expect(await run("measure", ...args)).toEqual({ exitCode: 0, stdout: "-3\n", stderr: "" });
    }
    expect((await run("measure", "--", "--size", "-3")).exitCode).toBe(EXIT.badInput);
  });
});

describe("an error is told in a line, without a stack trace", () => {
  test.each([
    ["badly", EXIT.badInput, "line 3 of t.ndjson is no JSON: correct it."],
    ["bare", EXIT.environment, "No Java was found. Install it."],
    ["engine", EXIT.environment, "TLC gave no verdict."],
    ["disk", EXIT.environment, "ENOENT: no such file, open 'x': check the path."],
    ["fault", EXIT.environment, "TypeError: x is undefined"],
  ] as const)("%s ends with exit code %i", async (name, code, message) => {
    const { exitCode, stdout, stderr } = await run(name);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
    expect(stderr).toContain(`lockstep ${name}: ${message}`);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("with --json also as the one document", async () => {
    const { stdout } = await run("badly", "--json");
    expect(JSON.parse(stdout)).toEqual({
      error: "line 3 of t.ndjson is no JSON: correct it.",
      exitCode: 2,
    });
  });

  test("one that nobody foresaw is said to be ours", async () => {
    expect((await run("fault")).stderr).toContain("fault of lockstep itself");
  });
});

describe("colour", () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ TERM: "dumb" }, true, false],
  ])("with %j on a terminal (%s): %s", (env, isTerminal, expected) => {
    expect(mayColor(env, isTerminal)).toBe(expected);
  });
});
