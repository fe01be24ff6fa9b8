/** `lockstep fuzz --list-rules`. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageFolder } from "../../setup/environment.ts";
import { RULE_NAMES } from "../../sim/forgotten-rules.ts";
import { CommandError, EXIT } from "../command.ts";

/** A rule that can be forgotten. */
export interface RuleInfo {
  readonly name: string;
  /** What is lost with it: safety, liveness, or no more than some work. */
  readonly kind: "safety" | "liveness" | "cost";
  /** Of the Raft paper. */
  readonly section: string;
  readonly sentence: string;
}

/** The rules in the order of `spec/Raft.tla`. */
export async function readRules(): Promise<readonly RuleInfo[]> {
  const file = join(packageFolder(), "spec", "rules.json");
  const document: unknown = JSON.parse(await readFile(file, "utf8"));
  const rules = isObject(document) && Array.isArray(document.rules) ? document.rules : [];
  return RULE_NAMES.map((name) => {
    const rule: unknown = rules.find(
      (candidate: unknown) => isObject(candidate) && candidate.name === name,
    );
    if (isRule(rule)) return rule;
    throw new CommandError(
      EXIT.environment,
      `${file} does not describe ${name}: install lockstep again.`,
    );
  });
}

/** A line a rule. */
export function rulesText(rules: readonly RuleInfo[]): string {
  const width = Math.max(...rules.map(({ name }) => name.length));
  return rules
    .map(
      ({ name, kind, section, sentence }) =>
        `${name.padEnd(width)}  ${kind.padEnd(8)}  §${section.padEnd(8)}  ${sentence}\n`,
    )
    .join("");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isRule(value: unknown): value is RuleInfo {
  return (
    isObject(value) &&
    typeof value.name === "string" &&
    (value.kind === "safety" || value.kind === "liveness" || value.kind === "cost") &&
    typeof value.section === "string" &&
    typeof value.sentence === "string"
  );
}
