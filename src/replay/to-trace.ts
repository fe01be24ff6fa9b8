/** Writes a behaviour of TLC as a trace in our own format, as an implementation would log it. */

import type { TraceEvent } from "../trace/format.ts";
import { createRecorder, type TracedMessage, type TracedServer } from "../trace/recorder.ts";
import { type BehaviourState, serverStateOf } from "./behaviours.ts";
import { messageKey, type ServerState } from "./server-state.ts";

/** The events of a behaviour, one a step. A message that was sent again is the later one. */
export function traceEventsOf(states: readonly BehaviourState[]): readonly TraceEvent[] {
  const [initial] = states;
  if (initial === undefined) return [];
  const { servers } = initial;
  const events: TraceEvent[] = [];
  const recorder = createRecorder({ servers, write: (event) => void events.push(event) });
  const ids = new Map<string, string>();
  let before = initial;
  for (const state of states.slice(1)) {
    const { step } = state;
    if (step === null) continue;
    const { server } = step;
    const after = serverStateOf(state, server);
    const sent = state.sent.map((content): TracedMessage => ({ id: "", ...content }));
    const id = step.received === null ? undefined : ids.get(messageKey(step.received));
    recorder.observe(tracedServer(server, after), {
      action: step.action,
      received: step.received === null ? null : { id: id ?? "" },
      sent,
      logChangedFrom: firstChange(serverStateOf(before, server), after),
      command: step.command,
      index: step.index,
    });
    for (const message of sent) ids.set(messageKey(message), message.id);
    before = state;
  }
  return events;
}

function tracedServer(id: string, state: ServerState): TracedServer {
  return {
    ...state,
    id,
    log: {
      lastIndex: state.log.length,
      slice: (first, last) => state.log.slice(first - 1, last),
    },
    votesGranted: new Set(state.votesGranted),
    nextIndex: new Map(Object.entries(state.nextIndex)),
    matchIndex: new Map(Object.entries(state.matchIndex)),
  };
}

/** The first index at which the logs differ; 0 where they do not. */
function firstChange({ log: before }: ServerState, { log: after }: ServerState): number {
  for (let place = 0; place < Math.max(before.length, after.length); place++) {
    const [old, now] = [before[place], after[place]];
    if (old?.term !== now?.term || old?.command !== now?.command) return place + 1;
  }
  return 0;
}
