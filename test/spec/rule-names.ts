import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

/** What spec/rules.json says of a rule. */
export interface RuleDescription {
  /** As in spec/Raft.tla. */
  readonly name: string;
  /** What is lost without it; cost: nothing but time, on these bounds. */
  readonly kind: "safety" | "liveness" | "cost";
  /** Of the paper. */
  readonly section: string;
  readonly sentence: string;
  /** The property that falls without it; null where none does. */
  readonly lost: string | null;
  /** The model that shows it. */
  readonly model: string;
  /** The module that has it, where that is not Raft.tla. */
  readonly module?: "RaftSnapshots" | "RaftReads";
}

export function readRules(): readonly RuleDescription[] {
  const { rules }: { rules: RuleDescription[] } = JSON.parse(read("spec/rules.json"));
  return rules;
}

/** The operators of the sections "Rules" of spec/Raft.tla and the modules on top, in order. */
export function rulesOfSpec(): readonly string[] {
  return ["Raft", "RaftSnapshots", "RaftReads"].flatMap(rulesOfModule);
}

function rulesOfModule(module: string): readonly string[] {
  const text = read(`spec/${module}.tla`);
  const begin = text.search(/\(\* Rules[: ]/);
  const end = text.indexOf("\n-----", begin);
  if (begin < 0 || end < 0) throw new Error(`spec/${module}.tla has no section Rules`);
  return [...text.slice(begin, end).matchAll(/^([A-Z]\w*)(?:\([^)]*\))?\s*==/gm)].map(nameIn);
}

/** The members of the interface Rules of the core, in order and as the spec writes them. */
export function rulesOfCore(): readonly string[] {
  return ["rules", "snapshot-rules", "read-rules"].flatMap(rulesOfFile);
}

function rulesOfFile(file: string): readonly string[] {
  const text = read(`src/core/${file}.ts`);
  const begin = text.search(/export interface \w*Rules /);
  const end = text.indexOf("\n}", begin);
  if (begin < 0 || end < 0) throw new Error(`src/core/${file}.ts has no interface of rules`);
  const members = [...text.slice(begin, end).matchAll(/^ {2}([a-z]\w*)\(/gm)].map(nameIn);
  return members.map((name) => name.charAt(0).toUpperCase() + name.slice(1));
}

/** The overrides `Rule <- ForgottenRule` of a model's configuration. */
export function forgottenIn(config: string): readonly string[] {
  const overrides = [...read(`spec/models/${config}`).matchAll(OVERRIDE)];
  for (const [line, rule, by] of overrides) {
    if (!by?.startsWith(`Forgotten${rule}`))
      throw new Error(`${config}: ${line.trim()} is misnamed`);
  }
  return overrides.map(nameIn);
}

/** A model's configuration with its rules in place again. */
export function rememberedConfig(config: string): string {
  return read(`spec/models/${config}`).replaceAll(OVERRIDE, "");
}

const OVERRIDE = /^ +(\w+) <- (Forgotten\w+)\n/gm;

function nameIn(match: RegExpMatchArray): string {
  return match[1] ?? "";
}

function read(file: string): string {
  return readFileSync(resolve(ROOT, file), "utf8");
}
