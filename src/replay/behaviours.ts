import { ReplayInputError } from "./input-error.ts";
import { type MessageContent, SERVER_VARIABLES, type ServerState } from "./server-state.ts";
import type { ReplayStep } from "./take-step.ts";
import { messagesOf, stepOf, TlaFormError, variableOf } from "./tla-data.ts";
import { readStates, statesIn, type WrittenState } from "./tlc-output.ts";

/** A state of a behaviour, and the step that led to it. */
export interface BehaviourState {
  /** From 1. */
  readonly number: number;
  /** The line of the file that it begins on. */
  readonly line: number;
  /** Null for the initial state. */
  readonly step: ReplayStep | null;
  /** The messages that the step sent. */
  readonly sent: readonly MessageContent[];
  readonly servers: readonly string[];
  /** Values that did not change from one state to the next are the same objects. */
  readonly variables: ServerVariables;
}

type Values<Name extends keyof ServerState> = ReadonlyMap<string, ServerState[Name]>;
/** Each variable of the spec by server. */
export type ServerVariables = ReadonlyMap<keyof ServerState, Values<keyof ServerState>>;

/** How many texts a reader remembers the values of. */
const MOST_REMEMBERED = 20_000;

/**
 * Reads the states of TLC's behaviours. Behaviours say the same over and over: what a text means
 * is remembered, and what a replay does not need (`messages`, the history) is not parsed at all.
 */
export class BehaviourReader {
  readonly #variables = new Map<string, Values<keyof ServerState>>();
  readonly #messages = new Map<string, readonly MessageContent[]>();
  readonly #steps = new Map<string, ReplayStep | null>();

  /** The states of all behaviours of the file, in its order. @throws ReplayInputError */
  async *read(file: string): AsyncGenerator<BehaviourState> {
    for await (const written of readStates(file)) yield this.#state(file, written);
  }

  /** The same for a text that TLC has printed. @param name what messages call it */
  parse(text: string, name: string): readonly BehaviourState[] {
    return statesIn(text, name).map((written) => this.#state(name, written));
  }

  #state(file: string, written: WrittenState): BehaviourState {
    const step = this.#value(file, written, "step", this.#steps, stepOf);
    const sent = this.#value(file, written, "sent", this.#messages, messagesOf);
    if ((step === null) !== (written.number === 1)) {
      const what = step === null ? "says that it is the initial state" : "has a step before it";
      throw this.#fault(file, written, `${what}. A behaviour begins with its state 1`);
    }
    const variables = new Map<keyof ServerState, Values<keyof ServerState>>();
    for (const name of SERVER_VARIABLES) {
      const convert = (text: string) => variableOf(name, text);
      variables.set(name, this.#value(file, written, name, this.#variables, convert));
    }
    const servers = [...(variables.get("currentTerm")?.keys() ?? [])];
    for (const [name, values] of variables) {
      if (servers.some((server) => !values.has(server)) || values.size !== servers.length) {
        throw this.#fault(file, written, `${name} is of other servers than currentTerm`);
      }
    }
    return { number: written.number, line: written.line, step, sent, servers, variables };
  }

  #value<T>(
    file: string,
    written: WrittenState,
    name: string,
    remembered: Map<string, T>,
    convert: (text: string) => T,
  ): T {
    const text = written.variables.get(name);
    if (text === undefined) throw this.#fault(file, written, missing(name));
    const key = `${name} ${text}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    try {
      const value = convert(text);
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(key, value);
      return value;
    } catch (error) {
      if (error instanceof TlaFormError) {
        throw this.#fault(file, written, `the variable ${name} cannot be read: ${error.message}`);
      }
      throw error;
    }
  }

  #fault(file: string, { line, number }: WrittenState, what: string): ReplayInputError {
    return new ReplayInputError(file, line, `state ${number}: ${what}`);
  }
}

function missing(name: string): string {
  if (name === "step" || name === "sent") {
    return (
      `there is no variable ${name}, so that the state does not say how it came about. ` +
      "Use a model whose states do, such as spec/models/MCBehaviours.tla or any that extends MCRestricted"
    );
  }
  return `there is no variable ${name} of spec/Raft.tla. Use a model of Raft.tla`;
}

/** The state of one server. */
export function serverStateOf({ variables }: BehaviourState, server: string): ServerState {
  const state: Record<string, unknown> = {};
  for (const name of SERVER_VARIABLES) state[name] = variables.get(name)?.get(server);
  return asServerState(state);
}

/** `variableOf` has given every variable the type that it has here. */
function asServerState(state: object): ServerState {
  if (isServerState(state)) return state;
  throw new RangeError("a state lacks a variable");
}

function isServerState(state: object): state is ServerState {
  return SERVER_VARIABLES.every((name) => Reflect.get(state, name) !== undefined);
}
