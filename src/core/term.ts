import { type Server, setRole, setTermAndVote } from "./server.ts";
import type { Message, Role, ServerId, Term } from "./types.ts";

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
  setRole(server, roleAfter(server, message));
  server.knownLeader = null;
  setTermAndVote(server, term, vote);
}
