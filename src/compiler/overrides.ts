/** Which definitions a configuration has others take the place of. */
import { RefusedError } from "../engine/errors.ts";
import type { Override } from "./configuration.ts";
import type { Definition, Expression, Id, SpecTree } from "./tree.ts";

/**
 * What takes the place of each definition that is overridden. A constant that is overridden is none.
 *
 * @param definitionOf a definition of the root module, by its name; throws where there is none
 * @throws RefusedError where the two take other numbers of operands, or a module lacks the definition
 */
export function overriddenBy(
  spec: SpecTree,
  overrides: readonly Override[],
  definitionOf: (name: string) => Definition,
): ReadonlyMap<Id, Id> {
  const found = new Map<Id, Id>();
  for (const override of overrides) {
    const target = definitionOf(override.target);
    for (const { id, parameters } of overridden(spec, override)) {
      if (parameters.length !== target.parameters.length) {
        throw new RefusedError(
          `The configuration replaces ${override.name} by ${override.target}, which takes another number of operands.`,
        );
      }
      found.set(id, target.id);
    }
  }
  return found;
}

/**
 * An override of a module's definition reaches what instances of the module bring of it as well, under
 * whichever name, as with TLC; one without a module means the root module's definition alone.
 */
function overridden(spec: SpecTree, { name, module }: Override): readonly Definition[] {
  if (module === null) {
    return spec.rootDefinitions
      .flatMap((id) => spec.definitions.get(id) ?? [])
      .filter((definition) => definition.name === name);
  }
  const found = [...spec.definitions.values()].filter(
    ({ name: own, body }) =>
      sourceOf(body).place.module === module && (own === name || own.endsWith(`!${name}`)),
  );
  if (found.length > 0) return found;
  throw new RefusedError(
    `The configuration replaces ${name} of module ${module}, which does not define it.`,
  );
}

/** What the definition of an instance says in the module that it is an instance of. */
function sourceOf(body: Expression): Expression {
  return body.kind === "instantiated" ? sourceOf(body.body) : body;
}
