import type {
  TraceAction,
  TraceChanges,
  TraceEntry,
  TraceEvent,
  TraceLogChange,
  TraceMessage,
} from "./format.ts";

/**
 * What the recorder reads of a server: the variables of the spec by their names. The core's
 * `Server` fits; so does any other implementation's that has them. One without snapshots or
 * reads leaves out what belongs to those.
 */
export interface TracedServer {
  readonly id: string;
  readonly currentTerm: number;
  readonly votedFor: string | null;
  readonly log: TracedLog;
  readonly role: "Follower" | "Candidate" | "Leader";
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly votesGranted: ReadonlySet<string>;
  readonly nextIndex: ReadonlyMap<string, number>;
  readonly matchIndex: ReadonlyMap<string, number>;
  readonly snapshotIndex?: number;
  readonly round?: number;
  readonly confirmedRound?: ReadonlyMap<string, number>;
}

/** A log with entries from index 1, or from behind the snapshot. */
export interface TracedLog {
  readonly lastIndex: number;
  /** The entries from `first` to `last`, both included, as an array that nobody changes. */
  slice(first: number, last: number): readonly TraceEntry[];
}

/** A message about to be sent; the recorder stamps its id. A snapshot's data is not traced. */
export type TracedMessage = TraceMessage & { id: string; readonly data?: unknown };

/** One step of a server: one action of the spec, as it was taken. */
export interface TracedStep {
  readonly action: TraceAction;
  readonly received: { readonly id: string } | null;
  readonly sent: readonly TracedMessage[];
  /** The first index of the log that changed; 0 where the log did not. */
  readonly logChangedFrom: number;
  /** The command of a ClientRequest. */
  readonly command: string | null;
  /** The index of an AdvanceCommitIndex, an Apply, a CompactLog or a read; 0 in the others. */
  readonly index: number;
  /** The round of a read. */
  readonly round?: number;
}

export interface RecorderOptions {
  /** The full cluster, as in the header. */
  readonly servers: readonly string[];
  /** Takes each event in the order of the steps; `eventLine` makes a line of it. */
  write(event: TraceEvent): void;
  /**
   * The last `seq` that a server has logged in an earlier life of this process; its next
   * event must be a Restart. A server that is not named begins at 1.
   */
  readonly lastSeq?: Readonly<Record<string, number>>;
}

export interface Recorder {
  /** Records a step that `server` has just taken, and stamps the ids of what it sent. */
  observe(server: TracedServer, step: TracedStep): void;
  /** The `seq` of the server's last event; 0 before its first. */
  lastSeqOf(server: string): number;
}

/** The variables of a server as the trace last told them. */
interface Shadow {
  seq: number;
  currentTerm: number;
  votedFor: string | null;
  lastIndex: number;
  role: "Follower" | "Candidate" | "Leader";
  commitIndex: number;
  lastApplied: number;
  votesGranted: ReadonlySet<string>;
  /** By the place of the peer in `servers`; the server's own place is not used. */
  readonly nextIndex: number[];
  readonly matchIndex: number[];
  snapshotIndex: number;
  round: number;
  readonly confirmedRound: number[];
}

/** The actions that name a read by what it waits for. */
const READS: ReadonlySet<TraceAction> = new Set(["ReadRequest", "AnswerRead"]);

const noVotes: ReadonlySet<string> = new Set();

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Turns the steps of servers into the events of a trace. One recorder serves one server or
 * all of a cluster, and outlives their crashes: `seq` goes on after a Restart.
 *
 * What changed is found by comparing the server with what the trace last told of it, so that
 * a write which the implementation does not report is told as well. Only the log is not
 * compared entry by entry, since that would cost its length at every step: where it changed
 * is `step.logChangedFrom`, and a change of its length that was not reported is told in full.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const { servers, write } = options;
  const shadows = new Map<string, Shadow>(
    servers.map((server) => [
      server,
      initialShadow(servers.length, options.lastSeq?.[server] ?? 0),
    ]),
  );

  function shadowOf(server: string): Shadow {
    const shadow = shadows.get(server);
    if (shadow === undefined) {
      throw new RangeError(`server ${server} is not of the cluster ${servers.join(", ")}`);
    }
    return shadow;
  }

  return {
    observe(server, step) {
      const shadow = shadowOf(server.id);
      shadow.seq++;
      const event: Mutable<TraceEvent> = {
        server: server.id,
        seq: shadow.seq,
        action: step.action,
      };
      if (step.command !== null) event.command = step.command;
      if (step.index !== 0 || READS.has(step.action)) event.index = step.index;
      if (READS.has(step.action)) event.round = step.round ?? 0;
      if (step.received !== null) event.received = step.received.id;
      if (step.sent.length > 0) {
        stampIds(server.id, shadow.seq, step.sent);
        event.sent = step.action === "SendInstallSnapshot" ? step.sent.map(withoutData) : step.sent;
      }
      const changed =
        step.action === "Restart"
          ? restartedState(server, shadow)
          : changesSince(server, step, shadow, servers);
      if (changed !== null) event.changed = changed;
      write(event);
    },
    lastSeqOf: (server) => shadowOf(server).seq,
  };
}

/** A server before its first step: a follower of term 0 with an empty log. */
function initialShadow(servers: number, seq: number): Shadow {
  return {
    seq,
    currentTerm: 0,
    votedFor: null,
    lastIndex: 0,
    role: "Follower",
    commitIndex: 0,
    lastApplied: 0,
    votesGranted: noVotes,
    nextIndex: new Array<number>(servers).fill(1),
    matchIndex: new Array<number>(servers).fill(0),
    snapshotIndex: 0,
    round: 0,
    confirmedRound: new Array<number>(servers).fill(0),
  };
}

function withoutData({ data: _data, ...message }: TracedMessage): TraceMessage {
  return message;
}

function stampIds(server: string, seq: number, sent: readonly TracedMessage[]): void {
  const prefix = `${server}:${seq}:`;
  for (let k = 0; k < sent.length; k++) {
    const message = sent[k];
    if (message !== undefined) message.id = prefix + (k + 1);
  }
}

/** The state after a Restart, in full: a reader need not know what was before the crash. */
function restartedState(server: TracedServer, shadow: Shadow): TraceChanges {
  shadow.currentTerm = server.currentTerm;
  shadow.votedFor = server.votedFor;
  shadow.lastIndex = server.log.lastIndex;
  shadow.role = server.role;
  shadow.commitIndex = server.commitIndex;
  shadow.lastApplied = server.lastApplied;
  const { snapshotIndex = 0 } = server;
  const hadSnapshot = shadow.snapshotIndex > 0;
  shadow.snapshotIndex = snapshotIndex;
  return {
    currentTerm: server.currentTerm,
    votedFor: server.votedFor,
    log: wholeLog(server.log, snapshotIndex),
    role: server.role,
    commitIndex: server.commitIndex,
    lastApplied: server.lastApplied,
    ...(hadSnapshot || snapshotIndex > 0 ? { snapshotIndex } : {}),
  };
}

/** All that there is of a log: what a snapshot stands for is in no log. */
function wholeLog(log: TracedLog, snapshotIndex: number): TraceLogChange {
  return [snapshotIndex + 1, log.slice(snapshotIndex + 1, log.lastIndex)];
}

/** The variables that differ from the shadow, which is brought up to date; null for none. */
function changesSince(
  server: TracedServer,
  step: TracedStep,
  shadow: Shadow,
  servers: readonly string[],
): TraceChanges | null {
  let changed: Mutable<TraceChanges> | null = null;
  if (server.currentTerm !== shadow.currentTerm) {
    shadow.currentTerm = server.currentTerm;
    changed = { currentTerm: server.currentTerm };
  }
  if (server.votedFor !== shadow.votedFor) {
    shadow.votedFor = server.votedFor;
    changed ??= {};
    changed.votedFor = server.votedFor;
  }
  const { snapshotIndex = 0 } = server;
  const log = logChange(server.log, step.logChangedFrom, shadow.lastIndex, snapshotIndex);
  if (log !== null) {
    shadow.lastIndex = server.log.lastIndex;
    changed ??= {};
    changed.log = log;
  }
  if (server.role !== shadow.role) {
    shadow.role = server.role;
    forgetRole(shadow);
    changed ??= {};
    changed.role = server.role;
  }
  if (server.commitIndex !== shadow.commitIndex) {
    shadow.commitIndex = server.commitIndex;
    changed ??= {};
    changed.commitIndex = server.commitIndex;
  }
  if (server.lastApplied !== shadow.lastApplied) {
    shadow.lastApplied = server.lastApplied;
    changed ??= {};
    changed.lastApplied = server.lastApplied;
  }
  if (snapshotIndex !== shadow.snapshotIndex) {
    shadow.snapshotIndex = snapshotIndex;
    changed ??= {};
    changed.snapshotIndex = snapshotIndex;
  }
  if (server.role === "Candidate") {
    const votes = votesChange(server, shadow, servers);
    if (votes !== null) {
      changed ??= {};
      changed.votesGranted = votes;
    }
  } else if (server.role === "Leader") {
    const next = indexesChange(server.nextIndex, shadow.nextIndex, servers);
    const match = indexesChange(server.matchIndex, shadow.matchIndex, servers);
    if (next !== null || match !== null) {
      changed ??= {};
      if (next !== null) changed.nextIndex = next;
      if (match !== null) changed.matchIndex = match;
    }
    if (server.round !== undefined && server.round !== shadow.round) {
      shadow.round = server.round;
      changed ??= {};
      changed.round = server.round;
    }
    const confirmed =
      server.confirmedRound === undefined
        ? null
        : indexesChange(server.confirmedRound, shadow.confirmedRound, servers);
    if (confirmed !== null) {
      changed ??= {};
      changed.confirmedRound = confirmed;
    }
  }
  return changed;
}

/** What belongs to a role lasts as long as that. */
function forgetRole(shadow: Shadow): void {
  shadow.votesGranted = noVotes;
  shadow.nextIndex.fill(1);
  shadow.matchIndex.fill(0);
  shadow.round = 0;
  shadow.confirmedRound.fill(0);
}

function logChange(
  log: TracedLog,
  reportedFrom: number,
  lastIndexBefore: number,
  snapshotIndex: number,
): TraceLogChange | null {
  if (reportedFrom > 0) {
    const from = Math.max(Math.min(reportedFrom, lastIndexBefore + 1), snapshotIndex + 1);
    return [from, log.slice(from, log.lastIndex)];
  }
  return log.lastIndex === lastIndexBefore ? null : wholeLog(log, snapshotIndex);
}

/** All votes, where they are others than before. */
function votesChange(
  server: TracedServer,
  shadow: Shadow,
  servers: readonly string[],
): readonly string[] | null {
  if (isSameSet(server.votesGranted, shadow.votesGranted)) return null;
  shadow.votesGranted = new Set(server.votesGranted);
  return servers.filter((voter) => server.votesGranted.has(voter));
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const element of a) {
    if (!b.has(element)) return false;
  }
  return true;
}

/** The peers whose index differs from the shadow; null for none. */
function indexesChange(
  indexes: ReadonlyMap<string, number>,
  before: number[],
  servers: readonly string[],
): Record<string, number> | null {
  let changed: Record<string, number> | null = null;
  for (let place = 0; place < servers.length; place++) {
    const peer = servers[place] ?? "";
    const index = indexes.get(peer);
    if (index === undefined || index === before[place]) continue;
    before[place] = index;
    changed ??= {};
    changed[peer] = index;
  }
  return changed;
}
