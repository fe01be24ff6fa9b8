/** Lessons on elections, section 5.2. */
import type { Lesson } from "./lesson.ts";

export const election: Lesson = {
  id: "election",
  title: "An election",
  about: "A server hears of no leader, asks for votes, and leads.",
  section: "5.2",
  servers: 3,
  pages: [
    {
      moves: [],
      text: "Three servers have just started. All are followers, in term 0: nobody leads, so nothing can be replicated. A follower waits to hear from a leader; each has a timer of its own, and they do not run alike.",
    },
    {
      moves: ["s1 Timeout"],
      text: "The timer of s1 runs out first. It begins term 1, becomes a candidate, votes for itself, and asks the others for their votes. On the right the same step is there twice: the action Timeout of the specification, and the function timeout of the code. Both were run, and came to the same state.",
    },
    {
      moves: ["s2 HandleRequestVoteRequest s1"],
      text: "s2 sees a term that is larger than its own: it adopts it. It has not voted in term 1, and the log of s1 is as good as its own, so it votes for s1. Look at the three rules that the action asks: TermIsStale is false, VoteIsFree and LogIsUpToDate are true.",
      question: {
        ask: "s1 has voted for itself, and s2 is about to tell it of its vote. How many votes does s1 need?",
        answers: [
          {
            text: "Two: a majority of the three servers",
            isRight: true,
            because:
              "Two of three. Any two majorities have a server in common, and each server has one vote a term: so no other candidate can have a majority in this term.",
          },
          {
            text: "Three: all of them",
            isRight: false,
            because:
              "Then one server that is down would be enough to stop the cluster. A majority is enough.",
          },
        ],
      },
    },
    {
      moves: ["s1 HandleRequestVoteResponse s2"],
      text: "The vote arrives and s1 counts it: votesGranted is now s1 and s2.",
    },
    {
      moves: ["s1 BecomeLeader"],
      text: "A majority of the full cluster: s1 leads term 1. s3 has not even heard of the election, and did not need to. Election Safety says that there is at most one leader in a term; its lamp above stays green.",
    },
    {
      moves: [
        "s1 SendAppendEntries s2 0+0",
        "s1 SendAppendEntries s3 0+0",
        "s3 HandleAppendEntriesRequest s1",
      ],
      text: "The leader tells the others at once, by a heartbeat: an AppendEntries request without entries. s3 learns of term 1 and of its leader that way, and starts its timer anew. As long as heartbeats come, nobody else begins an election.",
    },
  ],
};

export const splitVote: Lesson = {
  id: "split-vote",
  title: "A split vote",
  about: "Two candidates share the votes, nobody wins, and time helps.",
  section: "5.2",
  servers: 4,
  pages: [
    {
      moves: ["s1 Timeout", "s2 Timeout"],
      text: "Four servers, and two timers run out at almost the same time. s1 and s2 are both candidates of term 1, and each has voted for itself.",
    },
    {
      moves: ["s3 HandleRequestVoteRequest s1", "s4 HandleRequestVoteRequest s2"],
      text: "s3 hears of s1 first, s4 of s2. Each gives its one vote of the term to whoever asked first.",
      question: {
        ask: "Each candidate has two votes of four. Who leads term 1?",
        answers: [
          {
            text: "Nobody",
            isRight: true,
            because:
              "Two of four is no majority. Term 1 ends without a leader, and that is safe: a term has at most one leader, not always one.",
          },
          {
            text: "The one whose votes arrive first",
            isRight: false,
            because:
              "Two of four is half, not more than half. If half were enough, both could lead.",
          },
        ],
      },
    },
    {
      moves: [
        "s1 HandleRequestVoteResponse s3",
        "s2 HandleRequestVoteResponse s4",
        "s4 HandleRequestVoteRequest s1",
        "s3 HandleRequestVoteRequest s2",
        "s1 HandleRequestVoteResponse s4",
        "s2 HandleRequestVoteResponse s3",
      ],
      text: "The other requests arrive too late: VoteIsFree is false, and the votes are refused. Open “What cannot happen, and why”: BecomeLeader is impossible for both, since IsMajority is false.",
    },
    {
      moves: ["s1 Timeout", "s3 HandleRequestVoteRequest s1", "s4 HandleRequestVoteRequest s1"],
      text: "Candidates have timers as well, and they are random: that of s1 runs out first. It begins term 2. In a new term every vote is free again.",
    },
    {
      moves: [
        "s1 HandleRequestVoteResponse s3",
        "s1 HandleRequestVoteResponse s4",
        "s1 BecomeLeader",
      ],
      text: "With three of four, s1 leads term 2. Had the timers not been random, the two could have gone on splitting the vote for a long time; they could never have done harm.",
    },
  ],
};

export const betterTerm: Lesson = {
  id: "larger-term",
  title: "A new leader, by a larger term",
  about: "A leader that hears of a larger term steps down at once.",
  section: "5.1",
  servers: 3,
  pages: [
    {
      moves: [
        "s1 Timeout",
        "s2 HandleRequestVoteRequest s1",
        "s1 HandleRequestVoteResponse s2",
        "s1 BecomeLeader",
      ],
      text: "s1 leads term 1. But s3 has heard nothing of that: the request for its vote is still on its way.",
    },
    {
      moves: ["s3 Timeout"],
      text: "The timer of s3 runs out, and it begins an election too. Its new term is 1 as well, since it was in term 0.",
    },
    {
      moves: ["s1 HandleRequestVoteRequest s3", "s3 HandleRequestVoteResponse s1"],
      text: "s1 is asked for a vote in term 1. It has given it to itself, and refuses. One vote a term: so there is no second leader of term 1.",
    },
    {
      moves: ["s3 Timeout"],
      text: "s3 tries again. This time its term is 2, larger than anybody’s.",
      question: {
        ask: "The request of term 2 is about to reach s1, the leader of term 1, which works perfectly well. What does s1 do?",
        answers: [
          {
            text: "It steps down, and votes for s3",
            isRight: true,
            because:
              "Whoever sees a larger term adopts it and becomes a follower, leader or not. In the new term its vote is free, and the log of s3 is as good as its own.",
          },
          {
            text: "It refuses: there is a leader already",
            isRight: false,
            because:
              "In term 1, yes. But terms are Raft’s clock: what belongs to a smaller term is over. Raft gives up a good leader rather than think about who is right.",
          },
        ],
      },
    },
    {
      moves: ["s1 HandleRequestVoteRequest s3"],
      text: "TermIsLarger is true: s1 adopts term 2 and becomes a follower, and then answers as a follower does.",
    },
    {
      moves: ["s3 HandleRequestVoteResponse s1", "s3 BecomeLeader"],
      text: "s3 leads term 2. At no moment did two servers lead the same term; and a message that s1 might still have sent as leader of term 1 would be refused, as stale, by whoever knows of term 2.",
    },
  ],
};

export const rememberedVote: Lesson = {
  id: "restart",
  title: "A restart that must remember its vote",
  about: "What is on disk, and two leaders in one term if the vote is not.",
  section: "5, Figure 2",
  servers: 3,
  pages: [
    {
      moves: ["s1 Timeout", "s2 HandleRequestVoteRequest s1"],
      text: "s1 stands in term 1 and s2 has voted for it. Before it answered, s2 wrote its term and its vote to disk. Why that matters is the point of this lesson.",
    },
    {
      moves: ["s1 HandleRequestVoteResponse s2", "s1 BecomeLeader"],
      text: "With that vote s1 leads term 1.",
    },
    {
      moves: ["forget RecoveredVotedFor"],
      text: "Now let the rule RecoveredVotedFor be forgotten, in the spec and in the code: the vote does not survive a restart.",
    },
    {
      moves: ["crash s2", "s2 Restart"],
      text: "s2 crashes and comes back. It still knows that it is in term 1, and no longer that it has voted. One Vote A Term is red already: a vote was taken back. But no harm is done yet.",
      fallen: ["OneVoteATerm"],
      question: {
        ask: "s3 never heard of s1, and stands in term 1 as well. What happens when it asks s2?",
        answers: [
          {
            text: "s2 votes a second time",
            isRight: true,
            because: "To s2 the vote looks free. It gives it away again, in the same term.",
          },
          {
            text: "s2 refuses, since s1 leads",
            isRight: false,
            because: "s2 does not know that: it remembers neither its vote nor the leader.",
          },
        ],
      },
    },
    {
      moves: ["s3 Timeout", "s2 HandleRequestVoteRequest s3"],
      text: "It votes for s3. Election Safety still stands, but only because the answer has not arrived.",
    },
    {
      moves: ["s3 HandleRequestVoteResponse s2", "s3 BecomeLeader"],
      text: "s3 leads term 1 too. Two leaders of one term: Election Safety has fallen. Click its lamp for the formula, and for the two elections that break it. This is why a vote is on disk before it is sent.",
      fallen: ["OneVoteATerm", "ElectionSafety"],
    },
  ],
};
