/** All that is to be said of a step: both sides' view of it, looked up once. */
import type { Server } from "../../core/index.ts";
import { createServer, Log } from "../../core/index.ts";
import { stateOf, type TracedState } from "../../replay/server-state.ts";
import { type RuleCall, takeInCore } from "../model/core-side.ts";
import { type Asked, type Explained, explainAction } from "../model/explain.ts";
import type { Frame, TakenStep } from "../model/frame.ts";
import type { Choice, Forgotten } from "../model/move.ts";
import { choiceOf } from "../model/recorded.ts";
import type { Session } from "../model/session.ts";
import { tracedOf, type ViewedServer } from "../model/view.ts";
import { viewAt } from "./store.ts";
import { library } from "./texts.ts";

export interface StepFacts {
  readonly step: TakenStep;
  readonly choice: Choice;
  readonly explained: Explained | null;
  readonly before: TracedState;
  readonly after: TracedState;
  /** What the implementation comes to; or in words why it takes no such step. */
  readonly core: TracedState | string;
  readonly calls: readonly RuleCall[];
  /** What was forgotten when the step was taken. */
  readonly forgotten: Forgotten | null;
}

/** The facts of the step that led to where one is; null where no action of the spec did. */
export function factsOf(session: Session, frame: Frame): StepFacts | null {
  const { step } = frame;
  if (step === null || session.position === 0) return null;
  const former = session.path.at(session.position - 1);
  const { server } = step.event;
  const viewed = viewAt(session, former).servers.get(server);
  const viewedAfter = viewAt(session, frame).servers.get(server);
  if (viewed === undefined || viewedAfter === undefined) return null;
  const before = tracedOf(viewed);
  const after = tracedOf(viewedAfter);
  const choice = choiceOf(step.event);
  const explained = explainAction(askedOf(session, former, frame), choice, step.received);
  const running = frame.cluster?.get(server);
  if (running !== undefined) {
    return {
      step,
      choice,
      explained,
      before,
      after,
      core: stateOf(running),
      calls: step.calls ?? [],
      forgotten: former.forgotten,
    };
  }
  const again = takeInCore(
    new Map([[server, serverOf(server, session.spec.servers, viewed)]]),
    { ...choice, received: step.received },
    null,
  );
  const core = typeof again === "string" ? again : stateOf(again.server);
  const calls = typeof again === "string" ? [] : again.calls;
  return { step, choice, explained, before, after, core, calls, forgotten: null };
}

/** What to ask the spec's text about a step; of a recorded trace with the messages it forgot. */
export function askedOf(session: Session, former: Frame, frame: Frame): Asked {
  const { forgotten } = former;
  const diverges = frame.step?.divergence != null;
  return {
    spec: session.spec,
    library,
    forgotten: forgotten?.where === "both" ? forgotten.rule : null,
    ...withMessages(session, former, frame),
    ...(diverges ? { after: null } : {}),
  };
}

function withMessages({ spec }: Session, former: Frame, frame: Frame) {
  const { step } = frame;
  if (frame.cluster !== null || step === null) return { now: former.state, after: frame.state };
  return spec.withMessages(former.state, frame.state, step.received, step.event.sent ?? []);
}

/** A server of the implementation in the state that a trace tells. */
function serverOf(id: string, servers: readonly string[], state: ViewedServer): Server {
  const server = createServer({ id, servers });
  const { currentTerm, votedFor, role, commitIndex, lastApplied, snapshotIndex } = state;
  return {
    ...server,
    currentTerm,
    votedFor,
    role,
    commitIndex,
    lastApplied,
    log: new Log(
      state.log.slice(snapshotIndex),
      snapshotIndex,
      state.log[snapshotIndex - 1]?.term ?? 0,
    ),
    snapshotIndex,
    // What a snapshot holds is in no trace.
    snapshotData: snapshotIndex > 0 ? "" : null,
    round: state.round,
    confirmedRound: new Map(Object.entries(state.confirmedRound)),
    reads: [...state.reads],
    votesGranted: new Set(state.votesGranted),
    nextIndex: new Map(Object.entries(state.nextIndex)),
    matchIndex: new Map(Object.entries(state.matchIndex)),
  };
}
