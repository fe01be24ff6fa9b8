import type {
  Action,
  Command,
  Entry,
  Index,
  Message,
  Role,
  Round,
  Server,
  ServerId,
  SnapshotData,
  Step,
  Term,
} from "../core/index.ts";
import type { TraceEvent } from "../trace/format.ts";
import { placeOf } from "./cluster.ts";

/**
 * One step of one server and the server's variables right after it: what the disk, the
 * invariants and the trace need of it once the step is persisted. Until then a crash may
 * undo it.
 */
export interface StepRecord {
  /** The server's place in the cluster, from 0. */
  readonly place: number;
  readonly action: Action;
  readonly received: Message | null;
  readonly sent: readonly Message[];
  readonly command: Command | null;
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  readonly role: Role;
  readonly commitIndex: Index;
  readonly lastApplied: Index;
  readonly lastIndex: Index;
  readonly snapshotIndex: Index;
  readonly snapshotTerm: Term;
  readonly snapshotData: SnapshotData | null;
  /** What a read waits for; 0 in the other actions. */
  readonly index: Index;
  readonly round: Round;
  /** The log was cut before this index, and newEntries follow; 0 where it did not change. */
  readonly logChangedFrom: Index;
  readonly newEntries: readonly Entry[];
  /** The place of the one peer whose progress this step may have changed; -1 for none. */
  readonly peer: number;
  readonly nextIndex: Index;
  readonly matchIndex: Index;
  /** The step as a trace tells it; null where nothing is traced. */
  readonly event: TraceEvent | null;
}

const noEntries: readonly Entry[] = [];

/** The record of a step that the server has just taken. */
export function recordStep(
  place: number,
  server: Server,
  step: Step,
  event: TraceEvent | null,
): StepRecord {
  const peer = server.role === "Leader" ? peerOf(step) : null;
  const { log } = server;
  const { logChangedFrom } = step;
  return {
    place,
    action: step.action,
    received: step.received,
    sent: step.sent,
    command: step.command,
    currentTerm: server.currentTerm,
    votedFor: server.votedFor,
    role: server.role,
    commitIndex: server.commitIndex,
    lastApplied: server.lastApplied,
    lastIndex: log.lastIndex,
    snapshotIndex: server.snapshotIndex,
    snapshotTerm: log.snapshotTerm,
    snapshotData: server.snapshotData,
    index: step.index,
    round: step.round,
    logChangedFrom,
    newEntries: logChangedFrom === 0 ? noEntries : log.slice(logChangedFrom, log.lastIndex),
    peer: peer === null ? -1 : placeOf(peer),
    nextIndex: peer === null ? 0 : (server.nextIndex.get(peer) ?? 0),
    matchIndex: peer === null ? 0 : (server.matchIndex.get(peer) ?? 0),
    event,
  };
}

/** The peer whom a leader's step is about. */
function peerOf(step: Step): ServerId | null {
  if (step.action === "HandleAppendEntriesResponse") return step.received?.from ?? null;
  if (step.action === "SendAppendEntries" || step.action === "SendInstallSnapshot") {
    return step.sent[0]?.to ?? null;
  }
  return null;
}
