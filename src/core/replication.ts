import { ActionNotEnabled, completeStep, type Server, writeLog } from "./server.ts";
import { adoptTerm, hearLeader, underLeader } from "./term.ts";
import type {
  AppendEntriesRefusal,
  AppendEntriesRequest,
  AppendEntriesResponse,
  Command,
  Index,
  ServerId,
} from "./types.ts";

/**
 * The leader takes a client's command into its log.
 *
 * @action ClientRequest §5.3
 * @claim LogMatchingCommand
 * @returns the index of the new entry
 * @throws ActionNotEnabled on a server that is not the leader
 */
export function clientRequest(server: Server, command: Command): Index {
  if (!server.rules.takesCommands(server)) {
    throw new ActionNotEnabled("ClientRequest", server, "only a leader takes commands");
  }
  writeLog(server, server.log.lastIndex, [{ term: server.currentTerm, command }]);
  completeStep(server, "ClientRequest", { command });
  return server.log.lastIndex;
}

/**
 * The leader begins its term with an empty entry, by which it comes to know what is
 * committed without waiting for a client.
 *
 * @action AppendNoOp §8
 * @throws ActionNotEnabled on a server that is not the leader, or has an entry of its term
 */
export function appendNoOp(server: Server): void {
  if (server.role !== "Leader" || server.log.lastTerm === server.currentTerm) {
    throw new ActionNotEnabled("AppendNoOp", server, "it begins the term of a leader");
  }
  writeLog(server, server.log.lastIndex, [{ term: server.currentTerm, command: null }]);
  completeStep(server, "AppendNoOp", {});
}

/**
 * The leader sends a peer the `count` entries after prevLogIndex; none is a heartbeat.
 * nextIndex moves on with what is sent, so that requests are pipelined.
 *
 * @action SendAppendEntries §5.3
 * @throws ActionNotEnabled on a server that is not the leader, or has compacted those entries
 */
export function sendAppendEntries(
  server: Server,
  peer: ServerId,
  prevLogIndex: Index,
  count: number,
): void {
  if (server.role !== "Leader") {
    throw new ActionNotEnabled("SendAppendEntries", server, "only a leader sends entries");
  }
  if (prevLogIndex < server.snapshotIndex) {
    const { snapshotIndex } = server;
    throw new ActionNotEnabled(
      "SendAppendEntries",
      server,
      `it sends those after ${snapshotIndex}`,
    );
  }
  server.output.messages.push({
    id: "",
    type: "AppendEntriesRequest",
    from: server.id,
    to: peer,
    term: server.currentTerm,
    prevLogIndex,
    prevLogTerm: server.log.termAt(prevLogIndex),
    entries: server.log.slice(prevLogIndex + 1, prevLogIndex + count),
    leaderCommit: server.commitIndex,
  });
  if (count > 0) {
    server.requestsInFlight.set(peer, (server.requestsInFlight.get(peer) ?? 0) + 1);
    const match = server.matchIndex.get(peer) ?? 0;
    const wanted = Math.max(server.nextIndex.get(peer) ?? 1, prevLogIndex + count + 1);
    server.nextIndex.set(peer, server.rules.nextIndexChoices(match, server.log.lastIndex, wanted));
  }
  completeStep(server, "SendAppendEntries", {});
}

/** Whether the spec lets the server handle the request: not a leader's own term. */
export function canHandleAppendEntriesRequest(
  server: Server,
  message: AppendEntriesRequest,
): boolean {
  return server.rules.mayBeOverwritten(server, message);
}

/**
 * Takes in entries, or a heartbeat, from the leader of some term, and answers.
 *
 * @action HandleAppendEntriesRequest §5.3
 * @claim LeaderAppendOnly LogMatchingPrefix ConsistencyCheck
 * @throws ActionNotEnabled on the leader of the message's term
 */
export function handleAppendEntriesRequest(server: Server, message: AppendEntriesRequest): void {
  const { rules } = server;
  if (!canHandleAppendEntriesRequest(server, message)) {
    throw new ActionNotEnabled("HandleAppendEntriesRequest", server, "it leads the term itself");
  }
  const after = underLeader(server, message);
  const matches =
    !after.isStale &&
    rules.previousEntryExists(server, message) &&
    rules.previousTermMatches(server, message);

  if (matches) takeIn(server, message);
  const lastLogIndex = server.log.lastIndex;
  hearLeader(server, message, after);
  const { from: leader, prevLogIndex } = message;
  server.output.messages.push(
    matches
      ? {
          id: "",
          type: "AppendEntriesResponse",
          from: server.id,
          to: leader,
          term: after.term,
          success: true,
          matchIndex: rules.acknowledgedIndex(message, lastLogIndex),
        }
      : {
          id: "",
          type: "AppendEntriesResponse",
          from: server.id,
          to: leader,
          term: after.term,
          success: false,
          prevLogIndex,
          lastLogIndex,
        },
  );
  completeStep(server, "HandleAppendEntriesRequest", { received: message });
}

/** The entries of a request that matches go into the log, and the commit index follows. */
function takeIn(server: Server, message: AppendEntriesRequest): void {
  const { rules } = server;
  const kept = rules.entriesAgree(server, message)
    ? server.log.lastIndex
    : Math.max(rules.logBeforeConflict(server, message), server.snapshotIndex);
  writeLog(server, kept, message.entries.slice(Math.max(0, kept - message.prevLogIndex)));
  const within = rules.commitIndexWithin(message, server.log.lastIndex);
  server.commitIndex = rules.commitIndexAfter(server, within);
}

/**
 * The leader learns what a follower holds, or that it must go further back.
 *
 * @action HandleAppendEntriesResponse §5.3
 * @claim LogsAreBroughtToAgree
 */
export function handleAppendEntriesResponse(server: Server, message: AppendEntriesResponse): void {
  const { rules } = server;
  if (rules.termIsLarger(server, message)) {
    adoptTerm(server, message);
  } else if (server.role === "Leader" && rules.responseIsOfThisTerm(server, message)) {
    learnProgress(server, message);
  }
  completeStep(server, "HandleAppendEntriesResponse", { received: message });
}

function learnProgress(server: Server, message: AppendEntriesResponse): void {
  const { rules } = server;
  const peer = message.from;
  const match = server.matchIndex.get(peer) ?? 0;
  const next = server.nextIndex.get(peer) ?? 1;
  const acknowledged = acknowledgedBy(server, message);
  const matchAfter = acknowledged === null ? match : rules.matchIndexAfter(match, acknowledged);
  const wanted = message.success
    ? next
    : nextIndexAfterRefusal(message, next, server.snapshotIndex);
  noteAnswer(server, message, next);
  server.matchIndex.set(peer, matchAfter);
  server.nextIndex.set(peer, rules.nextIndexChoices(matchAfter, server.log.lastIndex, wanted));
}

/** Keeps the hints by which the leader pipelines, or probes where a follower refused. */
function noteAnswer(server: Server, message: AppendEntriesResponse, next: Index): void {
  const peer = message.from;
  if (message.success) {
    server.probing.delete(peer);
    server.requestsInFlight.set(peer, Math.max(0, (server.requestsInFlight.get(peer) ?? 0) - 1));
  } else if (!isLate(message, next)) {
    server.probing.add(peer);
    server.requestsInFlight.set(peer, 0);
  }
}

/** Whether a refusal answers a request that the leader has gone back from already. */
function isLate(message: AppendEntriesRefusal, next: Index): boolean {
  return message.prevLogIndex >= next;
}

/** The index that a response acknowledges; null where it refuses. */
function acknowledgedBy(server: Server, message: AppendEntriesResponse): Index | null {
  if (!server.rules.isAcknowledgement(message)) return null;
  return message.success ? message.matchIndex : message.prevLogIndex;
}

/**
 * Where to try next, once a follower has refused prevLogIndex. Past its log's end, right
 * behind that end. Where its entries conflict, back from that end by twice as much each
 * time, so that a long wrong tail costs a logarithm of its length in refusals and not
 * one an entry (§5.3 leaves the leader free to skip). The last index of the snapshot is not
 * skipped: where the logs agree there, the entries do, and the snapshot need not be sent.
 */
function nextIndexAfterRefusal(
  message: AppendEntriesRefusal,
  next: Index,
  snapshotIndex: Index,
): Index {
  if (isLate(message, next)) return next;
  const { prevLogIndex, lastLogIndex } = message;
  if (lastLogIndex < prevLogIndex) return lastLogIndex + 1;
  const back = Math.max(1, prevLogIndex - (lastLogIndex - prevLogIndex));
  return prevLogIndex > snapshotIndex ? Math.max(back, snapshotIndex + 1) : back;
}
