/** Which rules speak against an event, where several could. */
import type { TraceVariable } from "../../src/trace/format.ts";
import type { Divergence } from "../engine.ts";

/** What a server must find again after a crash, the most telling first, and the rule that says so. */
const RECOVERED: readonly (readonly [TraceVariable, string])[] = [
  ["currentTerm", "RecoveredCurrentTerm"],
  ["votedFor", "RecoveredVotedFor"],
  ["log", "RecoveredLog"],
  ["snapshotIndex", "RecoveredSnapshotIndex"],
];

/**
 * The rules of what a restart lost. Each holds whatever there is in place of what was lost: that a
 * forgotten rule gives another value does not make the loss a lesser one.
 */
export function rulesLostAt({ action, kind, findings }: Divergence): readonly string[] {
  if (action !== "Restart" || kind !== "mismatch") return [];
  const differing = new Set(findings.map(({ name }) => name));
  return RECOVERED.filter(([variable]) => differing.has(variable)).map(([, rule]) => rule);
}

/** Those that speak against an event where they are true: to forget one is to take it for false. */
export const AGAINST_WHERE_TRUE: ReadonlySet<string> = new Set([
  "TermIsLarger",
  "TermIsStale",
  "EntriesAgree",
  "LastTermsDiffer",
  "SnapshotMatchesLog",
]);

/**
 * Whether what a rule said speaks against the event. One that helps to explain it only once another is
 * forgotten too may have allowed it: a vote is free in a larger term, unless that is not adopted.
 */
export function speaksAgainst(rule: string, { decisions }: Divergence): boolean {
  const decision = decisions.find((each) => each.rule === rule);
  return decision === undefined || decision.holds === AGAINST_WHERE_TRUE.has(rule);
}
