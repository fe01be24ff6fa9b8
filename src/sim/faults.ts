/** The kinds of faults, each counted over a run. */
export const FAULT_KINDS = [
  "messageLost",
  "messageDuplicated",
  "messageDelayed",
  "messageReordered",
  "partition",
  "oneWayPartition",
  "partialPartition",
  "crash",
  "crashBeforePersisting",
  "crashWhilePersisting",
  "crashBeforeSending",
  "restart",
  "groupCommit",
  "fastClock",
  "slowClock",
  "clockJump",
  "answerLost",
  "clientRetry",
  "clientRedirect",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export type FaultCounts = Record<FaultKind, number>;

/** Nothing has gone wrong yet. */
export function noFaults(): FaultCounts {
  return {
    messageLost: 0,
    messageDuplicated: 0,
    messageDelayed: 0,
    messageReordered: 0,
    partition: 0,
    oneWayPartition: 0,
    partialPartition: 0,
    crash: 0,
    crashBeforePersisting: 0,
    crashWhilePersisting: 0,
    crashBeforeSending: 0,
    restart: 0,
    groupCommit: 0,
    fastClock: 0,
    slowClock: 0,
    clockJump: 0,
    answerLost: 0,
    clientRetry: 0,
    clientRedirect: 0,
  };
}

/** Adds the counts of one run to those of many. */
export function addFaults(total: FaultCounts, more: FaultCounts): void {
  for (const kind of FAULT_KINDS) total[kind] += more[kind];
}
