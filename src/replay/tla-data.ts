import type { Entry, Role } from "../core/index.ts";
import { parseValue, showValue, type TlaValue } from "../model-check/tla-value.ts";
import { ACTIONS } from "../trace/format.ts";
import type { MessageContent, ServerState } from "./server-state.ts";
import type { ReplayStep } from "./take-step.ts";

/** A value of TLC is not of the form that `spec/Raft.tla` has it in. */
export class TlaFormError extends Error {}

/** The names that `spec/Raft.tla` gives to no server and to no command. */
const NIL = "Nil";
const NO_OP = "NoOp";

const ROLES: readonly Role[] = ["Follower", "Candidate", "Leader"];
/** One variable of the spec: by server, what TLC wrote. Throws a TlaFormError. */
export function variableOf(
  name: keyof ServerState,
  text: string,
): ReadonlyMap<string, ServerState[keyof ServerState]> {
  const values = partsOf(read(text));
  return new Map([...values].map(([server, value]) => [server, READERS[name](value, server)]));
}

const READERS: {
  readonly [Name in keyof ServerState]: (value: TlaValue, server: string) => ServerState[Name];
} = {
  currentTerm: toNumber,
  votedFor: (value) => unless(NIL, value),
  log: (value) => itemsOf(value, "sequence").map(toEntry),
  role: (value) => oneOf(ROLES, value),
  commitIndex: toNumber,
  lastApplied: toNumber,
  votesGranted: (value) => itemsOf(value, "set").map(toName).sort(),
  nextIndex: indexesOf,
  matchIndex: indexesOf,
};

/** The variable `sent` of a model. Throws a TlaFormError. */
export function messagesOf(text: string): readonly MessageContent[] {
  return itemsOf(read(text), "set").map(toMessage);
}

/** The variable `step` of a model; null for the initial state. Throws a TlaFormError. */
export function stepOf(text: string): ReplayStep | null {
  const fields = fieldsOf(read(text));
  const action = toName(field(fields, "action"));
  if (action === "Init") return null;
  const optional = <T>(name: string, convert: (value: TlaValue) => T): T | null => {
    const value = fields.get(name);
    return value === undefined ? null : convert(value);
  };
  const peer = optional("peer", toName);
  return {
    action: oneOf(ACTIONS, field(fields, "action")),
    server: toName(field(fields, "server")),
    received: optional("message", toMessage),
    command: optional("command", toName),
    index: optional("index", toNumber) ?? 0,
    slice:
      peer === null
        ? null
        : {
            peer,
            prevLogIndex: toNumber(field(fields, "prevLogIndex")),
            count: toNumber(field(fields, "count")),
          },
    round: 0,
    peer: null,
  };
}

function toMessage(value: TlaValue): MessageContent {
  const fields = fieldsOf(value);
  const number = (name: string): number => toNumber(field(fields, name));
  const from = toName(field(fields, "from"));
  const to = toName(field(fields, "to"));
  const term = number("term");
  const type = oneOf(MESSAGE_TYPES, field(fields, "type"));
  switch (type) {
    case "RequestVoteRequest": {
      const [lastLogIndex, lastLogTerm] = [number("lastLogIndex"), number("lastLogTerm")];
      return { type, from, to, term, lastLogIndex, lastLogTerm };
    }
    case "RequestVoteResponse":
      return { type, from, to, term, voteGranted: toBoolean(field(fields, "voteGranted")) };
    case "AppendEntriesRequest": {
      const [prevLogIndex, prevLogTerm] = [number("prevLogIndex"), number("prevLogTerm")];
      const entries = itemsOf(field(fields, "entries"), "sequence").map(toEntry);
      const leaderCommit = number("leaderCommit");
      return { type, from, to, term, prevLogIndex, prevLogTerm, entries, leaderCommit };
    }
    case "AppendEntriesResponse": {
      if (toBoolean(field(fields, "success"))) {
        return { type, from, to, term, success: true, matchIndex: number("matchIndex") };
      }
      const [prevLogIndex, lastLogIndex] = [number("prevLogIndex"), number("lastLogIndex")];
      return { type, from, to, term, success: false, prevLogIndex, lastLogIndex };
    }
  }
}

const MESSAGE_TYPES = [
  "RequestVoteRequest",
  "RequestVoteResponse",
  "AppendEntriesRequest",
  "AppendEntriesResponse",
] as const;

function toEntry(value: TlaValue): Entry {
  const fields = fieldsOf(value);
  return {
    term: toNumber(field(fields, "term")),
    command: unless(NO_OP, field(fields, "command")),
  };
}

/** nextIndex or matchIndex of a server: its own place in it means nothing. */
function indexesOf(value: TlaValue, server: string): Readonly<Record<string, number>> {
  const peers = [...partsOf(value)].filter(([peer]) => peer !== server);
  return Object.fromEntries(peers.map(([peer, index]) => [peer, toNumber(index)]));
}

function read(text: string): TlaValue {
  try {
    return parseValue(text);
  } catch (error) {
    throw new TlaFormError(error instanceof Error ? error.message : String(error));
  }
}

/** The results of a function by its arguments; TLC prints one of strings as a record. */
function partsOf(value: TlaValue): ReadonlyMap<string, TlaValue> {
  if (value.kind === "function") return value.values;
  if (value.kind === "record") return value.fields;
  throw new TlaFormError(`a function of the servers is expected, not ${brief(value)}`);
}

function fieldsOf(value: TlaValue): ReadonlyMap<string, TlaValue> {
  if (value.kind === "record") return value.fields;
  throw new TlaFormError(`a record is expected, not ${brief(value)}`);
}

function field(fields: ReadonlyMap<string, TlaValue>, name: string): TlaValue {
  const value = fields.get(name);
  if (value !== undefined) return value;
  throw new TlaFormError(`the field ${name} is missing beside ${[...fields.keys()].join(", ")}`);
}

function itemsOf(value: TlaValue, kind: "set" | "sequence"): readonly TlaValue[] {
  if (value.kind === kind) return value.items;
  throw new TlaFormError(`a ${kind} is expected, not ${brief(value)}`);
}

function toName(value: TlaValue): string {
  if (value.kind !== "atom") throw new TlaFormError(`a name is expected, not ${brief(value)}`);
  return value.text.replaceAll('"', "");
}

function toNumber(value: TlaValue): number {
  if (value.kind === "atom" && /^\d+$/.test(value.text)) return Number(value.text);
  throw new TlaFormError(`a number is expected, not ${brief(value)}`);
}

function toBoolean(value: TlaValue): boolean {
  const name = toName(value);
  if (name === "TRUE" || name === "FALSE") return name === "TRUE";
  throw new TlaFormError(`TRUE or FALSE is expected, not ${brief(value)}`);
}

/** The name, or null where it is the one that stands for nothing. */
function unless(nothing: string, value: TlaValue): string | null {
  const name = toName(value);
  return name === nothing ? null : name;
}

function oneOf<T extends string>(known: readonly T[], value: TlaValue): T {
  const name = toName(value);
  const found = known.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw new TlaFormError(`${name} is none of ${known.join(", ")}`);
}

function brief(value: TlaValue): string {
  const text = showValue(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
