import {
  ActionNotEnabled,
  completeStep,
  resetLeaderState,
  type Server,
  setRole,
  setTermAndVote,
} from "./server.ts";
import { adoptTerm, roleAfter, termAfter, voteAfter } from "./term.ts";
import type { RequestVoteRequest, RequestVoteResponse, Term } from "./types.ts";

/**
 * The election timeout elapses: the server becomes a candidate of a new term, votes for
 * itself and asks all others for their votes.
 *
 * @action Timeout §5.2
 * @claim ElectionsEnd TermsBeginWithElections
 * @throws ActionNotEnabled on a leader
 */
export function timeout(server: Server): void {
  if (server.role === "Leader") {
    throw new ActionNotEnabled("Timeout", server, "a leader has no election timeout");
  }
  setTermAndVote(server, server.rules.termOfElection(server), server.id);
  setRole(server, "Candidate");
  server.votesGranted.clear();
  server.votesGranted.add(server.id);
  server.knownLeader = null;
  server.output.electionTimerReset = true;
  for (const peer of server.peers) {
    server.output.messages.push({
      id: "",
      type: "RequestVoteRequest",
      from: server.id,
      to: peer,
      term: server.currentTerm,
      lastLogIndex: server.log.lastIndex,
      lastLogTerm: server.log.lastTerm,
    });
  }
  completeStep(server, "Timeout", {});
}

/**
 * Answers a candidate's request for this server's vote.
 *
 * @action HandleRequestVoteRequest §5.2 §5.4.1
 * @claim OneVoteATerm ElectionRestriction LeaderCompleteness
 */
export function handleRequestVoteRequest(server: Server, message: RequestVoteRequest): void {
  const { rules } = server;
  const vote = voteAfter(server, message);
  const voteGranted =
    !rules.termIsStale(server, message) &&
    rules.voteIsFree(server, message, vote) &&
    rules.logIsUpToDate(server, message);
  const term: Term = termAfter(server, message);
  const role = roleAfter(server, message);
  if (rules.termIsLarger(server, message)) server.knownLeader = null;
  setTermAndVote(server, term, voteGranted ? message.from : vote);
  setRole(server, role);
  if (voteGranted) server.output.electionTimerReset = true;
  server.output.messages.push({
    id: "",
    type: "RequestVoteResponse",
    from: server.id,
    to: message.from,
    term,
    voteGranted,
  });
  completeStep(server, "HandleRequestVoteRequest", { received: message });
}

/**
 * Counts the answer to this server's request for a vote.
 *
 * @action HandleRequestVoteResponse §5.2
 */
export function handleRequestVoteResponse(server: Server, message: RequestVoteResponse): void {
  const { rules } = server;
  if (rules.termIsLarger(server, message)) {
    adoptTerm(server, message);
  } else if (
    server.role === "Candidate" &&
    rules.voteIsOfThisTerm(server, message) &&
    rules.voteIsGranted(message)
  ) {
    server.votesGranted.add(message.from);
  }
  completeStep(server, "HandleRequestVoteResponse", { received: message });
}

/**
 * Whether the candidate has the votes of a majority.
 *
 * @claim AvailableWithAMajority
 */
export function canBecomeLeader(server: Server): boolean {
  return server.role === "Candidate" && server.rules.isMajority(server, server.votesGranted.size);
}

/**
 * The candidate has won the election and leads its term.
 *
 * @action BecomeLeader §5.2
 * @claim ElectionSafety
 * @throws ActionNotEnabled without the votes of a majority
 */
export function becomeLeader(server: Server): void {
  if (!canBecomeLeader(server)) {
    throw new ActionNotEnabled("BecomeLeader", server, "it needs the votes of a majority");
  }
  setRole(server, "Leader");
  resetLeaderState(server, server.log.lastIndex + 1);
  server.knownLeader = server.id;
  completeStep(server, "BecomeLeader", {});
}
