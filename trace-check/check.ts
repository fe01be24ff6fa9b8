import { ACTIONS, type TraceAction } from "../src/trace/format.ts";
import { countRules, type RuleCount } from "./compiled/rule-counts.ts";
import type { Engine, TraceToCheck, Verdict } from "./engine.ts";
import { type Explanation, explain } from "./explain.ts";
import type { LoadedTrace, MalformedTrace } from "./loaded.ts";
import { readTraces } from "./read.ts";
import { rulesIn, type Words } from "./words.ts";

/** What came of checking traces. */
export interface CheckResult {
  readonly engine: string;
  readonly traces: number;
  /** How many events were held against the spec: of a trace that diverges, up to there. */
  readonly events: number;
  readonly valid: number;
  readonly invalid: number;
  /** How many events of each action were. */
  readonly coverage: Readonly<Record<TraceAction, number>>;
  /** How often each rule granted and refused; null where that was not asked for. */
  readonly rules: Readonly<Record<string, RuleCount>> | null;
  /** Of the engine alone, its start included; 0 where it checked nothing. */
  readonly eventsPerSecond: number;
  /** The first divergence of each trace that has one. */
  readonly divergences: readonly Explanation[];
  readonly malformed: readonly MalformedTrace[];
  /** What is worth saying and no fault. */
  readonly notes: readonly string[];
}

export interface CheckOptions {
  readonly engine: Engine;
  readonly words: Words;
  /** Count what the rules answered, which takes the compiled spec through every trace once more. */
  readonly countRules?: boolean;
  /** Told of every trace with its verdict, and what there is to say of a divergence. */
  readonly onVerdict?: (judged: Judged) => void;
  /** Writes the fewest events that still diverge to a file, and says where and how many. */
  readonly minimise?: (judged: Judged) => Promise<Explanation["minimal"]>;
  /** How many events to have in memory before they are checked. */
  readonly eventsAtOnce?: number;
  /** Told how far it is. */
  readonly onProgress?: (traces: number, events: number) => void;
}

/** One trace, its verdict, and the explanation of its divergence. */
export interface Judged {
  readonly loaded: LoadedTrace;
  readonly verdict: Verdict;
  readonly explanation: Explanation | null;
}

const EVENTS_AT_ONCE = 100_000;

/** Checks the traces of files and folders. @throws EngineError where the engine cannot */
export async function checkPaths(
  paths: readonly string[],
  options: CheckOptions,
): Promise<CheckResult> {
  const tally = new Tally(options);
  let waiting: LoadedTrace[] = [];
  let events = 0;
  for await (const result of readTraces(paths)) {
    if (result.kind === "malformed") {
      tally.malformed.push(result.malformed);
      continue;
    }
    tally.notes.push(...result.notes);
    waiting.push(result.loaded);
    events += result.loaded.trace.events.length;
    if (events < (options.eventsAtOnce ?? EVENTS_AT_ONCE)) continue;
    await tally.check(waiting);
    waiting = [];
    events = 0;
  }
  await tally.check(waiting);
  return tally.result();
}

/** Adds up what the engine says of one batch after the other. */
class Tally {
  readonly malformed: MalformedTrace[] = [];
  readonly notes: string[] = [];
  readonly #options: CheckOptions;
  readonly #coverage = new Map<TraceAction, number>(ACTIONS.map((action) => [action, 0]));
  readonly #rules: Map<string, RuleCount> | null;
  readonly #divergences: Explanation[] = [];
  #traces = 0;
  #events = 0;
  #milliseconds = 0;

  constructor(options: CheckOptions) {
    this.#options = options;
    const rules = rulesIn(options.words).map((rule) => [rule, { granted: 0, refused: 0 }] as const);
    this.#rules = options.countRules === true ? new Map(rules) : null;
  }

  async check(batch: readonly LoadedTrace[]): Promise<void> {
    if (batch.length === 0) return;
    const { engine, words } = this.#options;
    const started = performance.now();
    const verdicts = await engine.check(batch.map((loaded) => loaded.trace));
    this.#milliseconds += performance.now() - started;
    for (const [place, loaded] of batch.entries()) {
      const verdict = verdicts[place];
      if (verdict === undefined) throw new RangeError(`no verdict on ${loaded.trace.name}`);
      this.#count(loaded.trace, verdict);
      const explanation = await this.#explain(loaded, verdict, words);
      if (explanation !== null) this.#divergences.push(explanation);
      this.#options.onVerdict?.({ loaded, verdict, explanation });
    }
    this.#options.onProgress?.(this.#traces, this.#events);
  }

  async #explain(loaded: LoadedTrace, verdict: Verdict, words: Words): Promise<Explanation | null> {
    if (verdict.divergence === null) return null;
    const explanation = explain(loaded, verdict.divergence, words);
    const minimal = await this.#options.minimise?.({ loaded, verdict, explanation });
    return { ...explanation, minimal: minimal ?? null };
  }

  #count(trace: TraceToCheck, { eventsChecked: events, divergence }: Verdict): void {
    this.#traces++;
    this.#events += events;
    if (this.#rules !== null) countRules(trace, divergence?.event ?? events, this.#rules);
    for (const { action } of trace.events.slice(0, events)) {
      this.#coverage.set(action, (this.#coverage.get(action) ?? 0) + 1);
    }
  }

  result(): CheckResult {
    const invalid = this.#divergences.length;
    const countOf = (action: TraceAction) => this.#coverage.get(action) ?? 0;
    return {
      engine: this.#options.engine.name,
      traces: this.#traces,
      events: this.#events,
      valid: this.#traces - invalid,
      invalid,
      coverage: {
        Timeout: countOf("Timeout"),
        HandleRequestVoteRequest: countOf("HandleRequestVoteRequest"),
        HandleRequestVoteResponse: countOf("HandleRequestVoteResponse"),
        BecomeLeader: countOf("BecomeLeader"),
        ClientRequest: countOf("ClientRequest"),
        AppendNoOp: countOf("AppendNoOp"),
        SendAppendEntries: countOf("SendAppendEntries"),
        HandleAppendEntriesRequest: countOf("HandleAppendEntriesRequest"),
        HandleAppendEntriesResponse: countOf("HandleAppendEntriesResponse"),
        AdvanceCommitIndex: countOf("AdvanceCommitIndex"),
        Apply: countOf("Apply"),
        Restart: countOf("Restart"),
        CompactLog: countOf("CompactLog"),
        SendInstallSnapshot: countOf("SendInstallSnapshot"),
        HandleInstallSnapshotRequest: countOf("HandleInstallSnapshotRequest"),
        ReadRequest: countOf("ReadRequest"),
        ConfirmLeadership: countOf("ConfirmLeadership"),
        HandleConfirmLeadershipRequest: countOf("HandleConfirmLeadershipRequest"),
        HandleConfirmLeadershipResponse: countOf("HandleConfirmLeadershipResponse"),
        AnswerRead: countOf("AnswerRead"),
      },
      rules: this.#rules === null ? null : Object.fromEntries(this.#rules),
      eventsPerSecond:
        this.#milliseconds === 0 ? 0 : Math.round((1000 * this.#events) / this.#milliseconds),
      divergences: this.#divergences,
      malformed: this.malformed,
      notes: this.notes,
    };
  }
}
