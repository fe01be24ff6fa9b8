/** The properties as lamps: lit while they hold, red from the step on that breaks them. */
import type { Session } from "../model/session.ts";
import { properties } from "./texts.ts";

export function Lamps({ session }: { readonly session: Session }) {
  const fallen = session.path.fallenAt(session.position);
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
