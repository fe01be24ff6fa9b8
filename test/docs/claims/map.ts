import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Project } from "ts-morph";
import { readManifest } from "../../../src/model-check/manifest.ts";
import type { Row } from "./rows.ts";
import type { Tagged, Tags } from "./tags.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

/** The interfaces of the core whose members are the rules, each in its file. */
const RULES = [
  { file: "src/core/rules.ts", name: "Rules" },
  { file: "src/core/snapshot-rules.ts", name: "SnapshotRules" },
  { file: "src/core/read-rules.ts", name: "ReadRules" },
];

/** An action, where each side has it, and the claims that its function is tagged with. */
export interface ActionRow {
  readonly action: Tagged;
  readonly module: string | undefined;
  readonly claims: readonly string[];
}

/** A rule, where each side has it, and the models that forget it. */
export interface RuleRow {
  /** As in the specification. */
  readonly name: string;
  readonly module: string | undefined;
  /** As in the core. */
  readonly predicate: string;
  readonly file: string;
  /** What TLC finds without it, each by a model. */
  readonly models: readonly { readonly text: string; readonly module: string }[];
}

/** The actions, in the order of the specification. */
export function actionRows(
  tags: Tags,
  operators: ReadonlyMap<string, string>,
  rows: readonly Row[],
): readonly ActionRow[] {
  const order = [...operators.keys()];
  return tags.actions
    .map((action) => ({
      action,
      module: operators.get(action.name),
      claims: rows
        .filter(({ code }) => code.some(({ symbol }) => symbol === action.symbol))
        .map(({ claim }) => claim.name),
    }))
    .sort((a, b) => order.indexOf(a.action.name) - order.indexOf(b.action.name));
}

/** The rules, in the order of the core, which is that of the specification. */
export function ruleRows(operators: ReadonlyMap<string, string>): readonly RuleRow[] {
  const models = readManifest().filter((model) => model.rule !== null && model.rule !== undefined);
  return predicates().map(({ predicate, file }) => {
    const name = predicate.charAt(0).toUpperCase() + predicate.slice(1);
    return {
      name,
      module: operators.get(name),
      predicate,
      file,
      models: models
        .filter(({ rule }) => rule === name)
        .map(({ expected, module }) => ({
          text: expected === "pass" ? "nothing unsafe" : expected,
          module,
        })),
    };
  });
}

function predicates(): readonly { readonly predicate: string; readonly file: string }[] {
  const project = new Project({ useInMemoryFileSystem: true });
  return RULES.flatMap(({ file, name }) => {
    const source = project.createSourceFile(file, readFileSync(resolve(ROOT, file), "utf8"));
    const methods = source.getInterfaceOrThrow(name).getMethods();
    return methods.map((method) => ({ predicate: method.getName(), file }));
  });
}

/** Actions and rules that one side lacks, and rules that no model forgets. */
export function holesInMap(
  actions: readonly ActionRow[],
  rules: readonly RuleRow[],
): readonly string[] {
  return [
    ...actions
      .filter(({ module, action }) => module === undefined || action.section === "")
      .map(({ action }) => `the action ${action.name} has no operator, or no section`),
    ...rules
      .filter(({ module }) => module === undefined)
      .map(({ name }) => `the rule ${name} has no operator in the specification`),
    ...rules
      .filter(({ models }) => models.length === 0)
      .map(({ name }) => `the rule ${name} is forgotten by no model`),
  ];
}
