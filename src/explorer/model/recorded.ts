/** A recorded trace, ours or a stranger's, held against the spec and walked through. */

import { Events } from "../../../trace-check/compiled/events.ts";
import { TraceWalk } from "../../../trace-check/compiled/walk.ts";
import type { Divergence, TraceToCheck } from "../../../trace-check/engine.ts";
import { verdictOf } from "../../../trace-check/tlc/verdict.ts";
import { EvaluationError } from "../../engine/errors.ts";
import type { State } from "../../engine/spec.ts";
import { FunctionValue } from "../../engine/values.ts";
import type { TraceEvent, TraceMessage } from "../../trace/format.ts";
import type { Frame, TakenStep } from "./frame.ts";
import { type Choice, choice } from "./move.ts";
import type { Envelope, Network } from "./network.ts";
import type { Fallen, Path } from "./path.ts";
import { SpecSide } from "./spec-side.ts";

/** The parameters of an event's action. */
export function choiceOf(event: TraceEvent): Choice {
  const { action, server, received = null, command = null, index = 0, sent } = event;
  const round = "round" in event && typeof event.round === "number" ? event.round : 0;
  const [first] = sent ?? [];
  const slice =
    action === "SendAppendEntries" && first?.type === "AppendEntriesRequest"
      ? { peer: first.to, prevLogIndex: first.prevLogIndex, count: first.entries.length }
      : null;
  const peer = action === "SendInstallSnapshot" ? (first?.to ?? null) : null;
  return choice(action, server, { received, command, index, round, slice, peer });
}

/** When a message was sent, and when it was received last; -1 where it never was. */
interface Flight {
  readonly message: TraceMessage;
  readonly sent: number;
  landed: number;
}

/** For how many steps a message is shown that nobody receives. */
const LOST_AFTER = 6;

/** Without a step of the spec for them, later events cannot be shown: the path ends there. */
export class RecordedPath implements Path {
  readonly spec: SpecSide;
  readonly length: number;
  readonly divergesAt: number | null;
  readonly #trace: TraceToCheck;
  readonly #states: readonly State[];
  readonly #divergence: Divergence | null;
  readonly #fallen: readonly { readonly place: number; readonly names: readonly string[] }[];
  readonly #flights: readonly Flight[];
  readonly #byId: ReadonlyMap<string, Flight>;

  /** Holds the whole trace against the spec. */
  constructor(trace: TraceToCheck) {
    this.#trace = trace;
    this.spec = new SpecSide(trace.header.servers);
    const judged = judge(trace, this.spec);
    this.#states = judged.states;
    this.#divergence = judged.divergence;
    this.#fallen = judged.fallen;
    this.divergesAt = judged.divergence === null ? null : judged.states.length;
    this.length = judged.states.length + (judged.divergence === null ? 0 : 1);
    this.#byId = flightsOf(trace.events);
    this.#flights = [...this.#byId.values()];
  }

  /** How many events come after the one at which the trace diverges. */
  get eventsLeftOut(): number {
    return this.#trace.events.length - (this.length - 1);
  }

  get trace(): TraceToCheck {
    return this.#trace;
  }

  at(place: number): Frame {
    const state = this.#states[Math.min(place, this.#states.length - 1)];
    if (state === undefined || place < 0 || place >= this.length) {
      throw new RangeError(`there is no moment ${place}`);
    }
    const step = this.stepAt(place);
    return {
      state,
      cluster: null,
      network: this.#networkAt(place),
      timers: new Map(),
      seqs: new Map(),
      forgotten: null,
      move: step === null ? null : { kind: "step", choice: choiceOf(step.event) },
      step,
      broken: this.#fallen.find((each) => each.place === place)?.names ?? [],
    };
  }

  stepAt(place: number): TakenStep | null {
    const event = place === 0 ? undefined : this.#trace.events[place - 1];
    if (event === undefined) return null;
    const received =
      event.received === undefined ? null : (this.#byId.get(event.received)?.message ?? null);
    const divergence = place === this.divergesAt ? this.#divergence : null;
    const trace = divergence === null ? null : this.#trace;
    return { event, received, calls: null, divergence, trace };
  }

  termAt(place: number, server: string): number {
    const state = this.#states[Math.min(place, this.#states.length - 1)];
    const terms = state?.currentTerm;
    const own =
      terms instanceof FunctionValue
        ? terms.values[terms.domain.position(this.spec.names.server(server))]
        : undefined;
    return Number(own ?? 0);
  }

  fallenAt(place: number): Fallen {
    const fallen = new Map<string, number>();
    for (const { place: at, names } of this.#fallen) {
      if (at > place) break;
      for (const name of names) if (!fallen.has(name)) fallen.set(name, at);
    }
    return fallen;
  }

  #networkAt(place: number): Network {
    const inFlight: Envelope[] = [];
    for (const { message, sent, landed } of this.#flights) {
      if (sent > place) break;
      const isOnItsWay = landed >= 0 ? landed > place : place - sent < LOST_AFTER;
      if (isOnItsWay) inFlight.push({ message, copies: 1, isHeld: false, isLost: landed < 0 });
    }
    return { inFlight, down: new Set(), groups: null };
  }
}

function flightsOf(events: readonly TraceEvent[]): ReadonlyMap<string, Flight> {
  const flights = new Map<string, Flight>();
  for (const [i, event] of events.entries()) {
    const flight = event.received === undefined ? undefined : flights.get(event.received);
    if (flight !== undefined) flight.landed = i + 1;
    for (const message of event.sent ?? []) {
      flights.set(message.id, { message, sent: i + 1, landed: -1 });
    }
  }
  return flights;
}

interface Judged {
  readonly states: readonly State[];
  readonly divergence: Divergence | null;
  readonly fallen: readonly { readonly place: number; readonly names: readonly string[] }[];
}

/**
 * As the checker judges it; but a property that falls ends nothing: the steps go on, and only
 * the first such step is told, since from a state that is wrong already nothing follows.
 */
function judge(trace: TraceToCheck, spec: SpecSide): Judged {
  const events = new Events(trace.events, spec.names);
  const walk = new TraceWalk(trace, spec.names, events);
  const states: State[] = [walk.initial()];
  const fallen: { place: number; names: readonly string[] }[] = [];
  for (let place = 0; place < events.length; place++) {
    const now = states[place] as State;
    const step = stepOf(walk, now, place);
    if (typeof step === "string") {
      return { states, fallen, divergence: withoutValue(trace, place, step) };
    }
    if (!("kind" in step)) {
      states.push(step.after);
      continue;
    }
    if (step.kind !== "VIOLATED") {
      return { states, fallen, divergence: verdictOf(step, trace, spec).divergence };
    }
    const after = spec.afterRecorded(now, events.at(place));
    if (after === null) return { states, fallen, divergence: null };
    if (fallen.length === 0) {
      fallen.push({ place: place + 1, names: step.findings.map(([name]) => String(name)) });
    }
    states.push(after);
  }
  return { states, fallen, divergence: null };
}

function stepOf(walk: TraceWalk, now: State, place: number) {
  try {
    return walk.step(now, place);
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
}

function withoutValue(trace: TraceToCheck, place: number, message: string): Divergence | null {
  const event = trace.events[place];
  if (event === undefined) return null;
  const { server, seq, action } = event;
  const findings = [{ name: message, expected: null, actual: null }];
  return { kind: "notEnabled", event: place, server, seq, action, findings, decisions: [] };
}
