// `npm test`: prepares the clone, then lint, types and tests, and a summary. With arguments, only
// the tests that they name to vitest: `npm test -- test/core`.
// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepare, ROOT, run, say } from "../src/setup/prepare.mjs";

/** Where vitest leaves its counts; .ci/run reads them as well. */
const RESULTS = join(ROOT, ".lockstep", "test-results.json");

/** @typedef {{ name: string, passed: boolean, seconds: number, note: string }} Stage */

process.exitCode = await main(process.argv.slice(2));

/**
 * @param {readonly string[]} filters
 * @returns {Promise<number>} the exit code
 */
async function main(filters) {
  prepare();
  rmSync(RESULTS, { force: true });
  mkdirSync(join(ROOT, ".lockstep"), { recursive: true });
  if (!(await hasModelChecker())) return 3;
  /** @type {Stage[]} */
  const stages = [];
  if (filters.length === 0) {
    stages.push(stage("lint", ["@biomejs/biome/bin/biome", "check", "."]));
    stages.push(stage("types", ["typescript/bin/tsc", "--noEmit", "-p", "test/tsconfig.json"]));
  }
  stages.push(tests(filters));
  summarise(stages);
  return stages.every(({ passed }) => passed) ? 0 : 1;
}

/** Java and TLC, before the tests that need them all fail for their lack. */
async function hasModelChecker() {
  const { locateJava, locateTlc } = await import(
    new URL("../dist/src/setup/tlc.js", import.meta.url).href
  );
  try {
    await locateJava();
    await locateTlc({ onProgress: say });
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/**
 * @param {string} name
 * @param {readonly string[]} command a program of node_modules and its arguments
 * @returns {Stage}
 */
function stage(name, command) {
  say(`${name} …`);
  const begin = performance.now();
  const [program = "", ...args] = command;
  const { status } = run(process.execPath, [join(ROOT, "node_modules", program), ...args]);
  return { name, passed: status === 0, seconds: (performance.now() - begin) / 1000, note: "" };
}

/**
 * @param {readonly string[]} filters
 * @returns {Stage}
 */
function tests(filters) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`];
  const done = stage("tests", ["vitest/vitest.mjs", "run", ...reporters, ...filters]);
  const counts = countsOf(RESULTS);
  const note = `${counts.passed} passed, ${counts.failed} failed`;
  return { ...done, note, passed: done.passed && counts.passed > 0 && counts.failed === 0 };
}

/**
 * @param {string} file
 * @returns {{ passed: number, failed: number }}
 */
function countsOf(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, "utf8"));
  return { passed: numPassedTests, failed: numFailedTests };
}

/** @param {readonly Stage[]} stages */
function summarise(stages) {
  process.stdout.write("\n");
  for (const { name, passed, seconds, note } of stages) {
    const mark = passed ? "✓" : "✗";
    process.stdout.write(
      `${mark} ${name.padEnd(6)} ${seconds.toFixed(1).padStart(6)} s  ${note}\n`,
    );
  }
}
