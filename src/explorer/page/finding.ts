/** A search in the page: a little at a time, so that the page stays awake. */
import { byNumber, counted } from "../../trace/counted.ts";
import { type Found, type SearchProgress, search } from "../model/search/search.ts";
import { goTo } from "../model/session.ts";
import type { RuleWords } from "../model/sources.ts";
import { store } from "./store.ts";
import { sources } from "./texts.ts";
import { spaced } from "./words.ts";

const SLICE_MS = 12;
const TOLD_EVERY_MS = 250;
/** So long one may be asked to wait. */
export const MOST_SECONDS = 20;

let isStopped = false;

/** Searches from where one is; what it finds becomes the future. */
export async function findTrouble(rule: RuleWords): Promise<void> {
  const { session } = store.state;
  const begin = performance.now();
  let slice = begin;
  let told = begin;
  const seconds = (): number => (performance.now() - begin) / 1000;
  const isOver = (): boolean =>
    isStopped || store.state.session !== session || seconds() > MOST_SECONDS;
  const breathe = async ({ walks }: SearchProgress): Promise<boolean> => {
    const now = performance.now();
    if (now - slice < SLICE_MS) return true;
    if (now - told > TOLD_EVERY_MS) {
      told = now;
      store.set({ searching: { walks, seconds: seconds() } });
    }
    await new Promise((resolve) => setTimeout(resolve));
    slice = performance.now();
    return !isOver();
  };
  isStopped = false;
  store.set({ searching: { walks: 0, seconds: 0 }, note: null });
  const { found, walks } = await search({ session, rule, seed: 1, breathe });
  store.set({ searching: null });
  if (store.state.session !== session) return;
  if (found === null) store.set({ note: nothingFound(rule, walks) });
  else show(found, walks);
}

export function stopFinding(): void {
  isStopped = true;
}

function show({ session, from, broken }: Found, walks: number): void {
  const names = broken.map(spaced).join(", ");
  const have = byNumber(broken.length, "has", "have");
  const steps = counted(session.position - from, "step");
  const isSame = session.spec === store.state.session.spec;
  const size = isSame ? "" : ` It takes ${counted(session.spec.servers.length, "server")}.`;
  const note = `${names} ${have} fallen, ${steps} on: found among ${executions(walks)}, and shrunk.${size} Go back step by step, or to the start and play, to see how it comes.`;
  const change = { note, said: `${names} ${have} fallen.`, tab: "step" as const };
  const shown = goTo(session, session.position);
  if (isSame) store.set({ session: shown, ...change });
  else store.show(shown, change);
}

function nothingFound(rule: RuleWords, walks: number): string {
  const end = isStopped ? "The search was stopped" : "The search was given up";
  const deeper =
    `Forget${rule.name}` in sources.counterexamples
      ? "TLC has gone deeper: play its counterexample."
      : "Try from another moment.";
  return `${end} after ${executions(walks)} at random from here, in which nothing fell. That is no proof. ${deeper}`;
}

function executions(walks: number): string {
  return `${walks.toLocaleString("en")} executions`;
}
