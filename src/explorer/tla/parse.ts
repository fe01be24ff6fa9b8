/**
 * Reads the part of TLA+ that the specification is written in, so that the page can say of each
 * part of an action what it is worth. Whether a step is allowed the compiled spec decides; a test
 * holds the two against each other.
 */
import { TlaSyntaxError, type Token, tokensOf } from "./tokens.ts";
import type { Arm, Bound, Definition, Field, Node, Update } from "./tree.ts";

/** The precedences of infix operators, from the loosest. */
const INFIX: Readonly<Record<string, number>> = {
  "=>": 1,
  "<=>": 2,
  "/\\": 3,
  "\\/": 3,
  "=": 5,
  "#": 5,
  "/=": 5,
  "<": 5,
  ">": 5,
  "<=": 5,
  "=<": 5,
  ">=": 5,
  "\\in": 5,
  "\\notin": 5,
  "\\subseteq": 5,
  "@@": 6,
  ":>": 7,
  "\\cup": 8,
  "\\union": 8,
  "\\cap": 8,
  "\\": 8,
  "..": 9,
  "+": 10,
  "-": 11,
  "*": 13,
  "\\div": 13,
  "%": 13,
  "\\o": 13,
};

const PREFIX: Readonly<
  Record<string, readonly [kind: "not" | "negative" | "domain" | "unchanged", number]>
> = { "~": ["not", 4], "-": ["negative", 12], DOMAIN: ["domain", 9], UNCHANGED: ["unchanged", 4] };

const LOOSEST = 0;

/** Reads `Name(p, q) == body`. @throws TlaSyntaxError for what is not read here */
export function parseDefinition(text: string): Definition {
  const parser = new Parser(tokensOf(text));
  const definition = parser.definition();
  parser.expectEnd();
  return definition;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  /** A token at or left of this column ends what is being read: it belongs to the list outside. */
  #limit = -1;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  definition(): Definition {
    const name = this.#name();
    const parameters: string[] = [];
    if (this.#takes("(")) {
      do parameters.push(this.#name());
      while (this.#takes(","));
      this.#expect(")");
    }
    this.#expect("==");
    return { name, parameters, body: this.#expression(LOOSEST) };
  }

  expectEnd(): void {
    const token = this.#raw(0);
    if (token.kind !== "end") throw this.#fault("the end", token);
  }

  #expression(loosest: number): Node {
    let left = this.#prefixed();
    for (;;) {
      const { text: symbol } = this.#peek();
      const precedence = INFIX[symbol];
      if (precedence === undefined || precedence < loosest) return left;
      if (this.#peek().kind !== "symbol") return left;
      this.#at++;
      const right = this.#expression(precedence + 1);
      left = joined(symbol, left, right);
    }
  }

  #prefixed(): Node {
    const token = this.#peek();
    const prefix = Object.hasOwn(PREFIX, token.text) ? PREFIX[token.text] : undefined;
    if (prefix === undefined || token.kind === "string") return this.#postfixed();
    this.#at++;
    const [kind, precedence] = prefix;
    const of = this.#expression(precedence);
    return { kind, of, start: token.start, end: of.end };
  }

  #postfixed(): Node {
    let node = this.#primary();
    for (;;) {
      if (this.#takes("'")) node = { kind: "prime", of: node, ...this.#span(node.start) };
      else if (this.#takes("[")) {
        const operands = this.#list("]");
        node = { kind: "apply", f: node, operands, ...this.#span(node.start) };
      } else if (this.#takes(".")) {
        const name = this.#name();
        node = { kind: "field", record: node, name, ...this.#span(node.start) };
      } else return node;
    }
  }

  #primary(): Node {
    const token = this.#peek();
    const { start } = token;
    if (token.kind === "number" || token.kind === "string") {
      this.#at++;
      const value = token.kind === "number" ? Number(token.text) : token.text.slice(1, -1);
      return { kind: "literal", value, ...this.#span(start) };
    }
    if (token.kind === "name") return this.#named(token);
    switch (token.text) {
      case "/\\":
      case "\\/":
        return this.#junction(token);
      case "(": {
        this.#at++;
        const inner = this.#expression(LOOSEST);
        this.#expect(")");
        return { ...inner, ...this.#span(start) };
      }
      case "<<":
        this.#at++;
        return { kind: "tuple", parts: this.#list(">>"), ...this.#span(start) };
      case "{":
        return this.#braces(start);
      case "[":
        return this.#brackets(start);
      case "\\A":
      case "\\E": {
        this.#at++;
        const bounds = this.#bounds();
        this.#expect(":");
        const body = this.#expression(LOOSEST);
        return {
          kind: token.text === "\\A" ? "forAll" : "exists",
          bounds,
          body,
          ...this.#span(start),
        };
      }
      case "@":
        this.#at++;
        return { kind: "former", ...this.#span(start) };
      default:
        throw this.#fault("an expression", token);
    }
  }

  #named(token: Token): Node {
    this.#at++;
    const { start, text: name } = token;
    if (name === "TRUE" || name === "FALSE") {
      return { kind: "literal", value: name === "TRUE", ...this.#span(start) };
    }
    if (name === "IF") {
      const test = this.#expression(LOOSEST);
      this.#expect("THEN");
      const yes = this.#expression(LOOSEST);
      this.#expect("ELSE");
      const no = this.#expression(LOOSEST);
      return { kind: "if", test, yes, no, ...this.#span(start) };
    }
    if (name === "LET") {
      const definitions: Definition[] = [];
      while (this.#peek().text !== "IN") definitions.push(this.definition());
      this.#expect("IN");
      const body = this.#expression(LOOSEST);
      return { kind: "let", definitions, body, ...this.#span(start) };
    }
    if (name === "CASE") return this.#case(start);
    const operands = this.#takes("(") ? this.#list(")") : [];
    return { kind: "name", name, operands, ...this.#span(start) };
  }

  #case(start: number): Node {
    const arms: Arm[] = [];
    do {
      const isOther = this.#takes("OTHER");
      const test = isOther ? null : this.#expression(LOOSEST);
      this.#expect("->");
      arms.push({ test, value: this.#expression(LOOSEST) });
    } while (this.#takes("[]"));
    return { kind: "case", arms, ...this.#span(start) };
  }

  /** A list by columns: all its signs stand at one, and what they begin stands right of it. */
  #junction(first: Token): Node {
    const parts: Node[] = [];
    const outer = this.#limit;
    for (;;) {
      const sign = this.#raw(0);
      if (sign.text !== first.text || sign.column !== first.column) break;
      this.#at++;
      this.#limit = first.column;
      parts.push(this.#expression(LOOSEST));
      this.#limit = outer;
    }
    return { kind: first.text === "/\\" ? "and" : "or", parts, ...this.#span(first.start) };
  }

  #braces(start: number): Node {
    this.#expect("{");
    if (this.#takes("}")) return { kind: "set", parts: [], ...this.#span(start) };
    const first = this.#expression(LOOSEST);
    if (this.#takes(":")) {
      const element = elementOf(first);
      if (element !== null) {
        const test = this.#expression(LOOSEST);
        this.#expect("}");
        return { kind: "filter", ...element, test, ...this.#span(start) };
      }
      const bounds = this.#bounds();
      this.#expect("}");
      return { kind: "map", of: first, bounds, ...this.#span(start) };
    }
    const others = this.#takes(",") ? this.#list("}") : [];
    if (others.length === 0) this.#expect("}");
    return { kind: "set", parts: [first, ...others], ...this.#span(start) };
  }

  #brackets(start: number): Node {
    this.#expect("[");
    const isName = this.#peek().kind === "name";
    const after = this.#raw(1).text;
    if (isName && (after === "|->" || after === ":")) {
      const fields = this.#fields(after);
      return { kind: after === ":" ? "records" : "record", fields, ...this.#span(start) };
    }
    if (isName && after === "\\in") {
      const name = this.#name();
      this.#expect("\\in");
      const set = this.#expression(LOOSEST);
      this.#expect("|->");
      const body = this.#expression(LOOSEST);
      this.#expect("]");
      return { kind: "function", name, set, body, ...this.#span(start) };
    }
    const f = this.#expression(LOOSEST);
    this.#expect("EXCEPT");
    const updates: Update[] = [];
    do updates.push(this.#update());
    while (this.#takes(","));
    this.#expect("]");
    return { kind: "except", f, updates, ...this.#span(start) };
  }

  #update(): Update {
    this.#expect("!");
    const path: Node[] = [];
    for (;;) {
      if (this.#takes("[")) {
        path.push(this.#expression(LOOSEST));
        this.#expect("]");
      } else if (this.#takes(".")) {
        const { start } = this.#peek();
        path.push({ kind: "literal", value: this.#name(), ...this.#span(start) });
      } else break;
    }
    this.#expect("=");
    return { path, value: this.#expression(LOOSEST) };
  }

  #fields(sign: string): readonly Field[] {
    const fields: Field[] = [];
    do {
      const name = this.#name();
      this.#expect(sign);
      fields.push({ name, value: this.#expression(LOOSEST) });
    } while (this.#takes(","));
    this.#expect("]");
    return fields;
  }

  #bounds(): readonly Bound[] {
    const bounds: Bound[] = [];
    do {
      const names = [this.#name()];
      while (this.#takes(",")) names.push(this.#name());
      this.#expect("\\in");
      bounds.push({ names, set: this.#expression(LOOSEST) });
    } while (this.#takes(","));
    return bounds;
  }

  #list(end: string): readonly Node[] {
    const parts: Node[] = [];
    if (this.#takes(end)) return parts;
    do parts.push(this.#expression(LOOSEST));
    while (this.#takes(","));
    this.#expect(end);
    return parts;
  }

  #raw(ahead: number): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new TlaSyntaxError("the text is empty");
    return token;
  }

  /** The next token; the end where it belongs to the list outside. */
  #peek(): Token {
    const token = this.#raw(0);
    return token.column > this.#limit ? token : { ...token, kind: "end", text: "" };
  }

  #takes(text: string): boolean {
    const token = this.#peek();
    if (token.text !== text || token.kind === "string" || token.kind === "end") return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw this.#fault(text, this.#raw(0));
  }

  #name(): string {
    const token = this.#peek();
    if (token.kind !== "name") throw this.#fault("a name", token);
    this.#at++;
    return token.text;
  }

  #span(start: number): { readonly start: number; readonly end: number } {
    return { start, end: this.#tokens[this.#at - 1]?.end ?? start };
  }

  #fault(expected: string, { text, start }: Token): TlaSyntaxError {
    return new TlaSyntaxError(`${expected} is expected and "${text}" is there, at ${start}`);
  }
}

function joined(symbol: string, left: Node, right: Node): Node {
  const place = { start: left.start, end: right.end };
  if (symbol === "/\\" || symbol === "\\/") {
    const kind = symbol === "/\\" ? "and" : "or";
    return { kind, parts: [left, right], ...place };
  }
  return { kind: "binary", symbol, left, right, ...place };
}

/** `x \in S`, where it begins a set of those that pass a test. */
function elementOf(node: Node): { readonly name: string; readonly set: Node } | null {
  if (node.kind !== "binary" || node.symbol !== "\\in" || node.left.kind !== "name") return null;
  return { name: node.left.name, set: node.right };
}
