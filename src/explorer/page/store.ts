/** What the page shows now, and what can be done to it. Components read it and call it. */
import { useEffect, useState } from "preact/hooks";
import { type Option, optionsOf } from "../model/choices.ts";
import type { Frame } from "../model/frame.ts";
import type { Move } from "../model/move.ts";
import { frameOf, goTo, make, newSession, type Session } from "../model/session.ts";
import { type ClusterView, viewOf } from "../model/view.ts";

export interface PageState {
  readonly session: Session;
  /** A server or a message that was picked on the stage; null for none. */
  readonly picked: Picked | null;
  /** What was just said to a screen reader, and shown for a moment. */
  readonly said: string;
}

export type Picked =
  | { readonly kind: "server"; readonly id: string }
  | { readonly kind: "message"; readonly id: string };

type Listener = () => void;

export class Store {
  state: PageState = { session: newSession(3), picked: null, said: "" };
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

  move(move: Move): void {
    const next = make(this.state.session, move);
    if (typeof next === "string") this.set({ said: `Not possible: ${next}.` });
    else this.set({ session: next, picked: null });
  }

  goTo(position: number): void {
    this.set({ session: goTo(this.state.session, position), picked: null });
  }

  begin(size: number): void {
    this.set({ session: newSession(size), picked: null });
  }
}

export const store = new Store();

/** The state, read anew whenever it changes. */
export function usePage(): PageState {
  const [state, setState] = useState(store.state);
  useEffect(() => store.listen(() => setState(store.state)), []);
  return state;
}

const views = new WeakMap<Frame, ClusterView>();
const options = new WeakMap<Frame, readonly Option[]>();

/** The state of a moment as plain data, made once. */
export function viewAt(session: Session, frame: Frame): ClusterView {
  let view = views.get(frame);
  if (view === undefined) {
    view = viewOf(frame.state, session.spec.servers, session.spec.names);
    views.set(frame, view);
  }
  return view;
}

export function optionsAt(session: Session, frame: Frame): readonly Option[] {
  let found = options.get(frame);
  if (found === undefined) {
    found = optionsOf(frame, session.spec);
    options.set(frame, found);
  }
  return found;
}
