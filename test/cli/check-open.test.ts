/** `lockstep check --open`: the explorer, or the report, is written and handed to the browser. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { divergingTrace, write } from "../trace-check/reports/run-check.ts";
import { MAIN, runProgram } from "./program.ts";

describe.skipIf(process.platform === "win32")("lockstep check --open", () => {
  let folder = "";
  let trace = "";
  let browser = "";
  const opened = () => join(folder, "opened");
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lockstep-open-"));
    trace = await write(join(folder, "bad.ndjson"), await divergingTrace());
    browser = join(folder, "browser");
    writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > "${opened()}"\n`);
    chmodSync(browser, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const open = (program: string, ...args: readonly string[]) =>
    runProgram(process.execPath, [MAIN, "check", "--engine", "compiled", "--open", ...args], {
      env: { ...process.env, BROWSER: program, TMPDIR: folder },
      cwd: folder,
    });

  /** The browser is not waited for. */
  async function whatWasOpened(): Promise<string> {
    for (let tries = 0; tries < 200 && !existsSync(opened()); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return fileURLToPath(readFileSync(opened(), "utf8"));
  }

  test("opens the explorer at the one divergence, and says where the report is", async () => {
    rmSync(opened(), { force: true });
    const { exitCode, stdout, stderr } = await open(browser, trace);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("diverges");
    const page = await whatWasOpened();
    expect(stderr).toContain(`the divergence is in ${page}`);
    expect(readFileSync(page, "utf8")).toContain(
      '<script id="trace" type="application/x-ndjson">[{"name":',
    );
    const report = /the report is (\S+)/.exec(stderr)?.[1] ?? "";
    expect(readFileSync(report, "utf8")).toContain("Not every step is a step of Raft");
  });

  test("opens the report that is written anyway", async () => {
    rmSync(opened(), { force: true });
    const page = join(folder, "page.html");
    await open(browser, trace, "--report", `html=${page}`);
    expect(await whatWasOpened()).toBe(page);
  });

  test("opens the report where several traces diverge", async () => {
    rmSync(opened(), { force: true });
    const other = await write(join(folder, "other.ndjson"), await divergingTrace());
    const { stderr } = await open(browser, trace, other);
    const page = await whatWasOpened();
    expect(stderr).toContain(`the report is ${page}`);
  });

  test("says where the report is where nothing can open it", async () => {
    const { exitCode, stderr } = await open(join(folder, "no-such-browser"), trace);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("there is no program here to open it with");
  });
});
