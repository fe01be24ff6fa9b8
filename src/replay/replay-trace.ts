/** Takes the events of a trace through the core, and compares what they logged. */

import type { Action, Rules } from "../core/index.ts";
import type {
  TraceEntry,
  TraceEvent,
  TraceHeader,
  TraceLogChange,
  TraceVariable,
} from "../trace/format.ts";
import { type Difference, type Parting, ReplayCluster } from "./cluster.ts";
import { parametersOf, type ReplayDivergence, type Replayed } from "./divergence.ts";
import { isSame, type MessageContent, type TracedState } from "./server-state.ts";
import type { ReplayStep } from "./take-step.ts";

/** Where an event of a trace stands. */
export interface EventPlace {
  readonly file: string;
  readonly line: number;
}

export interface TraceReplayOptions {
  /** Of the core: Raft's own, or with one forgotten. */
  readonly rules: Rules;
  /** The variables that each server logs, where they differ; by default the header's. */
  readonly loggedBy?: ReadonlyMap<string, readonly TraceVariable[]>;
}

/** One trace on its way through the core: give it the events in their order. */
export class TraceReplay {
  readonly #header: TraceHeader;
  readonly #options: TraceReplayOptions;
  readonly #cluster: ReplayCluster;
  readonly #actions: Action[] = [];
  readonly #messages = new Map<string, MessageContent>();
  #divergence: ReplayDivergence | null = null;

  constructor(header: TraceHeader, options: TraceReplayOptions) {
    this.#header = header;
    this.#options = options;
    this.#cluster = new ReplayCluster(header.servers, options.rules);
  }

  /** Takes the next event; after a divergence nothing more is taken. */
  take(event: TraceEvent, place: EventPlace): void {
    if (this.#divergence !== null) return;
    this.#actions.push(event.action);
    const received = event.received === undefined ? null : this.#messages.get(event.received);
    if (received === undefined) {
      const differences = [{ name: "received", recorded: event.received, core: null }];
      this.#diverge(event, place, {}, { kind: "notSent", differences });
      return;
    }
    const step = stepOf(event, received);
    const parting = this.#takeStep(event, step);
    if (parting !== null) this.#diverge(event, place, parametersOf(step), parting);
  }

  result(): Replayed {
    return { kind: "trace", actions: this.#actions, divergence: this.#divergence };
  }

  #takeStep(event: TraceEvent, step: ReplayStep): Parting | null {
    const before = this.#cluster.stateOf(event.server);
    const sent = (event.sent ?? []).map(({ id, ...content }) => {
      this.#messages.set(id, content);
      return content;
    });
    const parting = this.#cluster.take(step, {
      sent,
      nextIndexOf: (server, peer) => this.#nextIndexOf(event, server, peer, before),
    });
    if (parting !== null && parting.kind !== "mismatch") return parting;
    const differences = [...(parting?.differences ?? []), ...this.#differences(event, before)];
    return differences.length === 0 ? null : { kind: "mismatch", differences };
  }

  #nextIndexOf(
    event: TraceEvent,
    server: string,
    peer: string,
    before: TracedState,
  ): number | null {
    if (!this.#variablesOf(server).includes("nextIndex")) return null;
    return event.changed?.nextIndex?.[peer] ?? before.nextIndex[peer] ?? null;
  }

  #differences(event: TraceEvent, before: TracedState): readonly Difference[] {
    const core = this.#cluster.stateOf(event.server);
    const told = stateTold(event, before);
    return this.#variablesOf(event.server)
      .filter((name) => hasMeaning(name, core) && !isSame(told[name], core[name]))
      .map((name) => ({
        name: `${name}[${event.server}]`,
        recorded: told[name],
        core: core[name],
      }));
  }

  #variablesOf(server: string): readonly TraceVariable[] {
    return this.#options.loggedBy?.get(server) ?? this.#header.variables;
  }

  #diverge(
    { seq, server, action }: TraceEvent,
    place: EventPlace,
    parameters: Readonly<Record<string, unknown>>,
    parting: Parting,
  ): void {
    this.#divergence = {
      ...{ file: place.file, line: place.line, behaviour: null, step: seq, server, action },
      parameters,
      ...parting,
    };
  }
}

function stepOf(event: TraceEvent, received: MessageContent | null): ReplayStep {
  const [first] = event.action === "SendAppendEntries" ? (event.sent ?? []) : [];
  return {
    action: event.action,
    server: event.server,
    received,
    command: event.command ?? null,
    index: event.index ?? 0,
    round: event.round ?? 0,
    slice:
      first?.type !== "AppendEntriesRequest"
        ? null
        : { peer: first.to, prevLogIndex: first.prevLogIndex, count: first.entries.length },
    peer: event.action === "SendInstallSnapshot" ? (event.sent?.[0]?.to ?? null) : null,
  };
}

/** The state before with what the event says that changed. */
function stateTold(event: TraceEvent, before: TracedState): TracedState {
  const { log, nextIndex, matchIndex, confirmedRound, votesGranted, ...plain } =
    event.changed ?? {};
  return {
    ...before,
    ...plain,
    log: logTold(before, log, plain.snapshotIndex ?? before.snapshotIndex),
    votesGranted: votesGranted === undefined ? before.votesGranted : [...votesGranted].sort(),
    nextIndex: { ...before.nextIndex, ...nextIndex },
    matchIndex: { ...before.matchIndex, ...matchIndex },
    confirmedRound: { ...before.confirmedRound, ...confirmedRound },
  };
}

/** The entries after the snapshot, once the log is changed: those in it are told no more. */
function logTold(
  { log, snapshotIndex }: TracedState,
  change: TraceLogChange | undefined,
  included: number,
): readonly TraceEntry[] {
  const [from, entries] = change ?? [snapshotIndex + log.length + 1, []];
  const kept = log.slice(
    Math.max(0, included - snapshotIndex),
    Math.max(0, from - 1 - snapshotIndex),
  );
  return [...kept, ...entries.slice(Math.max(0, included - (from - 1)))];
}

const OF_A_LEADER: readonly TraceVariable[] = [
  ...(["nextIndex", "matchIndex", "round", "confirmedRound"] as const),
];

/** A trace need not log what the end of a role resets. */
function hasMeaning(name: TraceVariable, { role }: TracedState): boolean {
  if (name === "votesGranted") return role === "Candidate";
  return !OF_A_LEADER.includes(name) || role === "Leader";
}
