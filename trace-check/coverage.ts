/** How much a set of traces tried: which actions, and which answers of the rules. */
import type { CheckResult } from "./check.ts";

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
export function unseenRules(rules: NonNullable<CheckResult["rules"]>): UnseenRules {
  const all = Object.entries(rules);
  return {
    granting: all.filter(([, { granted }]) => granted === 0).map(([rule]) => rule),
    refusing: all
      .filter(([rule, { refused }]) => refused === 0 && !NEVER_SEEN_REFUSING.has(rule))
      .map(([rule]) => rule),
  };
}

/** What a set of traces did not try, a line each: actions, and answers of rules. */
export function coverageGaps(result: CheckResult): readonly string[] {
  const { granting, refusing } =
    result.rules === null ? { granting: [], refusing: [] } : unseenRules(result.rules);
  return [
    ...Object.entries(result.coverage)
      .filter(([, count]) => count === 0)
      .map(([action]) => `no trace has the action ${action}`),
    ...granting.map((rule) => `the rule ${rule} was never seen granting`),
    ...refusing.map((rule) => `the rule ${rule} was never seen refusing`),
  ];
}
