/** Values of TLA+ as TLC prints them: read, shown on one line, and compared part by part. */

/** A value of a state. Sets and functions keep the order in which TLC prints them. */
export type TlaValue =
  /** A number, a string with its quotes, TRUE, FALSE or a model value: as it is written. */
  | { readonly kind: "atom"; readonly text: string }
  | { readonly kind: "set"; readonly items: readonly TlaValue[] }
  | { readonly kind: "sequence"; readonly items: readonly TlaValue[] }
  | { readonly kind: "record"; readonly fields: ReadonlyMap<string, TlaValue> }
  /** By the text of the argument. */
  | { readonly kind: "function"; readonly values: ReadonlyMap<string, TlaValue> };

/** The variables of a state, from TLC's lines `/\ variable = value`. */
export function parseState(text: string): ReadonlyMap<string, TlaValue> {
  const variables = new Map<string, TlaValue>();
  const parser = new Parser(text);
  while (!parser.atEnd()) {
    parser.skip("/\\");
    const name = parser.word();
    parser.expect("=");
    variables.set(name, parser.value());
  }
  return variables;
}

/** The value that a text is. */
export function parseValue(text: string): TlaValue {
  const parser = new Parser(text);
  const value = parser.value();
  if (!parser.atEnd()) throw new Error(`not a TLA+ value: ${text}`);
  return value;
}

/** The value on one line, in TLA+. */
export function showValue(value: TlaValue): string {
  switch (value.kind) {
    case "atom":
      return value.text;
    case "set":
      return `{${value.items.map(showValue).join(", ")}}`;
    case "sequence":
      return `<<${value.items.map(showValue).join(", ")}>>`;
    case "record":
      return `[${[...value.fields].map(([name, field]) => `${name} |-> ${showValue(field)}`).join(", ")}]`;
    case "function":
      return `(${[...value.values].map(([argument, result]) => `${argument} :> ${showValue(result)}`).join(" @@ ")})`;
  }
}

/** One part of a state that a step changed. */
export interface Change {
  /** The variable, and where in it: `log[s1]`. */
  readonly place: string;
  readonly before: string;
  readonly after: string;
  /** For sets and sequences that only grew or shrank: by what; else null. */
  readonly added: readonly string[] | null;
  readonly removed: readonly string[] | null;
}

/** What differs from one state to the next, in the smallest parts that have a name. */
export function changesBetween(
  before: ReadonlyMap<string, TlaValue>,
  after: ReadonlyMap<string, TlaValue>,
): readonly Change[] {
  return [...after].flatMap(([name, value]) => {
    const old = before.get(name);
    return old === undefined ? [] : changesOf(name, old, value);
  });
}

function changesOf(place: string, before: TlaValue, after: TlaValue): readonly Change[] {
  if (showValue(before) === showValue(after)) return [];
  if (before.kind === "function" && after.kind === "function") {
    const same = [...before.values.keys()].join() === [...after.values.keys()].join();
    if (same) {
      return [...after.values].flatMap(([argument, value]) => {
        const old = before.values.get(argument);
        return old === undefined ? [] : changesOf(`${place}[${argument}]`, old, value);
      });
    }
  }
  const change = { place, before: showValue(before), after: showValue(after) };
  if (before.kind === "set" && after.kind === "set") return setChange(change, before, after);
  return [{ ...change, ...sequenceChange(before, after) }];
}

function setChange(
  change: Pick<Change, "place" | "before" | "after">,
  before: { readonly items: readonly TlaValue[] },
  after: { readonly items: readonly TlaValue[] },
): readonly Change[] {
  const had = new Set(before.items.map(showValue));
  const has = new Set(after.items.map(showValue));
  const added = [...has].filter((item) => !had.has(item));
  const removed = [...had].filter((item) => !has.has(item));
  return added.length + removed.length === 0 ? [] : [{ ...change, added, removed }];
}

function sequenceChange(before: TlaValue, after: TlaValue): Pick<Change, "added" | "removed"> {
  if (before.kind !== "sequence" || after.kind !== "sequence")
    return { added: null, removed: null };
  const old = before.items.map(showValue);
  const now = after.items.map(showValue);
  const kept = Math.min(old.length, now.length);
  const isCutOrGrown = old.slice(0, kept).every((item, index) => item === now[index]);
  if (!isCutOrGrown) return { added: null, removed: null };
  return { added: now.slice(kept), removed: old.slice(kept) };
}

/** A recursive-descent reader of values. */
class Parser {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#space();
  }

  atEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  /** Takes the symbol if it is next. */
  skip(symbol: string): boolean {
    if (!this.#text.startsWith(symbol, this.#position)) return false;
    this.#position += symbol.length;
    this.#space();
    return true;
  }

  expect(symbol: string): void {
    if (!this.skip(symbol)) {
      const near = this.#text.slice(this.#position, this.#position + 30);
      throw new Error(
        `TLC printed a value that is not understood: ${symbol} expected at "${near}"`,
      );
    }
  }

  word(): string {
    const match = /^-?\w+/.exec(this.#text.slice(this.#position, this.#position + 200));
    if (match === null) this.expect("a word");
    const word = match?.[0] ?? "";
    this.skip(word);
    return word;
  }

  value(): TlaValue {
    const first = this.#primary();
    if (!this.skip("..")) return first;
    return { kind: "atom", text: `${showValue(first)}..${showValue(this.#primary())}` };
  }

  #primary(): TlaValue {
    if (this.skip("<<")) return { kind: "sequence", items: this.#items(">>") };
    if (this.skip("{")) return { kind: "set", items: this.#items("}") };
    if (this.skip("[")) return this.#record();
    if (this.skip("(")) return this.#function();
    if (this.#text[this.#position] === '"') return { kind: "atom", text: this.#string() };
    return { kind: "atom", text: this.word() };
  }

  #items(close: string): readonly TlaValue[] {
    const items: TlaValue[] = [];
    if (this.skip(close)) return items;
    do items.push(this.value());
    while (this.skip(","));
    this.expect(close);
    return items;
  }

  #record(): TlaValue {
    const fields = new Map<string, TlaValue>();
    if (this.skip("]")) return { kind: "record", fields };
    do {
      const name = this.word();
      this.expect("|->");
      fields.set(name, this.value());
    } while (this.skip(","));
    this.expect("]");
    return { kind: "record", fields };
  }

  #function(): TlaValue {
    const values = new Map<string, TlaValue>();
    do {
      const argument = showValue(this.value());
      this.expect(":>");
      values.set(argument, this.value());
    } while (this.skip("@@"));
    this.expect(")");
    return { kind: "function", values };
  }

  #string(): string {
    const match = /^"(?:[^"\\]|\\.)*"/.exec(this.#text.slice(this.#position));
    if (match === null) throw new Error("TLC printed a string without an end");
    this.skip(match[0]);
    return match[0];
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#position] ?? "")) this.#position += 1;
  }
}
