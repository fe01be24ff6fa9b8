/** The steps to choose from: every action of the spec with its parameters, possible or not. */
import type { ServerId } from "../../core/index.ts";
import type { TraceEvent, TraceMessage } from "../../trace/format.ts";
import { type Frame, obstacle } from "./frame.ts";
import { type Choice, choice } from "./move.ts";
import { envelopeOf } from "./network.ts";
import type { SpecSide } from "./spec-side.ts";
import { type ClusterView, type ViewedServer, viewOf } from "./view.ts";

/** A step that one may want to take. */
export interface Option {
  readonly choice: Choice;
  readonly message: TraceMessage | null;
  /** Whether the spec allows it, with the rule forgotten that is. */
  readonly isAllowed: boolean;
  /** Why the stage does not, whatever the spec says: a partition, a server that is down. */
  readonly obstacle: string | null;
}

/** All steps, server by server; of sends and indexes those one would want first. */
export function optionsOf(frame: Frame, spec: SpecSide): readonly Option[] {
  const view = viewOf(frame.state, spec.servers, spec.names);
  return choicesOf(frame, view).map((each) => optionOf(frame, spec, view, each));
}

export function optionOf(frame: Frame, spec: SpecSide, view: ClusterView, chosen: Choice): Option {
  const message =
    chosen.received === null ? null : (envelopeOf(frame.network, chosen.received)?.message ?? null);
  const { forgotten } = frame;
  const rule = forgotten?.where === "both" ? forgotten.rule : null;
  const isAllowed =
    frame.step?.divergence == null &&
    spec.allows(frame.state, parametersOf(chosen, view), message, rule);
  return { choice: chosen, message, isAllowed, obstacle: obstacle(frame, chosen) };
}

function choicesOf(frame: Frame, view: ClusterView): readonly Choice[] {
  const receipts = frame.network.inFlight.map(({ message }) =>
    choice(`Handle${message.type}`, message.to, { received: message.id }),
  );
  const own = [...view.servers].flatMap(([server, state]) => ownChoices(server, state, view));
  return [...receipts, ...own];
}

function ownChoices(server: ServerId, state: ViewedServer, view: ClusterView): readonly Choice[] {
  const length = state.log.length;
  const beyond = (reached: number): readonly number[] =>
    length > reached
      ? Array.from({ length: length - reached }, (_, i) => reached + i + 1)
      : [Math.max(1, length)];
  return [
    choice("Timeout", server),
    choice("BecomeLeader", server),
    choice("ClientRequest", server, { command: nextCommand(view) }),
    choice("AppendNoOp", server),
    ...[...view.servers.keys()]
      .filter((peer) => peer !== server)
      .flatMap((peer) => sends(server, state, peer)),
    ...beyond(state.commitIndex).map((index) => choice("AdvanceCommitIndex", server, { index })),
    ...beyond(state.lastApplied).map((index) => choice("Apply", server, { index })),
    choice("Restart", server),
    ...snapshotChoices(server, state, view),
    ...readChoices(server, state),
  ];
}

/** Log compaction, where there is something to compact or to send. */
function snapshotChoices(
  server: ServerId,
  { snapshotIndex, lastApplied, role }: ViewedServer,
  view: ClusterView,
): readonly Choice[] {
  const compacts = lastApplied > snapshotIndex;
  const peers = [...view.servers.keys()].filter((peer) => peer !== server);
  return [
    ...(compacts ? [choice("CompactLog", server, { index: lastApplied })] : []),
    ...(role === "Leader" && snapshotIndex > 0
      ? peers.map((peer) => choice("SendInstallSnapshot", server, { peer }))
      : []),
  ];
}

/** Reads without an entry, of a leader that has committed something. */
function readChoices(
  server: ServerId,
  { role, commitIndex, round, reads }: ViewedServer,
): readonly Choice[] {
  if (role !== "Leader" || commitIndex === 0) return [];
  return [
    choice("ReadRequest", server, { round: round + 1, index: commitIndex }),
    choice("ConfirmLeadership", server),
    ...reads.map((read) => choice("AnswerRead", server, read)),
  ];
}

/** What the peer lacks, by nextIndex; and a heartbeat. */
function sends(server: ServerId, state: ViewedServer, peer: ServerId): readonly Choice[] {
  const wanted = Math.min((state.nextIndex[peer] ?? 1) - 1, state.log.length);
  const prevLogIndex = Math.max(wanted, state.snapshotIndex);
  const missing = state.log.length - prevLogIndex;
  const counts = missing > 0 && state.role === "Leader" ? [missing, 0] : [0];
  return counts.map((count) =>
    choice("SendAppendEntries", server, { slice: { peer, prevLogIndex, count } }),
  );
}

/** x1, x2, ...: the first that no log holds. */
export function nextCommand(view: ClusterView): string {
  const known = new Set(
    [...view.servers.values()].flatMap(({ log }) => log.map(({ command }) => command)),
  );
  for (const { entry } of view.committed) known.add(entry.command);
  let number = 1;
  while (known.has(`x${number}`)) number++;
  return `x${number}`;
}

/** The event with the parameters of a choice, and nothing of what comes of it. */
export function parametersOf(chosen: Choice, view: ClusterView): TraceEvent {
  const { action, server, command, index, received, slice, round, peer } = chosen;
  return {
    server,
    seq: 1,
    action,
    ...(command === null ? {} : { command }),
    ...(index === 0 ? {} : { index }),
    ...(received === null ? {} : { received }),
    ...(round === 0 ? {} : { round }),
    ...(slice === null ? {} : { sent: [requestOf(server, slice, view)] }),
    ...(peer === null ? {} : { sent: [snapshotMessage(server, peer, view)] }),
  };
}

function snapshotMessage(server: ServerId, peer: ServerId, view: ClusterView): TraceMessage {
  const { currentTerm = 0, snapshotIndex = 0, log = [] } = view.servers.get(server) ?? {};
  return {
    id: `${server}:1:1`,
    type: "InstallSnapshotRequest",
    from: server,
    to: peer,
    term: currentTerm,
    lastIncludedIndex: snapshotIndex,
    lastIncludedTerm: log[snapshotIndex - 1]?.term ?? 0,
  };
}

function requestOf(
  server: ServerId,
  { peer, prevLogIndex, count }: NonNullable<Choice["slice"]>,
  view: ClusterView,
): TraceMessage {
  const { currentTerm = 0, log = [], commitIndex = 0 } = view.servers.get(server) ?? {};
  const filler = { term: 1, command: null };
  return {
    id: `${server}:1:1`,
    type: "AppendEntriesRequest",
    from: server,
    to: peer,
    term: currentTerm,
    prevLogIndex,
    prevLogTerm: log[prevLogIndex - 1]?.term ?? 0,
    entries: Array.from({ length: count }, (_, i) => log[prevLogIndex + i] ?? filler),
    leaderCommit: commitIndex,
  };
}
