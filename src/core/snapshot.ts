import { ActionNotEnabled, completeStep, type Server } from "./server.ts";
import { hearLeader, underLeader } from "./term.ts";
import type { Index, InstallSnapshotRequest, ServerId, SnapshotData } from "./types.ts";

/** Whether the entries up to `index` may be compacted now. */
export function canCompactLog(server: Server, index: Index): boolean {
  return (
    index > server.snapshotIndex &&
    index <= server.log.lastIndex &&
    server.rules.mayCompact(server, index)
  );
}

/**
 * A snapshot of the state machine takes the place of the entries up to `index`. Where the host
 * has made it durable before it calls this, it has nothing left to persist.
 *
 * @param data the state machine's state once `index` was applied, and nothing after it
 * @action CompactLog §7
 * @claim LogIsCompacted
 * @throws ActionNotEnabled where `index` is not applied, or is in a snapshot already
 */
export function compactLog(server: Server, index: Index, data: SnapshotData): void {
  if (!canCompactLog(server, index)) {
    throw new ActionNotEnabled("CompactLog", server, `index ${index} may not be compacted`);
  }
  server.log.compactTo(index);
  keepSnapshot(server, data);
  completeStep(server, "CompactLog", { index });
}

/** The snapshot is the server's own from now on, and the host's to persist. */
function keepSnapshot(server: Server, data: SnapshotData): void {
  const { log, output } = server;
  server.snapshotIndex = log.snapshotIndex;
  server.snapshotData = data;
  output.snapshot = {
    lastIncludedIndex: log.snapshotIndex,
    lastIncludedTerm: log.snapshotTerm,
    data,
  };
  if (output.logChangedFrom > 0) {
    output.logChangedFrom = Math.max(output.logChangedFrom, log.snapshotIndex + 1);
  }
}

/**
 * The leader sends a peer its snapshot, in place of entries that it has compacted. Until the
 * peer answers it gets nothing else.
 *
 * @action SendInstallSnapshot §7
 * @claim SnapshotBringsUpToDate
 * @throws ActionNotEnabled on a server that is not the leader, or has no snapshot
 */
export function sendInstallSnapshot(server: Server, peer: ServerId): void {
  const { log, snapshotData: data } = server;
  if (server.role !== "Leader" || data === null) {
    throw new ActionNotEnabled("SendInstallSnapshot", server, "a leader sends the snapshot it has");
  }
  server.output.messages.push({
    id: "",
    type: "InstallSnapshotRequest",
    from: server.id,
    to: peer,
    term: server.currentTerm,
    lastIncludedIndex: log.snapshotIndex,
    lastIncludedTerm: log.snapshotTerm,
    data,
  });
  const match = server.matchIndex.get(peer) ?? 0;
  const next = server.rules.nextIndexChoices(match, log.lastIndex, log.snapshotIndex + 1);
  server.nextIndex.set(peer, next);
  server.probing.add(peer);
  server.requestsInFlight.set(peer, (server.requestsInFlight.get(peer) ?? 0) + 1);
  completeStep(server, "SendInstallSnapshot", {});
}

/**
 * Takes in a snapshot from the leader of some term, and answers. Where the log holds all that
 * it includes, the server learns that this is committed; otherwise the snapshot takes the place
 * of the log, and the host restores its state machine from it.
 *
 * @action HandleInstallSnapshotRequest §7
 * @claim SnapshotBringsUpToDate SnapshotKeepsWhatFollows
 * @throws ActionNotEnabled on the leader of the message's term
 */
export function handleInstallSnapshotRequest(
  server: Server,
  message: InstallSnapshotRequest,
): void {
  const { rules } = server;
  if (!rules.mayBeOverwritten(server, message)) {
    throw new ActionNotEnabled("HandleInstallSnapshotRequest", server, "it leads the term itself");
  }
  const after = underLeader(server, message);

  if (!after.isStale && rules.snapshotIsNews(server, message)) takeInSnapshot(server, message);
  const lastLogIndex = server.log.lastIndex;
  hearLeader(server, message, after);
  const { from: leader, lastIncludedIndex } = message;
  const header = {
    id: "",
    type: "AppendEntriesResponse",
    from: server.id,
    to: leader,
    term: after.term,
  } as const;
  server.output.messages.push(
    after.isStale
      ? { ...header, success: false, prevLogIndex: lastIncludedIndex, lastLogIndex }
      : { ...header, success: true, matchIndex: lastIncludedIndex },
  );
  completeStep(server, "HandleInstallSnapshotRequest", { received: message });
}

/** What the snapshot includes is committed, and stands in the log or in place of it. */
function takeInSnapshot(server: Server, message: InstallSnapshotRequest): void {
  const { lastIncludedIndex, lastIncludedTerm, data } = message;
  const matches = server.rules.snapshotMatchesLog(server, message);
  server.commitIndex = lastIncludedIndex;
  if (matches) return;
  server.log.replaceBySnapshot(lastIncludedIndex, lastIncludedTerm);
  server.lastApplied = lastIncludedIndex;
  server.logChangedFrom = lastIncludedIndex + 1;
  const { output } = server;
  output.logChangedFrom = lastIncludedIndex + 1;
  output.snapshotInstalled = true;
  output.appliedFrom = 0;
  keepSnapshot(server, data);
}
