/**
 * `CommittedInPlace` of spec/TraceRaft.tla leaves what is committed where it is, unless a commit
 * changes something there. With WholeProperties it makes all of it anew, as `CommittedAfter` of
 * spec/Raft.tla does: held against each other on commits into histories made at random, and on
 * recorded executions.
 */
import { expect, test } from "vitest";
import { build } from "../../src/engine/generated/trace-raft.ts";
import {
  EMPTY_TUPLE,
  equal,
  makeFunction,
  record,
  recordShape,
  setOf,
  tuple,
} from "../../src/engine/runtime.ts";
import { ALTERNATIVE, type State } from "../../src/engine/spec.ts";
import { FunctionValue, type Value } from "../../src/engine/values.ts";
import { Events } from "../../trace-check/compiled/events.ts";
import { TraceWalk } from "../../trace-check/compiled/walk.ts";
import { Names, NIL } from "../../trace-check/prepare.ts";
import { record as recordExecution } from "../trace-check/record.ts";
import { randomFrom } from "./mutations.ts";

const SERVERS = ["s1", "s2", "s3"];
const LEADER = "s1";
const ENTRY = recordShape(["command", "term"]);
const COMMITTED = recordShape(["term", "entry"]);
const EVENT = recordShape(["action", "index", "isLast", "received", "kept"]);

type Take = (now: State, after: State, event: Value, server: Value, then: () => void) => void;

/** `committed` after the leader's commit up to an index, by `Take` of the compiled spec. */
function commit(now: State, index: number, wholeProperties: boolean): Value | undefined {
  const values = ["AdvanceCommitIndex", index, false, EMPTY_TUPLE, setOf([])];
  const event = record(EVENT, values);
  const constants = new Map<string, Value>([
    ["Server", setOf(SERVERS)],
    ["Nil", NIL],
    ["NoOp", 0],
    ["WholeProperties", wholeProperties],
    [ALTERNATIVE, ""],
  ]);
  const spec = build(constants, { EventAt: () => event, LoggedVariables: () => setOf([]) });
  const after = spec.blank();
  let committed: Value | undefined;
  (spec.operators.Take as unknown as Take)(
    { ...spec.blank(), ...now },
    after,
    event,
    LEADER,
    () => {
      committed = after.committed;
    },
  );
  return committed;
}

function forAll(value: Value): Value {
  return makeFunction(setOf(SERVERS), () => value);
}

/** A state in which the leader of a term can commit up to the end of its log. */
function stateWith(term: number, log: readonly Value[], committed: readonly Value[]): State {
  return {
    trace: 1,
    position: 0,
    messages: setOf([]),
    sent: setOf([]),
    currentTerm: forAll(term),
    votedFor: forAll(LEADER),
    role: forAll("Leader"),
    log: forAll(tuple(log)),
    commitIndex: forAll(0),
    lastApplied: forAll(0),
    votesGranted: forAll(setOf([])),
    nextIndex: forAll(forAll(log.length + 1)),
    matchIndex: forAll(forAll(log.length)),
    elections: setOf([]),
    committed: tuple(committed),
    snapshotIndex: forAll(0),
    round: forAll(0),
    confirmedRound: forAll(forAll(0)),
    reads: forAll(setOf([])),
    answered: setOf([]),
  };
}

test("a commit in place is the commit that makes the whole history anew", () => {
  const random = randomFrom(1);
  let lowered = 0;
  for (let round = 0; round < 2000; round++) {
    const term = 1 + random(4);
    const log = Array.from({ length: 1 + random(6) }, (_, i) => record(ENTRY, [i, term]));
    let last = 1;
    const committed = Array.from({ length: random(7) }, (_, i) => {
      last += random(2);
      return record(COMMITTED, [last, record(ENTRY, [i, 1])]);
    });
    const now = stateWith(term, log, committed);
    const index = 1 + random(log.length);
    const inPlace = commit(now, index, false);
    const whole = commit(now, index, true);
    if (inPlace === undefined || whole === undefined) throw new Error("there was no commit");
    expect(equal(inPlace, whole)).toBe(true);
    if (!committed.every((each, i) => i >= index || Number(each.values[1]) <= term)) lowered++;
  }
  expect(lowered).toBeGreaterThan(100);
});

test("recorded executions commit the same in both ways, in terms that never decrease", () => {
  const trace = recordExecution({ seed: 7, events: 800, longestLog: 60, timeouts: 40 });
  const names = new Names(trace.header.servers);
  const events = new Events(trace.events, names);
  const inPlace = new TraceWalk(trace, names, events);
  const whole = new TraceWalk(trace, names, events, { wholeProperties: true });
  let state = inPlace.initial();
  let other = whole.initial();
  for (let place = 0; place < trace.events.length; place++) {
    const step = inPlace.step(state, place);
    const otherStep = whole.step(other, place);
    if ("kind" in step || "kind" in otherStep) throw new Error(`event ${place} diverges`);
    state = step.after;
    other = otherStep.after;
    expect(equal(state.committed as Value, other.committed as Value)).toBe(true);
  }
  const { committed } = state;
  if (!(committed instanceof FunctionValue)) throw new Error("committed is no sequence");
  const terms = committed.list().map((each) => Number((each as FunctionValue).values[1]));
  expect(terms.length).toBeGreaterThan(20);
  expect(terms).toEqual(terms.toSorted((a, b) => a - b));
});
