/** Whether an event is several steps of the spec in one: then it is its logger that is at fault. */
import { setOf } from "../../src/engine/runtime.ts";
import type { State } from "../../src/engine/spec.ts";
import type { TraceAction, TraceEvent } from "../../src/trace/format.ts";
import { asAction } from "../explaining/as-action.ts";
import type { Scene } from "./scene.ts";

/** What follows of itself on another step, and is logged as one of its own (spec/TRACE.md). */
const FOLLOWING: readonly TraceAction[] = [
  "BecomeLeader",
  "AppendNoOp",
  "AdvanceCommitIndex",
  "Apply",
  "CompactLog",
  "SendAppendEntries",
];

/** An event of more steps than these is not recognised. */
const MOST_STEPS = 3;

/** The actions, the one that the event names first; empty where it is not several of them. */
export function stepsInOne(scene: Scene, event: TraceEvent): readonly TraceAction[] {
  const { walk, before, events, place } = scene;
  if (before === null) return [];
  const named = events.as(place, event);
  const after = walk.after({ ...before, sent: setOf([]) }, named);
  if (after === null) return [];
  const isAll = (state: State) => walk.isAsLogged(before, state, named);
  return following({ scene, event, isAll }, after, [event.action]) ?? [];
}

interface Search {
  readonly scene: Scene;
  readonly event: TraceEvent;
  /** Whether all is as logged in a state. */
  readonly isAll: (state: State) => boolean;
}

function following(
  search: Search,
  state: State,
  taken: readonly TraceAction[],
): readonly TraceAction[] | null {
  if (taken.length >= MOST_STEPS) return null;
  const { scene, event, isAll } = search;
  const { index: _, command: __, ...rest } = event;
  const next = FOLLOWING.flatMap((action) => {
    if (taken.includes(action)) return [];
    const step = asAction(rest, action, undefined);
    if (step === null) return [];
    const after = scene.walk.after(state, scene.events.as(scene.place, step.event));
    return after === null ? [] : [{ after, actions: [...taken, action] }];
  });
  const whole = next.find(({ after }) => isAll(after));
  if (whole !== undefined) return whole.actions;
  for (const { after, actions } of next) {
    const found = following(search, after, actions);
    if (found !== null) return found;
  }
  return null;
}
