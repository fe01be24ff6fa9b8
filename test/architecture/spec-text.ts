import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** Just enough of the spec's modules, read as text, to hold names against them. */
export interface SpecText {
  /** The names of all operators that the modules define, with their bodies. */
  readonly definitions: ReadonlyMap<string, string>;
  /** The variables of a server: all but messages and the history. */
  readonly variables: readonly string[];
}

/** Raft.tla, or that and a module on top of it. */
export function readSpec(extension?: string): SpecText {
  const texts = ["Raft", ...(extension === undefined ? [] : [extension])].map((module) => {
    const path = resolve(import.meta.dirname, `../../spec/${module}.tla`);
    return withoutComments(readFileSync(path, "utf8"));
  });
  return {
    definitions: new Map(texts.flatMap((text) => [...definitionsOf(text)])),
    variables: texts.flatMap(variablesOf),
  };
}

function withoutComments(text: string): string {
  return text.replaceAll(/\(\*[\s\S]*?\*\)/g, "").replaceAll(/\\\*.*$/gm, "");
}

function definitionsOf(text: string): Map<string, string> {
  const heads = [...text.matchAll(/^([A-Za-z]\w*)(?:\([^)]*\))?\s*==/gm)];
  return new Map(
    heads.map((head, position) => [
      head[1] ?? "",
      text.slice(head.index + head[0].length, heads[position + 1]?.index ?? text.length),
    ]),
  );
}

function variablesOf(text: string): string[] {
  const history = new Set(["elections", "committed", "answered"]);
  return [...text.matchAll(/^VARIABLES?\s+([\s\S]*?)\n\n/gm)]
    .flatMap((block) => (block[1] ?? "").split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "" && !history.has(name));
}

/**
 * The actions of the spec: what Next comes down to through operators that only choose
 * (disjunctions and quantifiers, without a conjunct of their own).
 */
export function actionsOf(spec: SpecText, next = "Next"): Set<string> {
  const actions = new Set<string>();
  const visit = (name: string): void => {
    for (const [word] of (spec.definitions.get(name) ?? "").matchAll(/\b[A-Z]\w*\b/g)) {
      const body = spec.definitions.get(word);
      if (body === undefined || actions.has(word) || !isStep(word, spec)) continue;
      if (body.includes("/\\")) actions.add(word);
      else visit(word);
    }
  };
  visit(next);
  return actions;
}

/** Whether an operator changes the state, itself or through others. */
function isStep(name: string, spec: SpecText, seen = new Set<string>()): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const body = spec.definitions.get(name);
  if (body === undefined) return false;
  if (/\w'/.test(body) || /\bSend\(/.test(body)) return true;
  return [...body.matchAll(/\b[A-Z]\w*\b/g)].some(([word]) => isStep(word, spec, seen));
}
