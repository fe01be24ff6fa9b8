import type { Server } from "./server.ts";
import type { ConfirmLeadershipResponse, Index, Read, Round } from "./types.ts";

/** The rules of `spec/RaftReads.tla`, under their names and in their order (§8). */
export interface ReadRules {
  hasCommittedInTerm(server: Server): boolean;
  roundOfRead(server: Server): Round;
  indexOfRead(server: Server): Index;
  confirmationIsOfThisTerm(server: Server, message: ConfirmLeadershipResponse): boolean;
  confirmersOf(server: Server, read: Read): number;
  mayAnswer(server: Server, read: Read): boolean;
}

/** Reads without a log entry, with nothing forgotten. */
export const readRules: ReadRules = {
  /** A leader knows what was committed before its term once an entry of its term is. */
  hasCommittedInTerm: (server) => server.log.termAt(server.commitIndex) === server.currentTerm,

  /** A read is confirmed by a round that begins after it was asked. */
  roundOfRead: (server) => server.round + 1,

  /** A read sees at least what was committed, for all the leader knew, when it was asked. */
  indexOfRead: (server) => server.commitIndex,

  /** A confirmation counts in the term it was given in, no other. */
  confirmationIsOfThisTerm: (server, message) => message.term === server.currentTerm,

  /** How many servers confirmed the read's round or a later one, the leader included. */
  confirmersOf: (server, read) => {
    let confirmers = 1;
    for (const round of server.confirmedRound.values()) {
      if (round >= read.round) confirmers++;
    }
    return confirmers;
  },

  /** A read waits until what it must see is applied. */
  mayAnswer: (server, read) => server.lastApplied >= read.index,
};
