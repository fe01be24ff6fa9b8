/** The properties as lamps: lit while they hold, red from the step on that breaks them. */
import type { Session } from "../model/session.ts";
import { properties } from "./texts.ts";

export function Lamps({ session }: { readonly session: Session }) {
  const fallen = fallenBy(session);
  return (
    <div class="lamps" role="group" aria-label="Properties">
      {properties.map((name) => (
        <span key={name} class={fallen.has(name) ? "lamp fallen" : "lamp"} data-property={name}>
          <i aria-hidden="true">{fallen.has(name) ? "✗" : "✓"}</i>
          {name}
          <span class="hidden">{fallen.has(name) ? " has fallen" : " holds"}</span>
        </span>
      ))}
    </div>
  );
}

/** For each property that a step up to here broke, the first such step. */
export function fallenBy({ path, position }: Session): ReadonlyMap<string, number> {
  const fallen = new Map<string, number>();
  for (let place = 0; place <= position; place++) {
    for (const name of path[place]?.broken ?? []) {
      if (!fallen.has(name)) fallen.set(name, place);
    }
  }
  return fallen;
}
