import { ActionNotEnabled, completeStep, type Server } from "./server.ts";
import { adoptTerm, hearLeader, underLeader } from "./term.ts";
import type { ConfirmLeadershipRequest, ConfirmLeadershipResponse, Read } from "./types.ts";

/**
 * Whether the server may take reads now: a leader that has committed an entry of its term.
 *
 * @claim LeaderKnowsWhatIsCommitted
 */
export function canRead(server: Server): boolean {
  return server.role === "Leader" && server.rules.hasCommittedInTerm(server);
}

/**
 * The leader is asked to read, without a log entry.
 *
 * @action ReadRequest §8
 * @returns what the read waits for: the same object for all reads that wait for the same
 * @throws ActionNotEnabled on a server that may not take reads
 */
export function readRequest(server: Server): Read {
  if (!canRead(server)) {
    throw new ActionNotEnabled(
      "ReadRequest",
      server,
      "a leader reads that has committed in its term",
    );
  }
  const round = server.rules.roundOfRead(server);
  const index = server.rules.indexOfRead(server);
  const same = server.reads.find((read) => read.round === round && read.index === index);
  const read = same ?? { round, index };
  if (same === undefined) server.reads.push(read);
  completeStep(server, "ReadRequest", { round, index });
  return read;
}

/**
 * The leader begins a round: it asks all others whether it still leads.
 *
 * @action ConfirmLeadership §8
 * @claim ReadsAreLinearizable
 * @throws ActionNotEnabled on a server that is not the leader
 */
export function confirmLeadership(server: Server): void {
  if (server.role !== "Leader") {
    throw new ActionNotEnabled("ConfirmLeadership", server, "only a leader has it confirmed");
  }
  server.round++;
  for (const peer of server.peers) {
    server.output.messages.push({
      id: "",
      type: "ConfirmLeadershipRequest",
      from: server.id,
      to: peer,
      term: server.currentTerm,
      round: server.round,
    });
  }
  completeStep(server, "ConfirmLeadership", {});
}

/**
 * Answers the question of a leader of some term. One of a smaller term learns of the larger;
 * the answer is of that term, which it may lead by now, and so confirms no round.
 *
 * @action HandleConfirmLeadershipRequest §8
 * @throws ActionNotEnabled on the leader of the message's term
 */
export function handleConfirmLeadershipRequest(
  server: Server,
  message: ConfirmLeadershipRequest,
): void {
  if (!server.rules.mayBeOverwritten(server, message)) {
    throw new ActionNotEnabled(
      "HandleConfirmLeadershipRequest",
      server,
      "it leads the term itself",
    );
  }
  const after = underLeader(server, message);
  hearLeader(server, message, after);
  server.output.messages.push({
    id: "",
    type: "ConfirmLeadershipResponse",
    from: server.id,
    to: message.from,
    term: after.term,
    round: after.isStale ? 0 : message.round,
  });
  completeStep(server, "HandleConfirmLeadershipRequest", { received: message });
}

/**
 * The leader counts the answer to its question, for the round that it answers.
 *
 * @action HandleConfirmLeadershipResponse §8
 */
export function handleConfirmLeadershipResponse(
  server: Server,
  message: ConfirmLeadershipResponse,
): void {
  const { rules } = server;
  if (rules.termIsLarger(server, message)) {
    adoptTerm(server, message);
  } else if (server.role === "Leader" && rules.confirmationIsOfThisTerm(server, message)) {
    const confirmed = server.confirmedRound.get(message.from) ?? 0;
    server.confirmedRound.set(message.from, Math.max(confirmed, message.round));
  }
  completeStep(server, "HandleConfirmLeadershipResponse", { received: message });
}

/** Whether the read's round is confirmed by a majority. */
export function isConfirmed(server: Server, read: Read): boolean {
  return server.rules.isMajority(server, server.rules.confirmersOf(server, read));
}

/** Whether the read may be answered now. */
export function canAnswerRead(server: Server, read: Read): boolean {
  return (
    server.role === "Leader" &&
    server.reads.includes(read) &&
    isConfirmed(server, read) &&
    server.rules.mayAnswer(server, read)
  );
}

/**
 * The leader answers a read from its state machine: the host does, when it takes the output.
 *
 * @param read what `readRequest` returned
 * @action AnswerRead §8
 * @throws ActionNotEnabled where the read may not be answered yet
 */
export function answerRead(server: Server, read: Read): void {
  if (!canAnswerRead(server, read)) {
    throw new ActionNotEnabled("AnswerRead", server, `round ${read.round} index ${read.index}`);
  }
  server.reads = server.reads.filter((other) => other !== read);
  server.output.answeredReads = [...server.output.answeredReads, read];
  completeStep(server, "AnswerRead", read);
}
