/** The variables of one server in a state of the compiled spec, as plain data. */
import type { State } from "../../src/engine/spec.ts";
import { FunctionValue, type Value as SpecValue } from "../../src/engine/values.ts";
import type { Names } from "../prepare.ts";
import { plainValue } from "./values.ts";

/** What a server is, by the spec. */
export interface ServerState {
  readonly currentTerm: number;
  readonly votedFor: string | null;
  readonly role: string;
  /** The terms of the entries of its log, from index 1. */
  readonly logTerms: readonly number[];
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly snapshotIndex: number;
  /** Of leadership that it asked others to confirm. */
  readonly round: number;
  readonly votesGranted: readonly string[];
  /** Of a leader: by peer. */
  readonly nextIndex: Readonly<Record<string, number>>;
  readonly matchIndex: Readonly<Record<string, number>>;
  readonly confirmedRound: Readonly<Record<string, number>>;
}

export function serverState(state: State, server: string, names: Names): ServerState {
  const own = (variable: string) => of(state[variable], names.server(server));
  const number = (variable: string) => Number(own(variable));
  const named = (value: unknown) => names.serverNamed(String(value)) ?? null;
  return {
    currentTerm: number("currentTerm"),
    votedFor: named(own("votedFor")),
    role: String(own("role")),
    logTerms: list(own("log")).map((entry) => Number(Reflect.get(Object(entry), "term"))),
    commitIndex: number("commitIndex"),
    lastApplied: number("lastApplied"),
    snapshotIndex: number("snapshotIndex"),
    round: number("round"),
    votesGranted: list(own("votesGranted")).flatMap((each) => named(each) ?? []),
    nextIndex: byPeer(own("nextIndex"), names),
    matchIndex: byPeer(own("matchIndex"), names),
    confirmedRound: byPeer(own("confirmedRound"), names),
  };
}

/** What a variable has for a server, as plain data. */
function of(variable: SpecValue | undefined, server: string): unknown {
  if (!(variable instanceof FunctionValue)) return null;
  const value = variable.values[variable.domain.position(server)];
  return value === undefined ? null : plainValue(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function byPeer(value: unknown, names: Names): Readonly<Record<string, number>> {
  const pairs = Object.entries(Object(value)).flatMap(([peer, index]) => {
    const name = names.serverNamed(peer);
    return name === undefined ? [] : [[name, Number(index)] as const];
  });
  return Object.fromEntries(pairs);
}
