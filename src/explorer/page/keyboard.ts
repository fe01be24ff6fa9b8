/** Everything by key as well. */
import { turnTo } from "./lessons.ts";
import { runAtRandom, stopPlaying, togglePlaying } from "./play.ts";
import { store } from "./store.ts";

/** What is typed into is left alone, and buttons keep the keys that press them. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.matches("input, select, textarea")) return true;
  const presses = key === " " || key === "Enter";
  return presses && target.closest("button, summary, [role=button], label") !== null;
}

export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
    const act = actionOf(event);
    if (act === null) return;
    event.preventDefault();
    act();
  });
}

function actionOf({ key, shiftKey }: KeyboardEvent): (() => void) | null {
  const { session, reading } = store.state;
  const page = reading?.page ?? 0;
  switch (key) {
    case "ArrowLeft":
      return shiftKey ? () => turnTo(page - 1) : () => stopAndGo(session.position - 1);
    case "ArrowRight":
      return shiftKey ? () => turnTo(page + 1) : () => stopAndGo(session.position + 1);
    case "Home":
      return () => stopAndGo(0);
    case "End":
      return () => stopAndGo(session.path.length - 1);
    case " ":
      return togglePlaying;
    case "r":
    case "R":
      return () => runAtRandom(shiftKey ? 100 : 10);
    case "l":
      return () => store.set({ showsLessons: !store.state.showsLessons });
    case "1":
      return () => store.set({ tab: "step" });
    case "2":
      return () => store.set({ tab: "properties" });
    case "3":
      return () => store.set({ tab: "rules" });
    case "Escape":
      return () => store.set({ picked: null, showsLessons: false, note: null });
    default:
      return null;
  }
}

function stopAndGo(position: number): void {
  stopPlaying();
  store.goTo(position);
}
