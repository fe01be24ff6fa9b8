/** The texts of the spec and of the code, and where in them a definition or a function is. */

/** What the page is built with. */
export interface Sources {
  /** The modules of the spec by name: `Raft`. */
  readonly spec: Readonly<Record<string, string>>;
  /** The files of the implementation by path: `src/core/election.ts`. */
  readonly core: Readonly<Record<string, string>>;
  readonly rules: readonly RuleWords[];
  /** Counterexamples of TLC as traces, by name. */
  readonly counterexamples: Readonly<Record<string, string>>;
  readonly version: string;
}

/** A rule as spec/rules.json has it. */
export interface RuleWords {
  readonly name: string;
  readonly kind: "safety" | "liveness" | "cost";
  readonly section: string;
  readonly sentence: string;
  readonly forgotten: string;
  readonly lost: string | null;
  /** The module that has it, where that is not Raft itself. */
  readonly module?: string;
}

/** A part of a text, with the comment that stands before it. */
export interface Excerpt {
  /** The module or the file. */
  readonly where: string;
  /** The first line of `text` in it, from 1. */
  readonly line: number;
  readonly comment: string;
  readonly text: string;
}

/** The definitions of a module: `Name(p, q) ==` and all up to what comes next. */
export function definitionsOf(module: string, text: string): ReadonlyMap<string, Excerpt> {
  const lines = text.split("\n");
  const found = new Map<string, Excerpt>();
  for (let first = 0; first < lines.length; first++) {
    const name = /^([A-Za-z]\w*)(\([^)]*\))?\s*==/.exec(lines[first] ?? "")?.[1];
    if (name === undefined) continue;
    let end = first + 1;
    while (end < lines.length && !/^[A-Za-z\\(=-]/.test(lines[end] ?? "")) end++;
    const body = lines.slice(first, end).join("\n").trimEnd();
    const comment = commentBefore(lines, first, /^\\\*\s?(.*)$/);
    found.set(name, { where: module, line: first + 1, comment, text: body });
  }
  return found;
}

/** The function that is bound to an action by its tag `@action`. */
export function functionOf(action: string, files: Sources["core"]): Excerpt | null {
  for (const [where, text] of Object.entries(files)) {
    const tag = new RegExp(`@action ${action}\\b`).exec(text);
    if (tag === null) continue;
    const head = /^export function \w+/m.exec(text.slice(tag.index));
    if (head !== null) return excerptAt(where, text, tag.index + head.index);
  }
  return null;
}

/** Formatted by Biome, a function ends with a brace at the beginning of a line. */
function excerptAt(where: string, text: string, start: number): Excerpt {
  const end = text.indexOf("\n}", start) + 2;
  const line = text.slice(0, start).split("\n").length;
  const lines = text.split("\n");
  return {
    where,
    line,
    comment: commentBefore(lines, line - 1, /^\s*(?:\/\*\*|\*\/|\*)\s?(.*?)(?:\s*\*\/)?$/),
    text: text.slice(start, end),
  };
}

function commentBefore(lines: readonly string[], at: number, pattern: RegExp): string {
  const comment: string[] = [];
  for (let line = at - 1; line >= 0; line--) {
    const matched = pattern.exec(lines[line] ?? "");
    if (matched === null) break;
    comment.unshift(matched[1] ?? "");
  }
  return comment.join(" ").trim();
}

/** The names of the properties that a trace checker evaluates, in the order of TraceRaft. */
export function propertiesOf(traceRaft: string): readonly string[] {
  const start = traceRaft.indexOf("WholeTypes ==");
  const end = traceRaft.indexOf("\\*", traceRaft.indexOf("WholeOthers =="));
  return [...traceRaft.slice(start, end).matchAll(/<<"(\w+)"/g)].map(([, name]) => name ?? "");
}
