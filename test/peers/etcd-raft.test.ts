import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import { RAFT_ACTIONS, type TraceAction } from "../../src/trace/format.ts";
import { agreeing } from "../../trace-check/agreeing.ts";
import { type CheckResult, checkPaths } from "../../trace-check/check.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import type { DivergenceKind } from "../../trace-check/engine.ts";
import type { Explanation } from "../../trace-check/explain.ts";
import { readWords } from "../../trace-check/words.ts";
import { TLC_MILLISECONDS, tlcForTests } from "../trace-check/tlc.ts";
import {
  buildDriver,
  buildPatchedDriver,
  type Driven,
  drive,
  type Patch,
  whyNoDriver,
} from "./etcd-driver.ts";

/** Executions of 500 events; LOCKSTEP_ETCD_EXECUTIONS=100 is the full measure, for more time. */
const EXECUTIONS = Number(process.env.LOCKSTEP_ETCD_EXECUTIONS ?? 40);
const EXECUTIONS_OF_A_VARIANT = Math.ceil(EXECUTIONS / 5);
const EXECUTIONS_OF_A_PLANT = 20;
const MILLISECONDS = 2 * TLC_MILLISECONDS;

/** The faults that the driver plants in its log (fault.go), and what must be said of them. */
const LOGGING_FAULTS = [
  { fault: "vote", action: "HandleRequestVoteRequest", property: "sent" },
  { fault: "commit", action: "HandleAppendEntriesRequest", property: "commitIndex" },
  { fault: "match", action: "HandleAppendEntriesRequest", property: "sent" },
  { fault: "restart", action: "Restart", property: "votedFor" },
  { fault: "command", action: "SendAppendEntries", property: "sent" },
] as const;

/** A fault in raft itself, planted in a copy of it, and what must be said of it. */
interface Plant {
  readonly name: string;
  readonly patch: Patch;
  readonly action: TraceAction;
  readonly kind: DivergenceKind;
  /** The finding, or the rule that does not hold, that tells what is wrong. */
  readonly named: string;
  /** The rule that it must look like the forgetting of; null where it is no rule of the spec. */
  readonly looksLike: string | null;
}

const PLANTS: readonly Plant[] = [
  {
    name: "it votes for a candidate whose log is behind",
    patch: {
      file: "raft.go",
      text: "if canVote && r.raftLog.isUpToDate(candLastID) {",
      replacement: "if _ = candLastID; canVote {",
    },
    action: "HandleRequestVoteRequest",
    kind: "mismatch",
    named: "LogIsUpToDate",
    looksLike: "LogIsUpToDate",
  },
  {
    name: "it votes twice in a term",
    patch: {
      file: "raft.go",
      text: "canVote := r.Vote == m.From ||",
      replacement: "canVote := r.Vote == m.From || r.Vote != None ||",
    },
    action: "HandleRequestVoteRequest",
    kind: "mismatch",
    named: "VoteIsFree",
    looksLike: "VoteIsFree",
  },
  {
    name: "it commits entries of older terms by counting",
    patch: {
      file: "log.go",
      text: "at.index > l.committed && l.matchTerm(at)",
      replacement: "at.index > l.committed",
    },
    action: "AdvanceCommitIndex",
    kind: "notEnabled",
    named: "EntryIsOfThisTerm",
    looksLike: "EntryIsOfThisTerm",
  },
  {
    name: "it takes a minority for a majority",
    patch: {
      file: "quorum/majority.go",
      text: "pos := n - (n/2 + 1)",
      replacement: "pos := n - n/2",
    },
    action: "AdvanceCommitIndex",
    kind: "notEnabled",
    named: "IsMajority",
    looksLike: "IsMajority",
  },
  {
    name: "it acknowledges all that its log holds",
    patch: {
      file: "raft.go",
      text: "Index: mlastIndex})",
      replacement: "Index: max(mlastIndex, r.raftLog.lastIndex())})",
    },
    action: "HandleAppendEntriesRequest",
    kind: "mismatch",
    named: "sent",
    looksLike: "AcknowledgedIndex",
  },
];

const tlc = tlcForTests();
const leftOut = await whyNoDriver();

if (leftOut !== null) console.warn(`etcd's raft is left out of the tests: ${leftOut}`);

describe.skipIf(leftOut !== null)("etcd's raft", { timeout: MILLISECONDS }, () => {
  let folder = "";
  let program = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lockstep-etcd-"));
    program = await buildDriver(folder);
  }, MILLISECONDS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const check = async (...folders: readonly string[]): Promise<CheckResult> =>
    checkPaths(folders, {
      engine: agreeing(tlc(), createCompiledEngine()),
      words: await readWords(packageFolder()),
    });

  const make = (name: string, ...flags: readonly string[]): Promise<Driven> =>
    drive(program, join(folder, name), flags);

  const runs = (count: number): readonly string[] => ["-runs", String(count)];

  test("is a Raft: every step of its executions under faults is a step of the spec", async () => {
    const driven = await make("plain", ...runs(EXECUTIONS));
    expect(driven.failures).toEqual([]);
    const result = await check(join(folder, "plain"));
    expect(result.divergences).toEqual([]);
    expect(result.malformed).toEqual([]);
    expect(result.valid).toBe(EXECUTIONS);
    expect(result.events).toBe(driven.events);
    expect(driven.events).toBeGreaterThanOrEqual(500 * EXECUTIONS);
    expect(Object.keys(driven.actions).sort()).toEqual([...RAFT_ACTIONS].sort());
    for (const fault of ["crash", "crash before persisting", "crash while sending"]) {
      expect(driven.counts[fault], fault).toBeGreaterThan(0);
    }
    for (const fault of ["cluster split", "leader isolated", "message lost", "message cut off"]) {
      expect(driven.counts[fault], fault).toBeGreaterThan(0);
    }
    expect(driven.counts["message duplicated"]).toBeGreaterThan(0);
    expect(driven.counts["command executed"]).toBeGreaterThan(10 * EXECUTIONS);
  });

  describe("with options of its own", () => {
    const variants = ["-prevote", "-checkquorum", "-prevote -checkquorum", "-split"];
    const driven = new Map<string, Driven>();
    let result: CheckResult;
    beforeAll(async () => {
      for (const flags of variants) {
        driven.set(flags, await make(flags, ...runs(EXECUTIONS_OF_A_VARIANT), ...flags.split(" ")));
      }
      result = await check(...variants.map((flags) => join(folder, flags)));
    }, MILLISECONDS);

    test.for(variants)("is a Raft: %s", (flags) => {
      expect(driven.get(flags)?.failures).toEqual([]);
      expect(driven.get(flags)?.executions).toBe(EXECUTIONS_OF_A_VARIANT);
      expect(divergencesIn(result, join(folder, flags))).toEqual([]);
    });

    test("is checked to the last event", () => {
      const events = [...driven.values()].reduce((sum, made) => sum + made.events, 0);
      expect(result.malformed).toEqual([]);
      expect(result.events).toBe(events);
      expect(result.valid).toBe(variants.length * EXECUTIONS_OF_A_VARIANT);
    });
  });

  test("is driven the same way by the same seed", async () => {
    await make("once", "-seed", "7", ...runs(1));
    await make("again", "-seed", "7", ...runs(1));
    const trace = (name: string) => readFile(join(folder, name, "etcd-raft-00007.ndjson"), "utf8");
    expect(await trace("again")).toBe(await trace("once"));
  });

  describe("is found out where its log is wrong", () => {
    const planted = new Map<string, number>();
    let result: CheckResult;
    beforeAll(async () => {
      for (const { fault } of LOGGING_FAULTS) {
        planted.set(fault, (await make(fault, ...runs(10), "-fault", fault)).planted);
      }
      result = await check(...LOGGING_FAULTS.map(({ fault }) => join(folder, fault)));
    }, MILLISECONDS);

    test.for(LOGGING_FAULTS)("$fault", ({ fault, action, property }) => {
      const divergences = divergencesIn(result, join(folder, fault));
      expect(planted.get(fault)).toBeGreaterThan(0);
      expect(divergences.length).toBe(planted.get(fault));
      for (const divergence of divergences) {
        expect(divergence).toMatchObject({ action, kind: "mismatch", property });
      }
    });
  });

  describe("is found out where it is wrong", () => {
    let result: CheckResult;
    beforeAll(async () => {
      for (const { name, patch } of PLANTS) {
        const home = join(folder, name);
        await mkdir(home);
        const patched = await buildPatchedDriver(home, patch);
        await drive(patched, join(home, "traces"), runs(EXECUTIONS_OF_A_PLANT));
      }
      result = await check(...PLANTS.map(({ name }) => join(folder, name, "traces")));
    }, MILLISECONDS);

    test.for(PLANTS)("$name", ({ name, action, kind, named, looksLike }) => {
      const divergences = divergencesIn(result, join(folder, name));
      expect(divergences.length).toBeGreaterThan(0);
      for (const divergence of divergences) {
        expect(divergence).toMatchObject({ action, kind });
        const broken = divergence.decisions.filter(({ holds }) => !holds);
        expect([
          ...divergence.findings.map((finding) => finding.name),
          ...broken.map(({ rule }) => rule),
        ]).toContain(named);
        if (looksLike !== null) {
          expect(divergence.looksLike.map(({ rule }) => rule)).toContain(looksLike);
        }
      }
    });
  });
});

function divergencesIn(result: CheckResult, folder: string): readonly Explanation[] {
  return result.divergences.filter(({ file }) => file.startsWith(folder + sep));
}
