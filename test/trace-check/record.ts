import {
  canCompactLog,
  compactLog,
  createServer,
  electionTimeout,
  heartbeat,
  type Message,
  propose,
  type Rules,
  raftRules,
  receive,
  requestRead,
  restart,
  type Server,
  type Snapshot,
  takeOutput,
} from "../../src/core/index.ts";
import type { TraceEvent, TraceHeader, TraceVariable } from "../../src/trace/format.ts";
import { TRACE_FORMAT, TRACE_VERSION, VARIABLES } from "../../src/trace/format.ts";
import { createRecorder } from "../../src/trace/recorder.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";

/** What a recorded execution goes through. */
export interface Recording {
  readonly seed: number;
  readonly servers?: number;
  /** How many events to record, at least. */
  readonly events: number;
  readonly rules?: Rules;
  readonly variables?: readonly TraceVariable[];
  /** No leader takes a command beyond this length of its log. */
  readonly longestLog?: number;
  /** Of 1,000 happenings, how many are election timeouts and crashes. */
  readonly timeouts?: number;
  readonly crashes?: number;
  /** And how many compact a log or ask a leader to read: none, unless it is said. */
  readonly compactions?: number;
  readonly reads?: number;
}

/** The rules of snapshots and reads: to forget one shows only where there are any. */
const OF_EXTENSIONS: ReadonlySet<string> = new Set([
  ...["MayCompact", "SnapshotIsNews", "SnapshotMatchesLog", "RecoveredSnapshotIndex"],
  ...["HasCommittedInTerm", "RoundOfRead", "IndexOfRead", "ConfirmationIsOfThisTerm"],
  ...["ConfirmersOf", "MayAnswer"],
]);

/** How often what a rule is about happens in a recording. */
export function workloadOf(rule: string): Pick<Recording, "compactions" | "reads"> {
  return OF_EXTENSIONS.has(rule) ? { compactions: 60, reads: 60 } : {};
}

/** Numbers below a bound from a seed: a linear congruential generator. */
function randomFrom(seed: number): (bound: number) => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function snapshotOf(server: Server): Snapshot | null {
  const { snapshotIndex: lastIncludedIndex, log, snapshotData: data } = server;
  return data === null ? null : { lastIncludedIndex, lastIncludedTerm: log.snapshotTerm, data };
}

/**
 * Runs core servers over a network that loses, repeats and reorders, with crashes, and
 * records every step. The same recording gives the same trace.
 */
export function record(recording: Recording): TraceToCheck {
  const names = Array.from({ length: recording.servers ?? 3 }, (_, place) => `n${place + 1}`);
  const random = randomFrom(recording.seed);
  const events: TraceEvent[] = [];
  const recorder = createRecorder({ servers: names, write: (event) => events.push(event) });
  const optionsOf = (id: string) => ({
    id,
    servers: names,
    rules: recording.rules ?? raftRules,
    maxEntriesPerRequest: 1 + random(4),
    ...(recording.reads === undefined ? {} : { maxEntriesPerApply: 1 }),
    observer: recorder.observe,
  });
  const servers: Server[] = names.map((id) => createServer(optionsOf(id)));
  const network: Message[] = [];
  const { compactions = 0, reads = 0 } = recording;
  let commands = 0;

  const send = (server: Server) => network.push(...takeOutput(server).messages);
  const happen = (place: number) => {
    const server = servers[place];
    if (server === undefined) return;
    const chance = random(1000);
    const timeouts = recording.timeouts ?? 20;
    const crashes = recording.crashes ?? 5;
    if (chance < timeouts) electionTimeout(server);
    else if (chance < timeouts + crashes) {
      const stored = {
        currentTerm: server.currentTerm,
        votedFor: server.votedFor,
        snapshot: snapshotOf(server),
        log: server.log.slice(server.snapshotIndex + 1, server.log.lastIndex),
      };
      servers[place] = restart(optionsOf(server.id), stored);
    } else if (chance < 150) {
      if (server.log.lastIndex < (recording.longestLog ?? 20)) {
        propose(server, [`set x${random(3)} ${++commands}`]);
      }
    } else if (chance < 200) heartbeat(server);
    else if (chance < 200 + compactions) {
      const index = server.snapshotIndex + 1 + random(3);
      if (canCompactLog(server, index)) compactLog(server, index, "");
    } else if (chance < 200 + compactions + reads) requestRead(server);
    else deliver();
    send(servers[place] ?? server);
  };
  const deliver = () => {
    if (network.length === 0) return;
    const place = random(Math.min(network.length, 4));
    const message = network[place];
    if (message === undefined) return;
    const chance = random(20);
    if (chance > 1) network.splice(place, 1);
    if (chance === 2) return;
    const receiver = servers.find((server) => server.id === message.to);
    if (receiver === undefined) return;
    receive(receiver, message);
    send(receiver);
    if (network.length > 200) network.splice(0, 100);
  };
  while (events.length < recording.events) happen(random(names.length));

  const header: TraceHeader = {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    servers: names,
    variables: recording.variables ?? VARIABLES,
    implementation: { name: "lockstep", version: "0.1.0" },
    seed: recording.seed,
  };
  return { name: `seed ${recording.seed}`, header, events };
}
