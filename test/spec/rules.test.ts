import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { readManifest } from "../../src/model-check/manifest.ts";
import { forgottenIn, readRules, rulesOfCore, rulesOfSpec } from "./rule-names.ts";
import { tablesInReadme } from "./rules-table.ts";

const MODELS = resolve(import.meta.dirname, "../../spec/models");
const rules = readRules();
const models = readManifest();

describe("the rules have one list of names", () => {
  test("the spec has the 42 that are listed, in their order", () => {
    expect(rulesOfSpec()).toEqual(rules.map(({ name }) => name));
    expect(rules).toHaveLength(42);
    expect(rules.filter(({ module }) => module === undefined)).toHaveLength(32);
  });

  test("the core has the same", () => {
    expect(rulesOfCore()).toEqual(rulesOfSpec());
  });

  test("each has one model that forgets it", () => {
    for (const rule of rules) {
      const forgetting = models.filter(({ kind, rule: forgotten }) => {
        return (rule.module !== undefined || kind === "forgotten") && forgotten === rule.name;
      });
      const names = forgetting.map(({ name }) => name);
      // Of snapshots one rule has a second model, which forgets a part of it.
      if (rule.module === undefined) expect(names, rule.name).toEqual([rule.model]);
      else expect(names, rule.name).toContain(rule.model);
    }
  });

  test("a rule whose loss breaks safety has a model in which the property it costs falls", () => {
    for (const { name, kind, lost, model } of rules) {
      expect(lost === null, name).toBe(kind !== "safety");
      expect(models.find((each) => each.name === model)?.expected, name).toBe(lost ?? "pass");
    }
  });
});

describe("a model that forgets a rule", () => {
  const forgetting = models.filter(({ kind }) => kind === "forgotten");

  test("overrides that rule, and no other", () => {
    for (const { config, rule } of forgetting) expect(forgottenIn(config), config).toEqual([rule]);
  });

  test("has the property that must fall among the consequences, beside those of Figure 3", () => {
    for (const { config, expected } of forgetting) {
      const text = readFileSync(resolve(MODELS, config), "utf8");
      const checked = text.slice(text.indexOf("INVARIANTS")).split(/\s+/);
      for (const property of FIGURE_3) expect(checked, config).toContain(property);
      if (expected !== "pass") expect(checked, config).toContain(expected);
    }
  });

  test("says what it restricts in a header", () => {
    for (const { module } of forgetting) {
      const text = readFileSync(resolve(MODELS, `${module}.tla`), "utf8");
      expect(text, module).toMatch(/^-+ MODULE \w+ -+\n\(\*{70,}\)\n\(\* \w/);
    }
  });
});

const FIGURE_3 = [
  ...["ElectionSafety", "LeaderAppendOnly", "LogMatching"],
  ...["LeaderCompleteness", "StateMachineSafety"],
];

test("the manifest is as its schema says", () => {
  const schema: object = JSON.parse(readFileSync(resolve(MODELS, "manifest.schema.json"), "utf8"));
  const manifest: unknown = JSON.parse(readFileSync(resolve(MODELS, "manifest.json"), "utf8"));
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  validate(manifest);
  expect(validate.errors).toBeNull();
  expect(new Set(models.map(({ name }) => name)).size).toBe(models.length);
});

test("the tables in spec/README.md are what the manifest says", () => {
  for (const { is, shouldBe } of tablesInReadme()) expect(is).toBe(shouldBe);
});

test("the factors that spec/README.md tells of the bounds are those of the manifest", () => {
  const readme = readFileSync(resolve(MODELS, "../README.md"), "utf8").replace(/\s+/g, " ");
  const states = (name: string) => models.find((each) => each.name === name)?.distinctStates ?? 0;
  const fewer = Math.round(6_425_257 / states("Smoke"));
  const growth = Math.round(states("Reduced3x4") / states("ReducedReplicatedLog"));
  expect(readme).toContain(`${fewer} times fewer`);
  expect(readme).toContain(`the state space grows ${growth} times`);
});
