--------------------------- MODULE RaftProperties ---------------------------
(***************************************************************************)
(* What Raft promises: the five properties of the paper's Figure 3 by      *)
(* their names, and what the rest of the paper claims.  Those on one state *)
(* are invariants; those on a step, from old to new, are action            *)
(* properties.                                                             *)
(*                                                                         *)
(* Each step property is an operator XxxStep on the two states, so that a  *)
(* trace checker can evaluate it on a recorded step, and the property      *)
(* Xxx == [][XxxStep]_variable.  The variable is the one that a step must  *)
(* change to break it: a step that leaves it has nothing to judge.         *)
(***************************************************************************)
EXTENDS Raft

\* The number of indexes that two logs have in common.
CommonLength(i, j) == Min(Len(log[i]), Len(log[j]))

\* The majority of the paper, whatever a model makes of the rule IsMajority.
IsTrueMajority(servers) == 2 * Cardinality(servers) > Cardinality(Server)

\* s holds the entry that is committed at index.
HoldsCommitted(s, index) ==
  index <= Len(log[s]) /\ log[s][index] = committed[index].entry

-----------------------------------------------------------------------------
(***************************************************************************)
(* Figure 3                                                                *)
(***************************************************************************)

\* Election Safety: at most one leader can be elected in a given term.
ElectionSafety ==
  \A e, f \in elections : e.term = f.term => e = f

\* Leader Append-Only: a leader never overwrites or deletes entries in its log; it
\* only appends new entries.
LeaderAppendOnlyStep ==
  \A s \in Server :
    role[s] = Leader /\ role'[s] = Leader /\ log'[s] # log[s] =>
      /\ Len(log'[s]) >= Len(log[s])
      /\ SubSeq(log'[s], 1, Len(log[s])) = log[s]

\* Log Matching: if two logs contain an entry with the same index and term, then
\* (1) they store the same command there, and (2) the logs are identical in all
\* preceding entries.  Clause (2) is said of the one entry before, from which all the
\* others follow by induction, so that evaluating it is linear in the log.
EntriesMatch(i, j, index) ==
  log[i][index].term = log[j][index].term =>
    /\ log[i][index].command = log[j][index].command
    /\ index = 1 \/ log[i][index - 1].term = log[j][index - 1].term

LogsMatch(i, j) == \A index \in 1 .. CommonLength(i, j) : EntriesMatch(i, j, index)

LogMatching == \A i, j \in Server : LogsMatch(i, j)

\* Leader Completeness: if a log entry is committed in a given term, then that entry
\* will be present in the logs of the leaders for all higher-numbered terms.
LeaderHolds(s, index) ==
  committed[index].term < currentTerm[s] => HoldsCommitted(s, index)

LeaderIsComplete(s) ==
  role[s] = Leader => \A index \in 1 .. Len(committed) : LeaderHolds(s, index)

LeaderCompleteness == \A s \in Server : LeaderIsComplete(s)

\* State Machine Safety: if a server has applied a log entry at a given index to its
\* state machine, no other server will ever apply a different log entry for the same
\* index.  Said of what a server takes for committed, and so may apply.
ServerIsSafe(s) ==
  /\ commitIndex[s] <= Len(committed)
  /\ \A index \in 1 .. commitIndex[s] : HoldsCommitted(s, index)

StateMachineSafety == \A s \in Server : ServerIsSafe(s)

\* The same of what servers have applied, word for word: at an index that two of them
\* have applied, they hold the same entry.
AppliedEntriesAgree ==
  \A s, p \in Server :
    \A index \in 1 .. Min(CommonLength(s, p), Min(lastApplied[s], lastApplied[p])) :
      log[s][index] = log[p][index]

-----------------------------------------------------------------------------
(***************************************************************************)
(* Elections                                                               *)
(***************************************************************************)

\* A server votes for at most one candidate in a term (section 5.2).
OneVoteATermStep ==
  \A s \in Server :
    currentTerm'[s] = currentTerm[s] /\ votedFor[s] # Nil => votedFor'[s] = votedFor[s]

\* The current term increases monotonically (section 5.1).
TermGrowsStep ==
  \A s \in Server : currentTerm'[s] >= currentTerm[s]

\* Terms are consecutive integers, each begins with an election (section 5.1): the
\* highest term grows by one, and only where a candidate begins it.
TermsBeginWithElectionsStep ==
  \A s \in Server :
    (\A p \in Server : currentTerm'[s] > currentTerm[p]) =>
      /\ \E p \in Server : currentTerm'[s] = currentTerm[p] + 1
      /\ role'[s] = Candidate

\* A candidate votes for itself (section 5.2), and who leads was one: both have this vote.
LeaderVotedForItself ==
  \A s \in Server : role[s] # Follower => votedFor[s] = s

\* The requests; the other messages answer one.
RequestTypes == {RequestVoteRequest, AppendEntriesRequest}

\* Followers are passive: they issue no requests (section 5.1).
FollowersIssueNoRequestsStep ==
  messages' # messages =>
    \A m \in messages' \ messages : m.type \in RequestTypes => role'[m.from] # Follower

-----------------------------------------------------------------------------
(***************************************************************************)
(* Commitment                                                              *)
(***************************************************************************)

\* Committed entries are durable: each stays on a majority of the servers, for good
\* (section 5.3; all of the log is on stable storage).
EntryIsOnMajority(index) == IsTrueMajority({s \in Server : HoldsCommitted(s, index)})

CommittedOnMajority == \A index \in 1 .. Len(committed) : EntryIsOnMajority(index)

\* Only entries from the leader's current term are committed by counting replicas
\* (section 5.4.2): where a leader moves its commit index, it moves it to such an entry.
OnlyOwnTermIsCountedStep ==
  \A s \in Server :
    role[s] = Leader /\ role'[s] = Leader /\ commitIndex'[s] > commitIndex[s] =>
      log'[s][commitIndex'[s]].term = currentTerm[s]

\* The commit index, and what is applied, grow except at a restart, which forgets both
\* (Figure 2).
CommitIndexGrowsStep ==
  \A s \in Server :
    \/ commitIndex'[s] >= commitIndex[s]
    \/ commitIndex'[s] = 0 /\ role'[s] = Follower /\ lastApplied'[s] = 0

LastAppliedGrowsStep ==
  \A s \in Server :
    lastApplied'[s] >= lastApplied[s] \/ (commitIndex'[s] = 0 /\ lastApplied'[s] = 0)

\* Entries are applied only once committed (section 5.3).
AppliedIsCommitted ==
  \A s \in Server : lastApplied[s] <= commitIndex[s]

\* No server's log is behind what it takes for committed.
CommitIndexWithinLog ==
  \A s \in Server : commitIndex[s] <= Len(log[s])

-----------------------------------------------------------------------------
(***************************************************************************)
(* What a leader knows                                                     *)
(***************************************************************************)

\* An entry that a leader counts on a server is there (Figure 2, matchIndex).
MatchIndexIsTrueOf(s) ==
  role[s] = Leader =>
    \A p \in Peers(s) :
      /\ matchIndex[s][p] <= Len(log[s])
      /\ (currentTerm[p] = currentTerm[s]) =>
           /\ matchIndex[s][p] <= Len(log[p])
           /\ \/ matchIndex[s][p] = 0
              \/ log[p][matchIndex[s][p]] = log[s][matchIndex[s][p]]

MatchIndexIsTrue == \A s \in Server : MatchIndexIsTrueOf(s)

\* matchIndex increases monotonically (Figure 2) while its leader leads.
MatchIndexGrowsStep ==
  \A s \in Server :
    role[s] = Leader /\ role'[s] = Leader =>
      \A p \in Peers(s) : matchIndex'[s][p] >= matchIndex[s][p]

\* nextIndex is above matchIndex and at most one past the end of the log.
NextIndexAboveMatchIndexOf(s) ==
  role[s] = Leader =>
    \A p \in Peers(s) :
      matchIndex[s][p] < nextIndex[s][p] /\ nextIndex[s][p] <= Len(log[s]) + 1

NextIndexAboveMatchIndex == \A s \in Server : NextIndexAboveMatchIndexOf(s)

-----------------------------------------------------------------------------
(***************************************************************************)
(* The step properties as temporal formulas                                *)
(***************************************************************************)

LeaderAppendOnly         == [][LeaderAppendOnlyStep]_log
OneVoteATerm             == [][OneVoteATermStep]_votedFor
TermGrows                == [][TermGrowsStep]_currentTerm
TermsBeginWithElections  == [][TermsBeginWithElectionsStep]_currentTerm
FollowersIssueNoRequests == [][FollowersIssueNoRequestsStep]_messages
OnlyOwnTermIsCounted     == [][OnlyOwnTermIsCountedStep]_commitIndex
CommitIndexGrows         == [][CommitIndexGrowsStep]_commitIndex
LastAppliedGrows         == [][LastAppliedGrowsStep]_lastApplied
MatchIndexGrows          == [][MatchIndexGrowsStep]_matchIndex

=============================================================================
