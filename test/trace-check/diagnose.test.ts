/**
 * Where an implementation forgets a rule, its first wrong step is one that the spec would allow
 * with that rule forgotten too: the explanation names it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ActionNotEnabled, type Rules } from "../../src/core/index.ts";
import { packageFolder } from "../../src/setup/environment.ts";
import { forgetRule } from "../../src/sim/forgotten-rules.ts";
import { diagnose } from "../../trace-check/compiled/diagnose.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import { countRules, noAnswers } from "../../trace-check/compiled/rule-counts.ts";
import type { Divergence, TraceToCheck } from "../../trace-check/engine.ts";
import { readWords, rulesIn } from "../../trace-check/words.ts";
import { record, workloadOf } from "./record.ts";

const words = await readWords(packageFolder());
const rules = rulesIn(words);
const engine = createCompiledEngine();
/** A few wrong steps of each rule are looked at, however rare they are. */
const ENOUGH = 5;
const MOST_SEEDS = 300;

/** Forgotten by the implementation, the spec has another mistake for it: no guard reads nextIndex. */
const ANOTHER_MISTAKE: readonly string[] = ["NextIndexChoices"];

/** While Election Safety holds, no leader ever hears another of its term. */
const UNSEEN: readonly string[] = ["MayBeOverwritten"];

test.each(rules)("a step that forgets %s looks like it", async (rule) => {
  const wrongSteps = await divergencesWithout(rule);
  const named = wrongSteps.map(({ trace, divergence }) => {
    return diagnose(trace, divergence, rules).looksLike.includes(rule);
  });
  if (UNSEEN.includes(rule)) return expect(named).toEqual([]);
  expect(named).toContain(!ANOTHER_MISTAKE.includes(rule));
  expect(named).not.toContain(ANOTHER_MISTAKE.includes(rule));
});

test("what Raft allows looks like no mistake, and says where the spec has the guard", async () => {
  const [wrong] = await divergencesWithout("EntryIsOfThisTerm");
  if (wrong === undefined) throw new Error("nothing diverged");
  const { looksLike, place } = diagnose(wrong.trace, wrong.divergence, rules);
  expect(looksLike).toEqual(["EntryIsOfThisTerm"]);
  expect(place).toBe(placeInSpec("EntryIsOfThisTerm(s, index)\n"));
});

/** Where a guard stands in an action of spec/Raft.tla. */
function placeInSpec(guard: string): string {
  const text = readFileSync(join(packageFolder(), "spec", "Raft.tla"), "utf8");
  const before = text.slice(0, text.indexOf(`  /\\ ${guard}`));
  return `spec/Raft.tla:${before.split("\n").length}`;
}

test("rules are counted as they answered, each as often as it was asked", () => {
  const trace = record({ seed: 1, events: 300, timeouts: 60 });
  const counts = noAnswers(rules);
  countRules(trace, trace.events.length, counts);
  const requests = trace.events.filter(({ action }) => action === "HandleRequestVoteRequest");
  const granting = requests.filter(({ sent }) => {
    return sent?.some((message) => "voteGranted" in message && message.voteGranted);
  });
  const free = counts.VoteIsFree;
  const upToDate = counts.LogIsUpToDate;
  expect(free?.granted).toBeGreaterThanOrEqual(granting.length);
  expect(upToDate?.granted).toBeGreaterThanOrEqual(granting.length);
  expect((upToDate?.granted ?? 0) + (upToDate?.refused ?? 0)).toBeLessThanOrEqual(requests.length);
  expect(counts.TakesCommands).toEqual({
    granted: trace.events.filter(({ action }) => action === "ClientRequest").length,
    refused: 0,
  });
});

interface WrongStep {
  readonly trace: TraceToCheck;
  readonly divergence: Divergence;
}

/** Some first wrong steps of servers that forget the rule, in random executions. */
async function divergencesWithout(rule: string): Promise<readonly WrongStep[]> {
  const forgetful = forgetRule(rule);
  if (forgetful === null) throw new Error(`the simulator cannot forget ${rule}`);
  const found: WrongStep[] = [];
  for (let seed = 1; seed <= MOST_SEEDS && found.length < ENOUGH; seed++) {
    const [trace] = recorded(seed, rule, forgetful);
    if (trace === undefined) continue;
    const [verdict] = await engine.check([trace]);
    const divergence = verdict?.divergence ?? null;
    if (divergence !== null) found.push({ trace, divergence });
  }
  return found;
}

/** Nothing where the core itself stops at a step that makes no sense. */
function recorded(seed: number, rule: string, forgetful: Rules): readonly TraceToCheck[] {
  try {
    return [record({ seed, events: 300, timeouts: 60, rules: forgetful, ...workloadOf(rule) })];
  } catch (error) {
    if (error instanceof ActionNotEnabled) return [];
    throw error;
  }
}
