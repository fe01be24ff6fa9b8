/** What the page shows now, and what can be done to it. Components read it and call it. */

import { useEffect, useState } from "preact/hooks";
import { byNumber } from "../../trace/counted.ts";
import { type Option, optionsOf } from "../model/choices.ts";
import type { Frame } from "../model/frame.ts";
import type { Move } from "../model/move.ts";
import type { GrownPath } from "../model/path.ts";
import { frameOf, goTo, make, newSession, type Session, takeBranch } from "../model/session.ts";
import { type ClusterView, viewOf } from "../model/view.ts";
import { moveWords } from "./words.ts";

/** What the right side shows. */
export type Tab = "step" | "properties" | "rules";

export type Picked =
  | { readonly kind: "server"; readonly id: string }
  | { readonly kind: "message"; readonly id: string };

/** A lesson that is being read: its id, and how far one is in it. */
export interface Reading {
  readonly lesson: string;
  readonly page: number;
  /** Where in the execution each of its pages is. */
  readonly places: readonly number[];
  readonly session: Session;
  /** For each page with a question, the answer that was given. */
  readonly answers: ReadonlyMap<number, number>;
}

export interface PageState {
  readonly session: Session;
  /** A server or a message that was picked on the stage; null for none. */
  readonly picked: Picked | null;
  readonly tab: Tab;
  /** The property that is looked at. */
  readonly property: string | null;
  readonly reading: Reading | null;
  readonly showsLessons: boolean;
  /** Of a trace file: its name, and what is to be said of it. */
  readonly recorded: { readonly name: string; readonly note: string } | null;
  /** A note that stays until it is closed: an error, the outcome of a search. */
  readonly note: string | null;
  /** Told to a screen reader. */
  readonly said: string;
  readonly isRunning: boolean;
  /** How far a search has come; null where none is under way. */
  readonly searching: { readonly walks: number; readonly seconds: number } | null;
  /** What chance goes on from; null while nothing was left to it. */
  readonly seed: number | null;
}

type Listener = () => void;

export class Store {
  state: PageState = {
    session: newSession(3),
    picked: null,
    tab: "step",
    property: null,
    reading: null,
    showsLessons: false,
    recorded: null,
    note: null,
    said: "",
    isRunning: false,
    searching: null,
    seed: null,
  };
  readonly #listeners = new Set<Listener>();

  set(change: Partial<PageState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get frame(): Frame {
    return frameOf(this.state.session);
  }

  /** Makes a move, and says aloud what it did; or why it cannot be made. */
  move(move: Move): boolean {
    const next = make(this.state.session, move);
    if (typeof next === "string") {
      this.set({ said: `Not possible: ${next}.`, note: `Not possible: ${next}.` });
      return false;
    }
    this.set({
      session: next,
      picked: null,
      tab: "step",
      note: null,
      said: outcomeWords(frameOf(next)),
    });
    return true;
  }

  goTo(position: number): void {
    const session = goTo(this.state.session, position);
    if (session.position === this.state.session.position) return;
    const said = `Step ${session.position}: ${outcomeWords(frameOf(session))}`;
    this.set({ session, picked: null, said });
  }

  takeBranch(branch: GrownPath): void {
    this.set({ session: takeBranch(this.state.session, branch), picked: null });
  }

  /** A new execution, all else forgotten. */
  show(session: Session, change: Partial<PageState> = {}): void {
    this.set({
      session,
      picked: null,
      tab: "step",
      reading: null,
      showsLessons: false,
      recorded: null,
      note: null,
      isRunning: false,
      seed: null,
      ...change,
    });
  }
}

/** What led to a moment, and what fell with it. */
function outcomeWords({ move, step, broken }: Frame): string {
  const have = byNumber(broken.length, "has", "have");
  const fell = broken.length > 0 ? ` ${broken.join(", ")} ${have} fallen.` : "";
  const parted = step?.divergence ? " The spec and the code part." : "";
  return `${moveWords(move, step?.received ?? null)}.${fell}${parted}`;
}

export const store = new Store();

/** The state, read anew whenever it changes. */
export function usePage(): PageState {
  const [state, setState] = useState(store.state);
  useEffect(() => store.listen(() => setState(store.state)), []);
  return state;
}

const views = new WeakMap<object, ClusterView>();
const options = new WeakMap<Frame, readonly Option[]>();

/** The state of a moment as plain data, made once. */
export function viewAt(session: Session, frame: Frame): ClusterView {
  let view = views.get(frame.state);
  if (view === undefined) {
    view = viewOf(frame.state, session.spec.servers, session.spec.names);
    views.set(frame.state, view);
  }
  return view;
}

/** What can be done next; nothing in a recorded trace, which is only looked at. */
export function optionsAt(session: Session, frame: Frame): readonly Option[] {
  if (frame.cluster === null) return [];
  let found = options.get(frame);
  if (found === undefined) {
    found = optionsOf(frame, session.spec);
    options.set(frame, found);
  }
  return found;
}
