import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Model, readManifest } from "../../src/model-check/manifest.ts";
import { type RuleDescription, readRules } from "./rule-names.ts";

const README = resolve(import.meta.dirname, "../../spec/README.md");
const BEGIN =
  "<!-- rules: written by LOCKSTEP_MEASURE=1, from rules.json and models/manifest.json -->";
const END = "<!-- end of rules -->";
const BEGIN_BOUNDS = "<!-- bounds: written by LOCKSTEP_MEASURE=1, from models/manifest.json -->";
const END_BOUNDS = "<!-- end of bounds -->";
const BEGIN_EXTENSIONS =
  "<!-- rules of reads and snapshots: written by LOCKSTEP_MEASURE=1, from models/manifest.json -->";
const END_EXTENSIONS = "<!-- end of rules of reads and snapshots -->";

/** The table of the rules, as Markdown: figures come from the manifest, never by hand. */
export function rulesTable(): string {
  const models = new Map(readManifest().map((model) => [model.name, model]));
  const ofRaft = readRules().filter(({ module }) => module === undefined);
  const rows = ofRaft.map((rule) => row(rule, models));
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

/** The same of the rules of reads and of snapshots: each model forgets one of them. */
export function extensionsTable(): string {
  const forgetting = readManifest().filter(({ name }) => /^(Reads|Snapshots)Forget/.test(name));
  return [
    "| rule | without it | depth | states | seconds |",
    "| --- | --- | ---: | ---: | ---: |",
    ...forgetting.map((model) => {
      const figures = `${model.depth} | ${model.distinctStates} | ${model.seconds}`;
      const name = `[\`${model.rule}\`](models/${model.module}.tla)`;
      return `| ${name} | **${model.expected}** falls. ${model.shows} | ${figures} |`;
    }),
  ].join("\n");
}

/** What TLC exhausts with nothing forgotten, the small models first. */
export function boundsTable(): string {
  const exhausted = readManifest().filter(
    ({ name, kind, expected, simulate, distinctStates }) =>
      expected === "pass" &&
      kind !== "forgotten" &&
      simulate === undefined &&
      distinctStates !== undefined &&
      !/^(Reads|Snapshots)/.test(name),
  );
  return [
    "| model | bounds | distinct states | generated | depth | seconds |",
    "| --- | --- | ---: | ---: | ---: | ---: |",
    ...exhausted.map(({ name, module, bounds, ...figures }) => {
      const counts = `${grouped(figures.distinctStates)} | ${grouped(figures.generatedStates)}`;
      const link = `[${name}](models/${module}.tla)`;
      return `| ${link} | ${bounds} | ${counts} | ${figures.depth} | ${figures.seconds} |`;
    }),
  ].join("\n");
}

function grouped(count: number | undefined): string {
  return count === undefined ? "–" : count.toLocaleString("en");
}

/** A table of spec/README.md, between two comments. */
interface Place {
  readonly begin: string;
  readonly end: string;
  readonly table: () => string;
}

const RULES: Place = { begin: BEGIN, end: END, table: rulesTable };
const EXTENSIONS: Place = {
  begin: BEGIN_EXTENSIONS,
  end: END_EXTENSIONS,
  table: extensionsTable,
};
const BOUNDS: Place = { begin: BEGIN_BOUNDS, end: END_BOUNDS, table: boundsTable };
const PLACES: readonly Place[] = [BOUNDS, RULES, EXTENSIONS];

/** The parts of spec/README.md that are written here, and what they are to be. */
export function tablesInReadme(): readonly { readonly is: string; readonly shouldBe: string }[] {
  const text = readFileSync(README, "utf8");
  return PLACES.map(({ begin, end, table }) => ({
    is: text.slice(text.indexOf(begin) + begin.length, text.indexOf(end)).trim(),
    shouldBe: table(),
  }));
}

export function updateRulesTable(): void {
  const text = PLACES.reduce(withTable, readFileSync(README, "utf8"));
  writeFileSync(README, text);
}

function withTable(text: string, { begin, end, table }: Place): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${README} has no place for the rules: ${begin}`);
  return `${text.slice(0, from + begin.length)}\n\n${table()}\n\n${text.slice(to)}`;
}
