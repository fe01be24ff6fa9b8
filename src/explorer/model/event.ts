/** A step of the implementation as an event of a trace: what the checker would be given. */
import type { Message, Server } from "../../core/index.ts";
import type { TraceEvent } from "../../trace/format.ts";
import { createRecorder } from "../../trace/recorder.ts";
import type { CoreStep } from "./core-side.ts";

/**
 * The event of a step, by the recorder that every trace comes from. It is shown the server
 * before the step first, since it tells what changed since it last looked.
 */
export function eventOf(
  before: Server,
  { server, step, sent }: CoreStep,
  received: Message | null,
  seq: number,
): TraceEvent {
  const events: TraceEvent[] = [];
  const recorder = createRecorder({
    servers: before.servers,
    write: (event) => void events.push(event),
    lastSeq: { [before.id]: seq - 2 },
  });
  const look = { received: null, sent: [], logChangedFrom: 0, command: null, index: 0 };
  recorder.observe(before, { ...look, action: "Timeout" });
  recorder.observe(server, { ...step, received, sent });
  const event = events[1];
  if (event === undefined) throw new RangeError("the recorder gave no event");
  return event;
}
