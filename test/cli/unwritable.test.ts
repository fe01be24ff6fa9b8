/** Places that cannot be written: one line that says what, where and what to do; and nothing is lost. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { divergingTrace, write } from "../trace-check/reports/run-check.ts";
import { MAIN, type ProgramResult, ROOT, runProgram } from "./program.ts";

/** A folder in which not even root can make a file. */
const UNWRITABLE = "/sys";
const FULL = "/dev/full";

let folder = "";
let diverging = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-unwritable-"));
  diverging = join(folder, "diverging.ndjson");
  await write(diverging, await divergingTrace());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Surroundings {
  readonly cwd?: string;
  readonly temporary?: string;
}

function lockstep(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<ProgramResult> {
  const { cwd = folder, temporary = tmpdir() } = surroundings;
  const env = { ...process.env, TMPDIR: temporary, NO_COLOR: "1" };
  return runProgram(process.execPath, [MAIN, ...args], { cwd, env });
}

function lines(text: string): readonly string[] {
  return text.trimEnd().split("\n");
}

/** The failure that is told, without what differs from run to run. */
function toldOf({ stdout }: ProgramResult): string {
  return stdout.slice(stdout.indexOf("failure ")).replace(/[\d,]+ a second/, "");
}

const FORGET = ["fuzz", "--forget", "VoteIsFree", "--servers", "3"] as const;

describe.skipIf(process.platform !== "linux")("lockstep fuzz", () => {
  test("leaves a failure among the temporary files where the folder cannot be written", async () => {
    const temporary = join(folder, "temporary");
    mkdirSync(temporary);
    const found = await lockstep(FORGET, { cwd: UNWRITABLE, temporary });
    expect(found.exitCode).toBe(1);
    expect(found.stdout).toContain("OneVoteATerm fell");
    expect(found.stdout).toContain("Against the spec:\ndiverges");
    expect(found.stderr).toMatch(
      /^fuzz-failures cannot be written \(E\w+: .*\): what was found is in /m,
    );
    const [, file = ""] = /^replay +npx lockstep fuzz --replay (\S+)$/m.exec(found.stdout) ?? [];
    expect(file.startsWith(temporary)).toBe(true);
    const again = await lockstep(["fuzz", "--replay", file], { temporary });
    expect({ exitCode: again.exitCode, stderr: again.stderr }).toEqual({ exitCode: 1, stderr: "" });
  });

  test("tells the command that finds a failure again where nothing can be written at all", async () => {
    const nowhere = { cwd: UNWRITABLE, temporary: UNWRITABLE };
    const found = await lockstep(FORGET, nowhere);
    expect(found.exitCode).toBe(1);
    expect(found.stdout).toContain("OneVoteATerm fell");
    expect(found.stdout).toMatch(
      /^replay +npx lockstep fuzz --seed \d+ --runs 1 .*--forget VoteIsFree$/m,
    );
    expect(found.stderr).toMatch(
      /cannot be written .*, nor \/sys .*: name a folder that can be with --out$/m,
    );
    const json = await lockstep([...FORGET, "--json"], nowhere);
    const [failure] = JSON.parse(json.stdout).failures;
    expect(failure).toMatchObject({
      property: "OneVoteATerm",
      traceFile: null,
      scheduleFile: null,
    });
  });

  test("refuses an --out that cannot be written before anything runs", async () => {
    const { exitCode, stdout, stderr } = await lockstep(["fuzz", "--out", UNWRITABLE]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(
      /^lockstep fuzz: --out \/sys cannot be written \(E\w+: [^/]*\): name another folder\.\n$/,
    );
  });

  test("leaves what lies in the folder alone, and names what it finds otherwise", async () => {
    const out = ["--out", join(folder, "twice")];
    const first = await lockstep([...FORGET, ...out]);
    const same = await lockstep([...FORGET, ...out]);
    const names = readdirSync(join(folder, "twice"));
    expect(names).toHaveLength(2);
    expect(toldOf(same)).toBe(toldOf(first));
    const other = await lockstep(["fuzz", "--forget", "IsMajority", "--seed", "1", ...out]);
    expect(other.exitCode).toBe(1);
    const left = readdirSync(join(folder, "twice"));
    expect(left).toEqual(expect.arrayContaining(names));
    for (const name of left.filter((each) => each.endsWith(".schedule.json"))) {
      const again = await lockstep(["fuzz", "--replay", join(folder, "twice", name), ...out]);
      expect({ name, exitCode: again.exitCode }).toEqual({ name, exitCode: 1 });
    }
  });
});

describe.skipIf(process.platform !== "linux")("lockstep check", () => {
  const check = ["check", "--engine", "compiled"];

  test("tells a divergence although its minimal trace, or a report, cannot be written", async () => {
    const reports = ["--report", `sarif=${FULL}`, "--report", `junit=${join(folder, "junit.xml")}`];
    const minimise = ["--minimise", "--out", join(UNWRITABLE, "minimal")];
    const { exitCode, stdout, stderr } = await lockstep([
      ...check,
      ...reports,
      ...minimise,
      diverging,
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^diverges /m);
    expect(stderr).toMatch(
      /minimal\/\S+ cannot be written \(E\w+: .*\): name another folder with --out\.$/m,
    );
    expect(stderr).toMatch(
      /^lockstep check: \/dev\/full cannot be written \(ENOSPC: .*\): make room, or /m,
    );
    expect(existsSync(join(folder, "junit.xml"))).toBe(true);
  });

  test("ends with 3 where all holds and a report is not whole", async () => {
    const example = join(ROOT, "spec", "examples", "election.ndjson");
    const { exitCode, stdout } = await lockstep([...check, "--report", `html=${FULL}`, example]);
    expect({ exitCode, holds: stdout.includes("all holds") }).toEqual({ exitCode: 3, holds: true });
  });

  test.each(["sarif", "html", "junit", "json", "itf"])(
    "refuses a place for a %s report at once",
    async (format) => {
      const report = `${format}=${UNWRITABLE}/report`;
      const { exitCode, stdout, stderr } = await lockstep([
        ...check,
        "--report",
        report,
        diverging,
      ]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(lines(stderr)).toEqual([
        expect.stringMatching(
          /^lockstep check: \/sys\/report of --report \w+ cannot be written \(E.*\): name another file\.$/,
        ),
      ]);
    },
  );

  test.each([UNWRITABLE, FULL, join(UNWRITABLE, "journal")])(
    "refuses the journal %s",
    async (journal) => {
      const { exitCode, stdout, stderr } = await lockstep([
        ...check,
        "--resume",
        journal,
        diverging,
      ]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(lines(stderr)).toEqual([
        expect.stringMatching(
          /^lockstep check: the journal .* cannot be (read|written) .*with --resume\.$/,
        ),
      ]);
    },
  );
});

describe.skipIf(process.platform !== "linux")("other commands", () => {
  test("lockstep model refuses a folder for checkpoints that cannot be written", async () => {
    const { exitCode, stderr } = await lockstep(["model", "Smoke", "--checkpoints", UNWRITABLE]);
    expect(exitCode).toBe(2);
    expect(lines(stderr)).toEqual([
      expect.stringMatching(
        /^lockstep model: --checkpoints \/sys cannot be written \(E.*\): name another folder\.$/,
      ),
    ]);
  });

  test("a temporary folder that cannot be made is told with what to do", async () => {
    const { exitCode, stderr } = await lockstep(["check", "--engine", "tlc", diverging], {
      temporary: UNWRITABLE,
    });
    expect(exitCode).toBe(3);
    expect(lines(stderr)).toEqual([
      expect.stringMatching(
        /^lockstep check: No temporary folder can be made in \/sys .* set TMPDIR/,
      ),
    ]);
  });

  test("so is a cache folder", async () => {
    const env = { ...process.env, LOCKSTEP_CACHE: join(UNWRITABLE, "cache"), HOME: folder };
    const { exitCode, stderr } = await runProgram(process.execPath, [MAIN, "model", "Smoke"], {
      env,
    });
    expect(exitCode).toBe(3);
    expect(lines(stderr)).toEqual([
      expect.stringMatching(
        /^lockstep model: The cache folder \/sys\/cache cannot be written .*LOCKSTEP_CACHE/,
      ),
    ]);
  });

  test("lockstep compile is for a clone, and writes nothing into an installed package", async () => {
    const installed = join(folder, "installed");
    for (const part of ["package.json", "spec", "dist"]) {
      cpSync(join(ROOT, part), join(installed, part), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(installed, "node_modules"));
    const main = join(installed, "dist", "src", "cli", "main.js");
    for (const args of [["compile"], ["compile", "--check"]]) {
      const { exitCode, stderr } = await runProgram(process.execPath, [main, ...args]);
      expect(exitCode).toBe(2);
      expect(lines(stderr)).toEqual([expect.stringContaining("is no clone of lockstep")]);
    }
    expect(readdirSync(installed)).not.toContain("src");
  });
});
