import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MEANINGS, type Meaning, type Words } from "./meanings.ts";

export { type Meaning, rulesIn, type Words } from "./meanings.ts";

/** The modules whose operators have names that a divergence can carry. */
const MODULES = ["Raft.tla", "RaftProperties.tla", "RaftSnapshots.tla", "RaftReads.tla"] as const;

/**
 * What the names of actions, properties, guards and rules mean; the rules are those of
 * spec/rules.json, the places those in the modules of the spec.
 */
export async function readWords(packageFolder: string): Promise<Words> {
  const folder = join(packageFolder, "spec");
  const parsed: unknown = JSON.parse(await readFile(join(folder, "rules.json"), "utf8"));
  const words = new Map([...MEANINGS, ...rulesOf(parsed)]);
  for (const module of MODULES) {
    const lines = (await readFile(join(folder, module), "utf8")).split("\n");
    for (const [line, text] of lines.entries()) {
      const name = /^([A-Z]\w*)(?:\([^)]*\))?\s*==/.exec(text)?.[1] ?? "";
      const meaning = words.get(name);
      if (meaning !== undefined)
        words.set(name, { ...meaning, place: `spec/${module}:${line + 1}` });
    }
  }
  return words;
}

/** A rule as spec/rules.json has it: its name, and what it means. */
function rulesOf(parsed: unknown): readonly (readonly [string, Meaning])[] {
  const isTable = typeof parsed === "object" && parsed !== null && "rules" in parsed;
  if (!isTable || !Array.isArray(parsed.rules)) {
    throw new TypeError("spec/rules.json holds no list of rules");
  }
  return parsed.rules.map((rule: unknown) => {
    const [name, section, sentence, forgotten] = ["name", "section", "sentence", "forgotten"].map(
      (field) => (typeof rule === "object" && rule !== null ? Reflect.get(rule, field) : undefined),
    );
    if (name === undefined || section === undefined || sentence === undefined || !forgotten) {
      throw new TypeError(
        "spec/rules.json holds a rule without name, section, sentence or forgotten",
      );
    }
    return [
      String(name),
      { section: String(section), sentence: String(sentence), forgotten: String(forgotten) },
    ] as const;
  });
}
