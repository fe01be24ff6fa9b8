/** Lessons on log replication, sections 5.3 and 5.4. */
import type { Lesson } from "./lesson.ts";

/** s1 leads term 1 with the vote of s2, and all know it. */
const LED = [
  "s1 Timeout",
  "s2 HandleRequestVoteRequest s1",
  "s3 HandleRequestVoteRequest s1",
  "s1 HandleRequestVoteResponse s2",
  "s1 HandleRequestVoteResponse s3",
  "s1 BecomeLeader",
] as const;

export const replication: Lesson = {
  id: "replication",
  title: "Replication and commitment",
  about: "A command’s way: into the leader’s log, to a majority, committed, applied.",
  section: "5.3",
  servers: 3,
  pages: [
    { moves: [...LED], text: "s1 leads term 1. A client asks it to execute a command." },
    {
      moves: ["s1 ClientRequest x1"],
      text: "The leader appends the command to its own log, with its term. Nothing is promised yet: the entry is on one server of three.",
    },
    {
      moves: ["s1 SendAppendEntries s2", "s1 SendAppendEntries s3"],
      text: "It sends the entry to the others. Each request names the index and term of the entry before: here index 0, the beginning.",
    },
    {
      moves: ["s2 HandleAppendEntriesRequest s1"],
      text: "s2 has that place in its log, takes the entry in, and acknowledges up to index 1.",
      question: {
        ask: "The entry is now on s1 and s2. Is it committed?",
        answers: [
          {
            text: "It is safe already, but no server knows it yet",
            isRight: true,
            because:
              "It is on a majority, so every later leader will have it. But a server takes it for committed only once the leader has counted the acknowledgement.",
          },
          {
            text: "No: s3 lacks it",
            isRight: false,
            because: "A majority is enough. A slow or dead minority must not hold up the rest.",
          },
        ],
      },
    },
    {
      moves: ["s1 HandleAppendEntriesResponse s2", "s1 AdvanceCommitIndex 1"],
      text: "The leader learns that s2 has the entry (matchIndex), counts a majority, and moves its commit index to 1. The entry is of its own term, which EntryIsOfThisTerm asks for; the lesson on Figure 8 shows why.",
    },
    {
      moves: ["s1 Apply 1"],
      text: "Committed: so the leader gives the command to its state machine and answers the client. s3 still has nothing.",
    },
    {
      moves: [
        "s3 HandleAppendEntriesRequest s1",
        "s1 SendAppendEntries s2 1+0",
        "s2 HandleAppendEntriesRequest s1",
        "s2 Apply 1",
      ],
      text: "s3 takes the entry in late. The followers learn what is committed from the next request of the leader, here a heartbeat, and apply it as well. One round of messages to a majority was all that the client had to wait for.",
    },
  ],
};

export const slowFollower: Lesson = {
  id: "slow-follower",
  title: "A slow follower",
  about: "One server lags behind; the others do not wait, and it catches up.",
  section: "5.3",
  servers: 3,
  pages: [
    {
      moves: [...LED, "partition s1 s2 | s3"],
      text: "s1 leads, and s3 is cut off. Two of three are a majority, so work goes on.",
    },
    {
      moves: [
        "s1 ClientRequest x1",
        "s1 SendAppendEntries s2",
        "s2 HandleAppendEntriesRequest s1",
        "s1 HandleAppendEntriesResponse s2",
        "s1 ClientRequest x2",
        "s1 SendAppendEntries s2",
        "s2 HandleAppendEntriesRequest s1",
        "s1 HandleAppendEntriesResponse s2",
        "s1 AdvanceCommitIndex 2",
      ],
      text: "Two commands are committed with s3 away: it slowed nobody down.",
    },
    {
      moves: ["heal", "s1 SendAppendEntries s3 1+1", "s3 HandleAppendEntriesRequest s1"],
      text: "The network heals, and the leader sends s3 the newest entry only. s3 refuses: PreviousEntryExists is false, since its log is empty and the request builds on index 1. A log has no gaps.",
      question: {
        ask: "The refusal says where the log of s3 ends. What will the leader do?",
        answers: [
          {
            text: "Go back, and send from there",
            isRight: true,
            because:
              "It lowers nextIndex for s3 to where the logs can agree, and sends all that is missing.",
          },
          {
            text: "Wait until s3 has the first entry",
            isRight: false,
            because: "Nobody else would send it: all entries come from the leader.",
          },
        ],
      },
    },
    {
      moves: [
        "s1 HandleAppendEntriesResponse s3",
        "s1 SendAppendEntries s3",
        "s3 HandleAppendEntriesRequest s1",
      ],
      text: "nextIndex for s3 is now 1, so the leader sends both entries. s3 has the log of the leader, and learns from leaderCommit that both are committed.",
    },
  ],
};

export const lostMessage: Lesson = {
  id: "lost-message",
  title: "A lost message, and one that comes twice",
  about: "Raft asks nothing of the network: requests are simply sent again.",
  section: "5.3, 5.5",
  servers: 3,
  pages: [
    {
      moves: [...LED, "s1 ClientRequest x1", "s1 SendAppendEntries s2"],
      text: "The leader has sent its entry to s2.",
    },
    {
      moves: ["drop s1 s2 AppendEntriesRequest"],
      text: "The request is lost. On the right you see that this is no action: in the specification’s network a message that was sent may be received never, once or again, so no fault needs an action of its own.",
    },
    {
      moves: [
        "s1 SendAppendEntries s2 0+1",
        "duplicate s1 s2 AppendEntriesRequest",
        "s2 HandleAppendEntriesRequest s1",
      ],
      text: "The leader hears nothing and sends it again. This time the network delivers it, and keeps a copy.",
      question: {
        ask: "The copy arrives later, when s2 may have more entries. What must it not do?",
        answers: [
          {
            text: "Cut the log of s2 back to what the old request holds",
            isRight: true,
            because:
              "The newer entries may be committed, on the word of s2. So entries that are there already change nothing: EntriesAgree.",
          },
          {
            text: "Be answered",
            isRight: false,
            because: "Answering twice does no harm: the leader knows of the match already.",
          },
        ],
      },
    },
    {
      moves: [
        "s1 HandleAppendEntriesResponse s2",
        "s1 ClientRequest x2",
        "s1 SendAppendEntries s2",
        "s2 HandleAppendEntriesRequest s1",
      ],
      text: "Meanwhile there is a second entry, and s2 has it. The copy of the old request, which ends at index 1, is still on its way.",
    },
    {
      moves: ["s2 HandleAppendEntriesRequest s1"],
      text: "Now the old copy arrives. EntriesAgree is true, since the entry is there already: nothing is cut, and the log of s2 keeps both entries. Forget the rule EntriesAgree and play TLC’s counterexample to see the other ending: a committed entry is gone from the majority.",
    },
  ],
};

export const deposedTail: Lesson = {
  id: "deposed-leader",
  title: "A deposed leader’s tail",
  about: "Entries that no majority has are overwritten by the next leader.",
  section: "5.3",
  servers: 3,
  pages: [
    {
      moves: [...LED, "partition s1 | s2 s3", "s1 ClientRequest a", "s1 ClientRequest b"],
      text: "s1 leads term 1 and has just been cut off. It does not know that, and takes two commands. They are on its log alone.",
    },
    {
      moves: [
        "s2 Timeout",
        "s3 HandleRequestVoteRequest s2",
        "s2 HandleRequestVoteResponse s3",
        "s2 BecomeLeader",
        "s2 ClientRequest c",
        "s2 SendAppendEntries s3",
        "s3 HandleAppendEntriesRequest s2",
        "s2 HandleAppendEntriesResponse s3",
        "s2 AdvanceCommitIndex 1",
      ],
      text: "The others elect s2 for term 2, and commit a command at index 1. s1 still leads term 1, on its side: two leaders, but of different terms, and only one with a majority.",
      question: {
        ask: "The network heals. At index 1, s1 has “a” and the others have “c”. Which one goes?",
        answers: [
          {
            text: "“a”: no majority ever had it",
            isRight: true,
            because:
              "It was never committed, and no client was told that it was done. “c” is committed, so it must stay.",
          },
          {
            text: "“c”: “a” was there first",
            isRight: false,
            because:
              "First does not count. A majority does: “c” is committed, and State Machine Safety says that nothing else is ever applied at index 1.",
          },
        ],
      },
    },
    {
      moves: ["heal", "s2 SendAppendEntries s1 0+1", "s1 HandleAppendEntriesRequest s2"],
      text: "The first request of term 2 reaches s1. It adopts the term and becomes a follower. Its own entries conflict (EntriesAgree is false), so its log is cut there and the leader’s entry takes the place. Leader Append-Only is not broken: s1 is no leader any more when its log is cut.",
    },
    {
      moves: ["s1 Apply 1"],
      text: "All three have the same entry. The clients that asked for “a” and “b” never got an answer, and will ask again.",
    },
  ],
};

export const figure7: Lesson = {
  id: "figure-7",
  title: "Figure 7: whose log is up-to-date?",
  about: "Logs that lack entries, and logs that have too many; who may be elected.",
  section: "5.3, 5.4.1",
  servers: 3,
  pages: [
    {
      moves: [
        ...LED,
        "s1 ClientRequest a",
        "s1 SendAppendEntries s2",
        "s1 SendAppendEntries s3",
        "s2 HandleAppendEntriesRequest s1",
        "s3 HandleAppendEntriesRequest s1",
        "s1 HandleAppendEntriesResponse s2",
        "s1 AdvanceCommitIndex 1",
        "partition s1 s3 | s2",
        "s1 ClientRequest b",
        "s1 SendAppendEntries s3",
        "s3 HandleAppendEntriesRequest s1",
        "s1 HandleAppendEntriesResponse s3",
        "s1 AdvanceCommitIndex 2",
        "crash s1",
      ],
      text: "As in the paper’s Figure 7, logs differ when a leader comes to power. s1 has committed two entries with s3’s help while s2 was away, and then crashed. s2 lacks the second entry, as follower (a) of the figure lacks one.",
    },
    {
      moves: ["heal", "s2 Timeout"],
      text: "The network is whole again. s2 stands first, in term 2, with its short log.",
      question: {
        ask: "s3 is free to vote in term 2. May it vote for s2?",
        answers: [
          {
            text: "No: its own log is more up-to-date",
            isRight: true,
            because:
              "The last entries are of the same term, and s3’s log is longer. A leader must hold every committed entry, since entries flow from leaders only; a majority that votes includes somebody who has them.",
          },
          {
            text: "Yes: first come, first served",
            isRight: false,
            because:
              "Then s2 would lead without the committed entry “b” and overwrite it: Leader Completeness would fall.",
          },
        ],
      },
    },
    {
      moves: ["s3 HandleRequestVoteRequest s2", "s2 HandleRequestVoteResponse s3"],
      text: "Refused: LogIsUpToDate is false. s3 has adopted the term all the same.",
    },
    {
      moves: [
        "s3 Timeout",
        "s2 HandleRequestVoteRequest s3",
        "s3 HandleRequestVoteResponse s2",
        "s3 BecomeLeader",
      ],
      text: "s3 stands in term 3, and s2 may vote for it: its log is longer. The leader of term 3 has all that is committed, without anybody having sent it anything for that.",
    },
    {
      moves: [
        "s3 ClientRequest c",
        "s3 SendAppendEntries s2 2+1",
        "s2 HandleAppendEntriesRequest s3",
        "s3 HandleAppendEntriesResponse s2",
        "s3 SendAppendEntries s2",
        "s2 HandleAppendEntriesRequest s3",
      ],
      text: "It brings the log of s2 in line: one refusal, one step back, and then all that was missing. In Figure 7 the followers (c) to (f) have entries too many; those go in the same way, as the lesson on a deposed leader shows.",
    },
  ],
};
