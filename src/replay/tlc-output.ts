import { createReadStream } from "node:fs";
import { ReplayInputError } from "./input-error.ts";

/** A state as TLC wrote it, not parsed yet. */
export interface WrittenState {
  /** From 1, where a behaviour begins. */
  readonly number: number;
  /** The line that it begins on. */
  readonly line: number;
  /** The text of each variable's value, as written. */
  readonly variables: ReadonlyMap<string, string>;
}

/**
 * Where a state begins: in the files of `-simulate file=...`, in a counterexample as TLC prints
 * it, and in one with `-tool`.
 */
const STATE = /^(?:STATE_(\d+) ==|State (\d+): <|(\d+): <)/;
const MOST_LINE = 64 * 1024 * 1024;
const MODULE = /^-{4,} MODULE /;
const MODULE_END = /^={4,}$/;
const VARIABLE = /^\/\\ (\w+) =(?: |$)/;

/**
 * The states of all behaviours in what TLC wrote, one after the other, in the order of the file;
 * a behaviour begins with each state numbered 1. Lines that belong to no state are passed over.
 *
 * @throws ReplayInputError where the file cannot be read, is cut off, or skips a state
 */
export async function* readStates(file: string): AsyncGenerator<WrittenState> {
  const reader = new StateReader(file);
  try {
    let rest = "";
    for await (const chunk of createReadStream(file, {
      encoding: "utf8",
      highWaterMark: 1 << 18,
    })) {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > MOST_LINE) {
        const what = "it has a line of more than 64 MiB, as no output of TLC has";
        throw new ReplayInputError(file, 0, `${what}. Check the path`);
      }
      for (const line of lines) {
        const state = reader.take(line);
        if (state !== null) yield state;
      }
    }
    const last = reader.take(rest);
    if (last !== null) yield last;
  } catch (error) {
    if (error instanceof Error && "syscall" in error) {
      throw new ReplayInputError(file, 0, `it cannot be read (${error.message}). Check the path`);
    }
    throw error;
  }
  const state = reader.end();
  if (state !== null) yield state;
}

/**
 * The states in a text of TLC.
 * @param name what messages call it
 * @throws ReplayInputError where it is cut off, or skips a state
 */
export function statesIn(text: string, name: string): readonly WrittenState[] {
  const reader = new StateReader(name);
  const states = [...text.split("\n").map((line) => reader.take(line)), reader.end()];
  return states.filter((state) => state !== null);
}

/** Takes lines, and gives each state once it is over. */
class StateReader {
  readonly #file: string;
  #line = 0;
  #last = 0;
  #isModuleOpen = false;
  #open: { number: number; line: number; variables: Map<string, string> } | null = null;
  #name = "";
  #value: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  take(written: string): WrittenState | null {
    this.#line++;
    const line = written.endsWith("\r") ? written.slice(0, -1) : written;
    if (this.#open !== null) {
      const variable = VARIABLE.exec(line);
      if (variable !== null) {
        this.#endVariable();
        this.#name = variable[1] ?? "";
        this.#value = [line.slice(variable[0].length)];
        return null;
      }
      if (line.startsWith(" ") && this.#name !== "") {
        this.#value.push(line);
        return null;
      }
    }
    return this.#takeBetween(line);
  }

  /** Nothing more comes: what is left, or what is missing. */
  end(): WrittenState | null {
    if (this.#isModuleOpen) {
      throw new ReplayInputError(
        this.#file,
        this.#line,
        "the behaviour is cut off: its end (====) is missing. Let TLC write it anew",
      );
    }
    return this.#close();
  }

  #takeBetween(line: string): WrittenState | null {
    if (MODULE.test(line)) this.#isModuleOpen = true;
    if (MODULE_END.test(line)) this.#isModuleOpen = false;
    const start = STATE.exec(line);
    const over = line.trim() === "" && this.#name === "" ? null : this.#close();
    if (start !== null) this.#begin(Number(start[1] ?? start[2] ?? start[3]));
    return over;
  }

  #begin(number: number): void {
    if (number !== 1 && number !== this.#last + 1) {
      const before = this.#last === 0 ? "no state before it" : `state ${this.#last} before it`;
      throw new ReplayInputError(
        this.#file,
        this.#line,
        `state ${number} has ${before}: a behaviour has all its states, from 1. Let TLC write it anew`,
      );
    }
    this.#last = number;
    this.#open = { number, line: this.#line, variables: new Map() };
  }

  #close(): WrittenState | null {
    this.#endVariable();
    const state = this.#open;
    this.#open = null;
    return state;
  }

  #endVariable(): void {
    if (this.#name !== "") this.#open?.variables.set(this.#name, this.#value.join("\n"));
    this.#name = "";
    this.#value = [];
  }
}
