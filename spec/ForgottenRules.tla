--------------------------- MODULE ForgottenRules ---------------------------
(***************************************************************************)
(* What is left of each rule of Raft.tla where an implementation forgets   *)
(* it, in the order of the rules.  A model MCForgetXxx puts ForgottenXxx   *)
(* in the rule's place and shows what is lost; a trace checker tries the   *)
(* same on a step that Raft does not allow, to say which mistake it looks  *)
(* like.                                                                   *)
(***************************************************************************)
EXTENDS Raft

(* Terms, section 5.1 *)

\* A larger term is not adopted.
ForgottenTermIsLarger(s, m) == FALSE

\* A leader or candidate stays one in a larger term.
ForgottenRoleInLargerTerm(s) == role[s]

\* The vote of the smaller term stands in the larger one.
ForgottenVoteInLargerTerm(s) == votedFor[s]

\* A request of a smaller term is obeyed.
ForgottenTermIsStale(s, m) == FALSE

(* Elections, section 5.2 *)

\* A server campaigns again in the term it is in.
ForgottenTermOfElection(s) == Max(1, currentTerm[s])

\* A server votes for whoever asks.
ForgottenVoteIsFree(s, m, vote) == TRUE

\* A vote of another term is counted.
ForgottenVoteIsOfThisTerm(s, m) == TRUE

\* A refusal is counted as a vote.
ForgottenVoteIsGranted(m) == TRUE

\* Half of the servers, rounded down, is taken for a majority.
ForgottenIsMajority(servers) == Cardinality(servers) >= Cardinality(Server) \div 2

\* A candidate stays one under its term's leader.
ForgottenRoleUnderLeader(s, m) == RoleAfter(s, m)

(* Log replication, section 5.3 *)

\* Any server appends what a client asks.
ForgottenTakesCommands(s) == TRUE

\* A leader lets another of its term overwrite its log.
ForgottenMayBeOverwritten(s, m) == TRUE

\* Entries are taken in behind a gap.
ForgottenPreviousEntryExists(s, m) == TRUE

\* Entries are taken in behind an entry of another term.
ForgottenPreviousTermMatches(s, m) == TRUE

\* The log is cut even where the entries are there already.
ForgottenEntriesAgree(s, m) == FALSE

\* Entries that conflict stay, and the new ones follow them.
ForgottenLogBeforeConflict(s, m) == log[s]

\* A follower acknowledges up to its log's end.
ForgottenAcknowledgedIndex(s, m) == Len(LogAfter(s, m))

\* An acknowledgement of another term is counted.
ForgottenResponseIsOfThisTerm(s, m) == TRUE

\* A refusal is counted as an acknowledgement.
ForgottenIsAcknowledgement(m) == TRUE

\* A late acknowledgement takes matchIndex back.
ForgottenMatchIndexAfter(s, m) == m.matchIndex

\* nextIndex may be at or below matchIndex.
ForgottenNextIndexChoices(s, match) == 1 .. (LastIndex(s) + 1)

(* Commitment, sections 5.3 and 5.4.2 *)

\* A server counts for the entry after the last that it acknowledged.
ForgottenHoldersOf(s, index) ==
  {s} \cup {p \in Peers(s) : matchIndex[s][p] >= index - 1}

\* An entry of an earlier term is committed by counting (Figure 8).
ForgottenEntryIsOfThisTerm(s, index) == TRUE

\* A follower commits up to leaderCommit, matched or not.
ForgottenCommitIndexWithin(s, m) == Min(m.leaderCommit, Len(LogAfter(s, m)))

\* A late request takes the commit index back.
ForgottenCommitIndexAfter(s, index) == index

\* Entries are applied before they are committed.
ForgottenMayApply(s, index) == TRUE

(* Safety of elections, section 5.4.1 *)

\* Logs are compared by their length alone.
ForgottenLastTermsDiffer(s, m) == FALSE

\* Logs are compared by the terms of their last entries alone.
ForgottenLogIsAtLeastAsLong(s, m) == TRUE

\* Logs are not compared before a vote.
ForgottenLogIsUpToDate(s, m) == TRUE

(* Stable storage, section 5 (Figure 2) *)

\* The term does not survive a restart.
ForgottenRecoveredCurrentTerm(s) == 0

\* The vote does not survive a restart.
ForgottenRecoveredVotedFor(s) == Nil

\* The last entry of the log does not survive a restart.
ForgottenRecoveredLog(s) == SubSeq(log[s], 1, LastIndex(s) - 1)

=============================================================================
