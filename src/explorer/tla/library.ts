/** The definitions of the spec's modules, read when they are first asked for. */
import type { Excerpt } from "../model/sources.ts";
import { parseDefinition } from "./parse.ts";
import type { Definition } from "./tree.ts";

export interface Known {
  readonly definition: Definition;
  readonly excerpt: Excerpt;
}

export class Library {
  readonly #excerpts: ReadonlyMap<string, Excerpt>;
  readonly #known = new Map<string, Known>();

  constructor(excerpts: ReadonlyMap<string, Excerpt>) {
    this.#excerpts = excerpts;
  }

  /** A definition by name; undefined where there is none. */
  get(name: string): Known | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const excerpt = this.#excerpts.get(name);
    if (excerpt === undefined) return undefined;
    const read = { definition: parseDefinition(excerpt.text), excerpt };
    this.#known.set(name, read);
    return read;
  }

  /** As `get`, where ForgottenXxx stands for the rule Xxx that is forgotten. */
  getWithout(rule: string | null, name: string): Known | undefined {
    return name === rule ? this.get(`Forgotten${name}`) : this.get(name);
  }
}
