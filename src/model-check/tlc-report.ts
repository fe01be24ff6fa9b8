/** Gathers TLC's messages into what one run has shown. */
import { TLC_CODE, type TlcMessage } from "./tlc-messages.ts";

/** A state of a counterexample, as TLC prints it. */
export interface PrintedState {
  /** From 1. */
  readonly number: number;
  /** The action that led here, as the spec or the model names it; null for the initial state. */
  readonly action: string | null;
  /** `/\ variable = value` lines; empty where the state is only named (stuttering, a loop). */
  readonly text: string;
  /** For a liveness counterexample: the run stutters here, or goes back to an earlier state. */
  readonly ending: "stuttering" | "loop" | null;
}

export interface TlcProgress {
  readonly generatedStates: number;
  readonly distinctStates: number;
  readonly queue: number;
}

/** What one run of TLC has shown. */
export interface TlcReport {
  /** `error`: TLC could not do its work; `problem` says why. */
  readonly result: "pass" | "fail" | "error";
  /** The property that fell, as TLC names it; null where it names none. */
  readonly violated: string | null;
  readonly problem: string | null;
  readonly counterexample: readonly PrintedState[];
  readonly distinctStates: number | null;
  readonly generatedStates: number | null;
  readonly depth: number | null;
  /** How often each action of the model's next-state relation was taken; empty without coverage. */
  readonly actions: ReadonlyMap<string, number>;
}

const NUMBER = "([0-9][0-9,.\\u00a0\\u202f]*)";
const STATISTICS = new RegExp(
  `${NUMBER} states generated(?: \\([^)]*\\))?, ${NUMBER} distinct states found(?: \\([^)]*\\))?, ${NUMBER} states left`,
);

const SIMULATED = new RegExp(`${NUMBER} states (?:generated|checked)`);

/** Reads the messages of one run, in order. */
export class TlcReportBuilder {
  readonly #onProgress: (progress: TlcProgress) => void;
  readonly #states: PrintedState[] = [];
  readonly #actions = new Map<string, number>();
  readonly #problems: string[] = [];
  readonly #simulates: boolean;
  /** How many states random behaviours went through. */
  #simulated: number | null = null;
  #succeeded = false;
  #failed = false;
  #violated: string | null = null;
  #counts: TlcProgress | null = null;
  #depth: number | null = null;

  /** @param simulates whether TLC takes random behaviours, of which it says only that it ended */
  constructor(onProgress: (progress: TlcProgress) => void, simulates = false) {
    this.#onProgress = onProgress;
    this.#simulates = simulates;
  }

  add(message: TlcMessage): void {
    switch (message.code) {
      case TLC_CODE.invariantViolatedInitially:
      case TLC_CODE.propertyViolatedInitially:
        this.#fall(/(?:Invariant|Property) (\S+)/.exec(message.text)?.[1]);
        this.#states.push({
          number: 1,
          action: null,
          text: message.text.slice(message.text.indexOf("\n") + 1),
          ending: null,
        });
        break;
      case TLC_CODE.invariantViolated:
        this.#fall(/Invariant (\S+) is violated/.exec(message.text)?.[1]);
        break;
      case TLC_CODE.actionPropertyViolated:
        this.#fall(/Action property (.+) is violated/s.exec(message.text)?.[1]);
        break;
      case TLC_CODE.temporalPropertyViolated:
        this.#fall(undefined);
        break;
      case TLC_CODE.deadlock:
        this.#fall("Deadlock");
        break;
      case TLC_CODE.behaviorUpToHere:
      case TLC_CODE.counterexample:
        // The distributed mode says no more than this of what fell.
        this.#fall(undefined);
        break;
      case TLC_CODE.success:
        this.#succeeded = true;
        break;
      case TLC_CODE.finished:
        this.#succeeded ||= this.#simulates && !this.#failed;
        break;
      case TLC_CODE.state:
      case TLC_CODE.stuttering:
      case TLC_CODE.backToState:
        this.#states.push(printedState(message.text));
        break;
      case TLC_CODE.depth:
        this.#depth = numberIn(message.text, /search is ([0-9,.]+)\.?$/);
        break;
      case TLC_CODE.statistics:
      case TLC_CODE.progress:
        this.#count(message.text);
        break;
      case TLC_CODE.simulationProgress:
        this.#simulated = numberIn(message.text, SIMULATED) ?? this.#simulated;
        break;
      case TLC_CODE.actionCoverage:
        this.#cover(message.text);
        break;
      default:
        if (message.severity === "error" || message.severity === "bug") {
          this.#problems.push(message.text);
        }
    }
  }

  /** @param exitCode of the process; @param otherOutput what it printed outside of messages. */
  report(exitCode: number | null, otherOutput: string): TlcReport {
    const isSilent = !this.#succeeded || (this.#simulates && !this.#simulated);
    const isBroken = this.#problems.length > 0 || (isSilent && !this.#failed);
    const result = isBroken ? "error" : this.#failed ? "fail" : "pass";
    return {
      result,
      violated: this.#violated,
      problem: isBroken ? this.#problem(exitCode, otherOutput) : null,
      counterexample: this.#states,
      distinctStates: this.#counts?.distinctStates ?? null,
      generatedStates: this.#counts?.generatedStates ?? this.#simulated,
      depth: this.#depth,
      actions: this.#actions,
    };
  }

  #problem(exitCode: number | null, otherOutput: string): string {
    const told = this.#problems.join("\n").trim();
    return told === "" ? `TLC ended with exit code ${exitCode}:\n${otherOutput.trim()}` : told;
  }

  #fall(property: string | undefined): void {
    this.#failed = true;
    this.#violated ??= property ?? null;
  }

  #count(text: string): void {
    const match = STATISTICS.exec(text);
    if (match === null) return;
    this.#counts = {
      generatedStates: toNumber(match[1]),
      distinctStates: toNumber(match[2]),
      queue: toNumber(match[3]),
    };
    this.#onProgress(this.#counts);
  }

  /** `<Action line … of module …>: distinct:generated`; an action may be in several places. */
  #cover(text: string): void {
    const match = /^<(\S+) .*>: [0-9]+:([0-9]+)$/.exec(text.trim());
    const name = match?.[1];
    if (name === undefined) return;
    this.#actions.set(name, (this.#actions.get(name) ?? 0) + Number(match?.[2]));
  }
}

function printedState(text: string): PrintedState {
  const [first = "", ...rest] = text.split("\n");
  const number = Number(/^(\d+): /.exec(first)?.[1] ?? 0);
  const action = /^\d+: <(\S+) line /.exec(first)?.[1] ?? null;
  const ending = first.includes("Stuttering")
    ? "stuttering"
    : first.includes("Back to state")
      ? "loop"
      : null;
  return { number, action, text: rest.join("\n").trim(), ending };
}

function numberIn(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text.trim())?.[1];
  return found === undefined ? null : toNumber(found);
}

function toNumber(text: string | undefined): number {
  return Number((text ?? "0").replaceAll(/[^0-9]/g, ""));
}
