import { countKeys, duplicateKey } from "./duplicate-keys.ts";
import { FormFault, TraceFormatError } from "./error.ts";
import { checkEvent } from "./event.ts";
import type { TraceEvent, TraceHeader } from "./format.ts";
import { checkHeader } from "./header.ts";
import { LineSplitter } from "./lines.ts";
import { PlainEvents } from "./plain/event.ts";
import type { KeyCount } from "./shape.ts";
import { type TraceForm, traceForm } from "./trace-form.ts";

/** Events that stand on consecutive lines: the event at place i is on line `firstLine + i`. */
export interface EventBatch {
  readonly firstLine: number;
  readonly events: readonly TraceEvent[];
}

/**
 * Reads a trace from chunks of bytes as they come. Every fault is a TraceFormatError; after
 * one the parser is of no more use.
 */
export class TraceParser {
  readonly #file: string;
  readonly #splitter: LineSplitter;
  readonly #headerKeys: KeyCount = { keys: 0 };
  #line = 0;
  #header: TraceHeader | null = null;
  #form: TraceForm | null = null;
  #plainEvents: PlainEvents | null = null;
  #events: TraceEvent[] = [];
  #firstLine = 2;

  constructor(file: string) {
    this.#file = file;
    this.#splitter = new LineSplitter(
      (line, isWhole) => this.#takeLine(line, isWhole),
      (bytes, start, end) => this.#takeBytes(bytes, start, end),
    );
  }

  /** The header. Throws a TraceFormatError while it has not been read. */
  get header(): TraceHeader {
    if (this.#header === null) throw this.#error(1, emptyFile());
    return this.#header;
  }

  /** Takes the next bytes, and gives the events they complete. */
  push(chunk: Uint8Array): EventBatch {
    try {
      this.#splitter.push(chunk);
    } catch (error) {
      throw this.#located(error);
    }
    return this.#takeBatch();
  }

  /** No more bytes come: gives what is left, or says what is missing. */
  end(): EventBatch {
    try {
      this.#splitter.end();
    } catch (error) {
      throw this.#located(error);
    }
    const { server } = this.header;
    if (this.#line === 1 && server === undefined) throw this.#error(1, noEvents());
    return this.#takeBatch();
  }

  #takeBatch(): EventBatch {
    const batch = { firstLine: this.#firstLine, events: this.#events };
    this.#firstLine += this.#events.length;
    this.#events = [];
    return batch;
  }

  #takeLine(line: string, isWhole: boolean): void {
    this.#line++;
    try {
      const value = parseLine(line, isWhole);
      if (this.#form === null) this.#takeHeader(value, line);
      else this.#takeEvent(value, line, this.#form);
    } catch (error) {
      throw error instanceof FormFault ? this.#error(this.#line, error) : error;
    }
  }

  /** Takes the line of an event that can be read from its bytes. */
  #takeBytes(bytes: Buffer, start: number, end: number): boolean {
    try {
      const event = this.#plainEvents?.read(bytes, start, end) ?? null;
      if (event === null) return false;
      this.#events.push(event);
    } catch (error) {
      throw this.#located(error);
    }
    this.#line++;
    return true;
  }

  #takeHeader(value: unknown, line: string): void {
    const header = checkHeader(value, this.#headerKeys);
    checkDuplicates(line, this.#headerKeys.keys);
    this.#header = header;
    this.#form = traceForm(header);
    this.#plainEvents = new PlainEvents(this.#form);
  }

  #takeEvent(value: unknown, line: string, form: TraceForm): void {
    form.keys = 0;
    const event = checkEvent(value, form);
    checkDuplicates(line, form.keys);
    this.#events.push(event);
  }

  /** A fault outside of `takeLine` is on the line after the last that was taken. */
  #located(error: unknown): unknown {
    return error instanceof FormFault ? this.#error(this.#line + 1, error) : error;
  }

  #error(line: number, fault: FormFault): TraceFormatError {
    return new TraceFormatError(this.#file, line, fault);
  }
}

/** Parses one line. Throws a FormFault that says in which way it is no JSON. */
export function parseLine(line: string, isWhole: boolean): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw notJson(line, isWhole, error);
  }
}

function notJson(line: string, isWhole: boolean, error: unknown): FormFault {
  if (line.startsWith("\ufeff")) {
    return new FormFault(
      "",
      "the file begins with a byte order mark",
      "Write UTF-8 without a byte order mark",
    );
  }
  if (line.trim() === "") {
    return new FormFault(
      "",
      "the line is empty",
      "Write one JSON object a line, and no empty lines",
    );
  }
  if (!isWhole) {
    return new FormFault(
      "",
      "the last line is cut off",
      "Its writer was stopped in the middle: remove the line, or write whole lines and a newline at once",
    );
  }
  const what = error instanceof Error ? `: ${error.message.slice(0, 120)}` : "";
  return new FormFault("", `the line is not JSON${what}`, "Write one JSON object a line");
}

/** Throws a FormFault where an object of the line has the same key twice. */
export function checkDuplicates(line: string, keys: number): void {
  if (countKeys(line) === keys) return;
  const key = duplicateKey(line);
  if (key !== null) throw new FormFault(key, "the field is there twice", "Write each field once");
}

/** There is not even a header. */
export function emptyFile(): FormFault {
  return new FormFault("", "the file is empty", "A trace is a header line and a line an event");
}

/** There is nothing but a header. */
export function noEvents(): FormFault {
  return new FormFault(
    "",
    "the trace has a header and no events",
    "Log a line for every step of every server: a trace without events shows nothing",
  );
}
