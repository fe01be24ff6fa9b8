/** The texts of spec and code that the page was built with, ready to look things up in. */
import given from "lockstep:sources";
import {
  definitionsOf,
  type Excerpt,
  functionOf,
  propertiesOf,
  type Sources,
} from "../model/sources.ts";
import { Library } from "../tla/library.ts";

export const sources = given as Sources;

/** Every definition of the spec's modules, by name. */
export const definitions: ReadonlyMap<string, Excerpt> = new Map(
  Object.entries(sources.spec).flatMap(([module, text]) => [...definitionsOf(module, text)]),
);

/** The same, read as TLA+. */
export const library = new Library(definitions);

export const properties: readonly string[] = propertiesOf(sources.spec.TraceRaft ?? "");

const functions = new Map<string, Excerpt | null>();

/** The function of the implementation that is an action of the spec. */
export function coreFunction(action: string): Excerpt | null {
  const known = functions.get(action);
  if (known !== undefined) return known;
  const found = functionOf(action, sources.core);
  functions.set(action, found);
  return found;
}
