/**
 * A search, from a state on, for the shortest way to a step that breaks a property, with a rule
 * forgotten. It is breadth-first through the compiled spec, restricted as the models are that
 * forget a rule (spec/models/MCRestricted.tla): a message is received at most once and leaves
 * where it can change nothing, leaders send their whole log. So what it finds stands, and where it
 * finds nothing there may still be something.
 */
import type { ServerId } from "../../core/index.ts";
import { Fingerprints } from "../../engine/fingerprints.ts";
import { Identity } from "../../engine/identity.ts";
import { setOf } from "../../engine/runtime.ts";
import type { State } from "../../engine/spec.ts";
import { messageKey, type ServerState } from "../../replay/server-state.ts";
import type { TraceMessage } from "../../trace/format.ts";
import { parametersOf } from "./choices.ts";
import type { Frame } from "./frame.ts";
import { type Choice, choice } from "./move.ts";
import type { FoundStep } from "./replay.ts";
import type { SpecSide } from "./spec-side.ts";
import { type ClusterView, viewOf } from "./view.ts";

export interface SearchProgress {
  readonly states: number;
  readonly depth: number;
}

export interface SearchResult extends SearchProgress {
  /** The steps to the one that breaks a property, that one included; null where none was found. */
  readonly steps: readonly FoundStep[] | null;
  readonly broken: readonly string[];
}

interface Bounds {
  readonly term: number;
  readonly log: number;
}

interface Node {
  readonly state: State;
  readonly network: readonly TraceMessage[];
  readonly parent: Node | null;
  readonly step: FoundStep | null;
  readonly depth: number;
}

/** The bounds that are tried, one after the other: so many terms, and entries, more than now. */
const LEVELS: readonly Bounds[] = [
  { term: 0, log: 0 },
  { term: 1, log: 0 },
  { term: 1, log: 1 },
  { term: 1, log: 2 },
  { term: 2, log: 1 },
  { term: 2, log: 2 },
  { term: 3, log: 1 },
  { term: 4, log: 1 },
];
const MOST_STATES_A_LEVEL = 12_000;
const STATES_BETWEEN = 40;

/** Rules that only matter where what is out of date may still arrive, and what that is. */
const NEED_STALE: Readonly<Record<string, readonly TraceMessage["type"][]>> = {
  TermIsStale: ["RequestVoteRequest", "AppendEntriesRequest"],
  VoteIsOfThisTerm: ["RequestVoteResponse"],
  ResponseIsOfThisTerm: ["AppendEntriesResponse"],
  RecoveredCurrentTerm: ["RequestVoteRequest", "RequestVoteResponse"],
};
const NEED_REFUSALS = new Set(["VoteIsGranted", "IsAcknowledgement"]);

/** Searches on, giving its progress now and then, until it has found something or given up. */
export function* search(
  from: Frame,
  spec: SpecSide,
  rule: string,
): Generator<SearchProgress, SearchResult> {
  let states = 0;
  let depth = 0;
  const view = viewOf(from.state, spec.servers, spec.names);
  const terms = [...view.servers.values()].map(({ currentTerm }) => currentTerm);
  const lengths = [...view.servers.values()].map(({ log }) => log.length);
  for (const level of LEVELS) {
    const bounds = {
      term: Math.max(...terms) + level.term,
      log: Math.max(...lengths) + level.log,
    };
    const most = states + MOST_STATES_A_LEVEL;
    for (const found of new Level(from, spec, rule, bounds).run()) {
      depth = Math.max(depth, found.depth);
      states++;
      if (found.broken.length > 0) {
        return { steps: stepsTo(found.node), broken: found.broken, states, depth };
      }
      if (states % STATES_BETWEEN === 0) yield { states, depth };
      if (states >= most) break;
    }
  }
  return { steps: null, broken: [], states, depth };
}

interface Visited {
  readonly node: Node;
  readonly depth: number;
  readonly broken: readonly string[];
}

/** All states within some bounds, the nearest first. */
class Level {
  readonly #spec: SpecSide;
  readonly #rule: string;
  readonly #bounds: Bounds;
  readonly #first: Node;
  readonly #seen = new Fingerprints();
  readonly #identity: Identity;

  constructor(from: Frame, spec: SpecSide, rule: string, bounds: Bounds) {
    this.#spec = spec;
    this.#rule = rule;
    this.#bounds = bounds;
    const network = from.network.inFlight.map(({ message }) => message);
    const state = this.#withMessages(from.state, network);
    this.#first = { state, network, parent: null, step: null, depth: 0 };
    const variables = Object.keys(state).filter(
      (name) => !["trace", "position", "sent", "lastApplied"].includes(name),
    );
    const plain = { variables, symmetry: null, view: null };
    this.#identity = new Identity(plain as unknown as ConstructorParameters<typeof Identity>[0]);
  }

  *run(): Generator<Visited> {
    let frontier: readonly Node[] = [this.#first];
    this.#isNew(this.#first.state);
    while (frontier.length > 0) {
      const next: Node[] = [];
      for (const node of frontier) {
        for (const made of this.#after(node)) {
          const broken = this.#spec.brokenSince(
            node.state,
            made.state,
            made.step?.choice.server ?? "",
          );
          if (broken.length === 0 && !this.#isNew(made.state)) continue;
          next.push(made);
          yield { node: made, depth: made.depth, broken };
        }
      }
      frontier = next;
    }
  }

  *#after(node: Node): Generator<Node> {
    const view = viewOf(node.state, this.#spec.servers, this.#spec.names);
    for (const step of eagerSteps(node, view, this.#rule)) {
      const made = this.#make(node, view, step);
      if (made === null) continue;
      yield made;
      return;
    }
    for (const step of stepsOf(node, view, this.#bounds, this.#rule)) {
      const made = this.#make(node, view, step);
      if (made !== null) yield made;
    }
  }

  #make(node: Node, view: ClusterView, step: FoundStep): Node | null {
    const event = parametersOf(step.choice, view);
    const made = this.#spec.tryStep(node.state, event, step.message, this.#rule);
    if (made === null) return null;
    const left = node.network.filter((message) => message !== step.message);
    const all = [...left, ...this.#spec.sentIn(made)];
    const after = viewOf(made, this.#spec.servers, this.#spec.names);
    const network = unique(all).filter((message) => matters(message, after, this.#rule));
    const state = this.#withMessages(made, network);
    return { state, network, parent: node, step, depth: node.depth + 1 };
  }

  #withMessages(state: State, network: readonly TraceMessage[]): State {
    const messages = setOf(network.map((message) => this.#spec.messageValue(message)));
    return { ...state, messages };
  }

  #isNew(state: State): boolean {
    this.#identity.take(state);
    return this.#seen.add(this.#identity.lane1, this.#identity.lane2) >= 0;
  }
}

function unique(messages: readonly TraceMessage[]): readonly TraceMessage[] {
  return [...new Map(messages.map((message) => [messageKey(message), message])).values()];
}

/** Whether receiving a message could still change something. */
function matters(message: TraceMessage, { servers }: ClusterView, rule: string): boolean {
  const from = servers.get(message.from);
  const to = servers.get(message.to);
  if (from === undefined || to === undefined) return false;
  if (NEED_STALE[rule]?.includes(message.type)) return isAgreement(message);
  if (message.term < to.currentTerm) return false;
  switch (message.type) {
    case "RequestVoteRequest":
      return message.term === from.currentTerm && from.role === "Candidate";
    case "AppendEntriesRequest":
      return message.term === from.currentTerm && from.role === "Leader";
    case "RequestVoteResponse":
      return (
        (message.voteGranted || NEED_REFUSALS.has(rule)) &&
        message.term === to.currentTerm &&
        to.role === "Candidate"
      );
    case "AppendEntriesResponse":
      if (message.term !== to.currentTerm || to.role !== "Leader") return false;
      return message.success
        ? message.matchIndex > (to.matchIndex[message.from] ?? 0)
        : NEED_REFUSALS.has(rule);
    default:
      return false;
  }
}

/**
 * Steps that are taken at once where they are possible, and then alone: to wait with them makes
 * many more states and hardly another outcome.
 */
function eagerSteps({ network }: Node, view: ClusterView, rule: string): readonly FoundStep[] {
  const candidates = [...view.servers].filter(([, { role }]) => role === "Candidate");
  const leads = candidates.map(([server]) => ({
    choice: choice("BecomeLeader", server),
    message: null,
  }));
  if (NEED_STALE[rule] !== undefined) return leads;
  const votes = network.flatMap((message) =>
    message.type === "RequestVoteResponse" && message.voteGranted
      ? [{ choice: receiptOf(message), message }]
      : [],
  );
  return [...leads, ...votes];
}

function receiptOf(message: TraceMessage): Choice {
  return choice(`Handle${message.type}`, message.to, { received: message.id });
}

/** A refusal that is out of date means nothing to anybody. */
function isAgreement(message: TraceMessage): boolean {
  if (message.type === "RequestVoteResponse") return message.voteGranted;
  return message.type !== "AppendEntriesResponse" || message.success;
}

function stepsOf(
  { network }: Node,
  view: ClusterView,
  bounds: Bounds,
  rule: string,
): readonly FoundStep[] {
  const receipts = network.map((message) => ({ choice: receiptOf(message), message }));
  // At the very beginning the servers are alike: it does not matter who moves first.
  const isBeginning = [...view.servers.values()].every(({ currentTerm }) => currentTerm === 0);
  const movers = [...view.servers].slice(0, isBeginning ? 1 : view.servers.size);
  const own = movers.flatMap(([server, state]) => ownSteps(server, state, view, bounds, rule));
  return [...receipts, ...own.map((each) => ({ choice: each, message: null }))];
}

function ownSteps(
  server: ServerId,
  state: ServerState,
  view: ClusterView,
  bounds: Bounds,
  rule: string,
): readonly Choice[] {
  const { role, log, currentTerm } = state;
  const choices: Choice[] = [];
  const termOfElection = rule === "TermOfElection" ? Math.max(1, currentTerm) : currentTerm + 1;
  if (role !== "Leader" && termOfElection <= bounds.term) choices.push(choice("Timeout", server));
  if (role === "Candidate") choices.push(choice("BecomeLeader", server));
  const isLeader = role === "Leader";
  const isFull = log.length >= bounds.log;
  if ((isLeader || rule === "TakesCommands") && currentTerm > 0 && !isFull) {
    choices.push(choice("ClientRequest", server, { command: commandOf(server, state) }));
  }
  if (isLeader && log.length > 0) {
    for (const peer of view.servers.keys()) {
      if (peer === server) continue;
      const slice = { peer, prevLogIndex: 0, count: log.length };
      choices.push(choice("SendAppendEntries", server, { slice }));
      if (log.length > 1 || rule.startsWith("Previous") || rule === "EntriesAgree") {
        const last = { peer, prevLogIndex: log.length - 1, count: 1 };
        choices.push(choice("SendAppendEntries", server, { slice: last }));
        choices.push(choice("SendAppendEntries", server, { slice: { ...slice, count: 1 } }));
      }
    }
  }
  for (let index = state.commitIndex + 1; isLeader && index <= log.length; index++) {
    choices.push(choice("AdvanceCommitIndex", server, { index }));
  }
  if (rule === "MayApply" && log.length > state.lastApplied) {
    choices.push(choice("Apply", server, { index: log.length }));
  }
  if (rule.startsWith("Recovered")) choices.push(choice("Restart", server));
  return choices;
}

/** One command for each server and length: which it is does not matter to the search. */
function commandOf(server: ServerId, { log }: ServerState): string {
  return `${server}-${log.length + 1}`;
}

function stepsTo(node: Node): readonly FoundStep[] {
  const steps: FoundStep[] = [];
  for (let at: Node | null = node; at !== null; at = at.parent) {
    if (at.step !== null) steps.unshift(at.step);
  }
  return steps;
}
