/** The properties as lamps: lit while they hold, red from the step on that breaks them. */
import { useState } from "preact/hooks";
import type { PageState } from "./store.ts";
import { store } from "./store.ts";
import { properties } from "./texts.ts";
import { spaced } from "./words.ts";

/** Those of the paper's Figure 3 come first, and by themselves. */
export const FIGURE_3 = [
  "ElectionSafety",
  "LeaderAppendOnly",
  "LogMatching",
  "LeaderCompleteness",
  "StateMachineSafety",
];

export function Lamps({ page }: { readonly page: PageState }) {
  const { path, position } = page.session;
  const fallen = path.fallenAt(position);
  const others = properties.filter((name) => !FIGURE_3.includes(name));
  const [isOpen, setOpen] = useState(false);
  const isLooked = (name: string): boolean => page.tab === "properties" && page.property === name;
  const shown = others.filter((name) => isOpen || fallen.has(name) || isLooked(name));
  const hidden = others.length - shown.length;
  return (
    <nav class="lamps" aria-label="Properties">
      {[...FIGURE_3, ...shown].map((name) => (
        <Lamp
          key={name}
          name={name}
          fallenAt={fallen.get(name) ?? null}
          isMain={FIGURE_3.includes(name)}
          isShown={isLooked(name)}
        />
      ))}
      <button type="button" class="lamp" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? (
          "fewer"
        ) : (
          <>
            <i aria-hidden="true">●</i>
            {hidden === 1 ? "1 more, which holds" : `${hidden} more, all hold`}
          </>
        )}
      </button>
    </nav>
  );
}

interface LampProps {
  readonly name: string;
  readonly fallenAt: number | null;
  readonly isMain: boolean;
  readonly isShown: boolean;
}

function Lamp({ name, fallenAt, isMain, isShown }: LampProps) {
  const classes = [
    "lamp",
    fallenAt !== null && "fallen",
    isMain && "main-lamp",
    isShown && "shown",
  ];
  return (
    <button
      type="button"
      class={classes.filter(Boolean).join(" ")}
      data-property={name}
      data-fallen={fallenAt ?? ""}
      aria-pressed={isShown}
      onClick={() => store.set({ tab: "properties", property: name })}
    >
      <i aria-hidden="true">{fallenAt === null ? "●" : "✗"}</i>
      {spaced(name)}
      <span class="hidden">{fallenAt === null ? " holds" : ` fell at step ${fallenAt}`}</span>
    </button>
  );
}
