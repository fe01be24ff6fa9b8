import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockstep, runProgram } from "../cli/program.ts";
import {
  consoleBlocks,
  ELLIPSIS,
  fileLinks,
  firstNotPrinted,
  isAlike,
  isExact,
  ROOT,
  readDocument,
  replaceOutput,
} from "./documents.ts";

const README = readDocument("README.md");

/** With UPDATE_README=1 the outputs are written instead of compared. */
const IS_UPDATING = process.env.UPDATE_README === "1";

/** Of these only a part is shown: from the line with the first text to that with the second. */
const PARTS: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "npx lockstep fuzz --forget VoteIsFree": ["failure  OneVoteATerm", "VoteIsFree is false"],
  "npx lockstep model ForgetVoteIsFree": ["ForgetVoteIsFree:", "votedFor[s1]: Nil"],
};

/** A folder of its own, since a failure leaves files; it sees the spec as a clone does. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-readme-"));
  symlinkSync(join(ROOT, "spec"), join(folder, "spec"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function partOf(command: string, lines: readonly string[]): readonly string[] {
  const part = PARTS[command];
  if (part === undefined) return lines;
  const from = lines.findIndex((line) => line.includes(part[0]));
  const to = lines.findIndex((line, index) => index >= from && line.includes(part[1]));
  expect(from >= 0 && to >= 0, `the part of ${command} that is shown is not printed`).toBe(true);
  return [...(from > 0 ? [ELLIPSIS] : []), ...lines.slice(from, to + 1), ELLIPSIS];
}

async function outputOf(command: string): Promise<{ lines: string[]; exitCode: number | null }> {
  const [program = "", second = "", ...rest] = command.split(" ");
  const env = { ...process.env, NO_COLOR: "1" };
  const isLockstep = program === "npx" && second === "lockstep";
  expect(isLockstep || command === "npm start", command).toBe(true);
  const { stdout, exitCode } = isLockstep
    ? await lockstep(rest, { env, cwd: folder })
    : await lockstep(["start"], { env, cwd: folder });
  return { lines: stdout.replace(/\n+$/, "").replace(/^\n/, "").split("\n"), exitCode };
}

describe("every command that README.md shows prints what it says", () => {
  const blocks = consoleBlocks(README);

  test("and there are some", () => {
    expect(blocks.map(({ command }) => command)).toContain("npm start");
  });

  test.each(blocks.map((block) => [block.command, block] as const))(
    "%s",
    { timeout: 600_000 },
    async (command, block) => {
      const { lines, exitCode } = await outputOf(command);
      expect(exitCode).toBe(command.includes("--forget") ? 1 : 0);
      if (IS_UPDATING) {
        replaceOutput("README.md", command, partOf(command, lines));
        return;
      }
      const isSame = command === "npm start" ? isAlike : isExact;
      const hint = "to take over what is printed: UPDATE_README=1 npx vitest run test/docs";
      expect(firstNotPrinted(block.output, lines, isSame), hint).toBeNull();
    },
  );
});

describe("the comparison of outputs", () => {
  const printed = ["a 1.5 s", "b", "c", "d"];

  test("takes what is printed, but for times and spaces, and lines left out", () => {
    expect(firstNotPrinted(["a   2 min 3 s", "b", "c", "d"], printed)).toBeNull();
    expect(firstNotPrinted(["a 1.5 s", ELLIPSIS, "d"], printed)).toBeNull();
    expect(firstNotPrinted(["a 1.5 s", ELLIPSIS], printed)).toBeNull();
  });

  test("sees another line, a missing one, and one too many", () => {
    expect(firstNotPrinted(["a 1.5 s", "x", "c", "d"], printed)).toBe("x");
    expect(firstNotPrinted(["a 1.5 s", "c", "d"], printed)).toBe("c");
    expect(firstNotPrinted(["a 1.5 s", "b"], printed)).toBe("(the output goes on)");
    expect(isExact("12,345 events", "12,346 events")).toBe(false);
  });

  test("of counts of faults is one of their size", () => {
    expect(isAlike("12,345 events  2.0 s", "14,000 events 1 min 1 s")).toBe(true);
    expect(isAlike("12,345 events", "123,450 events")).toBe(false);
    expect(isAlike("12,345 events", "0 events")).toBe(false);
    expect(isAlike("12,345 events", "12,345 steps")).toBe(false);
    expect(isAlike("3 and 5 servers", "3 and 4 servers")).toBe(false);
  });
});

describe("the documents", () => {
  test.each([
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "trace-check/README.md",
    "spec/TRACE.md",
    "test/peers/etcd-raft/README.md",
  ])("%s leads only to what is there", (name) => {
    for (const { file } of fileLinks(readDocument(name))) {
      const path = join(ROOT, dirname(name), file.replace(/#.*/, ""));
      expect(existsSync(path), file).toBe(true);
    }
  });

  test("ARCHITECTURE.md names every folder of the source", () => {
    const text = readDocument("ARCHITECTURE.md");
    const folders = readdirSync(join(ROOT, "src"), { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() && readdirSync(join(ROOT, "src", entry.name)).length > 0,
      )
      .map((entry) => `src/${entry.name}/`);
    for (const folder of folders) expect(text).toContain(folder);
  });

  test("README.md names every command of the table in the program's help", async () => {
    const { stdout } = await runProgram(process.execPath, [
      join(ROOT, "dist", "src", "cli", "main.js"),
      "--help",
    ]);
    for (const [, name = ""] of README.matchAll(/^\| `npx lockstep (\w+)/gm)) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
    }
  });

  test("CITATION.cff and package.json have one version", () => {
    const { version } = JSON.parse(readDocument("package.json"));
    expect(readDocument("CITATION.cff")).toContain(`version: ${version}\n`);
  });
});
