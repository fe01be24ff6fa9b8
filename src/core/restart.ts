import { Log } from "./log.ts";
import { completeStep, createServer, type Server, type ServerOptions } from "./server.ts";
import type { PersistentState } from "./types.ts";

/**
 * A server comes back from stable storage after a crash. A killed process logs nothing,
 * so that this one step stands for the crash too. What the snapshot includes is committed and
 * applied: the host restores its state machine from it (§7).
 *
 * @action Restart §5 §7 Figure 2
 * @claim CrashesAreSurvived
 * @returns a follower that remembers what was durable, and nothing else
 */
export function restart(options: ServerOptions, stored: PersistentState): Server {
  const server = createServer(options);
  const { rules } = server;
  const snapshot = stored.snapshot ?? null;
  const snapshotIndex = rules.recoveredSnapshotIndex(stored);
  server.currentTerm = rules.recoveredCurrentTerm(stored);
  server.votedFor = rules.recoveredVotedFor(stored);
  const entries = options.makeEntries?.();
  if (snapshot === null) {
    server.log = new Log(rules.recoveredLog(stored), 0, 0, entries);
  } else if (snapshotIndex === snapshot.lastIncludedIndex) {
    const { lastIncludedTerm } = snapshot;
    server.log = new Log(rules.recoveredLog(stored), snapshotIndex, lastIncludedTerm, entries);
    server.snapshotIndex = snapshotIndex;
    server.snapshotData = snapshot.data;
  }
  server.commitIndex = snapshotIndex;
  server.lastApplied = snapshotIndex;
  server.logChangedFrom = snapshotIndex + 1;
  completeStep(server, "Restart", {});
  return server;
}
