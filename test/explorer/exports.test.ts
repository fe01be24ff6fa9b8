import { transformSync } from "esbuild";
import { expect, test } from "vitest";
import * as core from "../../src/core/index.ts";
import { nextRandom, randomFrom, stepAtRandom } from "../../src/explorer/model/chance.ts";
import { optionsOf } from "../../src/explorer/model/choices.ts";
import { formatLink, parseLink } from "../../src/explorer/model/link.ts";
import type { Move } from "../../src/explorer/model/move.ts";
import { RecordedPath } from "../../src/explorer/model/recorded.ts";
import { frameOf, make, makeAll, movesTo, newSession } from "../../src/explorer/model/session.ts";
import { testText } from "../../src/explorer/model/test-text.ts";
import { viewOf } from "../../src/explorer/model/view.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { TRACE_FORMAT, VARIABLES } from "../../src/trace/format.ts";

/** An execution at random, with a fault now and then. */
function atRandom(seed: number, steps: number) {
  let session = newSession(3);
  let random = randomFrom(seed);
  for (let step = 0; step < steps; step++) {
    const { spec } = session;
    const frame = frameOf(session);
    random = nextRandom(random);
    const options = optionsOf(frame, spec);
    const view = viewOf(frame.state, spec.servers, spec.names);
    const option = stepAtRandom(options, frame, view, random);
    const [oldest] = frame.network.inFlight;
    const isFault = step % 9 === 8 && oldest !== undefined;
    const move: Move | null = isFault
      ? { kind: "duplicate", message: oldest.message.id }
      : option && { kind: "step", choice: option.choice };
    const next = move === null ? "nothing is possible" : make(session, move);
    if (typeof next === "string") throw new Error(next);
    session = next;
  }
  return session;
}

test("a link gives back the moves that it was made of, and nonsense gives none", () => {
  const faults: readonly Move[] = [
    { kind: "crash", server: "s2" },
    { kind: "partition", groups: [["s1"], ["s2", "s3"]] },
    { kind: "heal" },
    { kind: "forget", forgotten: { rule: "VoteIsFree", where: "code" } },
    { kind: "forget", forgotten: null },
  ];
  for (let seed = 1; seed <= 3; seed++) {
    const session = atRandom(seed, 50);
    const moves = [...movesTo(session.path, session.path.length - 1), ...faults];
    const text = formatLink({ servers: 3, moves, position: 7, seed });
    expect(text).toMatch(/^[\w=&.%~-]+$/);
    expect(parseLink(text)).toEqual({ servers: 3, moves, position: 7, seed });
    const again = makeAll(newSession(3), moves);
    if (typeof again === "string") throw new Error(again);
    const { servers, names } = session.spec;
    const view = viewOf(session.path.at(50).state, servers, names);
    expect(viewOf(again.path.at(50).state, servers, again.spec.names)).toEqual(view);
  }
  for (const nonsense of ["", "n=0", "n=3&s=T1.??", "n=3&s=W9", "whatever"]) {
    expect(parseLink(nonsense), nonsense).toBeNull();
  }
});

test("a trace from the page is valid to the checker", () => {
  const { path, spec } = atRandom(4, 60);
  const events = Array.from(
    { length: path.length - 1 },
    (_, i) => path.stepAt(i + 1)?.event,
  ).filter((event): event is TraceEvent => event !== undefined);
  const implementation = { name: "explorer", version: "1" };
  const header = {
    format: TRACE_FORMAT,
    version: 1,
    servers: spec.servers,
    variables: VARIABLES,
    implementation,
  } as const;
  const recorded = new RecordedPath({ name: "exported", header, events });
  expect(recorded.divergesAt).toBeNull();
  expect(recorded.fallenAt(recorded.length - 1).size).toBe(0);
});

test("a test from the page passes, and fails where the code does something else", () => {
  const { path, spec } = atRandom(5, 40);
  const text = testText(path, 40, spec.servers);
  const script = transformSync(text.replaceAll(/^import .*$/gm, ""), { loader: "ts" }).code;
  const run = (functions: object): void => {
    const names = Object.keys(functions);
    const body = new Function("expect", "test", ...names, script);
    body(expect, (_name: string, check: () => void) => check(), ...Object.values(functions));
  };
  expect(() => run({ ...core })).not.toThrow();
  expect(() => run({ ...core, becomeLeader: () => {} })).toThrow();
});
