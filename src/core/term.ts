import { type Server, setRole, setTermAndVote } from "./server.ts";
import type { LeaderRequest, Message, Role, ServerId, Term } from "./types.ts";

/** The term of the server once it has seen the message: the larger of the two (§5.1). */
export function termAfter(server: Server, message: Message): Term {
  return server.rules.termIsLarger(server, message) ? message.term : server.currentTerm;
}

/** Its vote in that term, before it answers the message. */
export function voteAfter(server: Server, message: Message): ServerId | null {
  return server.rules.termIsLarger(server, message)
    ? server.rules.voteInLargerTerm(server)
    : server.votedFor;
}

/** Its role in that term. */
export function roleAfter(server: Server, message: Message): Role {
  return server.rules.termIsLarger(server, message)
    ? server.rules.roleInLargerTerm(server)
    : server.role;
}

/**
 * A response of a larger term: the server adopts the term, and no more.
 *
 * @claim LargerTermIsAdopted
 */
export function adoptTerm(server: Server, message: Message): void {
  const term = termAfter(server, message);
  const vote = voteAfter(server, message);
  const role = roleAfter(server, message);
  setTermAndVote(server, term, vote);
  setRole(server, role);
  server.knownLeader = null;
}

/** What a request that only a leader sends makes of the server's term, vote and role. */
export interface UnderLeader {
  readonly isStale: boolean;
  readonly term: Term;
  readonly vote: ServerId | null;
  readonly role: Role;
}

/** Evaluated on the state before the step, as every rule is: `hearLeader` brings it about. */
export function underLeader(server: Server, message: LeaderRequest): UnderLeader {
  const isStale = server.rules.termIsStale(server, message);
  return {
    isStale,
    term: termAfter(server, message),
    vote: voteAfter(server, message),
    role: isStale ? roleAfter(server, message) : server.rules.roleUnderLeader(server, message),
  };
}

/**
 * A request that only a leader sends: the server adopts its term and follows that leader; it
 * stays as it is where it has seen a larger term.
 */
export function hearLeader(server: Server, message: LeaderRequest, after: UnderLeader): void {
  setTermAndVote(server, after.term, after.vote);
  setRole(server, after.role);
  if (after.isStale) return;
  server.knownLeader = message.from;
  server.output.electionTimerReset = true;
}
