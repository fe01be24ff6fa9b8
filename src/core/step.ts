import { advanceCommitIndex, applicableIndex, apply, committableIndex } from "./commitment.ts";
import {
  becomeLeader,
  canBecomeLeader,
  handleRequestVoteRequest,
  handleRequestVoteResponse,
  timeout,
} from "./election.ts";
import {
  appendNoOp,
  canHandleAppendEntriesRequest,
  clientRequest,
  handleAppendEntriesRequest,
  handleAppendEntriesResponse,
  sendAppendEntries,
} from "./replication.ts";
import type { Server } from "./server.ts";
import type { Command, Index, Message, ServerId } from "./types.ts";

/**
 * What a host calls: something happens to a server, the one action it is, and then what
 * follows of itself, each an action of its own, in this order: become leader, append the
 * no-op, advance the commit index, apply, send.
 */

/** The election timeout elapsed. On a leader, which has none, nothing happens. */
export function electionTimeout(server: Server): void {
  if (server.role === "Leader") return;
  timeout(server);
  leadIfElected(server);
}

/** The heartbeat interval elapsed: a leader sends every peer what it lacks, or nothing (§5.2). */
export function heartbeat(server: Server): void {
  if (server.role !== "Leader") return;
  for (const peer of server.peers) {
    server.requestsInFlight.set(peer, 0);
    if (!sendPending(server, peer)) sendHeartbeat(server, peer);
  }
}

/**
 * A client asks for commands, which a leader appends and sends at once.
 *
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
      if (!canHandleAppendEntriesRequest(server, message)) return false;
      handleAppendEntriesRequest(server, message);
      applyCommitted(server);
      return true;
    case "AppendEntriesResponse":
      handleAppendEntriesResponse(server, message);
      commitAndApply(server);
      sendPending(server, message.from);
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
  const index = applicableIndex(server);
  if (index > server.lastApplied) apply(server, index);
}

/** Sends the peer all entries it lacks, in batches, as far as the pipeline has room. */
function sendPending(server: Server, peer: ServerId): boolean {
  if (server.role !== "Leader") return false;
  let sent = false;
  while (hasRoom(server, peer)) {
    const prevLogIndex = (server.nextIndex.get(peer) ?? 1) - 1;
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
