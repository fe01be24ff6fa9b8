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
}

export function readRules(): readonly RuleDescription[] {
  const { rules }: { rules: RuleDescription[] } = JSON.parse(read("spec/rules.json"));
  return rules;
}

/** The operators of the section "Rules" of spec/Raft.tla, in order. */
export function rulesOfSpec(): readonly string[] {
  const text = read("spec/Raft.tla");
  const begin = text.indexOf("(* Rules: ");
  const end = text.indexOf("\n-----", begin);
  if (begin < 0 || end < 0) throw new Error("spec/Raft.tla has no section Rules");
  return [...text.slice(begin, end).matchAll(/^([A-Z]\w*)(?:\([^)]*\))?\s*==/gm)].map(nameIn);
}

/** The members of the interface Rules of src/core/rules.ts, in order and as the spec writes them. */
export function rulesOfCore(): readonly string[] {
  const text = read("src/core/rules.ts");
  const begin = text.indexOf("export interface Rules {");
  const end = text.indexOf("\n}", begin);
  if (begin < 0 || end < 0) throw new Error("src/core/rules.ts has no interface Rules");
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
