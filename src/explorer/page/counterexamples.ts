/** TLC's counterexamples, taken step by step by the spec and the code of the page. */
import { replayEvents } from "../model/replay.ts";
import { goTo, newSession } from "../model/session.ts";
import { readTraceText } from "../model/trace-text.ts";
import { startPlaying } from "./play.ts";
import { store } from "./store.ts";
import { sources } from "./texts.ts";

/** Plays a counterexample: of a rule that is forgotten, with it forgotten from the first step on. */
export function playCounterexample(name: string): void {
  const text = sources.counterexamples[name];
  if (text === undefined) return;
  const { header, events } = readTraceText(name, text);
  if (header === null) return;
  const rule = name.startsWith("Forget") ? name.slice("Forget".length) : null;
  const session = replayEvents(newSession(header.servers.length), events, rule);
  if (typeof session === "string") {
    store.set({ note: `${name} cannot be played: ${session}` });
    return;
  }
  store.show(goTo(session, rule === null ? 0 : 1), { note: header.note ?? null });
  startPlaying();
}
