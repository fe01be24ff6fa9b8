/** Reads the project's documents: their console blocks, tables and links. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

export function readDocument(name: string): string {
  return readFileSync(join(ROOT, name), "utf8");
}

/** A command that a document shows, with what it prints. */
export interface ConsoleBlock {
  readonly command: string;
  /** A line `…` stands for lines left out. */
  readonly output: readonly string[];
}

const CONSOLE = /^```console\n\$ (.+)\n([\s\S]*?)```$/gm;

export function consoleBlocks(document: string): readonly ConsoleBlock[] {
  return [...document.matchAll(CONSOLE)].map((match) => ({
    command: match[1] ?? "",
    output: (match[2] ?? "").split("\n").slice(0, -1),
  }));
}

/** Puts another output below a command in a document. */
export function replaceOutput(name: string, command: string, output: readonly string[]): void {
  const text = readDocument(name).replace(CONSOLE, (block: string, shown: string) =>
    shown === command ? `\`\`\`console\n$ ${command}\n${output.join("\n")}\n\`\`\`` : block,
  );
  writeFileSync(join(ROOT, name), text);
}

/** The line with everything that differs from run to run in one form: times, and so the spaces. */
export function masked(line: string): string {
  return line
    .replaceAll(/\d+ min \d+ s|\d+\.\d+ s/g, "TIME")
    .replaceAll(/\d[\d,]* a second/g, "RATE a second")
    .replaceAll(/ +/g, " ")
    .trimEnd();
}

/** Whether a line is shown as it is printed. */
export type IsSame = (shown: string, printed: string) => boolean;

/** The same but for times. */
export const isExact: IsSame = (shown, printed) => masked(shown) === masked(printed);

/**
 * The same words, and figures of the same size: counts of faults move with every change of the
 * simulator, and a document shows how many there are rather than which.
 */
export const isAlike: IsSame = (shown, printed) => {
  const [shownFigures, printedFigures] = [figuresOf(shown), figuresOf(printed)];
  return (
    withoutFigures(shown) === withoutFigures(printed) &&
    shownFigures.every((figure, index) => isOfSameSize(figure, printedFigures[index] ?? 0))
  );
};

const FIGURE = /\d[\d,]*/g;

function figuresOf(line: string): readonly number[] {
  return [...masked(line).matchAll(FIGURE)].map(([text]) => Number(text.replaceAll(",", "")));
}

function withoutFigures(line: string): string {
  return masked(line).replaceAll(FIGURE, "N");
}

function isOfSameSize(one: number, other: number): boolean {
  return one === other || (Math.max(one, other) <= 3 * Math.min(one, other) && one > 5);
}

/** The first line that is shown and not printed, in this order; null where all are. */
export function firstNotPrinted(
  shown: readonly string[],
  printed: readonly string[],
  isSame: IsSame = isExact,
): string | null {
  let at = 0;
  let mayStartAnywhere = false;
  for (const line of shown) {
    if (line === ELLIPSIS) {
      mayStartAnywhere = true;
      continue;
    }
    const found = printed.findIndex((other, index) => index >= at && isSame(line, other));
    if (found < 0 || (!mayStartAnywhere && found !== at)) return line;
    at = found + 1;
    mayStartAnywhere = false;
  }
  return mayStartAnywhere || at === printed.length ? null : "(the output goes on)";
}

export const ELLIPSIS = "…";

/** The links of a text that lead to files, relative to the root. */
export function fileLinks(
  text: string,
): readonly { readonly text: string; readonly file: string }[] {
  return [...text.matchAll(/\[([^\]]*(?:\][^([]*)?)\]\(([^)\s]+)\)/g)]
    .map((match) => ({ text: match[1] ?? "", file: match[2] ?? "" }))
    .filter(({ file }) => !/^(https?:|#)/.test(file));
}
