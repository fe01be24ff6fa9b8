/** The implementation as it runs in the page: servers of src/core, each step on a copy. */
import {
  createServer,
  Log,
  type Message,
  type Observer,
  type Rules,
  raftRules,
  restart,
  type Server,
  type ServerId,
  type Step,
  takeOutput,
} from "../../core/index.ts";
import { type ReplayStep, takeStep } from "../../replay/take-step.ts";
import { forgetRule } from "../../sim/forgotten-rules.ts";

/** The servers of a cluster, none of which is ever changed: a step makes a copy of its server. */
export type Cluster = ReadonlyMap<ServerId, Server>;

/** What a rule of src/core/rules.ts answered in a step. */
export interface RuleCall {
  /** By its name in the spec: `VoteIsFree`. */
  readonly rule: string;
  readonly answer: unknown;
}

/** What the implementation made of a step. */
export interface CoreStep {
  readonly server: Server;
  /** The step as the implementation tells it; its messages have no ids yet. */
  readonly step: Step;
  readonly sent: readonly Message[];
  /** Whether the host starts the server's election timeout anew. */
  readonly resetsTimer: boolean;
  readonly calls: readonly RuleCall[];
}

export function createCluster(servers: readonly ServerId[]): Cluster {
  return new Map(servers.map((id) => [id, createServer({ id, servers })]));
}

/**
 * Takes a step through the implementation's function of that action.
 *
 * @param forgotten the rule that the implementation forgets; null for none
 * @returns what came of it, or in words why the implementation does not take it
 */
export function takeInCore(
  cluster: Cluster,
  step: ReplayStep,
  forgotten: string | null,
): CoreStep | string {
  const before = cluster.get(step.server);
  if (before === undefined) return `there is no server ${step.server}`;
  const calls: RuleCall[] = [];
  const rules = listened((forgotten === null ? null : forgetRule(forgotten)) ?? raftRules, calls);
  const seen: Step[] = [];
  const observer = (_server: Server, each: Step): void => void seen.push(each);
  const server =
    step.action === "Restart" ? restarted(before, rules, observer) : copyOf(before, rules);
  server.observer = observer;
  const refused = step.action === "Restart" ? null : takeStep(server, step);
  if (refused !== null) return refused;
  const { messages, electionTimerReset } = takeOutput(server);
  server.observer = null;
  const [seenStep] = seen;
  if (seenStep === undefined) throw new RangeError(`${step.action} was not seen to be taken`);
  return {
    server,
    step: seenStep,
    sent: messages,
    resetsTimer: electionTimerReset || step.action === "Restart",
    calls,
  };
}

function restarted(server: Server, rules: Rules, observer: Observer): Server {
  const { id, servers, currentTerm, votedFor, log, snapshotData } = server;
  const { snapshotIndex: lastIncludedIndex, snapshotTerm: lastIncludedTerm } = log;
  const stored = {
    currentTerm,
    votedFor,
    log: log.slice(lastIncludedIndex + 1, log.lastIndex),
    snapshot:
      snapshotData === null ? null : { lastIncludedIndex, lastIncludedTerm, data: snapshotData },
  };
  return restart({ id, servers, rules, observer }, stored);
}

function copyOfLog(log: Log): Log {
  const { snapshotIndex, snapshotTerm, lastIndex } = log;
  return new Log(log.slice(snapshotIndex + 1, lastIndex), snapshotIndex, snapshotTerm);
}

function copyOf(server: Server, rules: Rules): Server {
  return {
    ...server,
    rules,
    log: copyOfLog(server.log),
    votesGranted: new Set(server.votesGranted),
    nextIndex: new Map(server.nextIndex),
    matchIndex: new Map(server.matchIndex),
    confirmedRound: new Map(server.confirmedRound),
    reads: [...server.reads],
    requestsInFlight: new Map(server.requestsInFlight),
    probing: new Set(server.probing),
    output: { ...server.output, messages: [] },
  };
}

/** The same rules, with every answer written down. */
function listened(rules: Rules, calls: RuleCall[]): Rules {
  const wrapped = Object.entries(rules).map(([name, rule]) => [
    name,
    (...operands: unknown[]): unknown => {
      const answer: unknown = Reflect.apply(rule, rules, operands);
      calls.push({ rule: name.charAt(0).toUpperCase() + name.slice(1), answer });
      return answer;
    },
  ]);
  return Object.fromEntries(wrapped) as unknown as Rules;
}
