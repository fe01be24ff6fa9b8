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

function unused(wanted: string, taken: readonly ReadonlySet<string>[]): string {
  let chosen = wanted;
  for (let count = 2; taken.some((names) => names.has(chosen)); count++) {
    chosen = `${wanted}_${count}`;
  }
  return chosen;
}

function returning(body: string, declarations: string): string {
  if (declarations === "") return body.startsWith("{") ? `(${body})` : body;
  return `{ ${declarations} return ${body}; }`;
}

/** Hands out names that are not used yet, and keeps what is generated. */
export class Output {
  /** Whether to write TypeScript, with types, and not JavaScript. */
  readonly isTyped: boolean;

  constructor(isTyped: boolean) {
    this.isTyped = isTyped;
  }

  /** A parameter with its type; an underscore says that it is not used in `body`. */
  parameter(name: string, type: string, body: string): string {
    if (!this.isTyped) return name;
    const isUsed = new RegExp(`\\b${name}\\b`).test(body);
    return `${isUsed ? "" : "_"}${name}: ${type}`;
  }
  /** Names of functions and constants of the module ... */
  readonly #global = new Set<string>();
  /** ... every name that was ever given inside of one ... */
  readonly #everLocal = new Set<string>();
  /** ... and those in the one that is now written. */
  #local = new Set<string>();
  readonly #functions: string[] = [];
  readonly #names = new Map<string, string>();

  /** A name like this one for something inside of a function. */
  fresh(name: string): string {
    const chosen = unused(identifier(name), [this.#global, this.#local]);
    this.#local.add(chosen);
    this.#everLocal.add(chosen);
    return chosen;
  }

  /** A name like this one for the whole module. */
  global(name: string): string {
    const chosen = unused(identifier(name), [this.#global, this.#everLocal]);
    this.#global.add(chosen);
    return chosen;
  }

  /** The name of the function with this key; `generate` writes it, the first time. */
  shared(key: string, name: string, generate: (name: string) => string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const chosen = this.global(name);
    this.#names.set(key, chosen);
    const around = this.#local;
    const temporaries = this.#temporaries;
    this.#local = new Set();
    this.#temporaries = [];
    this.#functions.push(generate(chosen));
    this.#local = around;
    this.#temporaries = temporaries;
    return chosen;
  }

  /** A function of one argument; `write` gives the expression that it returns. */
  lambda(name: string, write: () => string): string {
    const { body, declarations } = this.#scoped(write);
    const isUsed = !this.isTyped || new RegExp(`\\b${name}\\b`).test(body);
    return `(${isUsed ? "" : "_"}${name}) => ${returning(body, declarations)}`;
  }

  /** A function of these parameters; `write` gives the expression that it returns. */
  arrow(parameters: readonly string[], write: () => string): string {
    const { body, declarations } = this.#scoped(write);
    return `(${parameters.join(", ")}) => ${returning(body, declarations)}`;
  }

  /** An expression as it is, null where it needs variables; and as a function that returns it. */
  either(write: () => string): { readonly inPlace: string | null; readonly value: string } {
    const { body, declarations } = this.#scoped(write);
    const inPlace = declarations === "" && !body.includes("=>") ? body : null;
    return { inPlace, value: `() => ${returning(body, declarations)}` };
  }

  /** Statements that are run as a whole, with the variables that they need before them. */
  block(write: () => string): string {
    const { body, declarations } = this.#scoped(write);
    return declarations === "" ? body : `${declarations}\n${body}`;
  }

  /**
   * A variable of JavaScript that keeps a value of the expression being written. It is declared
   * at the beginning of the function, or of the body of the loop, that is being written.
   */
  temporary(name: string, type = "Value"): string {
    const chosen = this.fresh(name);
    this.#temporaries.push({ name: chosen, type });
    return chosen;
  }

  #temporaries: { readonly name: string; readonly type: string }[] = [];

  #scoped(write: () => string): { readonly body: string; readonly declarations: string } {
    const around = this.#temporaries;
    this.#temporaries = [];
    const body = write();
    const used = this.#temporaries.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(body));
    const names = used.map(({ name, type }) => (this.isTyped ? `${name}!: ${type}` : name));
    this.#temporaries = around;
    return { body, declarations: names.length === 0 ? "" : `let ${names.join(", ")};` };
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
