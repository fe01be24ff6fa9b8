/** The workflow and the script of trace-check/README.md, run as they stand. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { MAIN } from "../cli/program.ts";
import { divergingTrace, valid, write } from "../trace-check/reports/run-check.ts";
import { readDocument } from "./documents.ts";

const PAGE = readDocument("trace-check/README.md");

/** The one block of a language. */
function block(language: string): string {
  const found = [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))];
  expect(found).toHaveLength(1);
  return found[0]?.[1] ?? "";
}

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

describe.skipIf(process.platform === "win32")("trace-check/README.md in CI", () => {
  let folder = "";
  let home = "";
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "lockstep-ci-"));
    // Stands in for npx with the package installed.
    const npx = join(home, "npx");
    writeFileSync(
      npx,
      `#!/bin/sh\nwhile [ "$1" != lockstep ]; do shift; done\nshift\nexec "${process.execPath}" "${MAIN}" "$@"\n`,
    );
    chmodSync(npx, 0o755);
    for (const name of ["right", "wrong", "malformed"]) mkdirSync(join(home, name));
    await write(join(home, "right", "traces", "a.ndjson"), valid);
    await write(join(home, "wrong", "traces", "a.ndjson"), await divergingTrace());
    mkdirSync(join(home, "malformed", "traces"));
    writeFileSync(join(home, "malformed", "traces", "a.ndjson"), "{}\n");
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  function run(name: string, command: readonly string[]) {
    folder = join(home, name);
    const [program = "", ...args] = command;
    const env = { ...process.env, PATH: `${home}${delimiter}${process.env.PATH ?? ""}` };
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  test.each([
    ["right", 0, "Every step is a step of Raft."],
    ["wrong", 1, "reports/report.html"],
    ["malformed", 2, "is not a trace"],
  ] as const)("the script: %s", (name, status, said) => {
    writeFileSync(join(home, "check-traces.sh"), block("sh"));
    const outcome = run(name, ["sh", join(home, "check-traces.sh"), "traces"]);
    expect(outcome.status, outcome.stderr).toBe(status);
    if (name !== "malformed") {
      expect(outcome.stdout).toContain(said);
      expect(existsSync(join(folder, "reports", "junit.xml"))).toBe(true);
      expect(existsSync(join(folder, "reports", "report.html"))).toBe(true);
      expect(existsSync(join(folder, "reports", "minimal"))).toBe(name === "wrong");
    }
  });

  test.each([
    ["right", 0],
    ["wrong", 1],
  ] as const)("the workflow: %s", (name, status) => {
    const workflow = parse(block("yaml"));
    const [job] = Object.values<{ "runs-on": string; steps: readonly Step[] }>(workflow.jobs);
    const steps = job?.steps ?? [];
    for (const step of steps) {
      expect([step.run, step.uses].filter((each) => each !== undefined)).toHaveLength(1);
      if (step.uses !== undefined) expect(step.uses).toMatch(/^[\w-]+\/[\w/-]+@v\d+$/);
    }
    const runs = steps.flatMap((step) => (step.run?.startsWith("npx") ? [step.run] : []));
    expect(runs).toHaveLength(2);
    const outcomes = runs.map((each) => run(name, ["bash", "-e", "-c", each]));
    expect(outcomes.map((outcome) => outcome.status)).toEqual([0, status]);
    expect(outcomes[1]?.stdout.startsWith("::error file=traces/a.ndjson")).toBe(status === 1);
    // What later steps take from there.
    const paths = steps.flatMap((step) => [step.with?.sarif_file, step.with?.path]).filter(Boolean);
    expect(paths).toEqual(["reports", "reports/lockstep.sarif"]);
    for (const path of paths) expect(existsSync(join(folder, String(path)))).toBe(true);
    expect(
      JSON.parse(readFileSync(join(folder, "reports", "lockstep.sarif"), "utf8")).version,
    ).toBe("2.1.0");
  });
});

test("trace-check/README.md gives ShiViz the patterns that its reports have", async () => {
  const { SHIVIZ_EVENT, SHIVIZ_EXECUTION } = await import("../../trace-check/exports/shiviz.ts");
  expect(PAGE).toContain(`\n${SHIVIZ_EVENT}\n`);
  expect(PAGE).toContain(`\`${SHIVIZ_EXECUTION}\``);
});
