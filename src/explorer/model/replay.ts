/** Recorded steps taken again, by both sides: a counterexample of TLC, or what a search found. */
import { messageKey } from "../../replay/server-state.ts";
import type { TraceEvent, TraceMessage } from "../../trace/format.ts";
import type { Choice, Move } from "./move.ts";
import { choiceOf } from "./recorded.ts";
import { frameOf, make, type Session } from "./session.ts";

/** A step with its message by what it says: ids are given anew. */
export interface FoundStep {
  readonly choice: Choice;
  readonly message: TraceMessage | null;
}

/** Takes the steps of events from the beginning, with a rule forgotten or with none. */
export function replayEvents(
  session: Session,
  events: readonly TraceEvent[],
  rule: string | null,
): Session | string {
  const forget: Move = {
    kind: "forget",
    forgotten: rule === null ? null : { rule, where: "both" },
  };
  const begun = rule === null ? session : make(session, forget);
  if (typeof begun === "string") return begun;
  const sent = new Map<string, TraceMessage>();
  const steps = events.map((event): FoundStep => {
    for (const message of event.sent ?? []) sent.set(message.id, message);
    const message = event.received === undefined ? null : (sent.get(event.received) ?? null);
    return { choice: choiceOf(event), message };
  });
  return replaySteps(begun, steps);
}

/** Takes steps one after the other. A message that is used up already is sent once more. */
export function replaySteps(session: Session, steps: readonly FoundStep[]): Session | string {
  let now = session;
  for (const { choice, message } of steps) {
    const received = message === null ? null : idIn(now, message);
    if (message !== null && received === null) return `the message ${message.id} is not there`;
    const next = make(now, { kind: "step", choice: { ...choice, received } });
    if (typeof next === "string") return next;
    now = next;
  }
  return now;
}

/** The id, on the stage, of a message that says the same. */
function idIn(session: Session, message: TraceMessage): string | null {
  const key = messageKey(message);
  const found = frameOf(session).network.inFlight.find(
    (envelope) => messageKey(envelope.message) === key,
  );
  return found?.message.id ?? null;
}
