/**
 * Why an event diverges, beyond what a verdict says: which forgotten rule would have made it a
 * step of the spec, and which guard was false. It explains and decides nothing.
 */
import { blame } from "../../src/engine/blame.ts";
import { EvaluationError } from "../../src/engine/errors.ts";
import type { State } from "../../src/engine/spec.ts";
import type { Divergence, TraceToCheck } from "../engine.ts";
import { Names } from "../prepare.ts";
import { Events } from "./events.ts";
import { type ServerState, serverState } from "./server-state.ts";
import { TraceWalk } from "./walk.ts";

export interface Diagnosis {
  /** The rules of which one, forgotten, makes the event a step of the spec. */
  readonly looksLike: readonly string[];
  /** Where the spec has the guard that was false, as "spec/Raft.tla:490"; null for none. */
  readonly place: string | null;
  /** Its server before the event, by the spec; null where the spec did not get there. */
  readonly state: ServerState | null;
}

const NOTHING: Diagnosis = { looksLike: [], place: null, state: null };

/** Takes the compiled spec to the event, whichever engine judged it, and tries each rule. */
export function diagnose(
  trace: TraceToCheck,
  divergence: Pick<Divergence, "event" | "kind" | "server">,
  rules: readonly string[],
): Diagnosis {
  const names = new Names(trace.header.servers);
  const events = new Events(trace.events, names);
  const walk = new TraceWalk(trace, names, events);
  const before = stateBefore(walk, divergence.event);
  if (before === null) return NOTHING;
  const state = serverState(before, divergence.server, names);
  if (divergence.kind === "notSent" || divergence.kind === "violated") {
    return { ...NOTHING, state };
  }
  const looksLike = rules.filter((forgotten) => {
    return explains(new TraceWalk(trace, names, events, { forgotten }), before, divergence.event);
  });
  return { looksLike, place: falseGuard(walk, before, divergence.event), state };
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

function explains(walk: TraceWalk, before: State, event: number): boolean {
  try {
    return walk.allows(before, event);
  } catch (error) {
    // Without the rule the spec may read what a message does not have: then it explains nothing.
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

function falseGuard(walk: TraceWalk, before: State, event: number): string | null {
  blame.start();
  walk.allows(before, event);
  const blamed = blame.stop();
  const guards = blamed.flatMap(({ conjunct }) => {
    const guard = walk.spec.conjuncts[conjunct];
    return guard?.kind === "guard" ? [guard.place] : [];
  });
  const place = /^module (\w+), line (\d+)/.exec(guards[0] ?? "");
  return place === null ? null : `spec/${place[1]}.tla:${place[2]}`;
}
