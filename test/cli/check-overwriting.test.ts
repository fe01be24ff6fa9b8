/** `lockstep check` writes nothing in the place of what it reads. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CommandError } from "../../src/cli/command.ts";
import { check, divergingTrace, write } from "../trace-check/reports/run-check.ts";

let folder = "";
let trace = "";
let before = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-overwriting-"));
  trace = join(folder, "traces", "a.ndjson");
  await write(trace, await divergingTrace());
  before = readFileSync(trace, "utf8");
  symlinkSync(join(folder, "traces"), join(folder, "link"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function refusal(...args: readonly string[]): Promise<string> {
  const error = await check(...args).catch((thrown: unknown) => thrown);
  expect(readFileSync(trace, "utf8")).toBe(before);
  return error instanceof CommandError ? error.message : `no refusal: ${JSON.stringify(error)}`;
}

describe("lockstep check refuses", () => {
  test.each(["traces", "link"])(
    "a report in the place of a trace, by whatever path: %s",
    async (by) => {
      const report = join(folder, by, "a.ndjson");
      for (const path of [trace, join(folder, "traces")]) {
        const told = await refusal("--report", `json=${report}`, path);
        expect(told).toMatch(
          /^--report .*a\.ndjson is a trace that is checked: name another file\.$/,
        );
      }
    },
  );

  test.each(["traces", "link"])("minimal traces in the folder of a trace: %s", async (by) => {
    for (const path of [trace, join(folder, "traces")]) {
      const told = await refusal("--minimise", "--out", join(folder, by), path);
      expect(told).toMatch(/^--out .* is the folder of .*a\.ndjson, which is checked and would be/);
    }
  });

  test("two reports into one file", async () => {
    const file = join(folder, "report");
    const told = await refusal("--report", `json=${file}`, "--report", `html=${file}`, trace);
    expect(told).toBe(`--report names ${file} twice: name another file.`);
  });

  test("nothing else", async () => {
    const out = ["--minimise", "--out", join(folder, "minimal")];
    const { exitCode } = await check("--report", `json=${join(folder, "r.json")}`, ...out, trace);
    expect(exitCode).toBe(1);
    expect((await check("--report", "json=/dev/null", ...out, trace)).exitCode).toBe(1);
  });
});
