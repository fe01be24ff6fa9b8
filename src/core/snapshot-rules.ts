import type { Server } from "./server.ts";
import type { Index, InstallSnapshotRequest, PersistentState } from "./types.ts";

/** The rules of `spec/RaftSnapshots.tla`, under their names and in their order (§7). */
export interface SnapshotRules {
  mayCompact(server: Server, index: Index): boolean;
  snapshotIsNews(server: Server, message: InstallSnapshotRequest): boolean;
  snapshotMatchesLog(server: Server, message: InstallSnapshotRequest): boolean;
  recoveredSnapshotIndex(stored: PersistentState): Index;
}

/** Log compaction, with nothing forgotten. */
export const snapshotRules: SnapshotRules = {
  /** Only what is applied goes into a snapshot. */
  mayCompact: (server, index) => index <= server.lastApplied,

  /** A snapshot of no more than is known to be committed takes nothing back. */
  snapshotIsNews: (server, message) => message.lastIncludedIndex > server.commitIndex,

  /** The log holds all that the snapshot includes: the entries after it are kept. */
  snapshotMatchesLog: ({ log }, { lastIncludedIndex, lastIncludedTerm }) =>
    lastIncludedIndex <= log.lastIndex &&
    (lastIncludedIndex < log.snapshotIndex || log.termAt(lastIncludedIndex) === lastIncludedTerm),

  /** The snapshot survives a restart, and so does that it is committed and applied. */
  recoveredSnapshotIndex: (stored) => stored.snapshot?.lastIncludedIndex ?? 0,
};
