/** How much a set of traces tried: which actions, and which answers of the rules. */
import {
  noActions,
  RAFT_ACTIONS,
  READ_ACTIONS,
  SNAPSHOT_ACTIONS,
  type TraceAction,
} from "../src/trace/format.ts";
import type { CheckResult } from "./check.ts";
import type { RuleCount } from "./engine.ts";

/**
 * What an implementation may have and need not: its actions and rules count once one of the
 * actions was taken.
 */
const EXTENSIONS: readonly {
  readonly actions: readonly TraceAction[];
  readonly rules: readonly string[];
}[] = [
  {
    actions: SNAPSHOT_ACTIONS,
    rules: ["MayCompact", "SnapshotIsNews", "SnapshotMatchesLog", "RecoveredSnapshotIndex"],
  },
  {
    actions: READ_ACTIONS,
    rules: [
      "HasCommittedInTerm",
      "RoundOfRead",
      "IndexOfRead",
      "ConfirmationIsOfThisTerm",
      "ConfirmersOf",
      "MayAnswer",
    ],
  },
];

/** How many events of each action there were. */
export type Coverage = Record<TraceAction, number>;

/** No event yet. */
export function noCoverage(): Coverage {
  return noActions();
}

/** The actions of Raft itself, and of the extensions that the traces use, with their counts. */
export function actionCounts(
  coverage: CheckResult["coverage"],
): readonly (readonly [TraceAction, number])[] {
  const used = EXTENSIONS.filter((extension) => isUsed(extension.actions, coverage));
  const actions = [...RAFT_ACTIONS, ...used.flatMap((extension) => extension.actions)];
  return actions.map((action) => [action, coverage[action]] as const);
}

/** The rules of Raft itself, and of the extensions that the traces use, with their counts. */
export function ruleCounts({
  rules,
  coverage,
}: Pick<CheckResult, "rules" | "coverage">): readonly (readonly [string, RuleCount])[] {
  const unused = EXTENSIONS.filter((extension) => !isUsed(extension.actions, coverage));
  const leftOut = new Set(unused.flatMap((extension) => extension.rules));
  return Object.entries(rules ?? {}).filter(([rule]) => !leftOut.has(rule));
}

function isUsed(actions: readonly TraceAction[], coverage: CheckResult["coverage"]): boolean {
  return actions.some((action) => coverage[action] > 0);
}

/**
 * Rules that no valid trace shows refusing: where they refuse nothing happens, and nothing is
 * logged (TakesCommands, NextIndexChoices), another property has to fall before
 * (MayBeOverwritten: Election Safety), or the action says nothing else (TermOfElection).
 */
const NEVER_SEEN_REFUSING: ReadonlySet<string> = new Set([
  "TermOfElection",
  "TakesCommands",
  "MayBeOverwritten",
  "NextIndexChoices",
]);

export interface UnseenRules {
  readonly granting: readonly string[];
  readonly refusing: readonly string[];
}

/** The rules that were not seen granting, or not refusing, though a valid trace can show it. */
export function unseenRules(result: Pick<CheckResult, "rules" | "coverage">): UnseenRules {
  const all = ruleCounts(result);
  return {
    granting: all.filter(([, { granted }]) => granted === 0).map(([rule]) => rule),
    refusing: all
      .filter(([rule, { refused }]) => refused === 0 && !NEVER_SEEN_REFUSING.has(rule))
      .map(([rule]) => rule),
  };
}

/** What a set of traces did not try, a line each: actions, and answers of rules. */
export function coverageGaps(result: CheckResult): readonly string[] {
  const { granting, refusing } = unseenRules(result);
  return [
    ...actionCounts(result.coverage)
      .filter(([, count]) => count === 0)
      .map(([action]) => `no trace has the action ${action}`),
    ...granting.map((rule) => `the rule ${rule} was never seen granting`),
    ...refusing.map((rule) => `the rule ${rule} was never seen refusing`),
  ];
}
