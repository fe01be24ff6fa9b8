/** A search in the page: a little at a time, so that the page stays awake. */
import { replaySteps } from "../model/replay.ts";
import { search } from "../model/search.ts";
import { frameOf, goTo } from "../model/session.ts";
import { store } from "./store.ts";

const SLICE_MS = 24;
let isStopped = false;

/** Searches from where one is; what it finds becomes the future. */
export async function findTrouble(rule: string): Promise<void> {
  const { session } = store.state;
  const steps = search(frameOf(session), session.spec, rule);
  isStopped = false;
  store.set({ isSearching: true, note: "Searching …" });
  for (;;) {
    const until = performance.now() + SLICE_MS;
    let next = steps.next();
    while (next.done !== true && performance.now() < until) next = steps.next();
    if (isStopped || store.state.session !== session) {
      store.set({ isSearching: false, note: isStopped ? "The search was stopped." : null });
      return;
    }
    if (next.done === true) {
      const { states, steps: found, broken } = next.value;
      store.set({ isSearching: false });
      if (found === null) {
        store.set({
          note: `Nothing falls within ${states.toLocaleString("en")} states from here. That is no proof: try from another moment, or play TLC’s counterexample.`,
        });
        return;
      }
      const played = replaySteps(session, found);
      if (typeof played === "string") {
        store.set({ note: `The search found a way that cannot be played: ${played}.` });
        return;
      }
      store.set({
        session: goTo(played, session.position + found.length),
        tab: "step",
        note: `${broken.join(", ")} falls ${found.length} steps from there; the search saw ${states.toLocaleString("en")} states. Scrub back to see how it comes.`,
      });
      return;
    }
    const { states, depth } = next.value;
    store.set({ note: `Searching … ${states.toLocaleString("en")} states, ${depth} steps deep.` });
    await new Promise((resolve) => setTimeout(resolve));
  }
}

export function stopFinding(): void {
  isStopped = true;
}
