import { EngineError, type Value } from "../engine.ts";

/**
 * Reads a value as TLC prints it: numbers, strings, booleans, tuples, sets, records, and
 * functions of any other domain. A set is given as an array, a function as an object by the
 * text of its arguments.
 *
 * @throws EngineError where the text is none
 */
export function parseTlaValue(text: string): Value {
  const reader = new Reader(text);
  const value = reader.value();
  reader.end();
  return value;
}

/**
 * How much deeper a line leaves the brackets of a value than it finds them, outside of
 * strings: a value goes on over the next line while the sum is above 0.
 */
export function bracketDepth(line: string): number {
  let depth = 0;
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"|<<|>>|[[\]{}()]/g)) {
    if (token === "<<" || token === "[" || token === "{" || token === "(") depth++;
    else if (!token.startsWith('"')) depth--;
  }
  return depth;
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens =
      text.match(/"(?:[^"\\]|\\.)*"|<<|>>|\|->|:>|@@|[[\]{}(),]|-?\d+|\w+|[^\s\w]/g) ?? [];
  }

  value(): Value {
    const token = this.#next();
    if (token === "<<") return this.#list(">>");
    if (token === "{") return this.#list("}");
    if (token === "[") return this.#pairs("]", "|->", ",");
    if (token === "(") return this.#pairs(")", ":>", "@@");
    if (token === "TRUE") return true;
    if (token === "FALSE") return false;
    if (token.startsWith('"')) return token.slice(1, -1).replaceAll(/\\(.)/g, "$1");
    if (/^-?\d+$/.test(token)) return Number(token);
    throw new EngineError(`TLC printed a value that could not be read, at ${token}`);
  }

  end(): void {
    const token = this.#tokens[this.#at];
    if (token !== undefined) {
      throw new EngineError(`TLC printed a value that could not be read, at ${token}`);
    }
  }

  #list(close: string): readonly Value[] {
    const values: Value[] = [];
    while (!this.#skip(close)) {
      values.push(this.value());
      this.#skip(",");
    }
    return values;
  }

  #pairs(close: string, arrow: string, comma: string): { readonly [field: string]: Value } {
    const pairs: [string, Value][] = [];
    while (!this.#skip(close)) {
      const name = this.#next();
      if (!this.#skip(arrow)) throw new EngineError(`TLC printed no ${arrow} after ${name}`);
      pairs.push([name.replaceAll('"', ""), this.value()]);
      this.#skip(comma);
    }
    return Object.fromEntries(pairs);
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new EngineError("TLC printed a value that ends too early");
    return token;
  }

  #skip(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}
