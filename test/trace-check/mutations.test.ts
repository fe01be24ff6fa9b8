import { describe, expect, test } from "vitest";
import {
  parseTrace,
  type Trace,
  TraceFormatError,
  type TraceVariable,
  traceText,
  VARIABLES,
} from "../../src/trace/index.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import { recordRandomExecution } from "../trace/recorded-cluster.ts";
import { workedExamples } from "../trace/worked-examples.ts";
import { REASONS, reasonFor } from "./mutations/allowed.ts";
import { type Mutation, mutationsOf } from "./mutations/mutate.ts";
import { type Parting, replay } from "./mutations/replay.ts";
import { sample } from "./mutations/sample.ts";
import { TLC_MILLISECONDS, tlcForTests } from "./tlc.ts";

/**
 * Damage to valid traces, and what becomes of it. The checker's verdict on every damaged
 * trace is held against a second opinion that knows nothing of TLA+: the core, taken
 * through the trace action by action. Both must reject it at the same event, or both must
 * allow it; and what is allowed must be so for a reason that shows in the trace itself.
 *
 * `LOCKSTEP_MUTATIONS=20000 npx vitest run test/trace-check/mutations.test.ts` checks more.
 */
const MOST_MUTATIONS = Number(process.env.LOCKSTEP_MUTATIONS ?? 2500);

const tlc = tlcForTests();

/** An execution of the core; where fewer variables are named, as if only they were seen. */
function recorded(
  seed: number,
  servers: number,
  variables?: readonly TraceVariable[],
  steps?: number,
): Trace {
  const ids = Array.from({ length: servers }, (_, place) => `s${place + 1}`);
  const { header, events } = recordRandomExecution(seed, steps ?? 60, ids, steps !== undefined);
  const shown = events.map(({ changed = {}, ...event }) => {
    const logged = Object.entries(changed).filter(
      ([name]) => variables === undefined || variables.some((each) => each === name),
    );
    return { ...event, changed: Object.fromEntries(logged) };
  });
  const fields = { ...header, variables: variables ?? header.variables };
  return parseTrace(traceText(fields, shown), `seed ${seed}`);
}

function bases(): readonly Trace[] {
  const worked = [...workedExamples()].filter(([name]) => !name.includes("/"));
  return [
    ...worked.map(([name, content]) => parseTrace(content, name)),
    recorded(1, 3),
    recorded(2, 3),
    recorded(5, 5),
    recorded(4, 2),
    recorded(6, 3, ["currentTerm", "log", "commitIndex"]),
    ...[11, 12].map((seed) => recorded(seed, 3, VARIABLES, 120)),
  ];
}

/** A mutation, and what came of reading it. */
interface Case {
  readonly base: Trace;
  readonly mutation: Mutation;
  readonly read: Trace | TraceFormatError;
}

function caseOf(base: Trace, mutation: Mutation): Case {
  const lines = [base.header, ...mutation.events].map((line) => JSON.stringify(line));
  try {
    return { base, mutation, read: parseTrace(lines.join("\n"), mutation.what) };
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return { base, mutation, read: error };
  }
}

const nameOf = ({ base, mutation }: Case): string => `${base.file}: ${mutation.what}`;

/** What can only show later: a number or a log that the next events do not go on from. */
const SHOWS_LATER = /leaves a gap|was there before|leaves a hole/;

const told = (parting: Parting | null): string =>
  parting === null ? "goes along" : `parts at ${parting.event} (${parting.kind})`;

/**
 * A change that is right by itself and wrong by what follows: nextIndex, which the leader
 * chooses, and the slice of the log that it sends; or what shows in no logged variable.
 */
function mayShowLater({ base, mutation }: Case): boolean {
  if (base.header.variables.length < VARIABLES.length) return true;
  const [first, second] = mutation.path;
  const isProgress = second === "nextIndex" || (first === "changed" && second === undefined);
  return (
    isProgress || (first === "sent" && base.events[mutation.place]?.action === "SendAppendEntries")
  );
}

describe("damage to a valid trace", () => {
  const cases = bases().flatMap((base) =>
    mutationsOf(base.header, base.events).map((mutation) => ({ base, mutation })),
  );
  const chosen = sample(cases, MOST_MUTATIONS).map(({ base, mutation }) => caseOf(base, mutation));
  const malformed = chosen.filter(({ read }) => read instanceof TraceFormatError);
  const readable = chosen.flatMap(({ base, mutation, read }) =>
    read instanceof TraceFormatError ? [] : [{ base, mutation, read }],
  );

  test("is of every kind, in thousands of ways", () => {
    const kinds = new Set(chosen.map(({ mutation }) => mutation.kind));
    expect(kinds).toEqual(new Set(["change", "drop", "repeat", "swap"]));
    expect(chosen.length).toBeGreaterThanOrEqual(Math.min(MOST_MUTATIONS, 2000));
    expect(readable.length).toBeGreaterThan(chosen.length / 3);
  });

  test("that breaks the form is refused by the reader, at its line", () => {
    for (const { base, mutation, read } of malformed) {
      if (!(read instanceof TraceFormatError)) continue;
      const line = mutation.place + 2;
      const isThere = SHOWS_LATER.test(read.problem) ? read.line >= line : read.line === line;
      expect(isThere, `${nameOf({ base, mutation, read })}: ${read.message}`).toBe(true);
    }
  });

  test(
    "is rejected by TLC where the core parts with it, and allowed only for a reason",
    async () => {
      const traces: TraceToCheck[] = readable.map(({ mutation, read }) => ({
        name: mutation.what,
        header: read.header,
        events: read.events,
      }));
      const verdicts = await tlc().check(traces);
      const tally = new Map<string, number>();
      const count = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);

      const wrong: string[] = [];
      for (const [number, each] of readable.entries()) {
        const { base, mutation, read } = each;
        const parting = replay(read.header, read.events);
        const divergence = verdicts[number]?.divergence ?? null;
        if (divergence?.event !== parting?.event || divergence?.kind !== parting?.kind) {
          wrong.push(`${nameOf(each)}: TLC ${told(divergence)}, the core ${told(parting)}`);
        } else if (divergence === null) {
          const reason = reasonFor(base.header, base.events, mutation, read.events);
          if (reason === null) wrong.push(`${nameOf(each)}: allowed without a reason`);
          else count(`${mutation.kind}, allowed: ${REASONS[reason]}`);
        } else {
          const isLater = mutation.kind === "change" && divergence.event !== mutation.place;
          if (isLater && !mayShowLater(each)) wrong.push(`${nameOf(each)}: rejected late`);
          const where = isLater ? ", where it is used" : "";
          count(`${mutation.kind}, rejected: ${divergence.kind}${where}`);
        }
      }
      expect(wrong).toEqual([]);
      tally.set("refused by the reader", malformed.length);
      const lines = [...tally]
        .sort()
        .map(([what, times]) => `${String(times).padStart(6)}  ${what}`);
      console.info(`${chosen.length} mutations of ${bases().length} traces:\n${lines.join("\n")}`);
    },
    (TLC_MILLISECONDS * (MOST_MUTATIONS + 2000)) / 2000,
  );

  test("shows a checker that has forgotten a rule", async () => {
    const forgetful = tlc({
      overrides: { VoteIsFree: "AnyVoteIsFree" },
      definitions: ["AnyVoteIsFree(s, m, vote) == TRUE"],
    });
    const some = readable.filter(({ base }) => base.file === "election.ndjson").slice(0, 50);
    const verdicts = await forgetful.check(
      some.map(({ mutation, read }) => ({ ...read, name: mutation.what })),
    );
    const isShown = some.some(
      ({ read }, number) =>
        verdicts[number]?.divergence?.event !== replay(read.header, read.events)?.event,
    );
    expect(isShown).toBe(true);
  });
});
