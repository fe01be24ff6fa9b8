/** TLC's counterexamples, taken step by step by the spec and the code of the page. */
import { GrownPath } from "../model/path.ts";
import { replayEvents } from "../model/replay.ts";
import { newSession } from "../model/session.ts";
import { readTraceText } from "../model/trace-text.ts";
import { store } from "./store.ts";
import { sources } from "./texts.ts";

/** Plays a counterexample: of a rule that is forgotten, with it forgotten. */
export function playCounterexample(name: string): void {
  const text = sources.counterexamples[name];
  if (text === undefined) return;
  const { header, events } = readTraceText(name, text);
  if (header === null) return;
  const rule = name.startsWith("Forget") ? name.slice("Forget".length) : null;
  const session = replayEvents(newSession(header.servers.length), events, rule);
  if (typeof session === "string" || !(session.path instanceof GrownPath)) {
    store.set({ note: `${name} cannot be played: ${String(session)}` });
    return;
  }
  store.show({ ...session, position: 0 }, { note: header.note ?? null });
}
