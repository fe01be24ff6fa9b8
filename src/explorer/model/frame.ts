/** One moment of an execution: both sides' states, the network, and the step that led there. */

import type { Divergence, TraceToCheck } from "../../../trace-check/engine.ts";
import type { Message, ServerId } from "../../core/index.ts";
import { EvaluationError } from "../../engine/errors.ts";
import type { State } from "../../engine/spec.ts";
import { stateOf, type TracedState } from "../../replay/server-state.ts";
import type { TraceEvent, TraceMessage } from "../../trace/format.ts";
import { type Cluster, createCluster, type RuleCall, takeInCore } from "./core-side.ts";
import { eventOf } from "./event.ts";
import type { Choice, Forgotten, Move } from "./move.ts";
import {
  afterStep,
  CALM,
  envelopeOf,
  held,
  isCut,
  type Network,
  withCopies,
  withDown,
} from "./network.ts";
import type { SpecSide } from "./spec-side.ts";

/** A step that was taken, by the implementation and, where they agree, by the spec. */
export interface TakenStep {
  readonly event: TraceEvent;
  readonly received: TraceMessage | null;
  /** What the rules of the implementation answered; null where a trace was recorded elsewhere. */
  readonly calls: readonly RuleCall[] | null;
  readonly divergence: Divergence | null;
  /** The recorded trace that diverges here; null where it does not, or was taken in the page. */
  readonly trace: TraceToCheck | null;
}

export interface Frame {
  readonly state: State;
  /** The servers of the implementation; null in a trace that was recorded elsewhere. */
  readonly cluster: Cluster | null;
  readonly network: Network;
  /** Steps since a server's election timeout began. */
  readonly timers: ReadonlyMap<ServerId, number>;
  readonly seqs: ReadonlyMap<ServerId, number>;
  readonly forgotten: Forgotten | null;
  readonly move: Move | null;
  /** Null in the first moment, and after what is no action of the spec. */
  readonly step: TakenStep | null;
  /** The properties that this very step breaks. */
  readonly broken: readonly string[];
}

export function firstFrame(servers: readonly ServerId[], spec: SpecSide): Frame {
  return {
    state: spec.initial(),
    cluster: createCluster(servers),
    network: CALM,
    timers: new Map(servers.map((server) => [server, 0])),
    seqs: new Map(servers.map((server) => [server, 0])),
    forgotten: null,
    move: null,
    step: null,
    broken: [],
  };
}

/** The moment after a move, or in words why it cannot be made. */
export function nextFrame(frame: Frame, move: Move, spec: SpecSide): Frame | string {
  if (frame.step?.divergence) return "the spec and the code have parted: go back to go on";
  const { network } = frame;
  const still = { ...frame, move, step: null, broken: [] };
  switch (move.kind) {
    case "step":
      return takeStep(frame, move.choice, spec);
    case "drop":
    case "duplicate":
    case "hold":
    case "release":
      if (envelopeOf(network, move.message) === undefined) {
        return `the message ${move.message} is not on its way`;
      }
      return { ...still, network: afterFault(network, move.kind, move.message) };
    case "crash":
      if (network.down.has(move.server)) return `${move.server} is down already`;
      return { ...still, network: withDown(network, move.server, true) };
    case "partition":
      return { ...still, network: { ...network, groups: move.groups } };
    case "heal":
      return { ...still, network: { ...network, groups: null } };
    case "forget":
      return { ...still, forgotten: move.forgotten };
  }
}

function afterFault(
  network: Network,
  kind: "drop" | "duplicate" | "hold" | "release",
  id: string,
): Network {
  switch (kind) {
    case "drop":
      return withCopies(network, id, -1);
    case "duplicate":
      return withCopies(network, id, 1);
    case "hold":
    case "release":
      return held(network, id, kind === "hold");
  }
}

/** Why the stage keeps a step from being taken, whatever the spec says; null where it does not. */
export function obstacle(frame: Frame, { action, server, received }: Choice): string | null {
  const { network } = frame;
  if (network.down.has(server) && action !== "Restart") return `${server} is down`;
  if (received === null) return null;
  const envelope = envelopeOf(network, received);
  if (envelope === undefined) return `the message ${received} is not on its way`;
  if (isCut(network, envelope.message.from, server)) return "a partition keeps it";
  return envelope.isHeld ? "it is held back" : null;
}

function takeStep(frame: Frame, choice: Choice, spec: SpecSide): Frame | string {
  const { cluster, forgotten } = frame;
  if (cluster === null) return "a recorded trace is only looked at";
  const why = obstacle(frame, choice);
  if (why !== null) return why;
  const received =
    choice.received === null ? null : (envelopeOf(frame.network, choice.received)?.message ?? null);
  const before = cluster.get(choice.server);
  if (before === undefined) return `there is no server ${choice.server}`;
  const taken = takeInCore(cluster, { ...choice, received }, forgotten?.rule ?? null);
  if (typeof taken === "string") return taken;
  const seq = (frame.seqs.get(choice.server) ?? 0) + 1;
  const event = eventOf(before, taken, received as Message | null, seq);
  const judged = judge(spec, frame, event, received);
  const state = judged.after ?? frame.state;
  return {
    state,
    cluster: new Map(cluster).set(choice.server, taken.server),
    network: afterStep(
      choice.action === "Restart" ? withDown(frame.network, choice.server, false) : frame.network,
      choice.received,
      event.sent ?? [],
    ),
    timers: ticked(frame.timers, choice.server, taken.resetsTimer),
    seqs: new Map(frame.seqs).set(choice.server, seq),
    forgotten,
    move: { kind: "step", choice },
    step: { event, received, calls: taken.calls, divergence: judged.divergence, trace: null },
    broken: judged.broken,
  };
}

function judge(spec: SpecSide, frame: Frame, event: TraceEvent, received: TraceMessage | null) {
  const { forgotten } = frame;
  const rule = forgotten?.where === "both" ? forgotten.rule : null;
  try {
    return spec.judge(frame.state, event, received, rule);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { after: null, divergence: withoutValue(event, error.message), broken: [] };
  }
}

/** Without a rule the spec may read what is not there: then it has no such step. */
function withoutValue(event: TraceEvent, message: string): Divergence {
  return {
    kind: "notEnabled",
    event: 0,
    server: event.server,
    seq: event.seq,
    action: event.action,
    findings: [{ name: message, expected: null, actual: null }],
    decisions: [],
  };
}

/** A step takes a moment for everybody. */
function ticked(
  timers: ReadonlyMap<ServerId, number>,
  server: ServerId,
  resets: boolean,
): ReadonlyMap<ServerId, number> {
  return new Map(
    [...timers].map(([id, steps]) => [id, id === server && resets ? 0 : steps + 1] as const),
  );
}

/** What the implementation's servers hold; null where there is none. */
export function coreStateOf(frame: Frame, server: ServerId): TracedState | null {
  const running = frame.cluster?.get(server);
  return running === undefined ? null : stateOf(running);
}
