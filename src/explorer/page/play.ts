/** Playing on by itself, and running on at random. */
import { nextRandom, randomFrom, stepAtRandom } from "../model/chance.ts";
import { optionsAt, store, viewAt } from "./store.ts";

const STEP_MS = 700;
let timer: number | undefined;

export function togglePlaying(): void {
  if (store.state.isRunning) {
    stopPlaying();
    return;
  }
  const { session } = store.state;
  if (session.position === session.path.length - 1) store.goTo(0);
  startPlaying();
}

/** Plays from where one is to the end of what is known; there it stops. */
export function startPlaying(): void {
  window.clearInterval(timer);
  store.set({ isRunning: true });
  timer = window.setInterval(() => {
    const { position, path } = store.state.session;
    // Another execution, or another page of a lesson, ends it too.
    if (!store.state.isRunning || position + 1 >= path.length) stopPlaying();
    else store.goTo(position + 1);
  }, STEP_MS);
}

export function stopPlaying(): void {
  window.clearInterval(timer);
  if (store.state.isRunning) store.set({ isRunning: false });
}

/** Takes steps at random from where one is; the same from the same seed. */
export function runAtRandom(steps: number): void {
  let random = store.state.seed ?? randomFrom(1);
  for (let taken = 0; taken < steps; taken++) {
    const { session } = store.state;
    const { frame } = store;
    random = nextRandom(random);
    const option = stepAtRandom(optionsAt(session, frame), frame, viewAt(session, frame), random);
    if (option === null || !store.move({ kind: "step", choice: option.choice })) break;
    if (store.frame.broken.length > 0 || store.frame.step?.divergence) break;
  }
  store.set({ seed: random });
}
