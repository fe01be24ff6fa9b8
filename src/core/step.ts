import { advanceCommitIndex, applicableIndex, apply, committableIndex } from "./commitment.ts";
import {
  becomeLeader,
  canBecomeLeader,
  handleRequestVoteRequest,
  handleRequestVoteResponse,
  timeout,
} from "./election.ts";
import {
  answerRead,
  canAnswerRead,
  canRead,
  confirmLeadership,
  handleConfirmLeadershipRequest,
  handleConfirmLeadershipResponse,
  isConfirmed,
  readRequest,
} from "./reads.ts";
import {
  appendNoOp,
  clientRequest,
  handleAppendEntriesRequest,
  handleAppendEntriesResponse,
  sendAppendEntries,
} from "./replication.ts";
import type { Server } from "./server.ts";
import { handleInstallSnapshotRequest, sendInstallSnapshot } from "./snapshot.ts";
import type { Command, Index, Message, Read, ServerId } from "./types.ts";

/**
 * What a host calls: something happens to a server, the one action it is, and then what
 * follows of itself, each an action of its own, in this order: become leader, append the
 * no-op, advance the commit index, apply, answer reads, send. When to compact the log is the
 * host's to say, who has the state machine: it calls `compactLog`.
 */

/**
 * The election timeout elapsed. On a leader, which has none, nothing happens.
 *
 * @claim SafeWhateverTheClocks
 */
export function electionTimeout(server: Server): void {
  if (server.role === "Leader") return;
  timeout(server);
  leadIfElected(server);
}

/**
 * The heartbeat interval elapsed: a leader sends every peer what it lacks, or nothing (§5.2),
 * and asks again whether it leads where reads wait for that.
 */
export function heartbeat(server: Server): void {
  if (server.role !== "Leader") return;
  applyCommitted(server);
  for (const peer of server.peers) {
    server.requestsInFlight.set(peer, 0);
    if (!sendPending(server, peer)) sendHeartbeat(server, peer);
  }
  if (server.reads.some((read) => !isConfirmed(server, read))) confirmLeadership(server);
}

/**
 * A client asks to read, without a log entry (§8); or several do, whom one call serves. The
 * read comes out in the output's `answeredReads`, or, where this server does not lead long
 * enough, in `droppedReads`.
 *
 * @returns what the read waits for: the same object as comes out, and for all reads that wait
 *   for the same; null where this server takes no reads now: it does not lead (then
 *   `knownLeader` says whom to ask), or has not committed an entry of its term yet
 */
export function requestRead(server: Server): Read | null {
  if (!canRead(server)) return null;
  const read = readRequest(server);
  continueReads(server);
  return read;
}

/**
 * A client asks for commands, which a leader appends and sends at once.
 *
 * @claim ClientsFindTheLeader OneRoundACommand
 * @returns the index of the first of them; null where this server is not the leader
 *   (then `knownLeader` says whom to ask)
 */
export function propose(server: Server, commands: readonly Command[]): Index | null {
  if (commands.length === 0 || !server.rules.takesCommands(server)) return null;
  const first = server.log.lastIndex + 1;
  for (const command of commands) clientRequest(server, command);
  if (server.role !== "Leader") return first;
  for (const peer of server.peers) sendPending(server, peer);
  commitAndApply(server);
  return first;
}

/**
 * A message arrived.
 *
 * @claim SafeWhateverTheNetwork
 * @returns false where it is dropped: it is for or from somebody else, or comes from
 *   another leader of the term that this server leads, which Raft excludes
 */
export function receive(server: Server, message: Message): boolean {
  if (message.to !== server.id || !server.matchIndex.has(message.from)) return false;
  switch (message.type) {
    case "RequestVoteRequest":
      handleRequestVoteRequest(server, message);
      return true;
    case "RequestVoteResponse":
      handleRequestVoteResponse(server, message);
      leadIfElected(server);
      return true;
    case "AppendEntriesRequest":
      if (!server.rules.mayBeOverwritten(server, message)) return false;
      handleAppendEntriesRequest(server, message);
      applyCommitted(server);
      return true;
    case "AppendEntriesResponse":
      handleAppendEntriesResponse(server, message);
      commitAndApply(server);
      sendPending(server, message.from);
      return true;
    case "InstallSnapshotRequest":
      if (!server.rules.mayBeOverwritten(server, message)) return false;
      handleInstallSnapshotRequest(server, message);
      applyCommitted(server);
      return true;
    case "ConfirmLeadershipRequest":
      if (!server.rules.mayBeOverwritten(server, message)) return false;
      handleConfirmLeadershipRequest(server, message);
      return true;
    case "ConfirmLeadershipResponse":
      handleConfirmLeadershipResponse(server, message);
      continueReads(server);
      return true;
  }
}

function leadIfElected(server: Server): void {
  if (!canBecomeLeader(server)) return;
  becomeLeader(server);
  if (server.appendsNoOp) appendNoOp(server);
  commitAndApply(server);
  for (const peer of server.peers) {
    if (!sendPending(server, peer)) sendHeartbeat(server, peer);
  }
}

function commitAndApply(server: Server): void {
  const index = committableIndex(server);
  if (index > 0) advanceCommitIndex(server, index);
  applyCommitted(server);
}

function applyCommitted(server: Server): void {
  const most = server.lastApplied + server.maxEntriesPerApply;
  const index = Math.min(applicableIndex(server), most);
  if (index <= server.lastApplied) return;
  apply(server, index);
  if (server.reads.length > 0) continueReads(server);
}

/**
 * Answers the reads that have what they wait for, and begins a round for those that wait for
 * one: a round at a time, so that one serves all reads that came during the one before.
 */
function continueReads(server: Server): void {
  for (const read of server.reads) {
    if (canAnswerRead(server, read)) answerRead(server, read);
  }
  const waits = server.reads.some((read) => read.round > server.round);
  if (!waits || !isConfirmed(server, { round: server.round, index: 0 })) return;
  confirmLeadership(server);
  if (server.peers.length === 0) continueReads(server);
}

/**
 * Sends the peer all entries it lacks, in batches, as far as the pipeline has room; the
 * snapshot where it lacks what is compacted.
 */
function sendPending(server: Server, peer: ServerId): boolean {
  if (server.role !== "Leader") return false;
  let sent = false;
  while (hasRoom(server, peer)) {
    const prevLogIndex = (server.nextIndex.get(peer) ?? 1) - 1;
    if (prevLogIndex < server.snapshotIndex) {
      sendInstallSnapshot(server, peer);
      return true;
    }
    const count = Math.min(server.log.lastIndex - prevLogIndex, server.maxEntriesPerRequest);
    if (count <= 0) break;
    sendAppendEntries(server, peer, prevLogIndex, count);
    sent = true;
  }
  return sent;
}

function hasRoom(server: Server, peer: ServerId): boolean {
  const most = server.probing.has(peer) ? 1 : server.maxRequestsInFlight;
  return (server.requestsInFlight.get(peer) ?? 0) < most;
}

function sendHeartbeat(server: Server, peer: ServerId): void {
  sendAppendEntries(server, peer, (server.nextIndex.get(peer) ?? 1) - 1, 0);
}
