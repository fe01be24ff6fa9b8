/** What the paper says of each action, in our words, and where. */
import type { Action } from "../../core/index.ts";

export interface Saying {
  readonly section: string;
  readonly sentence: string;
}

const SAYINGS: Readonly<Record<Action, Saying>> = {
  Timeout: {
    section: "5.2",
    sentence:
      "A server that hears of no leader for a while begins a new term, votes for itself and asks the others for their votes.",
  },
  HandleRequestVoteRequest: {
    section: "5.2, 5.4.1",
    sentence:
      "It gives its one vote of the term to whoever asks first, but only to a candidate whose log is at least as up-to-date as its own.",
  },
  HandleRequestVoteResponse: {
    section: "5.2",
    sentence: "The candidate counts the votes that it was given in this term, and no others.",
  },
  BecomeLeader: {
    section: "5.2",
    sentence: "With the votes of a majority of the full cluster a candidate leads its term.",
  },
  ClientRequest: {
    section: "5.3",
    sentence:
      "The leader appends a client’s command to its own log, with the term of its leadership.",
  },
  AppendNoOp: {
    section: "8",
    sentence:
      "A new leader may begin its term with an empty entry, to learn what is committed without waiting for a client.",
  },
  SendAppendEntries: {
    section: "5.3",
    sentence:
      "The leader sends entries, together with index and term of the entry before them; without entries it is a heartbeat.",
  },
  HandleAppendEntriesRequest: {
    section: "5.3",
    sentence:
      "A follower takes entries in only where its log has the entry before them; where its own entries conflict, they go.",
  },
  HandleAppendEntriesResponse: {
    section: "5.3",
    sentence:
      "The leader learns how far a follower’s log matches, or that it must go further back.",
  },
  AdvanceCommitIndex: {
    section: "5.3, 5.4.2",
    sentence:
      "An entry of the leader’s own term that is on a majority is committed, and with it all before it. Older entries are never committed by counting.",
  },
  Apply: {
    section: "5.3",
    sentence: "What is committed is given to the state machine, in the order of the log.",
  },
  Restart: {
    section: "5, Figure 2",
    sentence:
      "A server that crashed comes back with its term, its vote and its log, and has forgotten all else.",
  },
  CompactLog: {
    section: "7",
    sentence: "A server puts a snapshot of what it has applied in the place of those entries.",
  },
  SendInstallSnapshot: {
    section: "7",
    sentence: "A follower that needs entries which are no more is sent the snapshot.",
  },
  HandleInstallSnapshotRequest: {
    section: "7",
    sentence: "A follower that lacks what the snapshot holds takes it in place of its log.",
  },
  ReadRequest: {
    section: "8",
    sentence: "A leader that has committed in its term notes up to where a read must see.",
  },
  ConfirmLeadership: {
    section: "8",
    sentence: "Before it answers reads the leader asks a majority whether it still leads.",
  },
  HandleConfirmLeadershipRequest: {
    section: "8",
    sentence: "A server that knows of no later leader says so.",
  },
  HandleConfirmLeadershipResponse: {
    section: "8",
    sentence: "The leader counts who confirmed it, round by round.",
  },
  AnswerRead: {
    section: "8",
    sentence: "Confirmed, and having applied that far, the leader answers from its state machine.",
  },
};

/** What the paper says of an action. */
export function sayingOf(action: Action): Saying {
  return SAYINGS[action];
}
