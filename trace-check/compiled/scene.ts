/** The compiled spec, taken through a trace up to one of its events. */
import type { State } from "../../src/engine/spec.ts";
import type { TraceToCheck } from "../engine.ts";
import { Names } from "../prepare.ts";
import { Events } from "./events.ts";
import { TraceWalk } from "./walk.ts";

export interface Scene {
  readonly trace: TraceToCheck;
  /** The place of the event. */
  readonly place: number;
  readonly names: Names;
  readonly events: Events;
  readonly walk: TraceWalk;
  /** The state before the event; null where the spec does not get there. */
  readonly before: State | null;
}

export function sceneAt(trace: TraceToCheck, place: number): Scene {
  const names = new Names(trace.header.servers);
  const events = new Events(trace.events, names);
  const walk = new TraceWalk(trace, names, events);
  return { trace, place, names, events, walk, before: stateBefore(walk, place) };
}

/** A walk through the same trace by a spec that forgets these rules. */
export function walkWithout({ trace, names, events }: Scene, rules: readonly string[]): TraceWalk {
  return new TraceWalk(trace, names, events, { forgotten: rules });
}

function stateBefore(walk: TraceWalk, event: number): State | null {
  let now = walk.initial();
  for (let place = 0; place < event; place++) {
    const step = walk.step(now, place);
    if ("kind" in step) return null;
    now = step.after;
  }
  return now;
}
