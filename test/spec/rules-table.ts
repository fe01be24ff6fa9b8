import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Model, readManifest } from "../../src/model-check/manifest.ts";
import { type RuleDescription, readRules } from "./rule-names.ts";

const README = resolve(import.meta.dirname, "../../spec/README.md");
const BEGIN =
  "<!-- rules: written by LOCKSTEP_MEASURE=1, from rules.json and models/manifest.json -->";
const END = "<!-- end of rules -->";

/** The table of the rules, as Markdown: figures come from the manifest, never by hand. */
export function rulesTable(): string {
  const models = new Map(readManifest().map((model) => [model.name, model]));
  const rows = readRules().map((rule) => row(rule, models));
  return [
    "| rule | section | without it | depth | states | seconds |",
    "| --- | --- | --- | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}

function row(rule: RuleDescription, models: ReadonlyMap<string, Model>): string {
  const model = models.get(rule.model);
  if (model === undefined) throw new Error(`there is no model ${rule.model}`);
  const name = `[\`${rule.name}\`](models/${model.module}.tla)`;
  const depth = rule.lost === null ? "–" : String(model.depth);
  const figures = `${depth} | ${model.distinctStates} | ${model.seconds}`;
  return `| ${name} | ${rule.section} | ${lossOf(rule, models)}. ${model.shows} | ${figures} |`;
}

/** What falls, with a link to where one can see it fall. */
function lossOf(rule: RuleDescription, models: ReadonlyMap<string, Model>): string {
  if (rule.lost !== null) return `[**${rule.lost}** falls](counterexamples/${rule.model}.txt)`;
  const liveness = [...models.values()].find(
    (model) => model.kind === "liveness" && model.rule === rule.name && model.expected !== "pass",
  );
  if (rule.kind === "liveness" && liveness !== undefined) {
    return `[**${liveness.expected}** falls](models/${liveness.module}.tla), which is liveness; nothing unsafe`;
  }
  return rule.kind === "cost" ? "nothing but time" : "nothing unsafe";
}

/** The part of spec/README.md that is written here. */
export function tableInReadme(): string {
  const text = readFileSync(README, "utf8");
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim();
}

export function updateRulesTable(): void {
  const text = readFileSync(README, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${README} has no place for the rules`);
  writeFileSync(
    README,
    `${text.slice(0, begin + BEGIN.length)}\n\n${rulesTable()}\n\n${text.slice(end)}`,
  );
}
