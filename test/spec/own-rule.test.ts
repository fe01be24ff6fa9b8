/** "Forgetting a rule yourself" in spec/README.md, followed word for word. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { locateModelChecker } from "../../src/model-check/check-model.ts";

const SPEC = resolve(import.meta.dirname, "../../spec");
const readme = readFileSync(join(SPEC, "README.md"), "utf8");
const section = readme.slice(readme.indexOf("## Forgetting a rule yourself"));

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "lockstep-own-rule-"));
  cpSync(SPEC, copy, { recursive: true });
});

afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

/** The lines of each code block of the section, without their indent. */
function blocks(): readonly string[] {
  return [...section.matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, text = ""]) =>
    text.replaceAll(/^ {3}/gm, ""),
  );
}

test("the rule that is forgotten so loses the property that the table names", async () => {
  const [module = "", override = "", command = ""] = blocks();
  const models = join(copy, "models");
  writeFileSync(join(models, "MCMine.tla"), module);
  const config = readFileSync(join(models, "MCForgetVoteIsFree.cfg"), "utf8");
  const [operator = ""] = override.trim().split(" ");
  const forgets = new RegExp(`^ *${operator} <- .*$`, "m");
  expect(config).toMatch(forgets);
  writeFileSync(join(models, "MCMine.cfg"), config.replace(forgets, override.trimEnd()));
  const { java, jar } = await locateModelChecker(process.env);
  const [, line = ""] = command.split("\n");
  const [program, ...args] = line.split(" ").map((word) => (word === "tla2tools.jar" ? jar : word));
  expect(program).toBe("java");
  const { stdout } = spawnSync(java, [`-Djava.io.tmpdir=${copy}`, ...args], {
    cwd: models,
    encoding: "utf8",
  });
  expect(stdout).toContain("Invariant ElectionSafety is violated");
});
