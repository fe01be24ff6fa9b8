import { FormFault, TraceFormatError } from "./error.ts";
import { checkEvent } from "./event.ts";
import { MAX_INTEGER, type TraceHeader } from "./format.ts";
import { checkHeader } from "./header.ts";
import { LineSplitter } from "./lines.ts";
import { Suspicions } from "./lint-suspicions.ts";
import { checkDuplicates, parseLine } from "./parser.ts";
import { chunksOf, nameOf, type TraceSource } from "./reader.ts";
import type { Suspicion } from "./suspicion.ts";
import { type TraceForm, traceForm } from "./trace-form.ts";

/** Something that is wrong with a trace (an error), or that looks wrong (a warning). */
export interface LintFinding {
  readonly severity: "error" | "warning";
  /** What kind of finding it is: `malformed`, or the name of a suspicion. */
  readonly rule: "malformed" | Suspicion["rule"];
  readonly file: string;
  /** The first line it is about, from 1; 0 where it is about the file as a whole. */
  readonly line: number;
  /** The field within the line; empty where it is about more than one. */
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;
  /** On how many lines it is so; errors are given one by one. */
  readonly count: number;
}

export interface LintReport {
  readonly file: string;
  /** How many events are of the right form. */
  readonly events: number;
  /** Errors in the order of their lines, at most `mostErrors`, then warnings. */
  readonly findings: readonly LintFinding[];
  /** How many errors there are in all. */
  readonly errors: number;
}

/** A file with more errors than this has one cause; the first of them tell it. */
const MOST_ERRORS = 20;

/**
 * Judges the form of a trace alone, not whether its steps are Raft's: what is malformed, on
 * every line and not only the first, and what looks as if the logger had misunderstood
 * something. Never throws for what is in the file.
 */
export async function lintTrace(
  source: TraceSource,
  file = nameOf(source),
  mostErrors = MOST_ERRORS,
): Promise<LintReport> {
  const linter = new Linter(file, mostErrors);
  try {
    for await (const chunk of chunksOf(source)) linter.push(chunk);
    linter.end();
  } catch (error) {
    linter.stopAt(error);
  }
  return linter.report();
}

class Linter {
  readonly #file: string;
  readonly #mostErrors: number;
  readonly #splitter: LineSplitter;
  readonly #findings: LintFinding[] = [];
  #errors = 0;
  #line = 0;
  #events = 0;
  #form: TraceForm | null = null;
  #suspicions: Suspicions | null = null;
  #header: TraceHeader | null = null;

  constructor(file: string, mostErrors: number) {
    this.#file = file;
    this.#mostErrors = mostErrors;
    this.#splitter = new LineSplitter((line, isWhole) => this.#takeLine(line, isWhole));
  }

  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
  }

  end(): void {
    this.#splitter.end();
    if (this.#line === 0) {
      this.#fault(1, new FormFault("", "the file is empty", "Write a header and events"));
    }
    if (this.#line === 1 && this.#header !== null && this.#header.server === undefined) {
      this.#fault(1, new FormFault("", "the trace has no events", "Log a line for every step"));
    }
  }

  /** What can no longer be split into lines, or read at all, ends the linting. */
  stopAt(error: unknown): void {
    if (error instanceof FormFault) this.#fault(this.#line + 1, error);
    else if (error instanceof TraceFormatError) {
      this.#fault(error.line, new FormFault(error.field, error.problem, error.remedy));
    } else throw error;
  }

  report(): LintReport {
    const warnings = this.#suspicions?.found() ?? [];
    return {
      file: this.#file,
      events: this.#events,
      findings: [
        ...this.#findings,
        ...warnings.map((found) => ({
          severity: "warning" as const,
          file: this.#file,
          field: "",
          ...found,
        })),
      ],
      errors: this.#errors,
    };
  }

  #takeLine(line: string, isWhole: boolean): void {
    this.#line++;
    try {
      const value = parseLine(line, isWhole);
      if (this.#line === 1) this.#takeHeader(value, line);
      else if (this.#form !== null) this.#takeEvent(value, line, this.#form);
    } catch (error) {
      if (!(error instanceof FormFault)) throw error;
      this.#fault(this.#line, error);
    }
  }

  #takeHeader(value: unknown, line: string): void {
    const keys = { keys: 0 };
    const header = checkHeader(value, keys);
    checkDuplicates(line, keys.keys);
    this.#header = header;
    this.#form = traceForm(header);
    this.#suspicions = new Suspicions(header);
  }

  #takeEvent(value: unknown, line: string, form: TraceForm): void {
    form.keys = 0;
    try {
      const event = checkEvent(value, form);
      checkDuplicates(line, form.keys);
      this.#events++;
      this.#suspicions?.take(event, this.#line);
    } catch (error) {
      goOnAfter(value, form);
      throw error;
    }
  }

  #fault(line: number, fault: FormFault): void {
    this.#errors++;
    if (this.#errors > this.#mostErrors) return;
    const { field, problem, remedy } = fault;
    const place = { file: this.#file, line, field };
    this.#findings.push({
      severity: "error",
      rule: "malformed",
      ...place,
      problem,
      remedy,
      count: 1,
    });
  }
}

/**
 * Takes a malformed event for what it probably was, so that one fault is not reported again
 * on every later line of its server: its `seq` counts, and its log is not known any more.
 */
function goOnAfter(value: unknown, form: TraceForm): void {
  if (typeof value !== "object" || value === null) return;
  const server: unknown = Reflect.get(value, "server");
  const seq: unknown = Reflect.get(value, "seq");
  const progress = typeof server === "string" ? form.progress.get(server) : undefined;
  if (progress === undefined) return;
  progress.seq =
    typeof seq === "number" && Number.isInteger(seq) && seq > 0 ? seq : progress.seq + 1;
  progress.lastIndex = MAX_INTEGER;
}
