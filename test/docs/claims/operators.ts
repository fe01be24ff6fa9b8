import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const SPEC = resolve(import.meta.dirname, "../../../spec");

/**
 * The operators of the specification, each with the module that defines it first: a module that
 * others extend comes before those.
 */
export function readOperators(): ReadonlyMap<string, string> {
  const operators = new Map<string, string>();
  for (const module of modulesInOrder()) {
    for (const [, name = ""] of moduleText(module).matchAll(
      /^([A-Za-z]\w*)(?:\([^)]*\))?\s*==/gm,
    )) {
      if (!operators.has(name)) operators.set(name, module);
    }
  }
  return operators;
}

function modulesInOrder(): readonly string[] {
  const modules = readdirSync(SPEC)
    .filter((name) => name.endsWith(".tla"))
    .map((name) => name.replace(/\.tla$/, ""))
    .sort();
  const ordered: string[] = [];
  const place = (module: string): void => {
    if (ordered.includes(module) || !modules.includes(module)) return;
    const [, extended = ""] = /^EXTENDS\s+([\w,\s]+?)\n\n/m.exec(moduleText(module)) ?? [];
    for (const other of extended.split(",")) place(other.trim());
    ordered.push(module);
  };
  for (const module of modules) place(module);
  return ordered;
}

function moduleText(module: string): string {
  const text = readFileSync(resolve(SPEC, `${module}.tla`), "utf8");
  return text.replaceAll(/\(\*[\s\S]*?\*\)/g, "").replaceAll(/\\\*.*$/gm, "");
}
