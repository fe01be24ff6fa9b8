/** The address of the page: it carries the execution that is shown, or the lesson. */
import { formatLink, parseLink } from "../model/link.ts";
import { frameOf, goTo, makeAll, movesTo, newSession } from "../model/session.ts";
import { readLesson } from "./lessons.ts";
import { store } from "./store.ts";

/** Beyond this an address is cut by some of what passes it on. */
const LONGEST = 8000;

/** What stands for what is shown, after the #; null for a recorded trace. */
export function linkOfPage(): string | null {
  const { session, reading, seed } = store.state;
  if (reading !== null && reading.session.path === session.path) {
    return `lesson=${reading.lesson}&page=${reading.page + 1}`;
  }
  if (frameOf(session).cluster === null) return null;
  const { path, position, spec } = session;
  const moves = movesTo(path, path.length - 1);
  return formatLink({ servers: spec.servers.length, moves, position, seed });
}

/** Shows what the address stands for; false where it stands for nothing. */
export function openAddress(hash: string): boolean {
  const text = decodeURI(hash.replace(/^#/, ""));
  if (text === "") return false;
  const lesson = /^lesson=([\w-]+)(?:&page=(\d+))?$/.exec(text);
  if (lesson !== null) {
    readLesson(lesson[1] ?? "", Number(lesson[2] ?? 1) - 1);
    return true;
  }
  const link = parseLink(text);
  const made = link === null ? null : makeAll(newSession(link.servers), link.moves);
  if (link === null || made === null || typeof made === "string") {
    const why = typeof made === "string" ? ` (${made})` : "";
    store.set({ note: `The address is of no execution that can be shown${why}.` });
    return false;
  }
  store.show(goTo(made, link.position), { seed: link.seed });
  return true;
}

/** Copies the address of this moment, and says so. */
export async function copyLink(): Promise<void> {
  const link = linkOfPage();
  if (link === null) return;
  window.history.replaceState(null, "", `#${link}`);
  const { href } = window.location;
  const warning = href.length > LONGEST ? " It is long: some programs will cut it." : "";
  try {
    await navigator.clipboard.writeText(href);
    store.set({ note: `The link is copied.${warning}` });
  } catch {
    store.set({ note: `The address of this page is now the link.${warning}` });
  }
}
