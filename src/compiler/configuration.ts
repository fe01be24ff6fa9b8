/** TLC's configuration files (.cfg). */
import { RefusedError } from "../engine/errors.ts";

/** A value of a .cfg: a number, a string, TRUE or FALSE, a name (a model value), or a set of them. */
export type ConfigurationValue =
  | number
  | string
  | boolean
  | { readonly modelValue: string }
  | { readonly set: readonly ConfigurationValue[] };

/** A definition that another, of the root module, takes the place of. */
export interface Override {
  readonly name: string;
  /** The module whose definition is meant; null for the root module's, or what it extends. */
  readonly module: string | null;
  readonly target: string;
}

export interface Configuration {
  readonly specification: string | null;
  readonly init: string | null;
  readonly next: string | null;
  readonly invariants: readonly string[];
  readonly properties: readonly string[];
  readonly constraints: readonly string[];
  readonly actionConstraints: readonly string[];
  readonly symmetry: string | null;
  readonly view: string | null;
  readonly checkDeadlock: boolean;
  /** `name = value`, in the order of the file. */
  readonly constants: ReadonlyMap<string, ConfigurationValue>;
  /** `name <- target`, and `name <- [module]target`. */
  readonly overrides: readonly Override[];
}

const SECTIONS = new Map<string, string>([
  ["SPECIFICATION", "specification"],
  ["INIT", "init"],
  ["NEXT", "next"],
  ["INVARIANT", "invariants"],
  ["INVARIANTS", "invariants"],
  ["PROPERTY", "properties"],
  ["PROPERTIES", "properties"],
  ["CONSTRAINT", "constraints"],
  ["CONSTRAINTS", "constraints"],
  ["ACTION_CONSTRAINT", "actionConstraints"],
  ["ACTION_CONSTRAINTS", "actionConstraints"],
  ["SYMMETRY", "symmetry"],
  ["VIEW", "view"],
  ["CHECK_DEADLOCK", "checkDeadlock"],
  ["CONSTANT", "constants"],
  ["CONSTANTS", "constants"],
]);

const TOKEN = /\\\*[^\n]*|\(\*[\s\S]*?\*\)|"(?:[^"\\]|\\.)*"|<-|[={},[\]]|[^\s={},"<[\]]+|</g;

/** Throws where the text is not a configuration that this engine takes. */
export function parseConfiguration(text: string): Configuration {
  const tokens = (text.match(TOKEN) ?? []).filter(
    (token) => !token.startsWith("\\*") && !token.startsWith("(*"),
  );
  const names = new Map<string, string[]>();
  const constants = new Map<string, ConfigurationValue>();
  const overrides: Override[] = [];
  let at = 0;
  let section: string | undefined;

  const next = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw new Error("The configuration ends too early.");
    return token;
  };
  const value = (): ConfigurationValue => {
    const token = next();
    if (token !== "{") return scalar(token);
    const set: ConfigurationValue[] = [];
    while (tokens[at] !== "}") {
      set.push(value());
      if (tokens[at] === ",") at++;
    }
    at++;
    return { set };
  };

  const override = (name: string): Override => {
    const token = next();
    if (token !== "[") return { name, module: null, target: token };
    const module = next();
    const closing = next();
    if (closing !== "]") throw new Error(`The configuration has ${closing} after [${module}.`);
    return { name, module, target: next() };
  };

  while (at < tokens.length) {
    const token = next();
    const known = SECTIONS.get(token);
    if (known !== undefined) {
      section = known;
      continue;
    }
    if (section === undefined) throw new Error(`The configuration does not take ${token}.`);
    if (section !== "constants") {
      names.set(section, [...(names.get(section) ?? []), token]);
      continue;
    }
    const sign = next();
    if (sign === "<-") overrides.push(override(token));
    else if (sign === "=") constants.set(token, value());
    else throw new Error(`The configuration has ${token} ${sign}, which is neither = nor <-.`);
  }

  const list = (name: string): readonly string[] => names.get(name) ?? [];
  return {
    specification: list("specification")[0] ?? null,
    init: list("init")[0] ?? null,
    next: list("next")[0] ?? null,
    invariants: list("invariants"),
    properties: list("properties"),
    constraints: list("constraints"),
    actionConstraints: list("actionConstraints"),
    symmetry: list("symmetry")[0] ?? null,
    view: list("view")[0] ?? null,
    checkDeadlock: list("checkDeadlock")[0] !== "FALSE",
    constants,
    overrides,
  };
}

function scalar(token: string): ConfigurationValue {
  if (/^-?\d+$/.test(token)) return integer(token);
  if (token.startsWith('"')) return token.slice(1, -1);
  if (token === "TRUE") return true;
  if (token === "FALSE") return false;
  return { modelValue: token };
}

/** TLC's integers have 32 bits. */
function integer(token: string): number {
  const value = Number(token);
  if (value === (value | 0)) return value;
  throw new RefusedError(`The number ${token} of the configuration is beyond TLC's 32 bits.`);
}
