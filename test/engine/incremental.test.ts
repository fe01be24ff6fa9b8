/**
 * The properties of spec/TraceRaft.tla in their incremental form are the whole ones: held against
 * each other on steps of recorded executions of which the outcome was changed at random, in what
 * the acting server and the history may change, so that properties fall.
 */
import { expect, test } from "vitest";
import { EvaluationError } from "../../src/engine/errors.ts";
import { build } from "../../src/engine/generated/trace-raft.ts";
import { record, recordShape, setOf, tuple, union } from "../../src/engine/runtime.ts";
import { ALTERNATIVE, type State } from "../../src/engine/spec.ts";
import { FunctionValue, type Value } from "../../src/engine/values.ts";
import { Events } from "../../trace-check/compiled/events.ts";
import { plainRows } from "../../trace-check/compiled/values.ts";
import { TraceWalk } from "../../trace-check/compiled/walk.ts";
import { Names, NIL } from "../../trace-check/prepare.ts";
import { record as recordExecution } from "../trace-check/record.ts";
import { randomFrom } from "./mutations.ts";

const MUTATIONS_OF_A_STEP = Number(process.env.LOCKSTEP_STATES ?? 6);
const TRACES = [
  recordExecution({ seed: 31, events: 400, longestLog: 10, timeouts: 40, crashes: 15 }),
  recordExecution({ seed: 32, events: 300, longestLog: 8, timeouts: 60, crashes: 10, servers: 5 }),
  recordExecution({ seed: 33, events: 500, timeouts: 30, compactions: 120, reads: 60 }),
];

type Random = (bound: number) => number;
type Broken = (now: State, after: State, server: Value) => Value;

const ENTRY = recordShape(["command", "term"]);
const COMMITTED = recordShape(["term", "entry"]);
const ELECTION = recordShape(["term", "leader"]);
const READ = recordShape(["round", "index", "committedBefore"]);
const REQUEST = recordShape([
  ...["type", "from", "to", "term", "prevLogIndex", "prevLogTerm", "entries", "leaderCommit"],
]);
const ANSWER = recordShape(["committedBefore", "lastApplied"]);

/** `Broken` of the compiled spec, with the properties in the one form or the other. */
function brokenBy(servers: readonly string[], wholeProperties: boolean): Broken {
  const constants = new Map<string, Value>([
    ["Server", setOf(servers)],
    ["Nil", NIL],
    ["NoOp", 0],
    ["WholeProperties", wholeProperties],
    [ALTERNATIVE, ""],
  ]);
  const spec = build(constants, { EventAt: () => false, LoggedVariables: () => setOf([]) });
  return spec.operators.Broken as unknown as Broken;
}

/** The names of the properties that a step breaks; "no value" where one has none. */
function namesOf(broken: Broken, now: State, after: State, server: Value): string {
  try {
    return plainRows(broken(now, after, server))
      .map(([name]) => name)
      .join();
  } catch (error) {
    if (error instanceof EvaluationError) return "no value";
    throw error;
  }
}

function at(state: State, variable: string, server: string): Value {
  const f = state[variable];
  if (!(f instanceof FunctionValue)) throw new Error(`${variable} is no function`);
  return f.values[f.domain.position(server)] as Value;
}

function setAt(f: Value | undefined, key: Value, value: Value): Value {
  if (!(f instanceof FunctionValue)) throw new Error("no function");
  const values = [...f.list()];
  values[f.domain.position(key)] = value;
  return new FunctionValue(f.domain, values);
}

function near(value: Value, random: Random): number {
  return Math.max(0, Number(value) + random(5) - 2);
}

function someEntry(random: Random): Value {
  return record(ENTRY, [random(4), 1 + random(4)]);
}

/** Another log: cut, longer, or with another entry somewhere. */
function otherLog(log: Value, random: Random): Value {
  if (!(log instanceof FunctionValue)) throw new Error("a log is no sequence");
  const entries = [...log.list()];
  switch (random(3)) {
    case 0:
      entries.splice(random(entries.length + 1));
      break;
    case 1:
      entries.push(someEntry(random));
      break;
    default:
      if (entries.length > 0) entries[random(entries.length)] = someEntry(random);
  }
  return tuple(entries);
}

function otherCommitted(committed: Value | undefined, random: Random): Value {
  if (!(committed instanceof FunctionValue)) throw new Error("committed is no sequence");
  const all = [...committed.list()];
  const one = record(COMMITTED, [1 + random(4), someEntry(random)]);
  if (random(2) === 0 || all.length === 0) all.push(one);
  else all[random(all.length)] = one;
  return tuple(all);
}

/** A request to the server of entries around the end of its snapshot: its own, or others. */
function someRequest(state: State, server: string, servers: readonly string[], random: Random) {
  const log = at(state, "log", server);
  const snapshotIndex = Number(at(state, "snapshotIndex", server));
  if (!(log instanceof FunctionValue) || snapshotIndex === 0) return null;
  const entries = log.list();
  const prevLogIndex = snapshotIndex - 1;
  const own = entries.slice(prevLogIndex, prevLogIndex + 2);
  const term = near(at(state, "currentTerm", server), random);
  const from = servers[(servers.indexOf(server) + 1) % servers.length] ?? "";
  const previous = entries[prevLogIndex - 1];
  const prevLogTerm = previous instanceof FunctionValue ? (previous.values[1] as Value) : 0;
  const sent = own.map((entry) => (random(3) === 0 ? someEntry(random) : entry));
  const type = "AppendEntriesRequest";
  const values = [type, from, server, term, prevLogIndex, prevLogTerm, tuple(sent), 0];
  return record(REQUEST, values);
}

/** The state with one thing changed that a step of the server may change. */
function mutate(after: State, server: string, servers: readonly string[], random: Random): State {
  const set = (variable: string, value: Value): State => ({
    ...after,
    [variable]: setAt(after[variable], server, value),
  });
  const some = servers[random(servers.length)] ?? server;
  switch (random(13)) {
    case 0:
      return set("currentTerm", near(at(after, "currentTerm", server), random));
    case 1:
      return set("votedFor", random(3) === 0 ? NIL : some);
    case 2:
    case 3:
      return set("log", otherLog(at(after, "log", server), random));
    case 4:
      return set("role", ["Follower", "Candidate", "Leader"][random(3)] ?? "Leader");
    case 5:
      return set("commitIndex", near(at(after, "commitIndex", server), random));
    case 6:
      return set("lastApplied", near(at(after, "lastApplied", server), random));
    case 7: {
      const variable = random(2) === 0 ? "matchIndex" : "nextIndex";
      const indexes = at(after, variable, server);
      if (!(indexes instanceof FunctionValue)) throw new Error(`${variable} is no function`);
      const before = indexes.values[indexes.domain.position(some)] as Value;
      return set(variable, setAt(indexes, some, near(before, random)));
    }
    case 8: {
      const election = record(ELECTION, [1 + random(4), some]);
      return { ...after, elections: union(after.elections as Value, setOf([election])) };
    }
    case 9:
      return set("snapshotIndex", near(at(after, "snapshotIndex", server), random));
    case 10:
      return set("round", near(at(after, "round", server), random));
    case 11: {
      const read = record(READ, [random(3), random(4), random(4)]);
      return random(2) === 0
        ? set("reads", union(at(after, "reads", server), setOf([read])))
        : { ...after, answered: setOf([record(ANSWER, [random(3), random(3)])]) };
    }
    default:
      return { ...after, committed: otherCommitted(after.committed, random) };
  }
}

test("the incremental properties are the whole ones on steps that were changed at random", () => {
  const found = new Map<string, number>();
  const disagreements: unknown[] = [];
  for (const [number, trace] of TRACES.entries()) {
    const names = new Names(trace.header.servers);
    const servers = trace.header.servers.map((server) => names.server(server));
    const whole = brokenBy(servers, true);
    const incremental = brokenBy(servers, false);
    const walk = new TraceWalk(trace, names, new Events(trace.events, names));
    const random = randomFrom(number + 1);
    let now = walk.initial();
    for (const [place, { server }] of trace.events.entries()) {
      const step = walk.step(now, place);
      if ("kind" in step) throw new Error(`${trace.name} diverges`);
      const acting = names.server(server);
      for (let i = 0; i < MUTATIONS_OF_A_STEP; i++) {
        const mutated = mutate(step.after, acting, servers, random);
        const request = random(3) === 0 ? someRequest(now, acting, servers, random) : null;
        const extra = setOf(request === null ? [] : [request]);
        const before = { ...now, messages: union(now.messages as Value, extra) };
        // The properties held before, also of the request that is on its way.
        if (namesOf(whole, before, before, acting) !== "") continue;
        const after = { ...mutated, messages: union(mutated.messages as Value, extra) };
        const expected = namesOf(whole, before, after, acting);
        const actual = namesOf(incremental, before, after, acting);
        for (const name of expected.split(",")) found.set(name, (found.get(name) ?? 0) + 1);
        if (actual !== expected) disagreements.push({ place, expected, actual });
      }
      now = step.after;
    }
  }
  expect(disagreements).toEqual([]);
  for (const name of [
    "",
    "TypeOK",
    "ElectionSafety",
    "LogMatching",
    "LeaderCompleteness",
    "StateMachineSafety",
    "LeaderVotedForItself",
    "CommittedOnMajority",
    "LeaderAppendOnly",
    "OneVoteATerm",
    "TermGrows",
    "CommitIndexGrows",
    "MatchIndexIsTrue",
    "FollowersIssueNoRequests",
    "SnapshotIsApplied",
    "SnapshotIsCommitted",
    "CompactedEntriesAgree",
    "SnapshotIndexGrows",
    "ReadsSeeWhatWasCommitted",
    "OnlyLeadersHaveReads",
  ]) {
    expect(found.get(name), name).toBeGreaterThan(0);
  }
});
