/** The text of conjuncts, as the modules of a folder have it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "../engine/errors.ts";

const COMMENT = /\\\*.*$|\(\*.*?\*\)/g;

/**
 * Gives the text of a conjunct on one line, from the place at which it begins: to the end of the
 * line, and on where lines below are further in than its beginning.
 */
export function conjunctTexts(folder: string): (place: Place) => string {
  const modules = new Map<string, readonly string[]>();
  const linesOf = (module: string): readonly string[] => {
    const known = modules.get(module);
    if (known !== undefined) return known;
    const lines = readFileSync(join(folder, `${module}.tla`), "utf8").split("\n");
    modules.set(module, lines);
    return lines;
  };
  return ({ module, line, column }) => textFrom(linesOf(module), line, column);
}

/** `line` and `column` are counted from 1. */
export function textFrom(lines: readonly string[], line: number, column: number): string {
  const first = (lines[line - 1] ?? "").slice(column - 1);
  const taken = [first];
  for (const below of lines.slice(line)) {
    const text = below.replaceAll(COMMENT, "");
    if (text.trim() === "" || text.search(/\S/) < column - 1) break;
    taken.push(text);
  }
  return taken
    .map((each) => each.replaceAll(COMMENT, "").trim())
    .filter((each) => each !== "")
    .join(" ");
}
