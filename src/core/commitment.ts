import { ActionNotEnabled, completeStep, type Server } from "./server.ts";
import type { Index } from "./types.ts";

/**
 * The highest index that the leader may commit now; 0 where there is none.
 * Only an index that some server acknowledged last, or the log's end, can be it.
 *
 * @claim SlowMinority
 */
export function committableIndex(server: Server): Index {
  if (server.role !== "Leader") return 0;
  let highest = isCommittable(server, server.log.lastIndex) ? server.log.lastIndex : 0;
  for (const match of server.matchIndex.values()) {
    if (match > highest && isCommittable(server, match)) highest = match;
  }
  return highest;
}

function isCommittable(server: Server, index: Index): boolean {
  return (
    index > server.commitIndex &&
    index <= server.log.lastIndex &&
    server.rules.isMajority(server, server.rules.holdersOf(server, index)) &&
    server.rules.entryIsOfThisTerm(server, index)
  );
}

/**
 * The leader finds the entry at `index`, and so all before it, on a majority.
 *
 * @action AdvanceCommitIndex §5.3 §5.4.2
 * @claim OnlyOwnTermIsCounted
 * @throws ActionNotEnabled where the entry may not be committed by counting
 */
export function advanceCommitIndex(server: Server, index: Index): void {
  if (server.role !== "Leader" || !isCommittable(server, index)) {
    throw new ActionNotEnabled("AdvanceCommitIndex", server, `index ${index} may not be committed`);
  }
  server.commitIndex = index;
  completeStep(server, "AdvanceCommitIndex", { index });
}

/**
 * The highest index that may be applied now; lastApplied where there is none.
 *
 * @claim CommittedIsExecuted
 */
export function applicableIndex(server: Server): Index {
  if (
    server.commitIndex < server.log.lastIndex &&
    server.rules.mayApply(server, server.log.lastIndex)
  ) {
    return server.log.lastIndex;
  }
  return Math.max(server.lastApplied, server.commitIndex);
}

/**
 * Applies entries, in the order of the log, up to `index`. The host gives them to the
 * state machine when it takes the output.
 *
 * @action Apply §5.3
 * @claim StateMachineSafety
 * @throws ActionNotEnabled where `index` is not committed or is applied already
 */
export function apply(server: Server, index: Index): void {
  if (index <= server.lastApplied || !server.rules.mayApply(server, index)) {
    throw new ActionNotEnabled("Apply", server, `index ${index} may not be applied`);
  }
  const { output } = server;
  if (output.appliedFrom === 0) output.appliedFrom = server.lastApplied + 1;
  server.lastApplied = index;
  completeStep(server, "Apply", { index });
}
