import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { TestedDefect } from "./defect.ts";
import { plant } from "./plant.ts";
import { readSource } from "./workshop.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** What the tests need beside the source; they find the packages in the folder above. */
const COPIED = ["src", "trace-check", "test/core", "test/node", "package.json", "tsconfig.json"];

const CONFIGURATION = 'export default { test: { include: ["test/**/*.test.ts"] } };\n';

/** What the tests made of a defect. */
export interface TestResult {
  readonly name: string;
  readonly passed: number;
  /** The titles of those that failed. */
  readonly failed: readonly string[];
}

/** Runs the tests of a defect on a copy of the source that has it. */
export async function runTests(
  defect: Pick<TestedDefect, "name" | "planted" | "tests">,
): Promise<TestResult> {
  const parent = join(ROOT, ".lockstep");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "tested-"));
  try {
    for (const each of COPIED) cpSync(join(ROOT, each), join(folder, each), { recursive: true });
    for (const [file, text] of plant(defect, readSource)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    writeFileSync(join(folder, "vitest.config.mjs"), CONFIGURATION);
    const report = join(folder, "report.json");
    await runVitest(folder, ["--reporter=json", `--outputFile=${report}`, ...defect.tests]);
    return { name: defect.name, ...countsOf(readFileSync(report, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends when vitest does, whatever it says: the report tells. */
function runVitest(folder: string, options: readonly string[]): Promise<void> {
  const program = join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = [program, "run", "--root", folder, "--testTimeout=20000", ...options];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: folder, timeout: 120_000 }, () => done());
  });
}

function countsOf(report: string): Omit<TestResult, "name"> {
  const { testResults }: { testResults: { assertionResults: Assertion[] }[] } = JSON.parse(report);
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: all.filter(({ status }) => status === "passed").length,
    failed: all.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
  };
}

interface Assertion {
  readonly status: string;
  readonly fullName: string;
}
