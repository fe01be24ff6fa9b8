/** Where one is in the execution. */
import type { Session } from "../model/session.ts";
import { store } from "./store.ts";

export function Time({ session }: { readonly session: Session }) {
  const { position, path } = session;
  const last = path.length - 1;
  return (
    <footer class="time">
      <button type="button" onClick={() => store.goTo(position - 1)} aria-label="Back one step">
        ◀
      </button>
      <input
        type="range"
        min={0}
        max={last}
        value={position}
        aria-label="Step"
        onInput={(event) => store.goTo(Number(event.currentTarget.value))}
      />
      <button type="button" onClick={() => store.goTo(position + 1)} aria-label="On one step">
        ▶
      </button>
      <output>
        {position} of {last}
      </output>
    </footer>
  );
}
