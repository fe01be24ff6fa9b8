/** A state of the compiled spec as plain data, under the names that the page has for things. */

import { plainValue } from "../../../trace-check/compiled/values.ts";
import type { Value as PlainValue } from "../../../trace-check/engine.ts";
import { type Names, NIL } from "../../../trace-check/prepare.ts";
import type { Entry, Read, ServerId } from "../../core/index.ts";
import type { State } from "../../engine/spec.ts";
import { FunctionValue, type Value } from "../../engine/values.ts";
import type { ServerState, TracedState } from "../../replay/server-state.ts";

/** A server as the spec has it: its log is whole, whatever a snapshot stands for. */
export interface ViewedServer extends TracedState {
  readonly reads: readonly Read[];
}

export interface ClusterView {
  readonly servers: ReadonlyMap<ServerId, ViewedServer>;
  /** Who won the election of a term. */
  readonly elections: readonly { readonly term: number; readonly leader: ServerId }[];
  /** What is committed at each index, and the lowest term whose leader committed it. */
  readonly committed: readonly { readonly term: number; readonly entry: Entry }[];
}

type Fields = Readonly<Record<string, PlainValue>>;

/** Reads a state for people. */
export function viewOf(state: State, servers: readonly ServerId[], names: Names): ClusterView {
  const nameOf = (value: PlainValue): ServerId => names.serverNamed(String(value)) ?? String(value);
  const entryOf = (value: PlainValue): Entry => {
    const { term, command } = value as Fields;
    return { term: Number(term), command: names.commandNumbered(Number(command)) };
  };
  const list = (value: Value | undefined): readonly PlainValue[] =>
    value === undefined ? [] : (plainValue(value) as readonly PlainValue[]);
  const of = (variable: string, server: ServerId): Value => {
    const whole = state[variable];
    const key = names.server(server);
    const value =
      whole instanceof FunctionValue ? whole.values[whole.domain.position(key)] : undefined;
    if (value === undefined) throw new RangeError(`the state has no ${variable} of ${server}`);
    return value;
  };
  const byPeer = (variable: string, server: ServerId): Record<ServerId, number> => {
    const indexes = plainValue(of(variable, server)) as Fields;
    const peers = servers.filter((peer) => peer !== server);
    return Object.fromEntries(peers.map((peer) => [peer, Number(indexes[names.server(peer)])]));
  };
  const readOf = (read: PlainValue): Read => {
    const { round, index } = read as Fields;
    return { round: Number(round), index: Number(index) };
  };
  const serverOf = (server: ServerId): ViewedServer => {
    const vote = of("votedFor", server);
    return {
      currentTerm: Number(of("currentTerm", server)),
      votedFor: vote === NIL ? null : nameOf(String(vote)),
      log: list(of("log", server)).map(entryOf),
      role: String(of("role", server)) as ServerState["role"],
      commitIndex: Number(of("commitIndex", server)),
      lastApplied: Number(of("lastApplied", server)),
      votesGranted: list(of("votesGranted", server)).map(nameOf).sort(),
      nextIndex: byPeer("nextIndex", server),
      matchIndex: byPeer("matchIndex", server),
      snapshotIndex: Number(of("snapshotIndex", server)),
      round: Number(of("round", server)),
      confirmedRound: byPeer("confirmedRound", server),
      reads: list(of("reads", server)).map(readOf),
    };
  };
  return {
    servers: new Map(servers.map((server) => [server, serverOf(server)])),
    elections: list(state.elections).map((election) => {
      const { term, leader } = election as Fields;
      return { term: Number(term), leader: nameOf(leader ?? "") };
    }),
    committed: list(state.committed).map((each) => {
      const { term, entry } = each as Fields;
      return { term: Number(term), entry: entryOf(entry ?? null) };
    }),
  };
}

/** The same as the implementation and a trace tell it: a log begins after its snapshot. */
export function tracedOf({ reads: _reads, ...state }: ViewedServer): TracedState {
  return { ...state, log: state.log.slice(state.snapshotIndex) };
}
