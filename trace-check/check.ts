import type { TraceAction } from "../src/trace/format.ts";
import { lineOfEvent } from "../src/trace/reader.ts";
import { countRules, noAnswers } from "./compiled/rule-counts.ts";
import { noCoverage } from "./coverage.ts";
import type { Engine, FileCheck, RuleCount, TraceToCheck, Verdict } from "./engine.ts";
import { type Explanation, explain } from "./explain.ts";
import type { LoadedTrace, MalformedTrace } from "./loaded.ts";
import {
  listTraces,
  type ReadResult,
  readTraces,
  type StreamingCheck,
  type ValidFile,
} from "./read.ts";
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
  /** Of the engine alone, or with reading where it reads as it checks; 0 where it did nothing. */
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
  /**
   * Whether `onVerdict` needs the events of valid traces: then every trace is held in memory.
   * Otherwise an engine that can checks a file as it reads it, and its trace has no events.
   */
  readonly needsEvents?: boolean;
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
  const { engine } = options;
  const rules = options.countRules === true ? rulesIn(options.words) : null;
  const streaming = options.needsEvents === true ? undefined : streamingOf(engine, rules);
  if (streaming !== undefined) await engine.expect?.(await filesOf(paths));
  try {
    return await checkAll(readTraces(paths, streaming), new Tally(options), options);
  } finally {
    await engine.close?.();
  }
}

/** How an engine checks files as they are read; undefined where it cannot. */
function streamingOf(engine: Engine, rules: readonly string[] | null): StreamingCheck | undefined {
  if (engine.checkFile === undefined) return undefined;
  return {
    file: async (file) => (await engine.checkFile?.(file, rules)) ?? WHOLE,
    execution: async (files) => (await engine.checkExecution?.(files, rules)) ?? WHOLE,
  };
}

const WHOLE: FileCheck = { kind: "whole" };

async function filesOf(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const found of listTraces(paths)) if (found.kind === "file") files.push(found.file);
  return files;
}

async function checkAll(
  results: AsyncIterable<ReadResult>,
  tally: Tally,
  options: CheckOptions,
): Promise<CheckResult> {
  let waiting: LoadedTrace[] = [];
  let events = 0;
  for await (const result of results) {
    if (result.kind === "malformed") {
      tally.malformed.push(result.malformed);
      continue;
    }
    if (result.kind === "checked") {
      // Those before it are told before it.
      await tally.check(waiting);
      waiting = [];
      events = 0;
      tally.notes.push(...result.notes);
      tally.take(result.name, result.check);
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
  readonly #coverage = noCoverage();
  readonly #rules: Record<string, RuleCount> | null;
  readonly #started = performance.now();
  readonly #divergences: Explanation[] = [];
  #traces = 0;
  #events = 0;
  #milliseconds = 0;
  /** Whether files were checked while they were read: then their reading counts as well. */
  #isInOneGo = false;

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#rules = options.countRules === true ? noAnswers(rulesIn(options.words)) : null;
  }

  /** Adds what came of a file that was checked while it was read. */
  take(name: string, { header, events, coverage, rules }: ValidFile): void {
    this.#traces++;
    this.#events += events;
    this.#isInOneGo = true;
    for (const action of Object.keys(this.#coverage) as TraceAction[]) {
      this.#coverage[action] += coverage[action];
    }
    for (const [rule, count] of Object.entries(rules ?? {})) {
      const sum = this.#rules?.[rule];
      if (sum === undefined) continue;
      sum.granted += count.granted;
      sum.refused += count.refused;
    }
    this.#options.onVerdict?.({
      loaded: {
        trace: { name, header, events: [] },
        placeOf: (event) => ({ file: name, line: lineOfEvent(event) }),
      },
      verdict: { trace: name, eventsChecked: events, divergence: null },
      explanation: null,
    });
    this.#options.onProgress?.(this.#traces, this.#events);
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
    for (const { action } of trace.events.slice(0, events)) this.#coverage[action]++;
  }

  result(): CheckResult {
    const invalid = this.#divergences.length;
    const elapsed = this.#isInOneGo ? performance.now() - this.#started : this.#milliseconds;
    return {
      engine: this.#options.engine.name,
      traces: this.#traces,
      events: this.#events,
      valid: this.#traces - invalid,
      invalid,
      coverage: this.#coverage,
      rules: this.#rules,
      eventsPerSecond: elapsed === 0 ? 0 : Math.round((1000 * this.#events) / elapsed),
      divergences: this.#divergences,
      malformed: this.malformed,
      notes: this.notes,
    };
  }
}
