/** Figure 8 of the paper, with its rule and without: section 5.4.2. */
import type { Lesson, Question } from "./lesson.ts";

/** s1 leads term 1; its entry x is on s1 and s2. */
const PART_A = [
  "s1 Timeout",
  "s2 HandleRequestVoteRequest s1",
  "s3 HandleRequestVoteRequest s1",
  "s4 HandleRequestVoteRequest s1",
  "s5 HandleRequestVoteRequest s1",
  "s1 HandleRequestVoteResponse s2",
  "s1 HandleRequestVoteResponse s3",
  "s1 BecomeLeader",
  "s1 ClientRequest x",
  "s1 SendAppendEntries s2",
  "s2 HandleAppendEntriesRequest s1",
];

/** s1 crashes; s5 leads term 2 with s3 and s4, and takes an entry of its own. */
const PART_B = [
  "crash s1",
  "s5 Timeout",
  "s3 HandleRequestVoteRequest s5",
  "s4 HandleRequestVoteRequest s5",
  "s5 HandleRequestVoteResponse s3",
  "s5 HandleRequestVoteResponse s4",
  "s5 BecomeLeader",
  "s5 ClientRequest y",
];

/** s5 crashes; s1 is back, hears of term 2, and leads term 3. */
const PART_C_ELECTION = [
  "crash s5",
  "s1 Restart",
  "s1 HandleRequestVoteRequest s5",
  "s1 Timeout",
  "s2 HandleRequestVoteRequest s1",
  "s3 HandleRequestVoteRequest s1",
  "s4 HandleRequestVoteRequest s1",
  "s1 HandleRequestVoteResponse s2",
  "s1 HandleRequestVoteResponse s3",
  "s1 HandleRequestVoteResponse s4",
  "s1 BecomeLeader",
];

/** It goes on replicating x, which is then on s1, s2 and s3: a majority. */
const PART_C_REPLICATION = [
  "s1 SendAppendEntries s2 0+1",
  "s1 SendAppendEntries s3 0+1",
  "s2 HandleAppendEntriesRequest s1",
  "s3 HandleAppendEntriesRequest s1",
  "s1 HandleAppendEntriesResponse s2",
  "s1 HandleAppendEntriesResponse s3",
];

/** s1 crashes; s5 is back, hears of term 3, and stands in term 4. */
const S5_RETURNS = ["crash s1", "s5 Restart", "s5 HandleRequestVoteRequest s1", "s5 Timeout"];

const S5_ELECTED = [
  "s2 HandleRequestVoteRequest s5",
  "s3 HandleRequestVoteRequest s5",
  "s5 HandleRequestVoteResponse s2",
  "s5 HandleRequestVoteResponse s3",
  "s5 BecomeLeader",
];

const S5_OVERWRITES = [
  "s5 SendAppendEntries s2 0+1",
  "s5 SendAppendEntries s3 0+1",
  "s2 HandleAppendEntriesRequest s5",
  "s3 HandleAppendEntriesRequest s5",
];

const MAY_S1_COMMIT: Question = {
  ask: "x is on s1, s2 and s3, three of five. May s1, leader of term 3, take x (of term 1) for committed?",
  answers: [
    {
      text: "Yes: it is on a majority",
      isRight: false,
      because:
        "That is the trap of Figure 8. A majority protects an entry only against candidates whose log is less up-to-date than that of the majority; and s5, with an entry of term 2, has a newer last term than any of the three. Go on and see.",
    },
    {
      text: "No: it is not of term 3",
      isRight: true,
      because:
        "s5 has an entry of term 2, which beats the term 1 of x. s2 and s3 would vote for s5, and x would go. So being on a majority is not enough for an entry of an older term.",
    },
  ],
};

const INTRODUCTION =
  "Five servers, as in the paper’s Figure 8. s1 led term 1 and took the command x; it reached s2, and nobody else. This is (a) of the figure. (The figure begins in term 2 with an entry before; that changes nothing.)";

export const figure8: Lesson = {
  id: "figure-8",
  title: "Figure 8, with the rule",
  about: "An old entry on a majority is overwritten, and nothing is lost: it was never committed.",
  section: "5.4.2",
  servers: 5,
  pages: [
    { moves: PART_A, text: INTRODUCTION },
    {
      moves: PART_B,
      text: "(b) s1 crashes. s5 is elected for term 2 by s3 and s4, whose logs are empty like its own, and takes another command, y, at the same index. Then it sends it to nobody.",
    },
    {
      moves: PART_C_ELECTION,
      text: "(c) s5 crashes, s1 comes back. It hears of term 2 by a late message, and is elected for term 3.",
    },
    {
      moves: PART_C_REPLICATION,
      text: "Still (c): s1 goes on to replicate x. Now x is on three of five servers, and the leader knows it.",
      question: MAY_S1_COMMIT,
    },
    {
      moves: [],
      text: "Open “What cannot happen, and why”, below the logs: AdvanceCommitIndex of s1 is impossible, and the conjunct in its way is EntryIsOfThisTerm: the entry is of term 1, the leader of term 3. So s1 tells no client that x is done.",
    },
    {
      moves: S5_RETURNS,
      text: "(d) s1 crashes, and s5 comes back. It hears of term 3, and stands in term 4. Its last entry is of term 2: newer than x.",
    },
    {
      moves: [...S5_ELECTED, ...S5_OVERWRITES],
      text: "s2 and s3 vote for it, as they must: its log is more up-to-date than theirs. It leads, and overwrites x with y on both. x was on a majority, and is gone.",
    },
    {
      moves: [],
      text: "And every lamp is green. Nothing was promised: no server took x for committed, and no client was told. Without the rule the same steps end otherwise: the next lesson.",
      fallen: [],
    },
  ],
};

export const figure8Forgotten: Lesson = {
  id: "figure-8-forgotten",
  title: "Figure 8, without the rule",
  about: "The same steps, with the rule forgotten: a committed entry is lost.",
  section: "5.4.2",
  servers: 5,
  pages: [
    {
      moves: ["forget EntryIsOfThisTerm", ...PART_A],
      text: "The same five servers, and one rule less: EntryIsOfThisTerm is forgotten, in the specification and in the code. A leader now commits whatever it counts on a majority. (a) s1 leads term 1, x is on s1 and s2.",
    },
    {
      moves: [...PART_B, ...PART_C_ELECTION, ...PART_C_REPLICATION],
      text: "(b) and (c), step by step as before: s5 led term 2 and took y; s1 is back, leads term 3, and has x on s1, s2 and s3.",
    },
    {
      moves: ["s1 AdvanceCommitIndex 1"],
      text: "This time AdvanceCommitIndex is possible: s1 counts three of five and takes x for committed. One lamp is red at once: Only Own Term Is Counted, which says in words what was forgotten. But nothing is lost yet.",
      fallen: ["OnlyOwnTermIsCounted"],
    },
    {
      moves: ["s1 Apply 1"],
      text: "It applies x and tells the client: your command is done. That is a promise.",
      question: {
        ask: "s1 crashes now, and s5, with its y of term 2, comes back. Who could keep s5 from being elected?",
        answers: [
          {
            text: "s2 and s3: they have x, which is committed",
            isRight: false,
            because:
              "They do have x, but a vote asks only for the last term and the length of the log. y is of term 2, x of term 1: the log of s5 is more up-to-date.",
          },
          {
            text: "Nobody",
            isRight: true,
            because:
              "By last term and length the log of s5 is the most up-to-date there is. The election restriction protects what was counted in the leader’s own term, and x was not.",
          },
        ],
      },
    },
    {
      moves: [...S5_RETURNS, ...S5_ELECTED],
      text: "(d) s5 leads term 4, and its log lacks what was committed: Leader Completeness has fallen. Click its lamp to see for which leader and index.",
      fallen: ["OnlyOwnTermIsCounted", "LeaderCompleteness"],
    },
    {
      moves: S5_OVERWRITES,
      text: "It overwrites x on s2 and s3. The committed entry is on one server of five, and that one is down: Committed On Majority has fallen too.",
      fallen: ["OnlyOwnTermIsCounted", "LeaderCompleteness", "CommittedOnMajority"],
    },
    {
      moves: [
        "s5 HandleAppendEntriesResponse s2",
        "s5 HandleAppendEntriesResponse s3",
        "s5 AdvanceCommitIndex 1",
        "s5 Apply 1",
      ],
      text: "s5 commits and applies y at index 1, where s1 has applied x: two state machines have parted for good. State Machine Safety has fallen, the one promise that a client sees. That is why a leader commits by counting only entries of its own term, and older ones with them.",
      fallen: [
        "OnlyOwnTermIsCounted",
        "LeaderCompleteness",
        "CommittedOnMajority",
        "StateMachineSafety",
        "AppliedEntriesAgree",
      ],
    },
  ],
};

export const figure8Saved: Lesson = {
  id: "figure-8-e",
  title: "Figure 8 (e): how old entries are committed",
  about: "One entry of the leader’s own term, and all before it are safe.",
  section: "5.4.2",
  servers: 5,
  pages: [
    {
      moves: [...PART_A, ...PART_B, ...PART_C_ELECTION, ...PART_C_REPLICATION],
      text: "Again at (c), with the rule in force: s1 leads term 3, x of term 1 is on three of five, and s1 may not commit it by counting. Will x wait for ever?",
    },
    {
      moves: [
        "s1 ClientRequest z",
        "s1 SendAppendEntries s2 1+1",
        "s1 SendAppendEntries s3 1+1",
        "s2 HandleAppendEntriesRequest s1",
        "s3 HandleAppendEntriesRequest s1",
        "s1 HandleAppendEntriesResponse s2",
        "s1 HandleAppendEntriesResponse s3",
      ],
      text: "A client asks for z, and s1 replicates it, in term 3, on the same three servers.",
      question: {
        ask: "What may s1 commit now?",
        answers: [
          {
            text: "z, and x with it",
            isRight: true,
            because:
              "z is of term 3 and on a majority, so it is committed by counting; and Log Matching says that whoever has z has x before it.",
          },
          {
            text: "Only z",
            isRight: false,
            because:
              "There is no z at index 2 without x at index 1: Log Matching. Committing an entry commits all before it.",
          },
        ],
      },
    },
    {
      moves: ["s1 AdvanceCommitIndex 2", "s1 Apply 2"],
      text: "The commit index moves to 2 at once. This is why a new leader may begin its term with an empty entry (AppendNoOp, section 8): it need not wait for a client to commit what it found.",
    },
    {
      moves: [
        ...S5_RETURNS,
        "s2 HandleRequestVoteRequest s5",
        "s3 HandleRequestVoteRequest s5",
        "s4 HandleRequestVoteRequest s5",
        "s5 HandleRequestVoteResponse s2",
        "s5 HandleRequestVoteResponse s3",
        "s5 HandleRequestVoteResponse s4",
      ],
      text: "And (d) cannot happen any more. s5 is back and stands in term 4, but the last entry of s2 and s3 is of term 3, newer than its y: LogIsUpToDate is false, and both refuse. With s4 alone it has two votes of five. Every lamp is green, and this time x is safe.",
      fallen: [],
    },
  ],
};
