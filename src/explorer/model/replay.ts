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

/**
 * Takes steps one after the other, or says in words which cannot be taken. A message that is
 * received again later is duplicated before.
 */
export function replaySteps(session: Session, steps: readonly FoundStep[]): Session | string {
  const keys = steps.map(({ message }) => (message === null ? null : messageKey(message)));
  let now: Session | string = session;
  for (const [place, { choice, message }] of steps.entries()) {
    const key = keys[place] ?? null;
    if (message === null || key === null) {
      now = make(now, { kind: "step", choice });
    } else {
      const isNeededLater = keys.includes(key, place + 1);
      now = received(now, choice, key, isNeededLater) ?? `the message ${key} is not there`;
    }
    if (typeof now === "string") return now;
  }
  return now;
}

function received(
  session: Session,
  choice: Choice,
  key: string,
  isNeededLater: boolean,
): Session | string | null {
  const alike = frameOf(session).network.inFlight.filter(
    (envelope) => messageKey(envelope.message) === key,
  );
  const [envelope] = alike;
  if (envelope === undefined) return null;
  const { id } = envelope.message;
  const isLast = alike.length === 1 && envelope.copies === 1;
  const kept =
    isNeededLater && isLast ? make(session, { kind: "duplicate", message: id }) : session;
  if (typeof kept === "string") return kept;
  return make(kept, { kind: "step", choice: { ...choice, received: id } });
}
