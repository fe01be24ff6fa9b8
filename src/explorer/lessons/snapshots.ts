/** A lesson on log compaction: section 7. */
import type { Lesson } from "./lesson.ts";

export const snapshots: Lesson = {
  id: "snapshots",
  title: "Snapshots",
  about: "A log does not grow for ever; and a follower that needs what is forgotten.",
  section: "7",
  servers: 3,
  pages: [
    {
      moves: [
        "s1 Timeout",
        "s2 HandleRequestVoteRequest s1",
        "s3 HandleRequestVoteRequest s1",
        "s1 HandleRequestVoteResponse s2",
        "s1 BecomeLeader",
        "partition s1 s2 | s3",
        "s1 ClientRequest x=1",
        "s1 ClientRequest x=2",
        "s1 ClientRequest y=7",
        "s1 SendAppendEntries s2",
        "s2 HandleAppendEntriesRequest s1",
        "s1 HandleAppendEntriesResponse s2",
        "s1 AdvanceCommitIndex 3",
        "s1 Apply 3",
      ],
      text: "With s2, while s3 was cut off, s1 has committed three commands and applied them (s2 hears of that with the next request): its state machine holds x = 2 and y = 7. The log would grow for ever, and who needs x = 1 any more?",
      question: {
        ask: "Up to where may s1 throw its log away?",
        answers: [
          {
            text: "Up to what it has applied",
            isRight: true,
            because:
              "What is applied is committed, so it can never be overwritten, and its effect is in the state machine. MayCompact says that.",
          },
          {
            text: "Up to the end, always",
            isRight: false,
            because:
              "An entry that is not committed may still be overwritten by another leader: a snapshot that has it could not be taken back.",
          },
        ],
      },
    },
    {
      moves: ["s1 CompactLog 2"],
      text: "s1 takes a snapshot of the state up to index 2 and forgets the two entries; of the last of them it keeps index and term, for the requests to come. Here it keeps y = 7 as an entry. In the specification the log stays whole, so that the properties can still speak of what was forgotten; of both, this page shows the part that is kept.",
    },
    {
      moves: ["heal"],
      text: "s3 is back, with an empty log. It needs entry 1, and the leader has it no more. Open “What cannot happen, and why”, or read the conjunct of SendEntriesAfterSnapshot: prevLogIndex must not lie in the snapshot.",
    },
    {
      moves: ["s1 SendInstallSnapshot s3"],
      text: "So the leader sends its snapshot instead: InstallSnapshot, the third RPC. It says which index and term it ends at.",
    },
    {
      moves: ["s3 HandleInstallSnapshotRequest s1"],
      text: "s3 has nothing that the snapshot lacks, so the snapshot takes the place of its log and of its state machine’s state. What it includes is committed, and s3 acknowledges it just as it would entries.",
    },
    {
      moves: [
        "s1 HandleAppendEntriesResponse s3",
        "s1 SendAppendEntries s3 2+1",
        "s3 HandleAppendEntriesRequest s1",
        "s3 Apply 3",
      ],
      text: "From there on entries go as ever: the request builds on index 2, of which s3 knows the term by its snapshot.",
    },
    {
      moves: ["crash s3", "s3 Restart"],
      text: "A snapshot is on disk. s3 restarts with commit index and lastApplied at 2, not at 0 as without a snapshot: what is in it is committed and applied for good.",
      fallen: [],
    },
  ],
};
