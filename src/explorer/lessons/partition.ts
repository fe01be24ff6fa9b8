/** A lesson on a partition: section 5.2, and 5.4.2 for what the smaller side cannot do. */
import type { Lesson } from "./lesson.ts";

export const twoLeaders: Lesson = {
  id: "two-leaders",
  title: "A partition with two leaders",
  about: "Two servers lead at once, in different terms, and only one can commit.",
  section: "5.2, 5.3",
  servers: 5,
  pages: [
    {
      moves: [
        "s1 Timeout",
        "s2 HandleRequestVoteRequest s1",
        "s3 HandleRequestVoteRequest s1",
        "s4 HandleRequestVoteRequest s1",
        "s5 HandleRequestVoteRequest s1",
        "s1 HandleRequestVoteResponse s2",
        "s1 HandleRequestVoteResponse s3",
        "s1 BecomeLeader",
        "partition s1 s2 | s3 s4 s5",
      ],
      text: "s1 leads term 1 of five servers, and then the network parts: s1 and s2 on one side, the other three on the other. No message crosses.",
    },
    {
      moves: [
        "s4 Timeout",
        "s3 HandleRequestVoteRequest s4",
        "s5 HandleRequestVoteRequest s4",
        "s4 HandleRequestVoteResponse s3",
        "s4 HandleRequestVoteResponse s5",
        "s4 BecomeLeader",
      ],
      text: "The larger side hears of no leader and elects s4, for term 2. Now there are two leaders.",
      question: {
        ask: "Election Safety says: at most one leader in a term. Has it fallen?",
        answers: [
          {
            text: "No: they lead different terms",
            isRight: true,
            because:
              "Two leaders at one time are allowed, as long as their terms differ. Look at the lamp.",
          },
          {
            text: "Yes: there are two leaders",
            isRight: false,
            because:
              "Raft does not promise one leader at a time, which nobody could; it promises one leader a term.",
          },
        ],
      },
    },
    {
      moves: [
        "s1 ClientRequest a",
        "s1 SendAppendEntries s2",
        "s2 HandleAppendEntriesRequest s1",
        "s1 HandleAppendEntriesResponse s2",
      ],
      text: "A client that can reach only the smaller side asks s1 for “a”. The entry comes on two of five servers and no further: AdvanceCommitIndex stays impossible, and the client waits. s1 cannot lie to it.",
    },
    {
      moves: [
        "s4 ClientRequest b",
        "s4 SendAppendEntries s3",
        "s4 SendAppendEntries s5",
        "s3 HandleAppendEntriesRequest s4",
        "s5 HandleAppendEntriesRequest s4",
        "s4 HandleAppendEntriesResponse s3",
        "s4 HandleAppendEntriesResponse s5",
        "s4 AdvanceCommitIndex 1",
        "s4 Apply 1",
      ],
      text: "On the larger side “b” is committed and applied: three of five.",
    },
    {
      moves: ["heal", "s4 SendAppendEntries s1 0+1", "s1 HandleAppendEntriesRequest s4"],
      text: "The network heals. s1 hears of term 2, steps down, and its “a” gives way to “b”. A leader’s word counts only as far as a majority stands behind it.",
    },
  ],
};
