import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkCommand } from "../../src/cli/check.ts";
import { CommandError, type CommandIo } from "../../src/cli/command.ts";
import { traceText } from "../../src/trace/writer.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import { record } from "./record.ts";
import { TLC_MILLISECONDS } from "./tlc.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-command-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function check(
  args: readonly string[],
  env: CommandIo["env"] = process.env,
): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const exitCode = await checkCommand.run(args, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env,
    color: false,
  });
  return { exitCode, stdout, stderr };
}

const valid = record({ seed: 11, events: 200 });

/** The place of the last event that applies, with an index far off. */
function damaged(): { readonly trace: TraceToCheck; readonly place: number } {
  const place = valid.events.findLastIndex((event) => event.action === "Apply");
  const event = valid.events[place];
  if (event === undefined) throw new Error("nothing is applied");
  return { trace: { ...valid, events: valid.events.with(place, { ...event, index: 99 }) }, place };
}

async function write(path: string, trace: TraceToCheck, replay?: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(join(file, ".."), { recursive: true });
  const fields = replay === undefined ? trace.header : { ...trace.header, replay };
  await writeFile(file, traceText(fields, trace.events));
  return file;
}

describe.each(["tlc", "compiled"])("lockstep check --engine %s", (engine) => {
  const options = { timeout: TLC_MILLISECONDS };
  const run = (...paths: readonly string[]) => check(["--engine", engine, ...paths]);

  test("exits with 0 and a table where every trace is valid", options, async () => {
    await write("valid/a.ndjson", valid);
    await write("valid/deeper/b.ndjson", record({ seed: 12, servers: 5, events: 100 }));
    const { exitCode, stdout } = await run(join(folder, "valid"));
    expect(exitCode).toBe(0);
    expect(stdout).toContain("all holds: 2 traces, 2 valid, 0 invalid, 0 malformed");
    expect(stdout).toMatch(/SendAppendEntries +\d+/);
  });

  test("exits with 1 and tells file, line, rule, past and replay", options, async () => {
    const { trace, place } = damaged();
    const file = await write("bad/a.ndjson", trace, "lockstep fuzz --replay 11");
    const { exitCode, stdout } = await run(join(folder, "bad"));
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${file}:${place + 2}`);
    expect(stdout).toContain("Apply: the spec does not allow this action here");
    expect(stdout).toContain(
      "MayApply is false: Only committed entries are applied. (Raft, section 5.3)",
    );
    expect(stdout).toContain("led here");
    expect(stdout).toContain("lockstep fuzz --replay 11");
  });

  test("gives one JSON document with the fields that others rely on", options, async () => {
    const { trace, place } = damaged();
    const file = await write("json/a.ndjson", trace);
    await write("json/b.ndjson", valid);
    const { exitCode, stdout } = await run("--json", join(folder, "json"));
    expect(exitCode).toBe(1);
    const result: unknown = JSON.parse(stdout);
    expect(result).toMatchObject({
      engine,
      traces: 2,
      events: valid.events.length + place + 1,
      valid: 1,
      invalid: 1,
      coverage: { Timeout: expect.any(Number), Restart: expect.any(Number) },
      eventsPerSecond: expect.any(Number),
      divergences: [
        {
          trace: file,
          line: place + 2,
          server: valid.events[place]?.server,
          seq: valid.events[place]?.seq,
          action: "Apply",
          kind: "notEnabled",
          property: "index",
          actual: 99,
        },
      ],
    });
  });

  test("reports a malformed trace, goes on, and exits with 2", options, async () => {
    await write("mixed/a.ndjson", valid);
    const bad = join(folder, "mixed", "b.ndjson");
    await writeFile(bad, "not json\n");
    const { exitCode, stdout } = await run(join(folder, "mixed"));
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`malformed  ${bad}:1:`);
    expect(stdout).toContain("1 trace, 1 valid, 0 invalid, 1 malformed");
    expect(stdout).not.toContain("all holds:  ");
  });

  test("counts nothing where nothing was checked", async () => {
    const bad = join(folder, "bad.ndjson");
    await writeFile(bad, "not json\n");
    const { exitCode, stdout } = await check(["--engine", "compiled", bad]);
    expect(exitCode).toBe(2);
    const [fault, nothing, verdict, ...rest] = stdout.split("\n");
    expect(fault).toContain(`malformed  ${bad}:1:`);
    expect({ nothing, verdict, rest }).toEqual({
      nothing: "",
      verdict: "not all holds: 0 traces, 0 valid, 0 invalid, 1 malformed",
      rest: [""],
    });
  });

  test("exits with 1 where one trace diverges and another is malformed", options, async () => {
    await write("both/a.ndjson", damaged().trace);
    await writeFile(join(folder, "both", "b.ndjson"), "{}\n");
    expect((await run(join(folder, "both"))).exitCode).toBe(1);
  });
});

describe("lockstep check, of what is no trace", () => {
  const compiled = (...paths: readonly string[]) => check(["--engine", "compiled", ...paths]);

  test("exits with 2 for a missing path", async () => {
    const { exitCode, stdout } = await compiled(join(folder, "nowhere"));
    expect(exitCode).toBe(2);
    expect(stdout).toContain("there is no such file or folder");
  });

  test("exits with 2 for a folder without traces", async () => {
    await mkdir(join(folder, "nothing"));
    const { exitCode, stdout } = await compiled(join(folder, "nothing"));
    expect(exitCode).toBe(2);
    expect(stdout).toContain("no trace (*.ndjson) is below this folder");
  });

  test("exits with 2 for a trace without events, and for an empty file", async () => {
    const none = await write("none.ndjson", { ...valid, events: [] });
    expect((await compiled(none)).exitCode).toBe(2);
    await writeFile(join(folder, "empty.ndjson"), "");
    expect((await compiled(join(folder, "empty.ndjson"))).exitCode).toBe(2);
  });

  test.each([
    [[], "name a trace or a folder"],
    [[""], "a path is empty: name a file or a folder, or leave it out."],
    [["--lint", "--coverage", "x"], "--lint checks no step, and --coverage needs it"],
    [["--lint", "--require-coverage", "x"], "and --require-coverage needs it"],
    [["--engine", "abacus", "x"], "--engine abacus is not known"],
    [["--format", "runes", "x"], "--format runes is not known"],
    [["--lint", "--format", "junit", "x"], "--lint reports as"],
    [["--lint", "--minimise", "x"], "--lint checks no step, and --minimise needs it"],
    [["--lint", "--resume", "j", "x"], "--lint checks no step, and --resume needs it"],
    [["--report", "junit", "x"], "--report junit is not FORMAT=FILE"],
    [["--report", "runes=x", "x"], "--report runes is not known"],
    [["--json", "--format", "html", "x"], "exclude each other"],
    [["--out", "here", "x"], "add --minimise"],
    [["--minimise", "--out=", "x"], "--out is empty"],
    [["--resume", "", "x"], "--resume is empty"],
    [["--resume", "j", "--format", "itf", "x"], "--resume does not keep the events"],
    [
      ["--report", "html=/dev/null/a/b.html", "x"],
      "/dev/null/a/b.html of --report html cannot be written",
    ],
  ])("refuses the arguments %j", async (args, said) => {
    const error = await check(args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(said) });
  });

  test("needs Java for TLC, and says so", async () => {
    const file = await write("java.ndjson", valid);
    const env = { ...process.env, PATH: "/nonexistent", JAVA_HOME: "" };
    await expect(check([file], env)).rejects.toThrow("No Java was found");
    expect((await check([join(folder, "nowhere")], env)).exitCode).toBe(2);
  });
});

test("--require-coverage wants every action of the spec", async () => {
  const short = await write("short.ndjson", { ...valid, events: valid.events.slice(0, 3) });
  expect((await check(["--engine", "compiled", short])).exitCode).toBe(0);
  const { exitCode } = await check(["--engine", "compiled", "--require-coverage", short]);
  expect(exitCode).toBe(1);
});

describe("lockstep check, by the compiled spec", () => {
  const compiled = (...args: readonly string[]) => check(["--engine", "compiled", ...args]);

  test("joins the files of an execution, and names the file of a divergence", async () => {
    const { trace, place } = damaged();
    const event = trace.events[place];
    if (event === undefined) throw new Error("no such event");
    for (const server of trace.header.servers) {
      const header = { ...trace.header, server, execution: "e1" };
      const events = trace.events.filter((each) => each.server === server);
      await write(`files/${server}.ndjson`, { ...trace, header, events });
    }
    const { exitCode, stdout } = await compiled(join(folder, "files"));
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${join(folder, "files", `${event.server}.ndjson`)}:${event.seq + 1}`);
    expect(stdout).toContain("1 trace, 0 valid, 1 invalid");
  });

  test("reports as JUnit XML", async () => {
    const file = await write("junit.ndjson", damaged().trace);
    const { exitCode, stdout } = await compiled("--format", "junit", file);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('tests="1" failures="1"');
    expect(stdout).toContain('message="notEnabled: Apply of');
    expect(stdout).not.toMatch(/"\[|<<|&(?!amp;|lt;|gt;|quot;)/);
  });

  test("reports as workflow commands of GitHub, a line each", async () => {
    const { trace, place } = damaged();
    const file = await write("github.ndjson", trace);
    const { exitCode, stdout } = await compiled("--format", "github", file);
    expect(exitCode).toBe(1);
    expect(stdout.split("\n")[0]).toMatch(
      new RegExp(`^::error file=${file},line=${place + 2},title=Apply of .*::diverges.*%0A`),
    );
  });
});

describe("lockstep check --lint", () => {
  test("judges the form alone", async () => {
    const file = await write("lint.ndjson", damaged().trace);
    const { exitCode, stdout } = await check(["--lint", file]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("0 errors");
  });

  test("exits with 2 for what is malformed or missing", async () => {
    const file = join(folder, "lint-bad.ndjson");
    await writeFile(file, "[]\n");
    expect((await check(["--lint", file])).exitCode).toBe(2);
    const { exitCode, stdout } = await check(["--lint", "--json", join(folder, "nowhere")]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ lint: [], malformed: [{ line: 0 }] });
  });
});
