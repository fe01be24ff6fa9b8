/** The generated functions, and the JavaScript names in them. */

const RESERVED = new Set(
  "abstract arguments async await boolean break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null of package private protected public return static super switch this throw true try typeof undefined var void while with yield R C now after emit then blank constants build state".split(
    " ",
  ),
);

/** A JavaScript name as near as can be to a name of TLA+. */
export function identifier(name: string): string {
  const plain = name.replace(/!/g, "_").replace(/[^A-Za-z0-9_]/g, "_");
  const safe = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
  return RESERVED.has(safe) ? `${safe}_` : safe;
}

/** Hands out names that are not used yet, and keeps what is generated. */
export class Output {
  readonly #taken = new Map<string, number>();
  readonly #functions: string[] = [];
  readonly #names = new Map<string, string>();

  /** A name like this one that nothing has yet. */
  fresh(name: string): string {
    const wanted = identifier(name);
    const count = this.#taken.get(wanted) ?? 0;
    this.#taken.set(wanted, count + 1);
    return count === 0 ? wanted : this.fresh(`${wanted}_${count + 1}`);
  }

  /** The name of the function with this key; `generate` writes it, the first time. */
  shared(key: string, name: string, generate: (name: string) => string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const chosen = this.fresh(name);
    this.#names.set(key, chosen);
    this.#functions.push(generate(chosen));
    return chosen;
  }

  get functions(): readonly string[] {
    return this.#functions;
  }
}

/** Code with every line moved in by one step. */
export function indent(code: string): string {
  return code
    .split("\n")
    .map((line) => (line === "" ? line : `  ${line}`))
    .join("\n");
}
