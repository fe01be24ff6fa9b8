/** A lesson on reads without a log entry: section 8 (ReadIndex in Ongaro's dissertation, 6.4). */
import type { Lesson } from "./lesson.ts";

export const reads: Lesson = {
  id: "reads",
  title: "Reads that are never stale",
  about: "A leader that was deposed does not know it, and must not answer.",
  section: "8",
  servers: 3,
  pages: [
    {
      moves: [
        "s1 Timeout",
        "s2 HandleRequestVoteRequest s1",
        "s1 HandleRequestVoteResponse s2",
        "s1 BecomeLeader",
        "s1 ClientRequest x=1",
        "s1 SendAppendEntries s2",
        "s2 HandleAppendEntriesRequest s1",
        "s1 HandleAppendEntriesResponse s2",
        "s1 AdvanceCommitIndex 1",
        "s1 Apply 1",
      ],
      text: "s1 leads term 1; x = 1 is committed and applied. Now a client asks: what is x? A read changes nothing, so it would be a pity to write it into every log. The state machine of s1 has the answer.",
      question: {
        ask: "May s1 answer at once, since it leads?",
        answers: [
          {
            text: "Yes: a leader has all that is committed",
            isRight: false,
            because:
              "A leader of the newest term has. But s1 cannot know that it still is one: another may have been elected behind its back. Go on and see.",
          },
          {
            text: "No: it may lead no longer, and not know it",
            isRight: true,
            because:
              "Nobody tells a leader that was cut off. What it holds may be old by then, and a client that reads it after a newer write was acknowledged would see time run backwards.",
          },
        ],
      },
    },
    {
      moves: [
        "partition s1 | s2 s3",
        "s2 Timeout",
        "s3 HandleRequestVoteRequest s2",
        "s2 HandleRequestVoteResponse s3",
        "s2 BecomeLeader",
        "s2 ClientRequest x=2",
        "s2 SendAppendEntries s3 0+2",
        "s3 HandleAppendEntriesRequest s2",
        "s2 HandleAppendEntriesResponse s3",
        "s2 AdvanceCommitIndex 2",
        "s2 Apply 2",
      ],
      text: "s1 is cut off. The others elect s2 for term 2, and commit x = 2; that client was told so. s1 has heard of nothing: it leads term 1 still, and to its state machine x is 1.",
    },
    {
      moves: ["s1 ReadRequest 1 1"],
      text: "The read reaches s1. It may take it, since it has committed an entry of its own term (HasCommittedInTerm). It does not answer. It notes two things: the index that it must have applied, here its commit index 1; and the round, 1, in which a majority must confirm that it leads.",
    },
    {
      moves: ["s1 ConfirmLeadership"],
      text: "It asks both others: do I still lead? Neither hears it. Open “What cannot happen, and why”: AnswerRead is impossible, since its confirmers, s1 alone, are no majority. So it waits, and the client waits with it. That is the price: without a majority, no answer.",
      question: {
        ask: "The network heals, and the question reaches s2, which leads term 2. What comes of it?",
        answers: [
          {
            text: "s2 answers with its term, and s1 steps down",
            isRight: true,
            because:
              "A question of a smaller term is answered with the larger one. s1 adopts it, is a follower, and drops the reads that waited: the client asks again, somewhere else.",
          },
          {
            text: "s2 confirms s1, and s1 answers x = 1",
            isRight: false,
            because:
              "A server confirms the leader of its own term, and no other. s2 knows of a later term: its own.",
          },
        ],
      },
    },
    {
      moves: [
        "heal",
        "drop s1 s3 ConfirmLeadershipRequest",
        "s2 HandleConfirmLeadershipRequest s1",
        "s1 HandleConfirmLeadershipResponse s2",
      ],
      text: "s1 hears of term 2 and becomes a follower; the read that waited ends with its leadership, unanswered. The answer of s2 names round 0: it confirms nothing to anybody.",
    },
    {
      moves: [
        "s2 ReadRequest 1 2",
        "s2 ConfirmLeadership",
        "s3 HandleConfirmLeadershipRequest s2",
        "s2 HandleConfirmLeadershipResponse s3",
        "s2 AnswerRead 1 2",
      ],
      text: "The client asks s2. The round began after the read was asked, and s3 confirmed it: so s2 led at a moment when the read was waiting, and nobody else had committed anything by then. It has applied index 2, and answers x = 2. No entry was written, and one round serves all the reads that wait for it.",
      fallen: [],
    },
    {
      moves: [
        "partition s2 | s1 s3",
        "s3 Timeout",
        "s1 HandleRequestVoteRequest s3",
        "s3 HandleRequestVoteResponse s1",
        "s3 BecomeLeader",
        "s3 ClientRequest x=3",
        "s3 SendAppendEntries s1 0+3",
        "s1 HandleAppendEntriesRequest s3",
        "s3 HandleAppendEntriesResponse s1",
        "s3 AdvanceCommitIndex 3",
        "forget ConfirmersOf",
      ],
      text: "The same once more, with a rule less. s2 is cut off, s3 leads term 3 and has committed x = 3. And ConfirmersOf is forgotten: a leader answers without being confirmed.",
      fallen: [],
    },
    {
      moves: ["s2 ReadRequest 2 2", "s2 AnswerRead 2 2"],
      text: "s2 answers at once: x = 2, and x = 3 was committed before it was asked. Reads See What Was Committed has fallen; click its lamp. To the client, a write that was acknowledged has been undone: the store is not linearizable. It costs a round of messages to keep that from happening, and nothing less will do where clocks cannot be trusted.",
      fallen: ["ReadsSeeWhatWasCommitted"],
    },
  ],
};
