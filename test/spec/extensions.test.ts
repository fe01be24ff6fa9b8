/**
 * Reads and snapshots, the modules on top of Raft.tla: each of their rules has a model that
 * forgets it, and TLC finds the property that falls, with the counts of the manifest. The models
 * of minutes are those of `lockstep model --size full`.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { checkModel } from "../../src/model-check/check-model.ts";
import { modelsFolder, readManifest } from "../../src/model-check/manifest.ts";
import { atMost, findChecker, TLC_MILLISECONDS } from "./checker.ts";

const checker = await findChecker();
const models = readManifest().filter(({ name }) => /^(Reads|Snapshots)/.test(name));
const oneACore = atMost(2);

/** The operators between the header "Rules" of a module and the next header. */
function rulesOf(module: string): readonly string[] {
  const text = readFileSync(resolve(modelsFolder(), `../${module}.tla`), "utf8");
  const [, rules = ""] = /\(\* Rules {2,}\*\)\n\(\*+\)\n([\s\S]*?)\n-{20,}/.exec(text) ?? [];
  return [...rules.matchAll(/^(\w+)\([\w, ]+\) ==/gm)].map(([, name = ""]) => name);
}

describe.each([
  { module: "RaftReads", count: 6, prefix: "ReadsForget" },
  { module: "RaftSnapshots", count: 4, prefix: "SnapshotsForget" },
])("$module", ({ module, count, prefix }) => {
  const rules = rulesOf(module);
  const forgetting = models.filter(({ name }) => name.startsWith(prefix));

  test("has a model in which something falls for each rule, and for nothing else", () => {
    expect(rules).toHaveLength(count);
    const forgotten = new Set(forgetting.map(({ rule }) => rule));
    expect([...forgotten].sort()).toEqual([...rules].sort());
    for (const { name, expected } of forgetting) expect(expected, name).not.toBe("pass");
  });

  test("is forgotten by the configuration of each, and kept by the model that passes", () => {
    const configOf = (name: string): string =>
      readFileSync(resolve(modelsFolder(), `MC${name}.cfg`), "utf8");
    for (const { name, rule } of forgetting) {
      const forgotten = `Forgotten${name.replace(prefix, "")}`;
      expect(configOf(name), name).toContain(`  ${rule} <- ${forgotten}\n`);
    }
    expect(configOf(module.replace("Raft", ""))).not.toContain("Forgotten");
  });
});

describe.skipIf(typeof checker === "string").concurrent("without the rule", () => {
  for (const model of models.filter(({ size }) => size === "smoke")) {
    test(
      `${model.name}: ${model.expected} falls`,
      async ({ expect }) => {
        if (typeof checker === "string") throw new Error(checker);
        const verdict = await oneACore(() => checkModel(model, checker, { workers: 1 }));
        expect(verdict.problems).toEqual([]);
      },
      TLC_MILLISECONDS,
    );
  }
});

test.skipIf(typeof checker !== "string")("the models are checked", ({ skip }) => {
  skip(`The models are not checked: ${typeof checker === "string" ? checker : ""}`);
});
