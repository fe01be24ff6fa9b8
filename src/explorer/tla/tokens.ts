/** The words of a TLA+ definition, with the columns that its lists are read by. */

export interface Token {
  readonly kind: "name" | "number" | "string" | "symbol" | "end";
  readonly text: string;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  /** From 0, in its line. */
  readonly column: number;
}

/** A text is no TLA+ that is read here. */
export class TlaSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TlaSyntaxError";
  }
}

const SYMBOLS = [
  "|->",
  "<=>",
  "\\notin",
  "\\subseteq",
  "\\union",
  "\\in",
  "\\cup",
  "\\cap",
  "\\div",
  "\\E",
  "\\A",
  "\\o",
  "==",
  "=>",
  "->",
  "<<",
  ">>",
  "..",
  "/\\",
  "\\/",
  "/=",
  "<=",
  ">=",
  "=<",
  "@@",
  ":>",
  "[]",
  ..."#=<>\\~':;,()[]{}!.@+-*^_%".split(""),
];

const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /\d+/y;
const STRING = /"[^"]*"/y;
const BLANK = /\s+|\\\*[^\n]*|\(\*[\s\S]*?\*\)/y;

/** The tokens of a text, the last of kind "end". */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let lineStart = 0;
  const add = (kind: Token["kind"], length: number): void => {
    const part = text.slice(at, at + length);
    tokens.push({ kind, text: part, start: at, end: at + length, column: at - lineStart });
    at += length;
  };
  while (at < text.length) {
    const blank = matched(BLANK, text, at);
    if (blank !== null) {
      const newline = blank.lastIndexOf("\n");
      if (newline >= 0) lineStart = at + newline + 1;
      at += blank.length;
      continue;
    }
    const name = matched(NAME, text, at);
    if (name !== null && name !== "_") {
      add("name", name.length);
      continue;
    }
    const number = matched(NUMBER, text, at);
    if (number !== null) {
      add("number", number.length);
      continue;
    }
    const string = matched(STRING, text, at);
    if (string !== null) {
      add("string", string.length);
      continue;
    }
    const symbol = SYMBOLS.find((each) => text.startsWith(each, at));
    if (symbol === undefined) throw new TlaSyntaxError(`"${text.slice(at, at + 12)}" at ${at}`);
    add("symbol", symbol.length);
  }
  tokens.push({ kind: "end", text: "", start: at, end: at, column: -1 });
  return tokens;
}

function matched(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
