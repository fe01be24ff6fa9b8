import { EngineError, type Value } from "../engine.ts";
import { bracketDepth, parseTlaValue } from "./value.ts";

/** A verdict as `spec/TraceRaft.tla` prints it. */
export interface PrintedVerdict {
  /** The number of the trace, from 1. */
  readonly trace: number;
  /** The event it ended at, from 1. */
  readonly position: number;
  readonly kind: string;
  /** See `Guards`, `Comparisons`, `Broken` and `Decisions` of the spec. */
  readonly findings: readonly (readonly Value[])[];
  readonly decisions: readonly (readonly Value[])[];
}

const VERDICT_START = /^<<\s*"verdict"/;
const STATISTICS = /^(\d+) states generated, (\d+) distinct states found/;
const CPU_TIME = /^CPU time (\d+)$/;
const MOST_ERROR_LINES = 12;

/** Reads what TLC prints, line by line. */
export class TlcOutput {
  readonly verdicts: PrintedVerdict[] = [];
  /** What TLC says of an error, the first lines of it. */
  readonly errors: string[] = [];
  /** Undefined until TLC has finished. */
  distinctStates: number | undefined;
  /** Of the whole process, in milliseconds; undefined where nobody asked for it. */
  cpuMilliseconds: number | undefined;

  #value = "";
  #depth = 0;
  readonly #printed = new Set<string>();

  line(line: string): void {
    if (this.#depth > 0 || VERDICT_START.test(line)) {
      this.#value += `${line}\n`;
      this.#depth += bracketDepth(line);
      if (this.#depth > 0) return;
      this.#take(this.#value);
      this.#value = "";
      return;
    }
    const statistics = STATISTICS.exec(line);
    if (statistics !== null) this.distinctStates = Number(statistics[2]);
    const cpuTime = CPU_TIME.exec(line);
    if (cpuTime !== null) this.cpuMilliseconds = Number(cpuTime[1]);
    const isError = line.startsWith("Error:") || this.errors.length > 0;
    if (isError && this.errors.length < MOST_ERROR_LINES) this.errors.push(line);
  }

  /**
   * TLC takes a step once for each way in which its action allows it, two where both sides of
   * a disjunction hold (as in MayBeOverwritten), and prints the step's verdict as often. The
   * same words are the same verdict; others of one trace still count as two.
   */
  #take(printed: string): void {
    if (this.#printed.has(printed)) return;
    this.#printed.add(printed);
    this.verdicts.push(verdictOf(parseTlaValue(printed)));
  }
}

function verdictOf(value: Value): PrintedVerdict {
  if (Array.isArray(value)) {
    const [, trace, position, kind, findings, decisions] = value;
    if (
      typeof trace === "number" &&
      typeof position === "number" &&
      typeof kind === "string" &&
      Array.isArray(findings) &&
      Array.isArray(decisions)
    ) {
      return {
        trace,
        position,
        kind,
        findings: findings.filter(isList),
        decisions: decisions.filter(isList),
      };
    }
  }
  throw new EngineError(`TLC printed a verdict of another form: ${JSON.stringify(value)}`);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
